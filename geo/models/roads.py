"""Roads as imported: shape, names and what a router needs to know: which roads meet, where one may turn, what stands on
them."""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.utils.translation import gettext_lazy as _

from geo.models.imports import ImportRun


class Road(models.Model):
    """One stretch of road. `oneway` is 1 along the line, -1 against it, 0 both; unknown speed and lanes are null.

    `nodes` are the source's own ids of the line's points, one for each: two roads meet where they share an id, and only
    there, so a bridge is not joined to what it crosses. Empty when the source has none (GDAL layers): such roads meet
    where their ends lie. `maxspeed_back_kmh` is the limit against the line where it is another one. `tags` are the
    source's own words on access, lanes, buses and the like (geo.roads.routing), for a router to judge.
    """

    source_key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200, blank=True)
    name_zh = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    other_names = models.CharField(max_length=400, blank=True, db_default="")
    ref = models.CharField(max_length=60, blank=True, db_default="")
    highway = models.CharField(max_length=30)
    oneway = models.SmallIntegerField(default=0)
    maxspeed_kmh = models.FloatField(null=True, blank=True)
    maxspeed_back_kmh = models.FloatField(null=True, blank=True)
    lanes = models.SmallIntegerField(null=True, blank=True)
    access = models.CharField(max_length=30, blank=True)
    surface = models.CharField(max_length=40, blank=True)
    bridge = models.BooleanField(default=False)
    tunnel = models.BooleanField(default=False)
    layer = models.SmallIntegerField(default=0)
    nodes = ArrayField(models.BigIntegerField(), default=list, blank=True, db_default=[])
    tags = models.JSONField(default=dict, blank=True, db_default={})
    geometry = models.LineStringField(srid=4326)
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        indexes = [GinIndex(fields=["name"], name="geo_road_name_trgm", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return f"{self.highway} {self.name}".strip()


class RoadNodeKind(models.TextChoices):
    """What stands on a road and costs time or bars the way."""

    SIGNALS = "signals", _("Traffic signals")
    CROSSING = "crossing", _("Crossing")
    STOP = "stop", _("Stop sign")
    GIVE_WAY = "give_way", _("Give way")
    ROUNDABOUT = "roundabout", _("Mini roundabout")
    EXIT = "exit", _("Motorway exit")
    LEVEL_CROSSING = "level", _("Level crossing")
    CALMING = "calming", _("Traffic calming")
    BARRIER = "barrier", _("Barrier")
    FORD = "ford", _("Ford")


class RoadNode(models.Model):
    """One point of a road with something on it. `node` is its id in `Road.nodes`; `tags` the source's own words."""

    source_key = models.CharField(max_length=200, unique=True)
    node = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=10, choices=RoadNodeKind.choices)
    tags = models.JSONField(default=dict, blank=True)
    point = models.PointField(srid=4326)
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} at {self.node}"


class TurnRestriction(models.Model):
    """One turn that is forbidden (`no_…`) or the only one allowed (`only_…`), from road to road by source key.

    The turn is made at `via_node`, or along the roads `via_keys` in that order. `applies_to` is a mode of transport (""
    all), `except_for` the modes that may all the same. Those that hold at certain hours only are not read.
    """

    source_key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=30)
    from_keys = ArrayField(models.CharField(max_length=200))
    via_node = models.BigIntegerField(null=True, blank=True)
    via_keys = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    to_keys = ArrayField(models.CharField(max_length=200))
    applies_to = models.CharField(max_length=30, blank=True)
    except_for = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.from_keys} to {self.to_keys}"
