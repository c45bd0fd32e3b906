"""The rest of the map: surfaces drawn under the roads, and named points to search by."""

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex
from django.utils.translation import gettext_lazy as _

from geo.models.imports import ImportRun


class MapFeatureKind(models.TextChoices):
    """What the base map draws besides roads."""

    WATER = "water", _("Water")
    PARK = "park", _("Park")
    BUILDING = "building", _("Building")
    PIER = "pier", _("Pier")
    RAIL = "rail", _("Rail")
    STREAM = "stream", _("Stream")
    SAND = "sand", _("Sand and rock")
    SQUARE = "square", _("Square")
    CAMPUS = "campus", _("School, hospital and other grounds")
    BUILT = "built", _("Built-up land")


class MapFeature(models.Model):
    """One surface or line of the base map; `detail` keeps the source's class ("natural=wood")."""

    source_key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=10, choices=MapFeatureKind.choices, db_index=True)
    detail = models.CharField(max_length=60, blank=True, db_default="")
    name = models.CharField(max_length=200, blank=True)
    name_zh = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    geometry = models.GeometryField(srid=4326)
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".strip()


class Place(models.Model):
    """One named or numbered point. `kind` says what: place, poi, address, pole; `detail` keeps the source's class, and
    "interpolated" where a number was reckoned between two others."""

    source_key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20)
    detail = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=200, blank=True)
    name_zh = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    other_names = models.CharField(max_length=400, blank=True, db_default="")
    street = models.CharField(max_length=200, blank=True)
    house_number = models.CharField(max_length=40, blank=True)
    point = models.PointField(srid=4326)
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        indexes = [
            GinIndex(fields=["name"], name="geo_place_name_trgm", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["street"], name="geo_place_street_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name or self.house_number}".strip()
