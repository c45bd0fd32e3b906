"""The cameras on an order's card: the nearest of its packet, for the crew that holds the order and as long as it does."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from dispatch import access
from dispatch.access import Viewer
from dispatch.errors import DispatchError
from dispatch.lifecycles import ORDER_ACTIVE
from dispatch.models import Order, Unit
from geo.models import Camera

MOST = 4
SEEING = ("sees", "can_turn")


class OrderCamera(msgspec.Struct, kw_only=True, frozen=True):
    """One camera: how it stands to the place (`sight`: sees, can_turn, away, unknown, dead), its state of now and since when."""

    uid: UUID
    code: str
    name: str
    sight: str
    distance_m: int
    turn_deg: float | None
    status: str
    status_at: datetime | None
    consent: str


class OrderCameras(msgspec.Struct, kw_only=True, frozen=True):
    """The packet's number and its four cameras worth a look, best first."""

    order: UUID
    number: int
    cameras: list[OrderCamera]


def list_order_cameras(viewer: Viewer, order_uid: UUID) -> OrderCameras:
    """Return the cameras of an order. Raises `not_found` (others' orders), `wrong_state` (it is over)."""
    order = _held(viewer, order_uid)
    number, lines = _lines(order)
    cameras = {str(row.uid): row for row in Camera.objects.filter(uid__in=[line["camera"] for line in lines])}
    shown = [_shown(cameras[line["camera"]], line) for line in lines if line["camera"] in cameras]
    return OrderCameras(order=order.uid, number=number, cameras=shown)


def _shown(camera: Camera, line: dict[str, Any]) -> OrderCamera:
    copied = {name: getattr(camera, name) for name in ("uid", "code", "name", "status", "status_at", "consent")}
    sight = "dead" if camera.status == "offline" else line["sight"]
    return OrderCamera(**copied, sight=sight, distance_m=line["distance_m"], turn_deg=line["turn_deg"])


def find_order_camera(viewer: Viewer, order_uid: UUID, camera_uid: UUID) -> tuple[Order, Camera]:
    """Return an order of the viewer's crew and a camera on its card. Raises `not_found`, `wrong_state`."""
    order = _held(viewer, order_uid)
    _, lines = _lines(order)
    camera = Camera.objects.select_related("area").filter(uid=camera_uid).first()
    if camera is None or str(camera.uid) not in {line["camera"] for line in lines}:
        raise DispatchError("not_found", object="camera")
    return order, camera


def _held(viewer: Viewer, order_uid: UUID) -> Order:
    order = Order.objects.select_related("incident__centre__area").filter(uid=order_uid).first()
    units = [] if order is None else [order.unit_id]
    if order and order.post_id:
        units = list(Unit.objects.filter(post_id=order.post_id, on_duty=True).values_list("pk", flat=True))
    mine = next((unit for unit in units if unit in viewer.unit_ids), None)
    if order is None or mine is None:
        raise DispatchError("not_found", object="order")
    access.require(viewer, "camera.look_for_order", unit_id=mine)
    if order.state not in ORDER_ACTIVE or order.incident.state == "closed":
        raise DispatchError("wrong_state", object="order", state=order.state, verb="look", possible=[])
    return order


def _lines(order: Order) -> tuple[int, list[dict[str, Any]]]:
    """Return the newest packet's number and its best cameras: what sees the place, then what is alive, then the rest."""
    packet = order.incident.suggestions.filter(failed_code="").order_by("-number").first()
    if packet is None:
        return 0, []

    def rank(line: dict[str, Any]) -> tuple[int, int]:
        barred = line["consent"] == "none" or line["sight"] == "dead"
        return (0 if line["sight"] in SEEING else 2 if barred else 1, line["slot"])

    return packet.number, sorted(packet.body.get("cameras", []), key=rank)[:MOST]
