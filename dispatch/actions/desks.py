"""What a desk really had on its screen, batched per beat."""

from typing import Any

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions.base import action, collect
from dispatch.errors import DispatchError

MOST_SHOWN = 100


@action
def desk_showed(*, actor: Viewer, shown: list[dict[str, Any]]) -> None:
    """Journal list versions and tiles a desk displayed: items of {what, uid, version?, at}."""
    access.require(actor, "board.read")
    if not isinstance(shown, list) or len(shown) > MOST_SHOWN or not all(isinstance(item, dict) for item in shown):
        raise DispatchError("bad_input", field="shown", high=MOST_SHOWN)
    clean = [{key: str(item.get(key, ""))[:80] for key in ("what", "uid", "version", "at")} for item in shown]
    if clean:
        supervisors = [key for held in actor.held for key in access.role_keys("supervisor", [held.area_id])]
        collect(events.DeskShowed(shown=clean), [f"person:{actor.person_id}", *supervisors], f"person:{actor.uid}")
