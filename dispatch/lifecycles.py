"""The law, as tables: (state, verb) → next state. Nothing here knows tables, people or clocks.

A pair that is not listed is refused; `next_state` says what would have been possible.
"""

from dispatch.errors import DispatchError

CALL = {
    ("open", "join"): "joined",
    ("open", "close"): "closed",
    ("joined", "leave"): "open",
}

INCIDENT = {
    ("open", "edit"): "open",
    ("on_hold", "edit"): "on_hold",
    ("open", "hold"): "on_hold",
    ("on_hold", "hold"): "on_hold",
    ("on_hold", "resume"): "open",
    ("on_hold", "fall_due"): "open",
    ("open", "order"): "open",
    ("on_hold", "order"): "open",
    ("open", "close"): "closed",
    ("on_hold", "close"): "closed",
    ("closed", "reopen"): "open",
}

# Device receipt (deliver) and human answers (see, accept, refuse) are different verbs: neither implies the other.
# Voice skips steps that only a phone can report, so later states are reachable from every earlier one.
ORDER = {
    ("proposed", "send"): "sent",
    ("proposed", "withdraw"): "withdrawn",
    # A crew's own doing: it opened the job itself, or joined one.
    ("proposed", "start"): "on_scene",
    ("proposed", "join"): "accepted",
    ("sent", "deliver"): "delivered",
    ("sent", "see"): "seen",
    ("sent", "accept"): "accepted",
    ("sent", "refuse"): "refused",
    ("sent", "time_out"): "timed_out",
    ("sent", "leave"): "en_route",
    ("sent", "arrive"): "on_scene",
    ("delivered", "see"): "seen",
    ("delivered", "accept"): "accepted",
    ("delivered", "refuse"): "refused",
    ("delivered", "time_out"): "timed_out",
    ("delivered", "leave"): "en_route",
    ("delivered", "arrive"): "on_scene",
    ("seen", "accept"): "accepted",
    ("seen", "refuse"): "refused",
    ("seen", "time_out"): "timed_out",
    ("seen", "leave"): "en_route",
    ("seen", "arrive"): "on_scene",
    ("timed_out", "accept"): "accepted",
    ("timed_out", "refuse"): "refused",
    ("timed_out", "recall"): "recalled",
    ("accepted", "refuse"): "refused",
    ("accepted", "step_back"): "recalled",
    ("en_route", "step_back"): "recalled",
    ("accepted", "leave"): "en_route",
    ("accepted", "arrive"): "on_scene",
    # A desk whose units were all called back, a crew that settled it by telephone: done without having gone.
    ("accepted", "clear"): "cleared",
    ("en_route", "refuse"): "refused",
    ("en_route", "arrive"): "on_scene",
    ("on_scene", "clear"): "cleared",
    ("en_route", "clear"): "cleared",
    ("sent", "recall"): "recalled",
    ("delivered", "recall"): "recalled",
    ("seen", "recall"): "recalled",
    ("accepted", "recall"): "recalled",
    ("en_route", "recall"): "recalled",
    ("on_scene", "recall"): "recalled",
    ("sent", "replace"): "replaced",
    ("delivered", "replace"): "replaced",
    ("seen", "replace"): "replaced",
    ("accepted", "replace"): "replaced",
    ("en_route", "replace"): "replaced",
    ("on_scene", "replace"): "replaced",
}

ORDER_ACTIVE = ("sent", "delivered", "seen", "accepted", "en_route", "on_scene")
REQUEST_OPEN = ("asked", "escalated")
# What a crew still has in its hand: a late yes or no to a timed-out order is better than none.
ORDER_IN_HAND = (*ORDER_ACTIVE, "timed_out")
ORDER_UNANSWERED = ("sent", "delivered", "seen")
ORDER_ENDED = ("refused", "timed_out", "cleared", "recalled", "replaced", "withdrawn")
# What comes late or twice is no mistake of the phone: a receipt, or the step that a crew mate or the radio said already.
# It changes nothing.
ORDER_IDLE = {
    "deliver": ("delivered", "seen", "accepted", "en_route", "on_scene", "timed_out"),
    "see": ("seen", "accepted", "en_route", "on_scene", "timed_out"),
    "accept": ("accepted", "en_route", "on_scene"),
    "leave": ("en_route", "on_scene"),
    "arrive": ("on_scene",),
}

UNIT = {
    ("off_duty", "sign_on"): "on_duty",
    ("on_duty", "sign_on"): "on_duty",
    ("on_duty", "sign_off"): "off_duty",
    ("on_duty", "set_status"): "on_duty",
    ("on_duty", "set_place"): "on_duty",
}

TRANSFER = {
    ("offered", "accept"): "accepted",
    ("offered", "refuse"): "refused",
    ("offered", "withdraw"): "withdrawn",
}

REQUEST = {
    ("asked", "grant"): "granted",
    ("asked", "refuse"): "refused",
    ("asked", "escalate"): "escalated",
    ("asked", "withdraw"): "withdrawn",
    ("escalated", "grant"): "granted",
    ("escalated", "refuse"): "refused",
    ("escalated", "withdraw"): "withdrawn",
    ("escalated", "expire"): "expired",
}

# The officer takes it back, but only a desk ends it: whoever holds the phone is not always its officer.
DISTRESS = {
    ("raised", "acknowledge"): "acknowledged",
    ("raised", "escalate"): "raised",
    ("raised", "cancel"): "raised",
    ("acknowledged", "cancel"): "acknowledged",
    ("acknowledged", "end"): "ended",
}
DISTRESS_OPEN = ("raised", "acknowledged")
MESSAGE = {
    ("sent", "deliver"): "delivered",
    ("sent", "read"): "read",
    ("delivered", "read"): "read",
}
# Receipts that come late or twice, or from a second screen, change nothing.
MESSAGE_IDLE = {"deliver": ("delivered", "read"), "read": ("read",)}

LAW: dict[str, dict[tuple[str, str], str]] = {
    "call": CALL,
    "incident": INCIDENT,
    "order": ORDER,
    "unit": UNIT,
    "transfer": TRANSFER,
    "request": REQUEST,
    "distress": DISTRESS,
    "message": MESSAGE,
}

INVERSE = {
    "order.send": "order.recall",
    "order.start": "order.clear",
    "order.join": "order.step_back",
    "order.step_back": "order.join",
    "order.refuse": "final",
    "order.accept": "order.refuse",
    "order.leave": "order.refuse",
    "order.arrive": "order.clear",
    "order.clear": "final",
    "order.recall": "order.send",
    "order.replace": "order.replace",
    "order.withdraw": "order.send",
    "incident.open": "incident.close",
    "incident.close": "incident.reopen",
    "incident.hold": "incident.resume",
    "incident.resume": "incident.hold",
    "incident.fall_due": "incident.hold",
    "incident.take": "incident.yield",
    "incident.yield": "incident.take",
    "incident.edit": "incident.edit",
    "incident.transfer": "transfer.withdraw",
    "incident.note": "final",
    "incident.feedback": "final",
    "attachment.send": "final",
    "call.take": "final",
    "call.join": "call.leave",
    "call.close": "final",
    "unit.sign_on": "unit.sign_off",
    "unit.sign_off": "unit.sign_on",
    "unit.set_status": "unit.set_status",
    "unit.set_place": "unit.set_place",
    "camera.look": "final",
    "distress.raise": "distress.cancel",
    "distress.cancel": "distress.raise",
    "distress.acknowledge": "final",
    "distress.end": "final",
    "distress.escalate": "final",
    "message.send": "final",
    "message.answer": "final",
    "message.deliver": "final",
    "message.read": "final",
    "request.ask": "request.withdraw",
    "request.grant": "final",
}


def verbs_from(noun: str, state: str) -> list[str]:
    """Return the verbs that `noun` allows in `state`, sorted."""
    return sorted({verb for (at, verb) in LAW[noun] if at == state})


def next_state(noun: str, state: str, verb: str) -> str:
    """Return the state after `verb`, or raise DispatchError `wrong_state` naming what is possible instead."""
    found = LAW[noun].get((state, verb))
    if found is None:
        raise DispatchError("wrong_state", object=noun, state=state, verb=verb, possible=verbs_from(noun, state))
    return found


# Why a unit on duty is not simply available, and what that makes it (EIDO, NENA-STA-021.1b: common status values).
UNIT_REASONS = {
    "meal": "conditional",
    "paperwork": "conditional",
    "escort": "conditional",
    "refuelling": "unavailable",
    "court": "unavailable",
    "repair": "unavailable",
    "training": "unavailable",
}
# What a crew may have with it, as the desk filters by it later. Codes; the words stand in the screens' catalogue.
EQUIPMENT = (
    "body_worn", "radio", "vest", "shield", "first_aid", "aed", "extinguisher", "breath_tester", "cones", "spike_strip",
    "rescue_rope", "life_buoy", "less_lethal", "long_gun", "drone",
)  # fmt: skip
# Apps that go on telling a position with the screen off → the protocol room that reads them (geo.sources).
TRACKER_APPS = {"traccar": "osmand", "osmand": "osmand", "owntracks": "owntracks"}
REFUSE_REASONS = ("busy", "too_far", "vehicle", "injured", "off_shift", "unsafe", "other")
DISPOSITIONS = (
    "handled",
    "handed_over",
    "no_trace",
    "false_report",
    "mediated",
    "detained",
    "medical",
    "not_needed",
    "other",
)
CALL_CLOSE_REASONS = ("nuisance", "no_speech", "transferred", "test", "advice")
CALLBACK_RESULTS = ("satisfied", "dissatisfied", "no_answer", "wrong_number", "declined")
# Reports to the centre above, in their order: which may follow which ("" before any was sent).
REPORT_AFTER = {"": ("first",), "first": ("follow_up", "final"), "follow_up": ("follow_up", "final"), "final": ()}
CALL_CHANNELS = ("phone", "sms", "app", "radio", "walk_in", "alarm", "other")
VOICE_VERBS = ("accept", "refuse", "leave", "arrive", "clear")
DISTRESS_OUTCOMES = ("real", "drill", "false_press")
