"""Roads as imported: shape, names and what a router needs to know."""

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex

from geo.models.imports import ImportRun


class Road(models.Model):
    """One stretch of road. `oneway` is 1 along the line, -1 against it, 0 both; unknown speed and lanes are null."""

    source_key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200, blank=True)
    name_zh = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    highway = models.CharField(max_length=30)
    oneway = models.SmallIntegerField(default=0)
    maxspeed_kmh = models.FloatField(null=True, blank=True)
    lanes = models.SmallIntegerField(null=True, blank=True)
    access = models.CharField(max_length=30, blank=True)
    surface = models.CharField(max_length=40, blank=True)
    bridge = models.BooleanField(default=False)
    tunnel = models.BooleanField(default=False)
    layer = models.SmallIntegerField(default=0)
    geometry = models.LineStringField(srid=4326)
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        indexes = [GinIndex(fields=["name"], name="geo_road_name_trgm", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return f"{self.highway} {self.name}".strip()
