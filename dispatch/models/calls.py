"""Calls: what was rung in, kept apart from the incident it opened or joined."""

from django.contrib.gis.db import models

from dispatch.models.base import Visible, audience_index
from dispatch.models.centres import Centre
from dispatch.models.people import Person


class Call(Visible):
    """报警. `received_at` is the clock's zero. Caller fields have their own retention class."""

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="calls")
    channel = models.CharField(max_length=12, default="phone")
    caller_number = models.CharField(max_length=32, blank=True)
    caller_name = models.CharField(max_length=80, blank=True)
    heard_place = models.CharField(max_length=300, blank=True)
    point = models.PointField(geography=True, null=True)
    circle_m = models.FloatField(null=True)
    remark = models.TextField(blank=True)
    received_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    taker = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, default="open")
    close_reason = models.CharField(max_length=20, blank=True)
    closed_at = models.DateTimeField(null=True)
    incident = models.ForeignKey("dispatch.Incident", on_delete=models.PROTECT, null=True, related_name="calls")

    class Meta:
        ordering = ["-received_at"]
        indexes = [audience_index("call_audience")]
