"""Incidents: one owner desk, many watchers; what was noted, suggested and handed over."""

from django.contrib.gis.db import models
from django.db.models import Q

from dispatch.models.base import Public, Visible, audience_index
from dispatch.models.centres import Centre
from dispatch.models.people import Person


class IncidentKind(models.Model):
    """警情类别, as data: the words of both languages come from here."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField(default=3)
    group = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField(default=100)
    desk_from_level = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="from this level on the station's desk is ordered by default, not a unit"
    )
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code


class Incident(Visible):
    """警情. Level 1 is the most urgent. Units on it are derived from its orders, never stored here."""

    number = models.CharField(max_length=40, unique=True)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="incidents")
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    owner_since = models.DateTimeField(null=True)
    kind = models.ForeignKey(IncidentKind, on_delete=models.PROTECT, to_field="code", db_column="kind")
    level = models.PositiveSmallIntegerField()
    point = models.PointField(geography=True)
    place = models.CharField(max_length=300, blank=True)
    circle_m = models.FloatField(null=True)
    remark = models.TextField(blank=True)
    hazards = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, default="open")
    received_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    hold_until = models.DateTimeField(null=True)
    hold_reason = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(max_length=200, blank=True)
    suggestion_version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["level", "received_at"]
        constraints = [models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="level_1_to_4")]
        indexes = [
            audience_index("incident_audience"),
            models.Index(fields=["received_at"], condition=~Q(state="closed"), name="incident_not_closed"),
        ]

    def __str__(self) -> str:
        return self.number


class IncidentWatch(models.Model):
    """A person who keeps an eye on an incident he does not own."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="watches")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "person"], name="watches_once")]


class Note(Visible):
    """A remark, a field feedback report (first, further, final) or a call-back (stage: its result) on an incident."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, default="note")
    stage = models.CharField(max_length=12, blank=True)
    source = models.CharField(max_length=40, blank=True, help_text="call sign, or code of the desk it came from")
    text = models.TextField()
    written_at = models.DateTimeField()
    device_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["written_at"]


class Suggestion(Visible):
    """The packet as it was shown: a frozen, numbered list of units and cameras with reasons and refusals."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="suggestions")
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    body = models.JSONField()
    failed_code = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "number"], name="suggestion_number")]


class Transfer(Public):
    """An incident offered to another centre. Accepted it changes owner; refused it stays."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="transfers")
    from_centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    to_centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default="offered")
    offered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident"], condition=Q(state="offered"), name="one_offer_an_incident")
        ]
