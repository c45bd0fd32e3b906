"""Why somebody looks through a camera, and the grants that follow from it. No picture without one."""

from django.db import models

from dispatch.models.base import Public
from dispatch.models.incidents import Incident
from dispatch.models.orders import Order
from dispatch.models.people import Person
from geo.models import Camera


class PurposeKind(models.TextChoices):
    """Closed list; `reason` is a sentence written before looking."""

    INCIDENT = "incident"
    TOUR = "tour"
    ALARM = "alarm"
    REPAIR = "repair"
    REQUEST = "request"
    DRILL = "drill"
    REASON = "reason"


class Purpose(Public):
    """One person's reason for looking, with its beginning and end."""

    kind = models.CharField(max_length=10, choices=PurposeKind.choices)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, null=True, related_name="purposes")
    text = models.CharField(max_length=300, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="purposes")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class ViewGrant(Public):
    """A signed permission to fetch one picture once: this person, this camera, this purpose, for seconds.

    `order`: given to its crew, and worth nothing when it is over.
    """

    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="grants")
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=40, blank=True)
