"""Orders with receipts, requests across centres, mutual aid. State per order, never per unit."""

from django.db import models
from django.db.models import Q

from dispatch.lifecycles import ORDER_ACTIVE
from dispatch.models.base import Visible, audience_index
from dispatch.models.centres import Centre
from dispatch.models.incidents import Incident
from dispatch.models.people import Person
from dispatch.models.posts import Post
from dispatch.models.units import Unit


class Order(Visible):
    """派警. Target is a unit, a staffed post or a centre desk; a desk's child orders name it as parent."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="orders")
    target_kind = models.CharField(max_length=8, choices=[("unit", "unit"), ("post", "post"), ("centre", "centre")])
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="orders")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="orders")
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, null=True, related_name="orders")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    state = models.CharField(max_length=10, default="sent")
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    from_centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    en_route_at = models.DateTimeField(null=True)
    on_scene_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    suggestion_version = models.PositiveIntegerField(null=True)
    suggestion_slot = models.PositiveSmallIntegerField(null=True)
    refuse_reason = models.CharField(max_length=30, blank=True)
    refuse_text = models.CharField(max_length=200, blank=True)
    disposition = models.CharField(max_length=30, blank=True)
    disposition_text = models.CharField(max_length=500, blank=True)
    by_voice = models.BooleanField(default=False)
    stacked = models.BooleanField(default=False)
    across = models.CharField(max_length=10, blank=True, help_text="how another centre's target was reached")
    reached = models.JSONField(default=list, help_text="what went out to closed phones (cards.Reached)")
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaces")

    class Meta:
        ordering = ["sent_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(state__in=ORDER_ACTIVE, stacked=False), name="one_active_order_a_unit"
            ),
            models.CheckConstraint(
                condition=(
                    Q(target_kind="unit", unit__isnull=False, post__isnull=True, centre__isnull=True)
                    | Q(target_kind="post", unit__isnull=True, post__isnull=False, centre__isnull=True)
                    | Q(target_kind="centre", unit__isnull=True, post__isnull=True, centre__isnull=False)
                ),
                name="order_has_one_target",
            ),
        ]
        indexes = [audience_index("order_audience")]


class OrderStep(models.Model):
    """One receipt or answer, with the three times kept apart: device, received by us, decided by a person."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=12)
    state = models.CharField(max_length=10)
    device_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    how = models.CharField(max_length=10)

    class Meta:
        ordering = ["id"]


class OrderRequest(Visible):
    """A request for another centre's unit: one key, 20 s, silence goes to the common parent."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="requests")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    from_centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    to_centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="asked")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [audience_index("order_request_audience")]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "unit"], condition=Q(state__in=["asked", "escalated"]), name="one_request_a_unit"
            )
        ]


class MutualAid(Visible):
    """A grant with an end: `to_centre` may order units of `from_centre` (or the one unit) until then."""

    from_centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="+")
    to_centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, related_name="+")
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200)
