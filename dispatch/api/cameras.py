"""Cameras: the card, the grant for one picture, and the auditor's list of looks."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from dispatch.access import Viewer
from dispatch.actions import purposes
from dispatch.api.base import Decision, Reading
from dispatch.api.bodies import Body, any_uid, calendar_day, entry_number, page_size, read_query, short_text
from dispatch.api.stills import address_of
from dispatch.cards import Point
from dispatch.errors import DispatchError
from dispatch.models import ViewGrant
from dispatch.queries.cameras import find_camera
from dispatch.queries.dead_cameras import DeadCameras, get_dead_cameras
from dispatch.queries.looks import LooksPage, get_looks
from dispatch.queries.order_cameras import OrderCameras, list_order_cameras
from dispatch.queries.views import ViewsPage, get_views

PAGE = 50


class PurposeWish(Body):
    """Why: {"kind": "incident", "uid": …}, or {"kind": "reason", "text": "a sentence"} (tour, alarm, repair … alike)."""

    kind: str
    uid: UUID | None = None
    text: str = ""


class Look(Body):
    """A wish to look."""

    purpose: PurposeWish


class GrantAnswer(msgspec.Struct, kw_only=True, frozen=True):
    """Where the one picture can be fetched once, by this person, until then."""

    url: str
    expires_at: datetime


class CameraCard(msgspec.Struct, kw_only=True, frozen=True):
    """A camera as the map shows it; `made_up` when the list it came with was invented. Its addresses stand nowhere in the API."""

    uid: UUID
    code: str
    name: str
    kind: str
    grade: str
    owner: str
    consent: str
    status: str
    status_at: datetime | None
    point: Point
    heading_deg: float | None
    fov_deg: float | None
    range_m: float | None
    made_up: bool


class ReadCamera(Reading):
    """One camera of the viewer's subtree, ground or band."""

    verb, shows = "camera.look", CameraCard

    def read(self, viewer: Viewer, **path: Any) -> CameraCard:
        """Return its card."""
        camera = find_camera(viewer, path["uid"])
        copied = set(CameraCard.__struct_fields__) - {"point", "made_up"}
        made_up = camera.run is not None and camera.run.made_up
        fields = {name: getattr(camera, name) for name in copied}
        return CameraCard(point=(camera.point.x, camera.point.y), made_up=made_up, **fields)


class ReadDeadCameras(Reading):
    """The cameras of one's own subtree that do not answer."""

    verb, shows = "board.read", DeadCameras

    def read(self, viewer: Viewer, **path: Any) -> DeadCameras:
        """Return how many, and which."""
        return get_dead_cameras(viewer)


class Granting(Decision):
    """Base: a refusal (no auditor, no consent) is journalled as well, and committed with its answer."""

    shows, status = GrantAnswer, 201

    def answer_of(self, made: Any) -> tuple[int, Any]:
        """Return the address; a refusal is an answer too, so that its trace is committed."""
        if isinstance(made, DispatchError):
            return made.status, made.as_json()
        return super().answer_of(made)


class GrantLook(Granting):
    """Grant one picture for one purpose, for seconds. A refusal (no auditor, no consent) is journalled as well."""

    verb, body = "camera.look", Look

    def decide(self, viewer: Viewer, body: Look, **path: Any) -> Any:
        """Grant it, or keep the trace of the refusal."""
        wish: dict[str, Any] = {"kind": body.purpose.kind, "text": body.purpose.text}
        if body.purpose.uid:
            wish["uid"] = str(body.purpose.uid)
        return _answer(purposes.grant_look(actor=viewer, camera_uid=path["uid"], purpose=wish))


class ReadOrderCameras(Reading):
    """The cameras on the card of an order of one's own crew, while it is active."""

    verb, shows = "camera.look_for_order", OrderCameras

    def read(self, viewer: Viewer, **path: Any) -> OrderCameras:
        """Return them."""
        return list_order_cameras(viewer, path["uid"])


class GrantLookForOrder(Granting):
    """Grant the crew of an active order one picture of a camera on its card; the incident is the purpose."""

    verb = "camera.look_for_order"

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> Any:
        """Grant it, or keep the trace of the refusal."""
        granted = purposes.grant_look_for_order(actor=viewer, order_uid=path["uid"], camera_uid=path["camera"])
        return _answer(granted)


def _answer(grant: ViewGrant) -> GrantAnswer | DispatchError:
    if grant.outcome:
        return DispatchError(grant.outcome)
    return GrantAnswer(url=address_of(grant.uid, grant.camera.uid), expires_at=grant.expires_at)


class ReadViews(Reading):
    """Who looked through which camera, for what, and what came of it, step by step; newest first. For auditors."""

    verb, shows = "views.read", ViewsPage
    query = {
        "before": "integer", "after": "integer", "limit": "integer", "person": "string", "purpose": "string",
        "camera": "string", "outcome": "string",
    }  # fmt: skip

    def read(self, viewer: Viewer, **path: Any) -> ViewsPage:
        """Return one page."""
        asked = read_query(
            self.request, before=entry_number, after=entry_number, limit=page_size, person=any_uid, purpose=any_uid,
            camera=short_text, outcome=short_text,
        )  # fmt: skip
        return get_views(viewer, **{"limit": PAGE, **asked})


class ReadLooks(Reading):
    """The same put together, photos of crews besides: one line for one person, camera or photo, and purpose. `day`: YYYY-MM-DD."""

    verb, shows = "views.read", LooksPage
    query = {"before": "integer", "limit": "integer", "person": "string", "camera": "string", "day": "string"}

    def read(self, viewer: Viewer, **path: Any) -> LooksPage:
        """Return one page."""
        asked = read_query(
            self.request, before=entry_number, limit=page_size, person=any_uid, camera=short_text, day=calendar_day
        )
        return get_looks(viewer, **{"limit": PAGE, **asked})
