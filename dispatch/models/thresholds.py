"""Thresholds are data, in profiles, each with the source beside it."""

from django.db import models


class Threshold(models.Model):
    """One number of one profile (CN, US, UK): key, value, unit, where it comes from."""

    profile = models.CharField(max_length=10)
    key = models.SlugField(max_length=60)
    value = models.FloatField()
    unit = models.CharField(max_length=10)
    source = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["profile", "key"]
        constraints = [models.UniqueConstraint(fields=["profile", "key"], name="threshold_once")]

    def __str__(self) -> str:
        return f"{self.profile} {self.key}"
