"""Tracker apps: what goes on telling an officer's position when the browser cannot. The device itself is geo's."""

from django.db import models
from django.db.models import Q

from dispatch.models.base import Public
from dispatch.models.people import Person
from dispatch.models.units import Unit
from geo.models import Device


class TrackerApp(Public):
    """One app on one phone of one person. It speaks for the unit he is signed on to at the time of a fix, and for none else.

    `unit` is the one he was of when it was made. An app that has ended never works again.
    """

    device = models.OneToOneField(Device, on_delete=models.PROTECT, related_name="tracker_app")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tracker_apps")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    app = models.CharField(max_length=12)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["person"], condition=Q(ended_at=None), name="tracker_app_in_use")]

    def __str__(self) -> str:
        return f"{self.app} · {self.person}"
