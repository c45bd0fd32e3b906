"""Beacons: their duty, their last fix and every fix they ever sent. Only `geo.intake` writes the last two."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Func, Q

from geo.ids import new_uid
from geo.models.areas import Area


class Tracker(models.Model):
    """One device that says where it is. The plain token is shown once; the table holds its sha256 in hex."""

    uid = models.UUIDField(unique=True, default=new_uid, editable=False)
    label = models.CharField(max_length=120)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="trackers")
    token_hash = models.CharField(max_length=64, unique=True)
    protocol = models.CharField(max_length=40, default="json")
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label

    def __repr__(self) -> str:
        return f"<Tracker {self.uid}>"


class TrackerLast(models.Model):
    """The newest fix of one tracker, forward in time only. No further index: every update stays HOT."""

    tracker = models.OneToOneField(Tracker, primary_key=True, on_delete=models.CASCADE, related_name="last")
    lon_e7 = models.IntegerField()
    lat_e7 = models.IntegerField()
    speed_mps = models.FloatField(null=True)
    heading_deg = models.SmallIntegerField(null=True)
    accuracy_m = models.FloatField(null=True)
    fix_at = models.DateTimeField()
    received_at = models.DateTimeField()
    flags = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "geo_tracker_last"

    def __str__(self) -> str:
        return f"last fix of tracker {self.tracker_id}"


class Device(models.Model):
    """Something that speaks for whichever tracker its bearer is with at the time of a fix: a tracker app on a phone.

    The plain secret is shown once; the table holds its sha256 in hex. What was heard last is kept without any place: when,
    the newest fix that counted, why the newest did not ("" when it did), its battery in percent.
    """

    uid = models.UUIDField(unique=True, default=new_uid, editable=False)
    protocol = models.CharField(max_length=40)
    token_hash = models.CharField(max_length=64, unique=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    fix_at = models.DateTimeField(null=True)
    refused = models.CharField(max_length=40, blank=True)
    battery_pct = models.SmallIntegerField(null=True)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return f"device {self.uid}"


class TrackPoint(models.Model):
    """One kept fix. Integers of 1e-7 degree, cm/s and dm; (tracker, fix_at) is the key, so a repeat changes nothing."""

    pk = models.CompositePrimaryKey("tracker_id", "fix_at")
    tracker = models.ForeignKey(
        Tracker, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    fix_at = models.DateTimeField()
    received_at = models.DateTimeField()
    lon_e7 = models.IntegerField()
    lat_e7 = models.IntegerField()
    speed_cms = models.SmallIntegerField(null=True)
    heading_deg = models.SmallIntegerField(null=True)
    accuracy_dm = models.SmallIntegerField(null=True)
    flags = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "geo_track_point"
        indexes = [BrinIndex(fields=["fix_at"], name="geo_track_point_fix_at", pages_per_range=32)]

    def __str__(self) -> str:
        return f"fix of tracker {self.tracker_id}"


class DutyInterval(models.Model):
    """When one tracker may be followed: from `duty_from` up to, not including, `duty_to` (open when null)."""

    tracker = models.ForeignKey(Tracker, on_delete=models.CASCADE, related_name="duty")
    duty_from = models.DateTimeField()
    duty_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["tracker_id", "duty_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(duty_to__isnull=True) | Q(duty_to__gt=F("duty_from")), name="geo_duty_ends_after_start"
            ),
            ExclusionConstraint(
                name="geo_duty_does_not_overlap",
                expressions=[
                    ("tracker", RangeOperators.EQUAL),
                    (
                        Func(
                            "duty_from",
                            "duty_to",
                            RangeBoundary(),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"duty {self.pk} of tracker {self.tracker_id}"
