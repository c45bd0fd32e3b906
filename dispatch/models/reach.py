"""Reaching a phone whose page is closed: browsers that take pushes, gateways for SMS, the order of channels, the outbox."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from dispatch.models.base import Public
from dispatch.models.centres import Centre
from dispatch.models.distress import Distress
from dispatch.models.orders import Order
from dispatch.models.people import Person


class Channel(models.TextChoices):
    """What an outlet sends by."""

    PUSH = "push", "web push"
    SMS = "sms", "SMS"


class ReachPlan(Public):
    """In which order a centre's crews are reached, and the waits between. Centres below without one follow it."""

    centre = models.OneToOneField(Centre, on_delete=models.PROTECT, related_name="reach_plan")
    channels = ArrayField(models.CharField(max_length=8, choices=Channel.choices), default=list, blank=True)
    first_wait_s = models.PositiveSmallIntegerField(default=4)
    next_wait_s = models.PositiveSmallIntegerField(default=15)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["centre__area__code"]

    def __str__(self) -> str:
        return str(self.centre)


class SmsGateway(Public):
    """Where a centre's SMS go. Address, headers and body hold secrets: `sealed` keeps them encrypted (dispatch.sealed)."""

    centre = models.OneToOneField(Centre, on_delete=models.PROTECT, related_name="sms_gateway")
    active = models.BooleanField(default=True)
    method = models.CharField(max_length=4, choices=[("POST", "POST"), ("GET", "GET"), ("PUT", "PUT")], default="POST")
    body_form = models.CharField(
        max_length=4, choices=[("json", "JSON"), ("form", "form"), ("text", "text")], default="json"
    )
    success_text = models.CharField(max_length=100, blank=True)
    per_minute = models.PositiveSmallIntegerField(default=60)
    sealed = models.BinaryField()
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["centre__area__code"]

    def __str__(self) -> str:
        return str(self.centre)


class PushSubscription(Public):
    """One browser that takes pushes for one person, as long as the session it was given in lives."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = models.CharField(max_length=1000)
    endpoint_digest = models.BinaryField(max_length=32, unique=True)
    p256dh = models.BinaryField(max_length=65)
    auth = models.BinaryField(max_length=16)
    session_key = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at"]


class Outbound(Public):
    """The outbox: one message to one person by one channel, because of an order or of a distress near by. No case data."""

    channel = models.CharField(max_length=8, choices=Channel.choices)
    why = models.CharField(max_length=8)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, null=True, related_name="outbound")
    distress = models.ForeignKey(Distress, on_delete=models.CASCADE, null=True, related_name="outbound")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="waiting")
    code = models.CharField(max_length=20, blank=True)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(fields=["order", "person", "channel", "why"], name="outbound_once"),
            models.UniqueConstraint(
                fields=["distress", "person", "channel"], condition=Q(order=None), name="outbound_once_a_distress"
            ),
            models.CheckConstraint(
                condition=Q(order=None, distress__isnull=False) | Q(order__isnull=False, distress=None),
                name="outbound_has_one_cause",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["waiting", "sending"]), name="outbound_due"),
            models.Index(fields=["centre", "channel", "claimed_at"], name="outbound_rate"),
        ]
