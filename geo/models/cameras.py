"""Cameras, where each stood when, and their addresses, which are secrets."""

from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from geo.ids import new_uid
from geo.models.areas import Area
from geo.models.imports import ImportRun


class CameraKind(models.TextChoices):
    """What carries the lens."""

    FIXED = "fixed", _("Fixed")
    PTZ = "ptz", _("PTZ")
    CHECKPOINT = "checkpoint", _("Checkpoint")
    VIRTUAL_CHECKPOINT = "virtual_checkpoint", _("Virtual checkpoint")
    VEHICLE = "vehicle", _("Vehicle")
    BUS = "bus", _("Bus")
    BODY_WORN = "body_worn", _("Body-worn")
    RELOCATABLE = "relocatable", _("Relocatable")
    DRONE = "drone", _("Drone")


class CameraGrade(models.TextChoices):
    """How often a tour must look at it."""

    KEY = "key", _("Key")
    WATCH = "watch", _("Watch")
    GENERAL = "general", _("General")


class CameraConsent(models.TextChoices):
    """What its owner agreed to."""

    GRANTED = "granted", _("Granted")
    INCIDENT_ONLY = "incident_only", _("For incidents only")
    NONE = "none", _("None")


class CameraStatus(models.TextChoices):
    """Whether it answers."""

    ONLINE = "online", _("Online")
    OFFLINE = "offline", _("Offline")
    UNKNOWN = "unknown", _("Unknown")


class CameraAddressKind(models.TextChoices):
    """What one address delivers."""

    STREAM = "stream", _("Stream")
    SNAPSHOT = "snapshot", _("Snapshot")


class WorldX(Func):
    """A place's column on a Web Mercator world of 2^30 by 2^30: 3.7 cm at the equator."""

    template = "least(floor((ST_X(%(expressions)s::geometry) + 180) / 360 * 1073741824), 1073741823)::int"


class WorldY(Func):
    """A place's row on that world, from the north; beyond 85.05 degrees it is at the edge."""

    template = """least(floor((0.5 - ln(tan(pi() / 4
 + radians(greatest(-85.0511, least(85.0511, ST_Y(%(expressions)s::geometry)))) / 2)) / (2 * pi())) * 1073741824),
 1073741823)::int"""


class Camera(models.Model):
    """One lens. The placement columns repeat its open CameraPlacement; only `geo.estate` writes either.

    `heading_deg` is clockwise from true north; null heading, fov or range means not known. `sight` is the polygon
    somebody drew; `sector` is what the index searches: the drawn polygon or the computed sector, split at the
    antimeridian, null while the heading is unknown. `world_x`, `world_y` are the database's own, for `geo.tiles`.
    """

    uid = models.UUIDField(unique=True, default=new_uid, editable=False)
    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=CameraKind.choices, default=CameraKind.FIXED)
    grade = models.CharField(max_length=10, choices=CameraGrade.choices, default=CameraGrade.GENERAL)
    owner = models.CharField(max_length=200, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="cameras")
    consent = models.CharField(max_length=20, choices=CameraConsent.choices, default=CameraConsent.NONE)
    national_code = models.CharField(max_length=40, blank=True)
    pole_code = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=10, choices=CameraStatus.choices, default=CameraStatus.UNKNOWN)
    status_at = models.DateTimeField(null=True, blank=True)
    point = models.PointField(geography=True, srid=4326)
    heading_deg = models.FloatField(null=True, blank=True)
    fov_deg = models.FloatField(null=True, blank=True)
    range_m = models.FloatField(null=True, blank=True)
    sight = models.PolygonField(srid=4326, null=True, blank=True, spatial_index=False)
    sector = models.MultiPolygonField(srid=4326, null=True, blank=True, editable=False)
    placed_at = models.DateTimeField()
    world_x = models.GeneratedField(expression=WorldX("point"), output_field=models.IntegerField(), db_persist=True)
    world_y = models.GeneratedField(expression=WorldY("point"), output_field=models.IntegerField(), db_persist=True)
    source_key = models.CharField(max_length=200, unique=True, null=True, blank=True)
    run = models.ForeignKey(ImportRun, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["code"]
        # GeoDjango forgets the conditions when it makes these; migration 0003 makes them by hand.
        indexes = [
            GistIndex(fields=["point"], name="geo_camera_dead", condition=Q(status="offline")),
            GistIndex(fields=["point"], name="geo_camera_turning", condition=Q(kind__in=["ptz", "drone"])),
            # Counts of a tile are read out of this index alone.
            models.Index(fields=["area", "world_x", "world_y"], name="geo_camera_world"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class CameraPlacement(models.Model):
    """Where one camera stood from `placed_from` until `placed_to` (open when null): replay uses the place then."""

    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="placements")
    point = models.PointField(geography=True, srid=4326, spatial_index=False)
    heading_deg = models.FloatField(null=True, blank=True)
    fov_deg = models.FloatField(null=True, blank=True)
    range_m = models.FloatField(null=True, blank=True)
    height_m = models.FloatField(null=True, blank=True)
    sight = models.PolygonField(srid=4326, null=True, blank=True, spatial_index=False)
    placed_from = models.DateTimeField()
    placed_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["camera_id", "placed_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["camera"], condition=Q(placed_to__isnull=True), name="geo_one_open_placement"
            ),
            models.CheckConstraint(
                condition=Q(placed_to__isnull=True) | Q(placed_to__gt=F("placed_from")),
                name="geo_placement_ends_after_start",
            ),
            ExclusionConstraint(
                name="geo_placements_do_not_overlap",
                expressions=[
                    ("camera", RangeOperators.EQUAL),
                    (
                        Func(
                            "placed_from",
                            "placed_to",
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
        return f"placement {self.pk} of camera {self.camera_id}"


class CameraAddress(models.Model):
    """Where a picture is fetched. `url` never holds a login; `credentials` is Fernet over what geo.addresses cut out of it.

    Neither may appear in text, logs or answers: read them only through `geo.estate.secret_address`.
    """

    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=10, choices=CameraAddressKind.choices)
    url = models.TextField()
    credentials = models.BinaryField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["camera", "kind"], name="geo_one_address_per_kind")]

    def __str__(self) -> str:
        return f"{self.kind} address of camera {self.camera_id}"

    def __repr__(self) -> str:
        return f"<CameraAddress {self.kind} of camera {self.camera_id}>"
