"""值班表: who is to ride on which unit, and when. A plan only; what was is in CrewMember and the journal."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from dispatch.models.base import Public
from dispatch.models.people import Person
from dispatch.models.units import Unit
from dispatch.models.vehicles import ServiceVehicle


class PlannedShift(Public):
    """One unit's shift as planned: the sign-on page proposes it to those who stand in it."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="planned")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    people = models.ManyToManyField(Person, related_name="planned")
    vehicle = models.ForeignKey(ServiceVehicle, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    equipment = ArrayField(models.CharField(max_length=20), default=list, blank=True)

    class Meta:
        ordering = ["-begins_at", "unit"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="planned_shift_ends_after"),
            models.UniqueConstraint(fields=["unit", "begins_at"], name="one_plan_a_unit_and_shift"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.begins_at:%Y-%m-%d %H:%M}"
