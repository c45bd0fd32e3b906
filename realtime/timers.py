"""What the worker does when nobody acts: small functions; each takes one item and says whether it found one."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone

from dispatch import access, journal
from dispatch.actions import aid, decisions, distress, incidents, ladder, requests, retention, tracker_apps
from dispatch.actions import journal as keeping
from dispatch.errors import DispatchError
from dispatch.ladder import below, limits
from dispatch.lifecycles import DISTRESS_OPEN, ORDER_UNANSWERED
from dispatch.models import Distress, Incident, MutualAid, Order, OrderRequest
from dispatch.queries.board import thresholds
from geo import clock
from realtime.imports import Imports
from realtime.inferring import Inferring

log = logging.getLogger(__name__)
HEAD_EVERY = timedelta(hours=24)
HOUSEKEEPING_S = 3600.0
FOLLOW_S = 5.0
TROUBLE_KEPT = 1_000


class Timers:
    """The jobs with what they remember: items that refused (never tried twice) and when housekeeping last ran."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._trouble: set[UUID] = set()
        self._kept_s = self._followed_s = float("-inf")
        self._imports = Imports(clock)
        self.jobs: tuple[Callable[[], bool], ...] = (
            self.escalate_one_distress,
            self.follow_distresses,
            self.climb_one_ladder,
            Inferring().look,
            self.escalate_one_request,
            self.expire_one_request,
            self.bring_back_one_held,
            self.expire_one_aid,
            self.write_todays_head,
            self.keep_house,
            self._imports.start_one,
        )

    def escalate_one_distress(self) -> bool:
        """Tell the shift commanders of the oldest distress that nobody acknowledged within distress_ack_s."""
        late = clock.now() - timedelta(seconds=thresholds().get("distress_ack_s", distress.ACK_S))
        silent = Distress.objects.filter(state="raised", escalated_at=None, received_at__lte=late)
        uid = silent.exclude(uid__in=self._trouble).order_by("received_at").values_list("uid", flat=True).first()
        return uid is not None and self._try(uid, distress.escalate_distress)

    def follow_distresses(self) -> bool:
        """Every few seconds let those hear a standing call for help who have come within reach: both sides move."""
        if self._clock() - self._followed_s < FOLLOW_S:
            return False
        self._followed_s = self._clock()
        for uid in Distress.objects.filter(state__in=DISTRESS_OPEN).values_list("uid", flat=True):
            _do(uid, distress.follow_distress)  # trouble in following must not take it out of escalation
        return False

    def climb_one_ladder(self) -> bool:
        """Bring the oldest order that nobody answered to the rung of the no-answer ladder that is due (dispatch.ladder)."""
        numbers, now = thresholds(), clock.now()
        due = Q()
        for level_one in (True, False):
            for rung, after_s in limits(numbers, 1 if level_one else 2).items():
                late = Q(sent_at__lte=now - timedelta(seconds=after_s), rung__in=below(rung))
                due |= late & (Q(incident__level=1) if level_one else ~Q(incident__level=1))
        waiting = Order.objects.filter(due, state__in=ORDER_UNANSWERED).exclude(incident__state="closed")
        uid = waiting.exclude(uid__in=self._trouble).order_by("sent_at").values_list("uid", flat=True).first()
        return uid is not None and self._try(uid, ladder.climb_ladder)

    def escalate_one_request(self) -> bool:
        """Pass the oldest request that met silence on to the common parent."""
        silent = OrderRequest.objects.filter(state="asked", deadline_at__lte=clock.now())
        uid = silent.exclude(uid__in=self._trouble).order_by("deadline_at").values_list("uid", flat=True).first()
        return uid is not None and self._try(uid, requests.escalate_request)

    def expire_one_request(self) -> bool:
        """End the oldest request that the common parent did not answer either."""
        ends = clock.now() - timedelta(seconds=thresholds().get("request_expire_s", requests.EXPIRE_S))
        silent = OrderRequest.objects.filter(state="escalated", deadline_at__lte=ends).exclude(uid__in=self._trouble)
        uid = silent.order_by("deadline_at").values_list("uid", flat=True).first()
        return uid is not None and self._try(uid, requests.expire_request)

    def bring_back_one_held(self) -> bool:
        """Take the oldest incident whose time to look again has come off hold."""
        due = Incident.objects.filter(state="on_hold", hold_until__lte=clock.now()).exclude(uid__in=self._trouble)
        uid = due.order_by("hold_until").values_list("uid", flat=True).first()
        return uid is not None and self._try(uid, incidents.bring_back_held)

    def expire_one_aid(self) -> bool:
        """End the oldest mutual aid whose time is over."""
        over = MutualAid.objects.filter(ended_at=None, ends_at__lte=clock.now()).exclude(uid__in=self._trouble)
        uid = over.order_by("ends_at").values_list("uid", flat=True).first()
        return uid is not None and self._try(uid, aid.expire_aid)

    def write_todays_head(self) -> bool:
        """Write the signed head of the chain when the last one is a day old. Nothing is written of an empty journal."""
        newest = journal.read(kinds=["chain.head_written"], newest_first=True, limit=1)
        if (newest and clock.now() - newest[0].at < HEAD_EVERY) or journal.head()[1] == 0:
            return False
        keeping.write_head(actor=access.system("worker"))
        return True

    def keep_house(self) -> bool:
        """Once an hour delete old idempotency keys and sessions, and erase what its retention class says is over."""
        if self._clock() - self._kept_s < HOUSEKEEPING_S:
            return False
        self._kept_s = self._clock()
        decisions.forget_old()
        retention.apply_retention(actor=access.system("worker"))
        tracker_apps.end_lapsed_apps(actor=access.system("worker"))
        self._imports.sweep()
        Session.objects.filter(expire_date__lt=timezone.now()).delete()
        return True

    def _try(self, uid: UUID, act: Callable[..., object]) -> bool:
        if not _do(uid, act):
            if len(self._trouble) >= TROUBLE_KEPT:
                self._trouble.clear()
            self._trouble.add(uid)
        return True


def _do(uid: UUID, act: Callable[..., object]) -> bool:
    """Act on one item; return whether it went without a refusal, which is logged."""
    try:
        act(actor=access.system("worker"), uid=uid)
    except DispatchError as error:
        # Answered between our look and our act: that is what everybody hoped for.
        level = logging.DEBUG if error.code == "wrong_state" else logging.WARNING
        log.log(level, "%s %s: %s", act.__name__, uid, error.code)
        return False
    return True
