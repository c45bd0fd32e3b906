"""The senders' loop: claim what is due, send it, note the result. Any number of processes may do it at once."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections

from dispatch import access
from dispatch.actions import reach
from dispatch.reach import Letter
from realtime.outlets.resting import Resting
from realtime.outlets.sms.sender import send as send_sms
from realtime.outlets.web_push.sender import send as send_push

log = logging.getLogger(__name__)
OUTLETS = access.system("outlets")
AT_ONCE = 8
Sender = Callable[[Letter, Resting], tuple[str, float]]
SENDERS: dict[str, Sender] = {"push": send_push, "sms": send_sms}


class Letters:
    """What one process keeps: its threads, and which servers rest."""

    def __init__(self) -> None:
        self.resting = Resting()

    def send_one(self) -> bool:
        """Send what is due next; return whether there was anything."""
        letter = reach.take_reach(actor=OUTLETS)
        if letter is None:
            return False
        if letter.attempt:
            self._deliver(letter)
        return True

    def _deliver(self, letter: Letter) -> None:
        try:
            code, wait_s = SENDERS[letter.channel](letter, self.resting)
        except Exception:
            # A fault of ours in one letter must not stop the others; it is tried again like a silent server.
            log.exception("%s letter %s", letter.channel, letter.uid)
            code, wait_s = "error", 0.0
        reach.note_reach(actor=OUTLETS, uid=letter.uid, attempt=letter.attempt, code=code, retry_after_s=wait_s)

    def send_due(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Send all that is due, AT_ONCE side by side, until there is nothing more or `stop` says so."""

        def work() -> None:
            try:
                while not stop() and self.send_one():
                    pass
            finally:
                close_old_connections()

        with ThreadPoolExecutor(AT_ONCE) as pool:
            for done in [pool.submit(work) for _ in range(AT_ONCE)]:
                done.result()
