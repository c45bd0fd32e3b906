"""Looking through a camera: a purpose first, then a grant for one picture once; each step leaves a trace.

No picture while nobody reads the traces (an appointed auditor), and none the camera's owner has not consented to.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from uuid_utils.compat import uuid7

from dispatch import events
from dispatch.access import Viewer, role_keys
from dispatch.actions import inputs
from dispatch.actions.base import action, collect, now
from dispatch.actions.find import get_seen
from dispatch.errors import DispatchError
from dispatch.models import Assignment, Incident, Order, Purpose, ViewGrant
from dispatch.models.purposes import PurposeKind
from dispatch.queries.cameras import find_camera
from dispatch.queries.order_cameras import find_order_camera
from geo import clock
from geo.models import Camera

SHORTEST_REASON = 8


@action
def grant_look(*, actor: Viewer, camera_uid: UUID, purpose: dict[str, Any]) -> ViewGrant:
    """Grant one picture of one camera for one purpose, for seconds.

    `purpose`: {"kind": "incident", "uid": …} or {"kind": "reason", "text": …}.
    Raises `not_found` (also for cameras out of sight), `forbidden`, `no_purpose`; a grant refused with `auditor_looks`,
    `no_auditor` or `no_consent` is returned with that `outcome`, so that its trace is kept.
    """
    camera = find_camera(actor, camera_uid)
    return _grant(actor, camera, _purpose(actor, camera, purpose), None)


@action
def grant_look_for_order(*, actor: Viewer, order_uid: UUID, camera_uid: UUID) -> ViewGrant:
    """Grant the crew of an active order one picture of a camera of its packet; the incident is the purpose.

    Raises `not_found` (others' orders, other cameras), `wrong_state` (the order is over); else as `grant_look`.
    """
    order, camera = find_order_camera(actor, order_uid, camera_uid)
    why = _purpose(actor, camera, {"kind": PurposeKind.INCIDENT.value, "uid": order.incident.uid})
    return _grant(actor, camera, why, order)


def _grant(actor: Viewer, camera: Camera, why: Purpose, order: Order | None) -> ViewGrant:
    refusal = _refusal(actor, camera, why)
    at = now()
    grant = ViewGrant.objects.create(
        uid=uuid7(), purpose=why, camera=camera, person_id=actor.pk, order=order,
        granted_at=at, expires_at=at + timedelta(seconds=clock.span_s(settings.STILL_GRANT_LIFE_S)), outcome=refusal,
    )  # fmt: skip
    tell_view(grant, "refused" if refusal else "granted")
    return grant


def _refusal(actor: Viewer, camera: Camera, why: Purpose) -> str:
    """Return the code of what forbids this look, "" when nothing does. A refusal is journalled as well."""
    if "auditor" in actor.roles:
        return "auditor_looks"
    auditors = Assignment.objects.filter(
        role="auditor", valid_from__lte=now(), person__is_active=True, centre__active=True
    )
    watched = auditors.filter(centre__area_id__in=camera.area.lineage).exclude(valid_until__lte=now())
    if not watched.exclude(person_id=actor.pk).exists():
        return "no_auditor"
    consents = {"granted": True, "incident_only": why.kind == "incident", "none": False}
    return "" if consents.get(camera.consent, False) else "no_consent"


def _purpose(actor: Viewer, camera: Camera, wish: dict[str, Any]) -> Purpose:
    kind = inputs.one_of(
        wish.get("kind") if isinstance(wish, dict) else None, "purpose.kind", PurposeKind.values, "no_purpose"
    )
    if kind == PurposeKind.INCIDENT:
        incident = get_seen(Incident, wish.get("uid") or "", actor, lock=False, field="purpose.uid")
        if incident.state == "closed":
            raise DispatchError("no_purpose", field="purpose.uid", incident=incident.number, state="closed")
        running = Purpose.objects.filter(person_id=actor.pk, incident=incident, kind=kind, ended_at=None).first()
        return running or _open(actor, camera, kind, incident, "")
    text = inputs.text(wish.get("text"), "purpose.text", limit=300, required=True)
    if len(text) < SHORTEST_REASON:
        raise DispatchError("no_purpose", field="purpose.text", shortest=SHORTEST_REASON)
    same = Purpose.objects.filter(person_id=actor.pk, kind=kind, text=text, ended_at=None)
    fresh = same.filter(opened_at__gt=now() - timedelta(minutes=10)).first()
    return fresh or _open(actor, camera, kind, None, text)


def _open(actor: Viewer, camera: Camera, kind: str, incident: Incident | None, text: str) -> Purpose:
    opened = Purpose.objects.create(
        uid=uuid7(),
        kind=kind,
        incident=incident,
        text=text,
        person_id=actor.pk,
        opened_at=now(),
    )
    event = events.PurposeOpened(
        purpose_uid=opened.uid, purpose_kind=kind, purpose_text=text, person_uid=opened.person.uid,
        incident_number=incident.number if incident else "",
    )  # fmt: skip
    collect(event, [*role_keys("auditor", camera.area.lineage), f"person:{actor.pk}"], f"purpose:{opened.uid}")
    return opened


def tell_view(grant: ViewGrant, step: str) -> None:
    """Journal one step of a look for the auditor, the camera's owner and the viewer; nobody else hears it."""
    purpose, camera = grant.purpose, grant.camera
    lineage = camera.area.lineage
    keys = [*role_keys("auditor", lineage), *role_keys("supervisor", lineage), f"person:{grant.person_id}"]
    event = events.CameraViewed(
        camera_uid=camera.uid, camera_code=camera.code, purpose_uid=purpose.uid, purpose_kind=purpose.kind,
        purpose_text=purpose.text, incident_number=purpose.incident.number if purpose.incident else "",
        person_uid=grant.person.uid, person_name=grant.person.name, step=step, outcome=grant.outcome, at=now(),
    )  # fmt: skip
    collect(event, keys, f"camera:{camera.uid}")


@action
def use_grant(*, actor: Viewer, grant_uid: UUID, camera_uid: UUID) -> ViewGrant:
    """Spend a grant: this person, this camera, once, in time, while purpose, right and consent still stand.

    Raises `not_found` (unknown, somebody else's, another camera), `grant_used`, `grant_expired`, `no_purpose`,
    `forbidden`, `no_consent`, `no_auditor`.
    """
    grant = (
        ViewGrant.objects.select_for_update(of=("self",), no_key=True)
        .select_related("purpose__incident", "camera__area", "person", "order")
        .filter(uid=inputs.uid(grant_uid), person_id=actor.pk, camera__uid=inputs.uid(camera_uid))
        .first()
    )
    if grant is None:
        raise DispatchError("not_found", object="grant")
    if grant.used_at or grant.outcome:
        raise DispatchError("grant_used", used_at=grant.used_at.isoformat() if grant.used_at else None)
    if grant.expires_at <= now():
        raise DispatchError("grant_expired", expired_at=grant.expires_at.isoformat())
    if grant.purpose.ended_at:
        raise DispatchError("no_purpose", ended_at=grant.purpose.ended_at.isoformat())
    if grant.order:
        find_order_camera(actor, grant.order.uid, camera_uid)
    else:
        find_camera(actor, camera_uid)
    refusal = _refusal(actor, grant.camera, grant.purpose)
    if refusal:
        raise DispatchError(refusal)
    grant.used_at = now()
    grant.save()
    tell_view(grant, "opened")
    return grant


@action
def note_outcome(*, actor: Viewer, grant_uid: UUID, outcome: str) -> None:
    """Journal how fetching the picture ended: shown, or the code of what went wrong."""
    grant = ViewGrant.objects.select_related("purpose__incident", "camera__area", "person").get(
        uid=grant_uid, person_id=actor.pk
    )
    grant.outcome = outcome
    grant.save(update_fields=["outcome"])
    tell_view(grant, "shown" if outcome == "ok" else "failed")


def end_purposes(incident: Incident) -> None:
    """End everybody's purpose of looking for this incident; no further picture comes of it."""
    for purpose in incident.purposes.filter(ended_at=None):
        purpose.ended_at = now()
        purpose.save(update_fields=["ended_at"])
        keys = [*role_keys("auditor", incident.centre.area.lineage), f"person:{purpose.person_id}"]
        collect(events.PurposeEnded(purpose_uid=purpose.uid), keys, f"purpose:{purpose.uid}")
