"""Command centres: who works for an area. The tree itself is geo's."""

from django.db import models

from dispatch.models.base import Public
from geo.models import Area


class Joining(models.TextChoices):
    """How a crew comes to an incident of its centre that it sees nearby."""

    NO = "no"
    JOIN = "join"


class Centre(Public):
    """A desk room of one area; its code starts the incident numbers."""

    area = models.OneToOneField(Area, on_delete=models.PROTECT, related_name="centre")
    timezone = models.CharField(max_length=64, default="Asia/Shanghai")
    active = models.BooleanField(default=True)
    joining = models.CharField(max_length=4, choices=Joining.choices, default=Joining.JOIN)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["area__code"]

    def __str__(self) -> str:
        return self.area.code


class DayCounter(models.Model):
    """Last incident number given out by a centre on one local day."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["centre", "day"], name="one_counter_a_day")]
