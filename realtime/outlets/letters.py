"""The senders' loop: claim what is due, send it, note the result. Any number of processes may do it at once."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Semaphore

from django.db import connections

from dispatch import access
from dispatch.actions import reach
from dispatch.reach import Letter
from realtime import database
from realtime.outlets.resting import Resting
from realtime.outlets.sms.sender import send as send_sms
from realtime.outlets.web_push.sender import send as send_push

log = logging.getLogger(__name__)
OUTLETS = access.system("outlets")
# More than any one server may have in hand (resting.PLACES): one that hangs leaves threads for the others.
AT_ONCE = 12
FREE_WITHIN_S = 0.5
Sender = Callable[[Letter, Resting], tuple[str, float]]
SENDERS: dict[str, Sender] = {"push": send_push, "sms": send_sms}


class Letters:
    """What one process keeps: its threads, and which servers rest."""

    def __init__(self) -> None:
        self.resting = Resting()
        self._free = Semaphore(AT_ONCE)
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="outlets")

    def send_due(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Claim here all that is due and have it sent by the threads, AT_ONCE side by side; what is under way is not waited for."""
        while not stop() and self._free.acquire(timeout=FREE_WITHIN_S):
            letter = None
            try:
                letter = reach.take_reach(actor=OUTLETS)
            finally:
                if letter is None or not letter.attempt:
                    self._free.release()
            if letter is None:
                return
            if letter.attempt:
                self._pool.submit(self._send, letter)

    def finish(self) -> None:
        """Wait for what is under way; nothing is sent afterwards."""
        self._pool.shutdown()

    def _send(self, letter: Letter) -> None:
        try:
            self.deliver(letter)
        except Exception as error:
            # Its result could not be noted: the claim runs out, and the letter is given out once more.
            level = logging.WARNING if database.is_lost(error) else logging.ERROR
            log.log(level, "%s letter %s", letter.channel, letter.uid, exc_info=level == logging.ERROR)
        finally:
            connections.close_all()  # a thread may wait long for its next letter
            self._free.release()

    def deliver(self, letter: Letter) -> None:
        """Send one claimed letter and note what came of it."""
        try:
            code, wait_s = SENDERS[letter.channel](letter, self.resting)
        except Exception:
            # A fault of ours in one letter must not stop the others; it is tried again like a silent server.
            log.exception("%s letter %s", letter.channel, letter.uid)
            code, wait_s = "error", 0.0
        reach.note_reach(actor=OUTLETS, uid=letter.uid, attempt=letter.attempt, code=code, retry_after_s=wait_s)
