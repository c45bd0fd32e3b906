"""What is no longer needed goes, by rule: journal payloads by class, caller data of closed incidents, old track points."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from dispatch import access
from dispatch.access import Viewer
from dispatch.actions.attachments import erase_photos
from dispatch.actions.base import action, now
from dispatch.actions.journal import erase_payloads
from dispatch.models import Call, Message, Outbound
from geo import traces
from geo.models import TrackPoint

BLANK = {"caller_number": "", "caller_name": "", "remark": ""}


@action
def apply_retention(*, actor: Viewer) -> dict[str, int]:
    """Erase what settings.RETENTION_DAYS says is over; returns how many of each class.

    Entries of incidents that are not closed are left alone, however old.
    """
    access.require(actor, "journal.keep")
    done = {}
    for retention, days in settings.RETENTION_DAYS.items():
        before = now() - timedelta(days=days)
        done[retention] = erase_payloads(actor=actor, retention=retention, before=before, rule=f"{retention} {days} d")
    photos = now() - timedelta(days=settings.RETENTION_DAYS["photo"])
    files = erase_photos(actor=actor, before=photos, rule=f"photo {settings.RETENTION_DAYS['photo']} d")
    undos = traces.forget(now() - timedelta(days=settings.IMPORT_UNDO_DAYS))
    return done | {
        "calls": _blank_callers(),
        "messages": _blank_messages(),
        "track_points": _drop_points(),
        "undos": undos,
        "photos": files,
        "outbox": _empty_outbox(),
    }


def _blank_callers() -> int:
    before = now() - timedelta(days=settings.RETENTION_DAYS["caller"])
    over = Q(incident__state="closed", incident__closed_at__lt=before) | Q(state="closed", closed_at__lt=before)
    known = ~Q(caller_number="", caller_name="", remark="")
    return Call.objects.filter(over, known).update(**BLANK)


def _blank_messages() -> int:
    before = now() - timedelta(days=settings.RETENTION_DAYS["message"])
    return Message.objects.filter(sent_at__lt=before).exclude(text="").update(text="", text_en="")


def _empty_outbox() -> int:
    """Forget letters of long ago; what came of those that mattered stands on the order's card."""
    return Outbound.objects.filter(made_at__lt=now() - timedelta(days=settings.OUTBOX_DAYS)).delete()[0]


def _drop_points() -> int:
    before = now() - timedelta(days=settings.RETENTION_DAYS["track"])
    return TrackPoint.objects.filter(fix_at__lt=before).delete()[0]
