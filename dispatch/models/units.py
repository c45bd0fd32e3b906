"""Units: the crews that are ordered. geo.Tracker is the beacon, the unit is who carries it."""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import Q

from dispatch.models.base import Visible, audience_index
from dispatch.models.centres import Centre
from dispatch.models.people import Person
from dispatch.models.posts import Post
from dispatch.models.vehicles import ServiceVehicle
from geo.models import Tracker


class UnitKind(models.TextChoices):
    """What a unit moves on; letters and symbols follow the look."""

    CAR = "car"
    MOTO = "moto"
    FOOT = "foot"
    BOAT = "boat"
    COMMAND = "cmd"
    CAMERA_CAR = "cam"


class Unit(Visible):
    """警组. On or off duty is stored; whether it can be ordered is derived (dispatch.queries.units)."""

    call_sign = models.CharField(max_length=20)
    kind = models.CharField(max_length=8, choices=UnitKind.choices)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="units")
    tracker = models.OneToOneField(Tracker, on_delete=models.SET_NULL, null=True, blank=True, related_name="unit")
    capabilities = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    talk_group = models.CharField(max_length=30, blank=True)
    radio_only = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    on_duty = models.BooleanField(default=False, editable=False)
    duty_since = models.DateTimeField(null=True, editable=False)
    unavailable_reason = models.CharField(max_length=30, blank=True, editable=False)
    status_at = models.DateTimeField(null=True, editable=False)
    post = models.ForeignKey(Post, on_delete=models.SET_NULL, null=True, blank=True, related_name="units")
    reported_point = models.PointField(geography=True, null=True, editable=False)
    reported_at = models.DateTimeField(null=True, editable=False)
    reported_how = models.CharField(max_length=10, blank=True, editable=False)

    class Meta:
        ordering = ["call_sign"]
        constraints = [models.UniqueConstraint(fields=["centre", "call_sign"], name="call_sign_in_centre")]
        indexes = [audience_index("unit_audience")]

    def __str__(self) -> str:
        return self.call_sign


class CrewMember(models.Model):
    """Who is, or was, signed on to a unit, and on what. Sworn officers and auxiliaries are counted apart.

    Vehicle and equipment are the unit's: every open row of a unit holds the same, a row that ended what was last so.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="crew")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="crews")
    sworn = models.BooleanField()
    signed_on_at = models.DateTimeField()
    signed_off_at = models.DateTimeField(null=True)
    vehicle = models.ForeignKey(ServiceVehicle, on_delete=models.SET_NULL, null=True, related_name="crews")
    equipment = ArrayField(models.CharField(max_length=20), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(signed_off_at=None), name="one_unit_a_person")
        ]
        indexes = [
            models.Index(fields=["unit"], condition=Q(signed_off_at=None), name="crew_now"),
            models.Index(fields=["person", "signed_on_at"], name="crew_of_person"),
        ]
