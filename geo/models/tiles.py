"""When what a tile shows was changed: the versions that kept tiles go by."""

from django.contrib.gis.db import models
from django.db.models.functions import Now


class TileChange(models.Model):
    """One change of what tiles of `layer` show. Written by `geo.tiles.changes` alone."""

    layer = models.CharField(max_length=20)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["layer", "id"], name="geo_tilechange_layer")]

    def __str__(self) -> str:
        return f"{self.layer} {self.pk}"
