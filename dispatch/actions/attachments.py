"""Photos as evidence: announced, arrived, refused, looked at, erased. Their bytes are no business of this room.

A crew announces a photo for an order that it holds, or held until PHOTO_LATE_HOURS ago: what was taken on scene may
arrive when the order is long over. Bytes come in parts afterwards (dispatch.evidence); then the photo is attached.
"""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import transaction
from django.db.models import Q
from uuid_utils.compat import uuid7

from dispatch import access, events
from dispatch.access import Viewer, role_keys
from dispatch.actions import inputs
from dispatch.actions.answers import device_time
from dispatch.actions.audience import desks_of, overseers_of, subject_of, wanted
from dispatch.actions.base import action, collect, now
from dispatch.actions.find import get_any, get_seen
from dispatch.errors import DispatchError
from dispatch.evidence import store
from dispatch.evidence.develop import Developed, judge
from dispatch.lifecycles import ORDER_IN_HAND
from dispatch.models import Attachment, CrewMember, Incident, Note, Order, OriginalGrant, PhotoUpload
from dispatch.queries.present import attachment_card
from geo import clock

MOST_COMING = 40
UPLOAD_KEPT = timedelta(days=7)
SHORTEST_REASON = 8
DECLARED = {"time": str, "offset": str, "lat": float, "lon": float}


@action
def announce_photo(
    *, actor: Viewer, uid: UUID, incident_uid: UUID, order_uid: UUID, sha256: str, size_bytes: int, reduced: bool = False,
    note_uid: UUID | None = None, device_at: Any = None, declared: dict[str, Any] | None = None,
) -> PhotoUpload | Attachment:  # fmt: skip
    """Say that a photo will come; repeated, it says how far that is. Returns the Attachment when it is here already.

    Raises `too_big`, `bad_input`, `exists` (somebody else's uid, or another photo's), `photo_known`, `wrong_state` (the
    order ended too long ago), `not_found`, `too_many_photos`.
    """
    order, unit_id = _crews_order(actor, order_uid, incident_uid)
    most = settings.PHOTO_MAX_MB * 1_000_000
    if inputs.whole(size_bytes, "size", low=1, high=2**31 - 1) > most:
        raise DispatchError("too_big", field="size", limit=most, size=size_bytes)
    if not isinstance(sha256, str) or not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise DispatchError("bad_input", field="sha256", expected="64 hex digits")
    known = _known(actor, inputs.uid(uid), order, sha256)
    if known is not None:
        return known
    if PhotoUpload.objects.filter(author_id=actor.pk).count() >= MOST_COMING:
        raise DispatchError("too_many_photos", most=MOST_COMING)
    return PhotoUpload.objects.create(
        uid=inputs.uid(uid), order=order, note_uid=inputs.uid(note_uid, "note") if note_uid else None, author_id=actor.pk,
        unit_id=unit_id, sha256=sha256, size_bytes=size_bytes, reduced=bool(reduced), device_at=device_time(device_at),
        declared=_declared(declared or {}), announced_at=now(),
    )  # fmt: skip


def _crews_order(actor: Viewer, order_uid: UUID, incident_uid: UUID) -> tuple[Order, int]:
    """Return the order and the unit as whose crew the actor has it, or had it a short while ago. Others' are `not_found`."""
    access.require(actor, "attachment.send")
    order = get_any(Order, order_uid, field="order")
    ended = order.ended_at if order.state not in ORDER_IN_HAND else None
    mine = _unit_then(actor, order, ended or now())
    if mine is None or order.incident.uid != inputs.uid(incident_uid, "incident"):
        raise DispatchError("not_found", field="order", object="order")
    if ended and now() - ended > timedelta(hours=settings.PHOTO_LATE_HOURS):
        raise DispatchError("wrong_state", object="order", state=order.state, verb="photo", possible=[])
    return order, mine


def _unit_then(actor: Viewer, order: Order, until: datetime) -> int | None:
    """Return the unit of whose crew the actor was while the order was in hand: off duty since or not, but no later crew."""
    while_in_hand = Q(signed_off_at=None) | Q(signed_off_at__gt=order.sent_at)
    crews = CrewMember.objects.filter(while_in_hand, person_id=actor.pk, signed_on_at__lte=until)
    if order.unit_id:
        crews = crews.filter(unit_id=order.unit_id)
    elif not order.steps.filter(person_id=actor.pk).exists():
        crews = crews.filter(unit__post=order.post) if order.post else crews.none()
    return crews.order_by("-signed_on_at").values_list("unit_id", flat=True).first()


def _known(actor: Viewer, uid: UUID, order: Order, sha256: str) -> PhotoUpload | Attachment | None:
    """Return what stands under this uid if it is the same photo of the same person. Raises `exists`, `photo_known`."""
    coming = PhotoUpload.objects.filter(uid=uid).first()
    here = Attachment.objects.filter(uid=uid).select_related("incident", "order", "note", "author", "unit").first()
    for row in (here, coming):
        if row is not None:
            if (row.author_id, row.sha256, row.order_id) != (actor.pk, sha256, order.pk):
                raise DispatchError("exists", field="uid")
            return row
    same = Attachment.objects.filter(incident_id=order.incident_id, sha256=sha256).first()
    if same:
        raise DispatchError("photo_known", field="sha256", known=str(same.uid))
    return None


def _declared(said: dict[str, Any]) -> dict[str, Any]:
    """Return what the phone read out of a file before making it smaller; anything else is refused by name."""
    for name, value in said.items():
        number = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= 1e6
        fine = number if DECLARED.get(name) is float else isinstance(value, str) and len(value) <= 40
        if name not in DECLARED or not fine:
            raise DispatchError("bad_input", field=f"declared.{name[:20]}", allowed=sorted(DECLARED))
    return {
        name: inputs.text(value, name, limit=40) if isinstance(value, str) else value for name, value in said.items()
    }


def get_upload(actor: Viewer, uid: UUID) -> PhotoUpload:
    """Return the actor's own upload. Raises `not_found`, also for somebody else's."""
    joins = ("order__incident__centre", "unit")
    found = PhotoUpload.objects.filter(uid=uid, author_id=actor.pk).select_related(*joins).first()
    if found is None:
        raise DispatchError("not_found", object="attachment")
    return found


@action
def attach_photo(*, actor: Viewer, uid: UUID, developed: Developed) -> Attachment:
    """Make an arrived photo part of its incident. On a closed one it lies in the file until that is opened again."""
    upload = get_upload(actor, uid)
    access.require(actor, "attachment.send")
    incident = get_any(Incident, upload.order.incident.uid, lock=True)
    if Attachment.objects.filter(incident=incident, sha256=upload.sha256).exists():
        raise DispatchError("photo_known", field="sha256")
    notes = [upload.note_uid] if upload.note_uid else []
    taken = judge(upload, developed.exif, received_at=now())
    photo = Attachment(
        uid=upload.uid, incident=incident, order=upload.order, author_id=upload.author_id, unit=upload.unit,
        note=Note.objects.filter(uid__in=notes, incident=incident, author_id=actor.pk).first(),
        taken_at=taken.at, taken_from=taken.source, taken_point=Point(*taken.point, srid=4326) if taken.point else None,
        doubts=taken.doubts, announced_at=upload.announced_at, received_at=now(), sha256=upload.sha256,
        size_bytes=upload.size_bytes, media_type=developed.media_type, width=developed.width, height=developed.height,
        reduced=upload.reduced, shared_sha256=developed.shared_sha256, thumb_sha256=developed.thumb_sha256,
    )  # fmt: skip
    photo.audience = wanted(photo)
    photo.save()
    upload.delete()
    if incident.state == "closed":
        filed = events.AttachmentFiled(attachment_uid=photo.uid, call_sign=photo.unit.call_sign, sha256=photo.sha256)
        collect(filed, photo.audience, subject_of(photo))
    else:
        collect(events.AttachmentAdded(attachment=attachment_card(photo)), photo.audience, subject_of(photo))
    return photo


@action
def refuse_photo(*, actor: Viewer, uid: UUID, why: str) -> None:
    """Forget an upload that turned out to be no photo, and say so in the journal."""
    upload = get_upload(actor, uid)
    incident = upload.order.incident
    told = events.AttachmentRefused(
        attachment_uid=upload.uid, call_sign=upload.unit.call_sign, sha256=upload.sha256, why=why
    )
    collect(told, desks_of(incident.centre), f"incident:{incident.uid}")
    upload.delete()


@action
def open_picture(*, actor: Viewer, uid: UUID) -> Attachment:
    """Open a photo large: the copy without metadata. Raises `not_found`, `photo_erased`."""
    photo = _whole(get_seen(Attachment, uid, actor, lock=False))
    _tell_look(photo, actor, "shown", "")
    return photo


@action
def grant_original(*, actor: Viewer, uid: UUID, text: str) -> OriginalGrant:
    """Grant the file as it came, once, for seconds, for a purpose in words (8 characters or more)."""
    photo = _whole(get_seen(Attachment, uid, actor, lock=False))
    access.require(actor, "attachment.original", lineage=photo.incident.centre.area.lineage)
    said = inputs.text(text, "purpose", limit=300, required=True)
    if len(said) < SHORTEST_REASON:
        raise DispatchError("no_purpose", field="purpose", shortest=SHORTEST_REASON)
    _tell_look(photo, actor, "granted", said)
    ends: datetime = now() + timedelta(seconds=clock.span_s(settings.ORIGINAL_GRANT_LIFE_S))
    return OriginalGrant.objects.create(
        uid=uuid7(), attachment=photo, person_id=actor.pk, text=said, granted_at=now(), expires_at=ends
    )


@action
def use_original_grant(*, actor: Viewer, uid: UUID) -> Attachment:
    """Spend a grant: this person, once, in time, while the right stands. Raises `not_found`, `grant_used`, `grant_expired`."""
    rows = OriginalGrant.objects.select_for_update(of=("self",)).filter(uid=uid, person_id=actor.pk)
    grant = rows.select_related("attachment").first()
    if grant is None:
        raise DispatchError("not_found", object="grant")
    if grant.used_at:
        raise DispatchError("grant_used", used_at=grant.used_at.isoformat())
    if grant.expires_at <= now():
        raise DispatchError("grant_expired", expired_at=grant.expires_at.isoformat())
    photo = _whole(get_seen(Attachment, grant.attachment.uid, actor, lock=False))
    access.require(actor, "attachment.original", lineage=photo.incident.centre.area.lineage)
    grant.used_at = now()
    grant.save(update_fields=["used_at"])
    _tell_look(photo, actor, "original", grant.text)
    return photo


def _whole(photo: Attachment) -> Attachment:
    if photo.erased_at:
        raise DispatchError("photo_erased", erased_at=photo.erased_at.isoformat())
    return photo


def _tell_look(photo: Attachment, actor: Viewer, step: str, text: str) -> None:
    lineage = photo.incident.centre.area.lineage
    keys = [*role_keys("auditor", lineage), *role_keys("supervisor", lineage), f"person:{actor.pk}"]
    told = events.AttachmentViewed(
        attachment_uid=photo.uid, incident_number=photo.incident.number, person_uid=inputs.uid(actor.uid),
        person_name=actor.name.name, step=step, purpose_text=text,
    )  # fmt: skip
    collect(told, keys, subject_of(photo))


@action
def erase_photos(*, actor: Viewer, before: datetime, rule: str) -> int:
    """Delete the files of photos received before a time on closed incidents; hashes and entries stay. Returns how many.

    A file that another incident's photo still needs stays. Uploads that never came whole go as well.
    """
    access.require(actor, "journal.keep")
    over = Attachment.objects.filter(received_at__lt=before, erased_at=None, incident__state="closed")
    photos = list(over.select_related("incident__centre__area"))
    for photo in photos:
        photo.erased_at, photo.taken_point = now(), None
        photo.save(update_fields=["erased_at", "taken_point"])
        keys = [*desks_of(photo.incident.centre), *overseers_of(photo.incident.centre)]
        collect(
            events.AttachmentErased(attachment_uid=photo.uid, sha256=photo.sha256, rule=rule), keys, subject_of(photo)
        )
    stale = PhotoUpload.objects.filter(announced_at__lt=now() - UPLOAD_KEPT)
    coming = list(stale.values_list("uid", flat=True))
    stale.delete()
    transaction.on_commit(lambda: _delete_files(photos, coming))
    return len(photos)


def _delete_files(photos: list[Attachment], coming: list[UUID]) -> None:
    kept = Attachment.objects.filter(erased_at=None)
    for photo in photos:
        for field, path in (
            ("sha256", store.original_path),
            ("shared_sha256", store.copy_path),
            ("thumb_sha256", store.copy_path),
        ):
            name = getattr(photo, field)
            if not kept.filter(**{field: name}).exists():
                path(name).unlink(missing_ok=True)
    for uid in coming:
        store.forget_upload(uid)
