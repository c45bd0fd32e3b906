"""Photos: announce, send in parts, finish; look at the copies; fetch an original for a written purpose, once.

A part is small enough for every limit on the way, so a photo that is too big is refused before a byte of it is sent.
"""

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.core import signing
from django.http import FileResponse, HttpResponse
from rest_framework.request import Request

from dispatch.access import Viewer, view_of
from dispatch.actions import attachments
from dispatch.api.base import Decision, DecisionRate, Endpoint, Reading
from dispatch.api.bodies import Body, Moment, entry_number, find_key, read_body, read_query
from dispatch.cards import AttachmentCard
from dispatch.errors import DispatchError
from dispatch.evidence import store
from dispatch.evidence.develop import develop
from dispatch.models import Attachment, PhotoUpload
from dispatch.queries.present import ATTACHMENT_JOINS
from dispatch.queries.shown import find_shown, show

SALT = "nearcast.original"
# Refusals that no further try can heal: what came is dropped.
HOPELESS = frozenset({"not_a_photo", "photo_altered", "photo_known"})
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
SEALED = {
    "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox", "Cross-Origin-Resource-Policy": "same-origin",
}  # fmt: skip


class Declared(Body):
    """What the phone read in a file before making it smaller: EXIF's own time and offset, degrees WGS-84."""

    time: str = ""
    offset: str = ""
    lat: float | None = None
    lon: float | None = None


class NewPhoto(Body):
    """A photo that will come. `sha256` of the bytes that will be sent; `reduced`: they are not the camera's own file."""

    uid: UUID
    order: UUID
    sha256: str
    size: int
    reduced: bool = False
    note: UUID | None = None
    device_at: Moment | None = None
    declared: Declared = msgspec.field(default_factory=Declared)


class UploadState(msgspec.Struct, kw_only=True, frozen=True):
    """How far a photo has come, in bytes, and how many one part may have. `done`: it is on the incident."""

    uid: UUID
    received: int
    size: int
    part_bytes: int
    done: bool


class Wish(Body):
    """Why the original is needed, in words."""

    purpose: str


class OriginalAnswer(msgspec.Struct, kw_only=True, frozen=True):
    """Where the original can be fetched once, by this person, until then."""

    url: str
    expires_at: datetime


def _state(row: PhotoUpload | Attachment) -> UploadState:
    done = isinstance(row, Attachment)
    return UploadState(
        uid=row.uid, received=row.size_bytes if done else store.arrived_bytes(row.uid), size=row.size_bytes,
        part_bytes=settings.PHOTO_PART_BYTES, done=done,
    )  # fmt: skip


def _own(viewer: Viewer, uid: UUID) -> PhotoUpload | Attachment:
    """Return the viewer's own photo, on its way or here. Raises `not_found`."""
    here = Attachment.objects.filter(uid=uid, author_id=viewer.pk).select_related(*ATTACHMENT_JOINS).first()
    return here or attachments.get_upload(viewer, uid)


class AnnouncePhoto(Decision):
    """Say that a photo will come for an order of one's own crew; its bytes follow in parts."""

    verb, body, shows, status = "attachment.send", NewPhoto, UploadState, 201

    def decide(self, viewer: Viewer, body: NewPhoto, **path: Any) -> Any:
        """Announce it."""
        said = {name: value for name, value in msgspec.to_builtins(body.declared).items() if value not in ("", None)}
        row = attachments.announce_photo(
            actor=viewer, uid=body.uid, incident_uid=path["uid"], order_uid=body.order, sha256=body.sha256,
            size_bytes=body.size, reduced=body.reduced, note_uid=body.note, device_at=body.device_at, declared=said,
        )  # fmt: skip
        return _state(row)


class ReadUpload(Reading):
    """How far one's own photo has come."""

    verb, shows = "attachment.send", UploadState

    def read(self, viewer: Viewer, **path: Any) -> UploadState:
        """Return its state."""
        return _state(_own(viewer, path["uid"]))


class SendPart(Endpoint):
    """Send the bytes from `offset` on, at most `part_bytes` of them; sent again they change nothing."""

    verb, shows, sends, query = "attachment.send", UploadState, "application/octet-stream", {"offset": "integer"}

    def get_throttles(self) -> list[Any]:
        """Count parts like decisions."""
        return [DecisionRate()]

    def post(self, request: Request, **path: Any) -> HttpResponse:
        """Take a part of one's own photo."""
        row = _own(self.viewer, path["uid"])
        offset = read_query(request, offset=entry_number).get("offset", 0)
        if isinstance(row, PhotoUpload):
            said = int(request._request.META.get("CONTENT_LENGTH") or 0)
            if said > settings.PHOTO_PART_BYTES or len(request._request.body) > settings.PHOTO_PART_BYTES:
                raise DispatchError("too_big", field="part", limit=settings.PHOTO_PART_BYTES)
            store.add_part(row.uid, offset, request._request.body, row.size_bytes)
        return HttpResponse(msgspec.json.encode(_state(row)), content_type="application/json")


class FinishPhoto(Decision):
    """All parts are sent: the photo is looked at and becomes part of its incident."""

    verb, shows, status = "attachment.send", AttachmentCard, 201

    def post(self, request: Request, **path: Any) -> HttpResponse:
        """Look at the picture outside of any transaction, then decide once."""
        find_key(request)
        body = read_body(request, self.body)
        # A phone that heard no answer asks again while the first is still at work: the second finds the photo there.
        with store.alone_with(_own(self.viewer, path["uid"]).uid):
            return self._finish(request, body, path)

    def _finish(self, request: Request, body: Body, path: dict[str, Any]) -> HttpResponse:
        row = _own(self.viewer, path["uid"])
        if isinstance(row, Attachment):
            return self.once(request, body, path, lambda: show(row, self.viewer))
        try:
            developed = develop(row)
            answer = self.once(
                request, body, path,
                lambda: show(attachments.attach_photo(actor=self.viewer, uid=row.uid, developed=developed), self.viewer),
            )  # fmt: skip
            store.forget_upload(row.uid)
            return answer
        except DispatchError as error:
            if error.code in HOPELESS:
                attachments.refuse_photo(actor=self.viewer, uid=row.uid, why=error.facts.get("why") or error.code)
                store.forget_upload(row.uid)
            raise


def _picture(path: Path, name: str) -> FileResponse:
    """Answer with a file of the store as an inert picture. Raises `not_found` when it is not there."""
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise DispatchError("not_found", object="file") from error
    return FileResponse(file, content_type="image/jpeg", filename=name, headers=SEALED)


class ReadThumb(Endpoint):
    """The small copy, for whoever sees the photo on his board."""

    verb, media = "attachment.look", "image/jpeg"

    def get(self, request: Request, **path: Any) -> FileResponse:
        """Return it; the browser may keep it for itself."""
        photo = Attachment.objects.filter(uid=path["uid"]).first()
        if photo is None or view_of(photo.audience, self.viewer) is None:
            raise DispatchError("not_found", object="attachment")
        if photo.erased_at:
            raise DispatchError("photo_erased", erased_at=photo.erased_at.isoformat())
        answer = _picture(store.copy_path(photo.thumb_sha256), "thumb.jpg")
        answer["Cache-Control"] = "private, max-age=3600"
        answer["Vary"] = "Cookie"
        return answer


class ReadPicture(Endpoint):
    """The large copy without metadata. That it was opened is journalled."""

    verb, media = "attachment.look", "image/jpeg"

    def get(self, request: Request, **path: Any) -> FileResponse:
        """Open it."""
        photo = attachments.open_picture(actor=self.viewer, uid=path["uid"])
        return _picture(store.copy_path(photo.shared_sha256), "photo.jpg")


class ReadAttachment(Reading):
    """One photo's card."""

    verb, shows = "attachment.look", AttachmentCard

    def read(self, viewer: Viewer, **path: Any) -> AttachmentCard:
        """Return it."""
        row = Attachment.objects.filter(uid=path["uid"]).select_related(*ATTACHMENT_JOINS).first()
        card: AttachmentCard | None = find_shown(row, viewer) if row else None
        if card is None:
            raise DispatchError("not_found", object="attachment")
        return card


class GrantOriginal(Decision):
    """Grant the file as it came, with its metadata, for a purpose in words; journalled."""

    verb, body, shows, status = "attachment.original", Wish, OriginalAnswer, 201

    def decide(self, viewer: Viewer, body: Wish, **path: Any) -> OriginalAnswer:
        """Grant it."""
        grant = attachments.grant_original(actor=viewer, uid=path["uid"], text=body.purpose)
        token = signing.dumps(grant.uid.hex, salt=SALT, compress=False)
        return OriginalAnswer(url=f"/media/originals/{token}", expires_at=grant.expires_at)


class FetchOriginal(Endpoint):
    """Fetch an original: only the person it was granted to, once, in time. Never shown inline."""

    verb, media, fails = "attachment.original", "application/octet-stream", (410,)

    def get(self, request: Request, **path: Any) -> FileResponse:
        """Spend the grant and send the file as a download."""
        try:
            uid = UUID(signing.loads(path["token"], salt=SALT))
        except (signing.BadSignature, ValueError, TypeError, AttributeError) as error:
            raise DispatchError("not_found", object="grant") from error
        photo = attachments.use_original_grant(actor=self.viewer, uid=uid)
        name = f"{photo.incident.number}-{photo.sha256[:12]}.{ENDINGS[photo.media_type]}"
        answer = _picture(store.original_path(photo.sha256), name)
        answer["Content-Type"] = "application/octet-stream"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
