"""Browsers that take pushes for an officer: given by his own phone while he is on duty, gone with the session or the role."""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from uuid_utils.compat import uuid7

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import inputs
from dispatch.actions.audience import hearers_of
from dispatch.actions.base import action, collect, now
from dispatch.errors import DispatchError
from dispatch.models import Person, PushSubscription
from dispatch.push_hosts import check_endpoint

MOST_A_PERSON = 5


@action
def add_subscription(*, actor: Viewer, endpoint: str, p256dh: bytes, auth: bytes, session_key: str) -> PushSubscription:
    """Keep where this browser takes pushes. The same one given again changes nothing; the oldest makes room for a sixth.

    An endpoint that is another person's is taken over only by who holds its keys: the same browser, another officer.
    Raises `unit_off_duty`, `push_blocked`, `bad_input`, `not_found`.
    """
    access.require(actor, "push.register")
    if not actor.unit_ids:
        raise DispatchError("unit_off_duty", unit=None)
    host = check_endpoint(endpoint)
    _check_keys(p256dh, auth)
    digest = hashlib.sha256(endpoint.encode()).digest()
    # Locked: phones of one person that register at once are counted one after the other.
    person = Person.objects.select_for_update(of=("self",), no_key=True).select_related("home__area").get(pk=actor.pk)
    row = PushSubscription.objects.select_for_update().filter(endpoint_digest=digest).first()
    if row and (bytes(row.p256dh), bytes(row.auth)) != (p256dh, auth) and row.person_id != person.pk:
        raise DispatchError("not_found", field="endpoint", object="subscription")
    known = row is not None and row.person_id == person.pk
    row = row or PushSubscription(uid=uuid7(), endpoint=endpoint, endpoint_digest=digest)
    row.person, row.p256dh, row.auth, row.session_key, row.made_at = person, p256dh, auth, session_key, now()
    row.save()
    for spare in PushSubscription.objects.filter(person=person).order_by("-made_at", "-pk")[MOST_A_PERSON:]:
        spare.delete()
    if not known:
        told = events.PushRegistered(person_uid=person.uid, subscription_uid=row.uid, host=host)
        collect(told, hearers_of(person), f"person:{person.uid}")
    return row


def _check_keys(p256dh: bytes, auth: bytes) -> None:
    """Refuse keys no browser makes: a point on P-256, uncompressed, and 16 bytes."""
    if len(auth) != 16:
        raise DispatchError("bad_input", field="keys.auth", expected="16 bytes")
    try:
        if len(p256dh) != 65:
            raise ValueError("length")
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), p256dh)
    except ValueError as error:
        raise DispatchError("bad_input", field="keys.p256dh", expected="65 bytes") from error


@action
def forget_subscription(*, actor: Viewer, endpoint: str) -> None:
    """Forget one of the actor's own browsers. One that is not there, or another person's, is `not_found`."""
    access.require(actor, "push.forget")
    digest = hashlib.sha256(inputs.text(endpoint, "endpoint", limit=1000).encode()).digest()
    row = PushSubscription.objects.select_related("person__home__area").filter(person_id=actor.pk, endpoint_digest=digest).first()  # fmt: skip
    if row is None:
        raise DispatchError("not_found", field="endpoint", object="subscription")
    _drop(row, "asked")


@action
def drop_subscriptions(*, actor: Viewer, uids: Iterable[UUID], why: str) -> int:
    """Forget browsers that are gone (the push service says so) or whose session is over (outlets); returns how many."""
    access.require(actor, "reach.send")
    rows = list(PushSubscription.objects.select_related("person__home__area").filter(uid__in=list(uids)))
    for row in rows:
        _drop(row, why)
    return len(rows)


def forget_browsers(person: Person, why: str) -> None:
    """Forget all of a person's browsers. Part of an action."""
    for row in PushSubscription.objects.select_related("person__home__area").filter(person=person):
        _drop(row, why)


def _drop(row: PushSubscription, why: str) -> None:
    told = events.PushForgotten(person_uid=row.person.uid, subscription_uid=row.uid, why=why)
    collect(told, hearers_of(row.person), f"person:{row.person.uid}")
    row.delete()
