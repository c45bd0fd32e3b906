"""Words between a desk and a unit: one row for each unit addressed, so that each has its own receipts."""

from django.db import models

from dispatch.models.base import Public, Visible, audience_index
from dispatch.models.centres import Centre
from dispatch.models.incidents import Incident
from dispatch.models.people import Person
from dispatch.models.units import Unit

TEXT_LIMIT = 500


class Way(models.TextChoices):
    """Which way a message goes."""

    TO_UNIT = "to_unit"
    TO_DESK = "to_desk"


class Message(Visible):
    """One message between a centre's desk and one unit. What was sent to several at once shares its `batch`."""

    batch = models.UUIDField()
    way = models.CharField(max_length=8, choices=Way.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="messages")
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    sender = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.CharField(max_length=TEXT_LIMIT, blank=True)
    text_en = models.CharField(max_length=TEXT_LIMIT, blank=True)
    canned = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=10, default="sent")
    device_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["sent_at"]
        indexes = [audience_index("message_audience"), models.Index(fields=["sent_at"], name="message_sent")]


class CannedText(Public):
    """A ready text in both languages, of one centre and those below it, or (centre null) of the whole house."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, null=True, blank=True, related_name="canned_texts")
    code = models.SlugField(max_length=30)
    way = models.CharField(max_length=8, choices=Way.choices)
    text = models.CharField(max_length=120)
    text_en = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["centre", "code"], nulls_distinct=False, name="canned_code_once")
        ]

    def __str__(self) -> str:
        return self.code
