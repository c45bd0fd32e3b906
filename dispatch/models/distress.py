"""一键求助: an officer's press for help, from the press to its end by a desk."""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField

from dispatch.models.base import Visible, audience_index
from dispatch.models.centres import Centre
from dispatch.models.incidents import Incident
from dispatch.models.people import Person
from dispatch.models.units import Unit


class Distress(Visible):
    """One press, or one call by radio that a desk entered (`raised_by`, then without a person).

    The place is what was known when it was pressed; where the unit is now its live fixes say."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="distresses")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    raised_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", help_text="at the desk, for a call by radio"
    )
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    point = models.PointField(geography=True, null=True)
    point_how = models.CharField(max_length=10)
    fix_at = models.DateTimeField(null=True)
    accuracy_m = models.FloatField(null=True)
    device_at = models.DateTimeField(null=True)
    pressed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="raised")
    acknowledged_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    end_text = models.CharField(max_length=200, blank=True)
    incident = models.ForeignKey(Incident, on_delete=models.SET_NULL, null=True, related_name="distresses")
    reached = models.JSONField(default=list, help_text="what went out to closed phones near by (cards.Reached)")
    near = ArrayField(models.TextField(), default=list, help_text="keys of desks and units around it when it came in")

    class Meta:
        ordering = ["received_at"]
        indexes = [audience_index("distress_audience")]
