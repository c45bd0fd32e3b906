"""What goes between desks: copies of orders for a station, reports to the centre above."""

from django.db import models

from dispatch.models.base import Visible, audience_index
from dispatch.models.centres import Centre
from dispatch.models.incidents import Incident
from dispatch.models.orders import Order
from dispatch.models.people import Person


class Notice(Visible):
    """知会: the copy that a station gets of an order that went straight to its unit. Read with one key, never a duty."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="notices")
    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="notice")
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=10)
    sent_at = models.DateTimeField()
    acknowledged_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["sent_at"]
        indexes = [audience_index("notice_audience")]


class Report(Visible):
    """首报/续报/终报: what happened so far, out of the journal, sent to the centre above, whose desk signs for it."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="reports")
    number = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=10)
    from_centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    to_centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    summary = models.CharField(max_length=500, blank=True)
    lines = models.JSONField(default=list)
    up_to = models.BigIntegerField(help_text="newest journal number the lines were made from")
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["incident", "number"], name="report_number")]
        indexes = [audience_index("report_audience")]
