"""The units a viewer sees: his subtree's, and those under way to an incident of his."""

from dispatch import access
from dispatch.access import Viewer
from dispatch.cards import UnitCard
from dispatch.models import Unit
from dispatch.queries.present import unit_cards
from dispatch.queries.shown import trim


def list_units(viewer: Viewer) -> list[UnitCard]:
    """Return the cards of the active units that `viewer` sees, by call sign."""
    rows = Unit.objects.filter(active=True, audience__overlap=list(viewer.keys)).select_related("centre", "post")
    listed = list(rows.order_by("centre__area__code", "call_sign"))
    views = [access.view_of(row.audience, viewer) for row in listed]
    return [trim("unit", card, view) for card, view in zip(unit_cards(listed), views, strict=True) if view]  # type: ignore[misc]
