"""Errors people can act on: a stable code, an English sentence for logs, and facts for the screens' own words."""

from typing import Any

# code → (HTTP status, sentence). The words that people read come from the screens' catalogue, by code.
CODES: dict[str, tuple[int, str]] = {
    "bad_input": (400, "The request does not have the expected form."),
    "bad_position": (400, "The position cannot be on this map."),
    "too_long": (400, "A text is longer than allowed."),
    "unknown_kind": (400, "That kind is not in the list."),
    "key_missing": (400, "Decisions need an Idempotency-Key header with a UUID."),
    "not_signed_in": (401, "Sign in first."),
    "unknown_device": (401, "No active device has this token."),
    "forbidden": (403, "This account may not do that here."),
    "own_rights": (403, "Nobody changes his own roles."),
    "auditor_looks": (403, "An auditor opens no picture, whatever else he is."),
    "no_auditor": (403, "No auditor is appointed, so no picture is shown."),
    "no_consent": (403, "The camera's owner has not consented to this use."),
    "no_purpose": (403, "A picture needs a purpose."),
    "not_a_photo": (400, "The file is no photo that is taken here."),
    "photo_altered": (409, "The bytes are not those that were announced."),
    "photo_incomplete": (409, "Parts of the photo are missing."),
    "photo_known": (409, "This very photo is on the incident already."),
    "photo_erased": (410, "The photo was erased by rule."),
    "too_many_photos": (429, "Too many photos of this person are on their way."),
    "not_found": (404, "There is no such thing, or this account may not see it."),
    "replay_window": (400, "That time cannot be replayed."),
    "replay_too_big": (413, "More happened in that time than one replay holds."),
    "replay_over": (410, "This replay was opened too long ago."),
    "method_not_allowed": (405, "That method is not allowed here."),
    "wrong_state": (409, "That is not possible in the present state."),
    "unit_busy": (409, "The unit holds another active order."),
    "no_place": (409, "Nobody knows where the unit is."),
    "unit_off_duty": (409, "The unit is off duty."),
    "target_inactive": (409, "The target is not in service."),
    "suggestion_changed": (409, "The list on the screen is not the one the key belongs to."),
    "needs_request": (409, "The unit belongs to another centre: ask for it."),
    "person_on_unit": (409, "The person is signed on to another unit."),
    "vehicle_taken": (409, "Another unit is on duty with this vehicle."),
    "unit_taken": (409, "Another crew is signed on to this unit."),
    "not_this_desk": (403, "Only a person of that desk signs for it."),
    "not_of_desk": (409, "A child order goes to a unit of the desk that was ordered."),
    "already_there": (409, "That centre has it already."),
    "no_caller": (409, "Nobody rang this incident in, so there is nobody to call back."),
    "no_upper_desk": (409, "No centre above takes reports."),
    "report_order": (409, "Another report is due first, or none follows any more."),
    "already_owned": (409, "Another desk owns this incident."),
    "distress_stands": (409, "This unit is calling for help: a desk has to end that first."),
    "already_asked": (409, "That unit was asked for already on this incident."),
    "exists": (409, "A record with this id or code exists already."),
    "in_use": (409, "It is still in use."),
    "import_running": (409, "An import is running; one works at a time."),
    "undo_not_kept": (409, "What this import changed is not kept any more."),
    "run_overtaken": (409, "A later import changed the same rows: undo that one first."),
    "rows_changed": (409, "Rows of this import were changed by hand since."),
    "rows_in_use": (409, "What this import added is in use."),
    "undo_blocked": (409, "The place of a row that would come back was taken since."),
    "no_addressee": (409, "Nobody there is on duty."),
    "too_many_addressees": (409, "More units than one message goes to."),
    "needs_feedback": (409, "Closing needs a final feedback or a supervisor's reason."),
    "orders_active": (409, "Orders are still under way."),
    "role_conflict": (409, "An auditor cannot be an administrator."),
    "grant_used": (410, "This picture address was used already."),
    "grant_expired": (410, "This picture address has run out."),
    "version_conflict": (412, "Somebody changed it meanwhile."),
    "too_big": (413, "The request is too big."),
    "key_reused": (422, "This Idempotency-Key belongs to another request."),
    "key_busy": (409, "The same request is still being worked on."),
    "version_missing": (428, "Edits need an If-Match header with the version."),
    "too_fast": (429, "Too many requests."),
    "server_failed": (500, "Something went wrong here; it is in the log."),
    "camera_offline": (502, "The camera does not answer."),
    "camera_refused": (502, "The camera answered with something that is no picture."),
    "camera_blocked": (502, "The camera's address is not among the allowed camera networks."),
    "unavailable": (503, "The service cannot store anything right now; try again."),
    "push_blocked": (400, "That push service is not among the listed ones."),
    "map_layer_silent": (502, "The server of this map layer does not answer."),
    "map_layer_refused": (502, "The server of this map layer answered with something that is no tile."),
    "map_layer_blocked": (502, "The server of this map layer is not among the allowed map networks."),
    "map_layer_busy": (503, "Too many tiles of this layer are being fetched at once."),
    "camera_no_address": (404, "The camera has no picture address."),
}


class DispatchError(Exception):
    """A refusal. `code` is stable, `facts` are JSON-safe, `field` names the input at fault, if one is."""

    def __init__(self, code: str, *, field: str | None = None, **facts: Any) -> None:
        self.code = code
        self.status, self.sentence = CODES[code]
        self.field = field
        self.facts = facts
        super().__init__(f"{code}: {self.sentence} {facts or ''}".strip())

    def as_json(self) -> dict[str, Any]:
        """Return the one API error shape."""
        return {"error": {"code": self.code, "facts": self.facts, "field": self.field}}
