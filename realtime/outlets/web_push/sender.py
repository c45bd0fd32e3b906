"""Sends a letter to a person's browsers. The payload says that there is an order, or a call for help near by, and nothing of it."""

import hashlib
import json
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from dispatch import access
from dispatch.actions import push
from dispatch.errors import DispatchError
from dispatch.models import PushSubscription
from dispatch.push_hosts import check_endpoint
from dispatch.reach import LIFE_S, Letter
from dispatch.vapid import plain64
from realtime.outlets.foreign import code_of, hand_over
from realtime.outlets.resting import Resting
from realtime.outlets.web_push.encrypt import encrypt
from realtime.outlets.web_push.vapid import authorization

GONE = (404, 410)
# The best of what a person's browsers gave: one that took it is enough; one that may yet is better than none.
RANK = ("accepted", "busy", "silent", "error", "refused", "blocked", "gone", "no_browser")
OUTLETS = access.system("outlets")


def send(letter: Letter, resting: Resting) -> tuple[str, float]:
    """Return (code, seconds to wait at least before another attempt). Browsers that are gone are forgotten."""
    results = [_send_one(letter, row, resting) for row in _living(letter.person_id)]
    gone = [uid for uid, code, _ in results if code == "gone"]
    if gone:
        push.drop_subscriptions(actor=OUTLETS, uids=gone, why="gone")
    codes = {code: wait_s for _, code, wait_s in results} or {"no_browser": 0.0}
    best = min(codes, key=RANK.index)
    return best, codes[best]


def _living(person_id: int) -> Iterable[PushSubscription]:
    """Return the browsers whose session still lives; the others are forgotten now."""
    rows = list(PushSubscription.objects.filter(person_id=person_id))
    keys = [row.session_key for row in rows]
    found = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    living = set(found.values_list("session_key", flat=True))
    over = [row.uid for row in rows if row.session_key not in living]
    if over:
        push.drop_subscriptions(actor=OUTLETS, uids=over, why="signed_out")
    return [row for row in rows if row.session_key in living]


def _send_one(letter: Letter, row: PushSubscription, resting: Resting) -> tuple[UUID, str, float]:
    try:
        check_endpoint(row.endpoint)
    except DispatchError:
        return row.uid, "blocked", 0.0
    given = ("POST", _headers(letter, row.endpoint), _body(letter, row))
    said = hand_over(row.endpoint, settings.PUSH_NETWORKS, resting, given, public=True)
    if isinstance(said, str):
        return row.uid, said, 0.0
    return row.uid, "gone" if said.status in GONE else code_of(said.status), said.retry_after_s


def _headers(letter: Letter, endpoint: str) -> dict[str, str]:
    # One order, one topic: a repeat takes the place of what still waits for the phone.
    topic = plain64(hashlib.sha256(f"{settings.VAPID_KEY} {letter.topic}".encode()).digest())[:32]
    return {
        "Authorization": authorization(endpoint), "Content-Encoding": "aes128gcm", "TTL": str(LIFE_S), "Urgency": "high",
        "Topic": topic, "Content-Type": "application/octet-stream",
    }  # fmt: skip


def _body(letter: Letter, row: PushSubscription) -> bytes:
    words = json.dumps({"what": letter.what, "id": str(letter.uid), "language": letter.language}).encode()
    return encrypt(words, bytes(row.p256dh), bytes(row.auth))
