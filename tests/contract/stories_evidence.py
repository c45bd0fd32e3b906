"""Stories of photos: announced, arrived, refused, looked at, filed, erased; and a crew's look through a camera of its order."""

from datetime import timedelta

from django.utils import timezone

from dispatch import access
from dispatch.actions import answers, attachments, incidents, orders, purposes, suggestions
from dispatch.evidence.develop import Developed
from dispatch.models import ViewGrant
from geo.models import Camera
from tests.cast import HERE, new_uid
from tests.contract.play import Play

SEEN = Developed("image/jpeg", 640, 480, {"lat": HERE[1], "lon": HERE[0]}, "b" * 64, "c" * 64)


def story_photos(play: Play) -> None:
    """A crew's photos arrive while the order is active, after it, and after the incident was closed."""
    cast = play.cast
    incident = play(incidents.open_incident, "desk", uid=new_uid(), kind="robbery", level=2, point=list(HERE))
    order = play(
        orders.send_order,
        "desk",
        uid=new_uid(),
        incident_uid=incident.uid,
        target_kind="unit",
        target_uid=cast.uid("P-11"),
    )
    uids = [new_uid() for _ in range(4)]
    for place, uid in enumerate(uids):
        play(
            attachments.announce_photo, "officer", uid=uid, incident_uid=incident.uid, order_uid=order.uid,
            sha256=f"{place}" * 64, size_bytes=1000,
        )  # fmt: skip
    play(attachments.attach_photo, "officer", uid=uids[0], developed=SEEN)
    play(
        orders.send_order,
        "desk",
        uid=new_uid(),
        incident_uid=incident.uid,
        target_kind="unit",
        target_uid=cast.uid("P-12"),
    )
    play(answers.answer_order, "officer", uid=order.uid, verb="arrive")
    play(answers.clear_order, "officer", uid=order.uid, disposition="handled")
    play(attachments.attach_photo, "officer", uid=uids[1], developed=SEEN)
    play(attachments.refuse_photo, "officer", uid=uids[2], why="truncated")
    play(attachments.open_picture, "desk", uid=uids[0])
    grant = play(attachments.grant_original, "supervisor", uid=uids[0], text="for the prosecutor")
    play(attachments.use_original_grant, "supervisor", uid=grant.uid)
    for other in incident.orders.filter(state="sent"):
        play(orders.recall_order, "desk", uid=other.uid)
    play(incidents.close_incident, "supervisor", uid=incident.uid, reason="finished")
    play(attachments.attach_photo, "officer", uid=uids[3], developed=SEEN)
    play(attachments.erase_photos, "worker", before=timezone.now() + timedelta(days=1), rule="photo 0 d")
    play(incidents.reopen_incident, "supervisor", uid=incident.uid, cause="came back")


def story_stills_of_an_order(play: Play) -> None:
    """The crew of an active order looks through a camera of its packet."""
    cast = play.cast
    camera = Camera.objects.create(
        code="C-9", name="C-9", area=cast.areas["S1"], kind="fixed", status="online", placed_at=timezone.now(),
        point=f"SRID=4326;POINT({HERE[0]} {HERE[1]})",
    )  # fmt: skip
    incident = play(incidents.open_incident, "desk", uid=new_uid(), kind="robbery", level=2, point=list(HERE))
    line = {
        "slot": 1, "camera": str(camera.uid), "code": "C-9", "name": "C-9", "kind": "fixed", "grade": "1", "point": list(HERE),
        "heading_deg": None, "fov_deg": None, "range_m": None, "distance_m": 5, "bearing_deg": 0.0, "sight": "sees",
        "turn_deg": None, "assumed": False, "status": "online", "consent": "granted", "reason": "sees",
    }  # fmt: skip
    body = {**suggestions.EMPTY, "cameras": [line]}
    play(suggestions.record_suggestion, "ranker", incident_uid=incident.uid, body=body)
    order = play(
        orders.send_order,
        "desk",
        uid=new_uid(),
        incident_uid=incident.uid,
        target_kind="unit",
        target_uid=cast.uid("P-11"),
    )
    grant = play(purposes.grant_look_for_order, "officer", order_uid=order.uid, camera_uid=camera.uid)
    assert ViewGrant.objects.get(uid=grant.uid).order == order
    assert access.can(cast.viewer("officer"), "camera.look_for_order")
