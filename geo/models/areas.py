"""Areas: a tree of any depth, each with its ground. Everything in geo that belongs to somebody belongs to one."""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.utils.translation import gettext_lazy as _

from geo.ids import new_uid


class AreaLevel(models.TextChoices):
    """How high in the tree an area stands."""

    CITY = "city", _("City")
    DISTRICT = "district", _("District")
    STATION = "station", _("Station")
    ROOM = "room", _("Room")
    PARTNER = "partner", _("Partner")


class AreaLine(models.TextChoices):
    """The police line (警种) an area serves; territories of different lines overlap."""

    TERRITORIAL = "territorial", _("Territorial")
    TRAFFIC = "traffic", _("Traffic")
    SPECIAL = "special", _("Special")
    WATCH_ROOM = "watch_room", _("Watch room")
    PARTNER = "partner", _("Partner")


class Area(models.Model):
    """One node of the tree. `lineage` holds the ids from the root to itself; only `geo.areas.put_area` writes it."""

    uid = models.UUIDField(unique=True, default=new_uid, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    name_zh = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=20, choices=AreaLevel.choices)
    line = models.CharField(max_length=20, choices=AreaLine.choices, default=AreaLine.TERRITORIAL)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    lineage = ArrayField(models.BigIntegerField(), default=list, editable=False)
    boundary = models.MultiPolygonField(srid=4326, null=True, blank=True)
    source_key = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["code"]
        indexes = [GinIndex(fields=["lineage"], name="geo_area_lineage")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Ground(models.Model):
    """What an area watches: its boundary with the band of `band_m` metres around it. Written by `geo.areas` alone.

    Beside the area, not in it: an area is read with every incident and unit, its shapes are not wanted then.
    """

    area = models.OneToOneField(Area, on_delete=models.CASCADE, primary_key=True)
    shape = models.MultiPolygonField(srid=4326)
    band_m = models.FloatField()

    def __str__(self) -> str:
        return f"{self.area.code} +{self.band_m:g} m"
