"""Refusals in words, for Django's forms. The other faces have their own catalogue; the codes are the same."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dispatch.errors import DispatchError

WORDS: dict[str, str | Promise] = {
    "bad_input": gettext_lazy("This value is not possible."),
    "bad_position": gettext_lazy("This position cannot be on the map. Write longitude, latitude in degrees."),
    "too_long": gettext_lazy("Too long: %(length)s characters, at most %(limit)s."),
    "forbidden": gettext_lazy("You administer neither this nor anything above it."),
    "own_rights": gettext_lazy("Nobody changes his own roles. Ask another administrator."),
    "role_conflict": gettext_lazy("An auditor cannot be an administrator: this person already holds the other role."),
    "exists": gettext_lazy("This is there already."),
    "in_use": gettext_lazy("It is in use: sign the unit off and end its orders first."),
    "wrong_state": gettext_lazy("That is not possible in its present state."),
    "not_found": gettext_lazy("There is no such thing, or it is not yours."),
}
WHY: dict[str, str | Promise] = {
    "area_cycle": gettext_lazy("An area cannot lie below itself."),
    "address_unusable": gettext_lazy("Write an address such as http://10.20.0.7/snapshot.jpg."),
    "out_of_range": gettext_lazy("This value is not possible."),
    "boundary_unusable": gettext_lazy("This boundary encloses nothing."),
    "password_too_short": gettext_lazy("The password is too short: at least 10 characters."),
    "password_too_common": gettext_lazy("The password is too common."),
    "password_too_similar": gettext_lazy("The password is too like the name."),
}


def say(error: DispatchError) -> str:
    """Return the refusal as a sentence in the page's language."""
    why = error.facts.get("why")
    for code in why if isinstance(why, list) else [why]:
        if code in WHY:
            return str(WHY[code])
    if error.facts.get("missing"):
        return _("This must be filled in.")
    words = WORDS.get(error.code)
    if words is None:
        return f"{error.code}: {error.sentence}"
    return str(words) % _facts(error.facts)


def _facts(facts: dict[str, Any]) -> dict[str, Any]:
    return {"length": "?", "limit": "?", **facts}
