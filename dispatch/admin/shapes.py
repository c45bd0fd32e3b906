"""Boundaries and points in forms: text in, a drawing beside it. Nothing is loaded from anywhere."""

import json
import math
from typing import Any, cast

from django import forms
from django.contrib.gis.geos import GEOSException, GEOSGeometry, MultiPolygon, Point, Polygon
from django.utils.translation import gettext_lazy as _

LONGEST = 2_000_000
BAD = _("Write a polygon as GeoJSON or WKT, longitude before latitude, in degrees (WGS-84).")
BAD_POINT = _("Write longitude, latitude in degrees (WGS-84), such as -71.2500, -29.9000.")


class BoundaryWidget(forms.Textarea):
    """A text of coordinates with its drawing."""

    template_name = "house/boundary.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Name the drawing for those who do not see it."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["label"] = _("Drawing of the boundary")
        return context

    class Media:
        js = ("dispatch/boundary.js",)


class BoundaryField(forms.CharField):
    """A polygon or multipolygon, written as GeoJSON (also a Feature) or WKT; cleans to a geometry or None."""

    widget = BoundaryWidget

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST, **options)

    def prepare_value(self, value: Any) -> Any:
        """Show a stored geometry as GeoJSON."""
        return value.geojson if isinstance(value, GEOSGeometry) else value

    def clean(self, value: Any) -> MultiPolygon | None:
        """Return the shape. GDAL is kept out: it may follow what a file says to other hosts."""
        text = super().clean(value)
        if not text:
            return None
        try:
            shape = _from_json(json.loads(text)) if text.lstrip().startswith("{") else _from_wkt(text)
            if not all(_on_earth(lon, lat) for lon, lat, *_more in _corners(shape)):
                raise ValueError("off the earth")
        except (ValueError, TypeError, KeyError, IndexError, RecursionError, GEOSException) as error:
            raise forms.ValidationError(BAD) from error
        return shape


def _from_json(said: dict[str, Any]) -> MultiPolygon:
    if said["type"] == "Feature":
        said = said["geometry"]
    parts = {"Polygon": [said["coordinates"]], "MultiPolygon": said["coordinates"]}[said["type"]]
    return MultiPolygon([Polygon(*[[tuple(at[:2]) for at in ring] for ring in part]) for part in parts], srid=4326)


def _from_wkt(text: str) -> MultiPolygon:
    shape = cast(Any, GEOSGeometry(text.strip().upper().removeprefix("SRID=4326;"), srid=4326))
    kind = shape.geom_type
    parts = [shape] if kind == "Polygon" else list(shape) if kind == "MultiPolygon" else []
    if not parts:
        raise ValueError("no polygon")
    return MultiPolygon(parts, srid=4326)


def _corners(shape: Any) -> list[Any]:
    return [at for polygon in shape for ring in polygon for at in ring]


def _on_earth(lon: float, lat: float) -> bool:
    return math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) < 89.9


class PointWidget(forms.TextInput):
    """Longitude and latitude, with a drawing of the ground to click on."""

    template_name = "house/point.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Name the drawing for those who do not see it."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["label"] = _("Drawing of the ground: click to place")
        return context

    class Media:
        js = ("dispatch/boundary.js",)


class PointField(forms.CharField):
    """A place written "longitude, latitude"; cleans to [lon, lat]."""

    widget = PointWidget

    def prepare_value(self, value: Any) -> Any:
        """Show a stored point as text."""
        return f"{value.x:.7f}, {value.y:.7f}" if isinstance(value, Point) else value

    def clean(self, value: Any) -> list[float] | None:
        """Return [lon, lat]; whether it can be is the action's to say."""
        text = super().clean(value)
        if not text:
            return None
        try:
            numbers = [float(part) for part in text.replace(",", " ").split()]
        except ValueError as error:
            raise forms.ValidationError(BAD_POINT) from error
        if len(numbers) != 2:
            raise forms.ValidationError(BAD_POINT)
        return numbers
