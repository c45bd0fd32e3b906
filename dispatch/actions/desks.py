"""What a desk really had on its screen, batched per beat."""

from typing import Any

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import inputs
from dispatch.actions.base import action, collect
from dispatch.errors import DispatchError

MOST_SHOWN = 100
MOST_TILES = 16


@action
def desk_showed(*, actor: Viewer, shown: list[dict[str, Any]]) -> None:
    """Journal which list of an incident, and which camera tiles, a desk had in view: items of {incident, list, cameras}."""
    access.require(actor, "board.read")
    if not isinstance(shown, list) or len(shown) > MOST_SHOWN or not all(isinstance(item, dict) for item in shown):
        raise DispatchError("bad_input", field="shown", high=MOST_SHOWN)
    clean = [_item(item) for item in shown]
    if clean:
        supervisors = [key for held in actor.held for key in access.role_keys("supervisor", [held.area_id])]
        collect(events.DeskShowed(shown=clean), [f"person:{actor.person_id}", *supervisors], f"person:{actor.uid}")


def _item(item: dict[str, Any]) -> dict[str, Any]:
    cameras = item.get("cameras") or []
    if not isinstance(cameras, list) or len(cameras) > MOST_TILES:
        raise DispatchError("bad_input", field="shown.cameras", high=MOST_TILES)
    return {
        "incident": str(inputs.uid(item.get("incident"), "shown.incident")),
        "list": inputs.whole(item.get("list", 0), "shown.list", low=0, high=2**31 - 1),
        "cameras": [str(inputs.uid(camera, "shown.cameras")) for camera in cameras],
    }
