"""The ground a viewer starts from: where his map opens, whose data it is, and what of it is made up."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib.gis.db.models import Extent

from dispatch import pictures
from dispatch.access import Viewer
from dispatch.models import Centre
from geo.models import Area, ImportRun, MapFeature, Road
from geo.models.imports import ImportState

# Kind of import → what a screen calls it.
MADE_UP = {"roads": "streets", "areas": "areas", "cameras": "cameras", "units": "units"}


def find_ground(viewer: Viewer) -> dict[str, Any]:
    """Return {bounds: [west, south, east, north] in degrees or None, attribution, made_up: codes of MADE_UP, base: whether
    there is anything to draw a map of, pictures: what the deployer's network adds, without addresses}.
    """
    held = [held.area_id for held in viewer.held]
    extent = Area.objects.filter(id__in=held).aggregate(box=Extent("boundary"))["box"] if held else None
    runs = list(
        ImportRun.objects.filter(state=ImportState.DONE).order_by("id").values("kind", "attribution", "made_up")
    )
    return {
        "bounds": list(extent) if extent else None,
        "attribution": " · ".join(dict.fromkeys(run["attribution"] for run in runs if run["attribution"])),
        "base": has_map(),
        "pictures": [layer.shown() for layer in pictures.layers()],
        "made_up": _made_up(runs),
    }


def has_map() -> bool:
    """Return whether anything was imported that a map can be drawn of."""
    return Road.objects.exists() or MapFeature.objects.exists()


def _made_up(runs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what the screen must call invented: by the imports' own marks, and the demo's units unless a list told them."""
    kinds = {run["kind"] for run in runs if run["made_up"]}
    if settings.DEMO and not any(run["kind"] == "units" for run in runs):
        kinds.add("units")
    return [word for kind, word in MADE_UP.items() if kind in kinds]


def find_timezone(viewer: Viewer) -> str:
    """Return the IANA zone of the viewer's home centre, UTC where he has none."""
    if viewer.home_id is None:
        return "UTC"
    return Centre.objects.values_list("timezone", flat=True).get(pk=viewer.home_id)
