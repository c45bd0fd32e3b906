"""The board: one viewer's snapshot, exactly at one journal number."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, TypeVar

import msgspec
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from dispatch import access, journal
from dispatch.access import Viewer
from dispatch.cards import Board, CannedCard, Card, KindCard, MeCard, PersonRef
from dispatch.lifecycles import DISTRESS_OPEN
from dispatch.models import (
    Attachment,
    Call,
    CannedText,
    Centre,
    Distress,
    Incident,
    IncidentKind,
    Message,
    MutualAid,
    Note,
    Notice,
    Order,
    OrderRequest,
    Post,
    Report,
    Suggestion,
    Threshold,
    Unit,
)
from dispatch.queries import present
from dispatch.queries import present_between as between
from dispatch.queries.present_help import DISTRESS_JOINS, MESSAGE_JOINS, canned_card, distress_card, message_card
from geo import clock

C = TypeVar("C", bound=Card)
# A shift's talk; older messages stand in the journal.
MESSAGES_SHOWN = timedelta(hours=12)


def get_board(viewer: Viewer) -> Board:
    """Return everything `viewer` may see, at exactly the journal number it carries. Raises `forbidden`."""
    access.require(viewer, "board.read")
    if connection.in_atomic_block:
        return _board(viewer)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return _board(viewer)


def get_me(viewer: Viewer) -> MeCard:
    """Return who the viewer is and what he may do at all. Raises `forbidden` for nobody in particular."""
    if viewer.uid is None:
        raise ValueError("only persons have a board")
    home = Centre.objects.filter(pk=viewer.home_id or 0).values_list("uid", flat=True).first()
    unit = Unit.objects.filter(pk__in=viewer.unit_ids).values_list("uid", flat=True).first()
    return MeCard(
        person=PersonRef(uid=viewer.uid, name=viewer.name),
        roles=sorted((held.role, held.centre_uid) for held in viewer.held),
        home=home,
        language=viewer.language,
        may=sorted(verb for verb in access.MAY if access.can(viewer, verb)),
        unit=unit,
    )


def get_clock() -> dict[str, Any]:
    """Return the server's time (ISO 8601) and how many of its seconds pass in a real one."""
    return {"at": clock.now().isoformat(), "rate": clock.rate()}


def _board(viewer: Viewer) -> Board:
    epoch, n, _ = journal.head()
    keys = list(viewer.keys)
    incidents = Incident.objects.exclude(state="closed").filter(audience__overlap=keys)
    return Board(
        epoch=epoch,
        n=n,
        at=clock.now(),
        me=get_me(viewer),
        centres=list_centres(),
        units=_seen("unit", Unit.objects.filter(active=True, audience__overlap=keys), present.unit_cards, viewer, "centre", "post"),
        posts=_seen("post", Post.objects.filter(active=True, audience__overlap=keys), _each(present.post_card), viewer, "centre"),
        incidents=_seen("incident", incidents, _each(present.incident_card), viewer, "centre", "owner"),
        calls=_seen("call", _calls(keys), _each(present.call_card), viewer, "centre", "taker", "incident"),
        orders=_seen("order", _of_open(Order, keys), _each(present.order_card), viewer, *present.ORDER_JOINS),
        notes=_seen("note", _of_open(Note, keys), _each(present.note_card), viewer, "incident", "author"),
        attachments=_seen(
            "attachment", _of_open(Attachment, keys), _each(present.attachment_card), viewer, *present.ATTACHMENT_JOINS
        ),
        suggestions=_seen("suggestion", _newest(keys), _each(present.suggestion_card), viewer, "incident"),
        requests=_seen(
            "request", _of_open(OrderRequest, keys), _each(present.request_card),
            viewer, "incident", "unit", "from_centre", "to_centre", "asked_by",
        ),
        distresses=_seen("distress", _open_distresses(keys), _each(distress_card), viewer, *DISTRESS_JOINS),
        notices=_seen("notice", _of_open(Notice, keys), _each(between.notice_card), viewer, *between.NOTICE_JOINS),
        reports=_seen("report", _of_open(Report, keys), _each(between.report_card), viewer, *between.REPORT_JOINS),
        aids=_seen("aid", _in_force(keys), _each(between.aid_card), viewer, *between.AID_JOINS),
        messages=_seen("message", _messages(keys), _each(message_card), viewer, *MESSAGE_JOINS),
        canned=list_canned(),
        kinds=list_kinds(),
        thresholds=thresholds(),
    )  # fmt: skip


def thresholds() -> dict[str, float]:
    """Return the active profile's numbers by key."""
    rows = Threshold.objects.filter(profile=settings.THRESHOLD_PROFILE)
    return dict(rows.values_list("key", "value"))


def list_kinds() -> list[KindCard]:
    """Return the cards of the incident kinds in use."""
    return [present.kind_card(kind) for kind in IncidentKind.objects.filter(active=True)]


def list_centres() -> list[Any]:
    """Return the cards of all centres; who sits where is no secret inside the house."""
    rows = Centre.objects.filter(active=True).select_related("area__parent__centre")
    return [present.centre_card(centre) for centre in rows]


def _calls(keys: list[str]) -> QuerySet[Call]:
    return Call.objects.filter(audience__overlap=keys).exclude(state="closed").exclude(incident__state="closed")


def _of_open(model: Any, keys: list[str]) -> QuerySet[Any]:
    found: QuerySet[Any] = model.objects.filter(audience__overlap=keys).exclude(incident__state="closed")
    return found


def _open_distresses(keys: list[str]) -> QuerySet[Distress]:
    return Distress.objects.filter(audience__overlap=keys, state__in=DISTRESS_OPEN)


def _in_force(keys: list[str]) -> QuerySet[MutualAid]:
    return MutualAid.objects.filter(audience__overlap=keys, ended_at=None)


def _messages(keys: list[str]) -> QuerySet[Message]:
    return Message.objects.filter(audience__overlap=keys, sent_at__gte=clock.now() - MESSAGES_SHOWN)


def list_canned() -> list[CannedCard]:
    """Return the cards of the ready texts in use, of all centres: a screen shows those of its own line."""
    return [canned_card(ready) for ready in CannedText.objects.filter(active=True).select_related("centre")]


def _newest(keys: list[str]) -> QuerySet[Suggestion]:
    newest = _of_open(Suggestion, keys).order_by("incident_id", "-number").distinct("incident_id")
    return Suggestion.objects.filter(pk__in=newest.values("pk"))


def _each(build: Callable[[Any], C]) -> Callable[[Iterable[Any]], list[C]]:
    return lambda rows: [build(row) for row in rows]


def _seen(
    noun: str, rows: QuerySet[Any], build: Callable[[Iterable[Any]], list[C]], viewer: Viewer, *joins: str
) -> list[C]:
    listed = list(rows.select_related(*joins).order_by("pk"))
    cards = []
    for row, card in zip(listed, build(listed), strict=True):
        view = access.view_of(row.audience, viewer)
        if view is not None:
            cards.append(_trim(noun, card, view))
    return cards


def _trim(noun: str, card: C, view: str) -> C:
    hidden = access.HIDDEN[view].get(noun)
    return msgspec.structs.replace(card, **hidden) if hidden else card
