"""Enrolling beacons and saying when they are on duty. Intake processes reload their tables on TRACKERS_CHANNEL."""

import hashlib
import secrets
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from geo.errors import GeoError
from geo.models import Area, Device, DutyInterval, Tracker

TRACKERS_CHANNEL = "nearcast_trackers"


def hash_token(token: str) -> str:
    """Return the sha256 hex under which a device token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def enrol(*, label: str, area: Area, at: datetime, protocol: str = "json") -> tuple[Tracker, str]:
    """Make a tracker and return it with its plain token, which exists nowhere else after this."""
    token = secrets.token_urlsafe(24)
    tracker = Tracker.objects.create(
        label=label, area=area, token_hash=hash_token(token), protocol=protocol, created_at=at
    )
    tell()
    return tracker, token


@transaction.atomic
def renew_token(tracker: Tracker) -> str:
    """Give the tracker a new token and return it; the old one stops working at once."""
    token = secrets.token_urlsafe(24)
    Tracker.objects.filter(pk=tracker.pk).update(token_hash=hash_token(token), active=True)
    tell()
    return token


@transaction.atomic
def retire(tracker: Tracker, *, at: datetime) -> None:
    """Stop accepting anything from this tracker and end its duty."""
    Tracker.objects.filter(pk=tracker.pk).update(active=False)
    end_duty(tracker, at=at)


@transaction.atomic
def enrol_device(*, protocol: str, at: datetime) -> tuple[Device, str]:
    """Make a device that speaks for whichever tracker its bearer is with, and return it with its plain secret."""
    secret = secrets.token_urlsafe(24)
    device = Device.objects.create(protocol=protocol, token_hash=hash_token(secret), created_at=at)
    tell()
    return device, secret


@transaction.atomic
def retire_device(device: Device) -> None:
    """Stop accepting anything from this device, at once."""
    Device.objects.filter(pk=device.pk).update(active=False)
    tell()


@transaction.atomic
def begin_duty(tracker: Tracker, *, at: datetime) -> DutyInterval:
    """Open a duty interval at `at`; one that is open already is returned as it is."""
    Tracker.objects.select_for_update(no_key=True).get(pk=tracker.pk)
    running = DutyInterval.objects.filter(tracker=tracker, duty_to__isnull=True).first()
    if running is None:
        if DutyInterval.objects.filter(tracker=tracker, duty_to__gt=at).exists():
            raise GeoError("duty_overlaps", {"tracker": str(tracker.uid), "at": at.isoformat()})
        running = DutyInterval.objects.create(tracker=tracker, duty_from=at)
        tell()
    return running


@transaction.atomic
def end_duty(tracker: Tracker, *, at: datetime) -> None:
    """Close the open duty interval at `at`; an interval that would last no time is removed."""
    Tracker.objects.select_for_update(no_key=True).get(pk=tracker.pk)
    running = DutyInterval.objects.filter(tracker=tracker, duty_to__isnull=True)
    running.filter(duty_from__gte=at).delete()
    running.update(duty_to=at)
    tell()


def active_tokens() -> dict[str, int]:
    """Return token hash → tracker id of every active tracker: the table an intake process keeps in memory."""
    return dict(Tracker.objects.filter(Q(active=True)).values_list("token_hash", "id"))


def tell() -> None:
    """Let intake processes reload their tables when this transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [TRACKERS_CHANNEL])
