"""Now, in one room. Domain time runs at the demo's rate; what is about real machines asks `time` and Django itself.

Outside a demo this clock is the machine's. In a demo that was started with SPEED=20 all processes share one anchor:
at the real moment `real_s` it was `scaled_s`, and since then `rate` seconds pass for each real one (settings.CLOCK).
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings

FASTEST = 20.0
# A phone that was never told of a scaled clock names the machine's own time; so much may lie between its clock and ours.
PHONE_CLOCK_OFF_S = 90.0


@dataclass(frozen=True)
class Anchor:
    """Where a clock stands: Unix seconds of the machine, Unix seconds of the domain at that moment, and its rate."""

    real_s: float = 0.0
    scaled_s: float = 0.0
    rate: float = 1.0

    @property
    def is_real(self) -> bool:
        """Return whether this is the machine's own clock."""
        return self.rate == 1.0 and self.real_s == self.scaled_s

    def at(self, real_s: float) -> float:
        """Return the domain's Unix seconds at a moment of the machine."""
        return real_s if self.is_real else self.scaled_s + (real_s - self.real_s) * self.rate


REAL = Anchor()


def parse(text: str) -> Anchor:
    """Return the anchor of `REAL,SCALED,RATE`; "" is the machine's clock. Raises ValueError for anything else."""
    if not text:
        return REAL
    real_s, scaled_s, rate = (float(part) for part in text.split(","))
    if not (0 < real_s < 1e11 and 0 < scaled_s < 1e11 and 1 <= rate <= FASTEST):
        raise ValueError(text)
    return Anchor(real_s, scaled_s, rate)


def anchor() -> Anchor:
    """Return this process's anchor."""
    return settings.CLOCK


def time_s() -> float:
    """Return the domain's Unix seconds now."""
    return anchor().at(time.time())


def now() -> datetime:
    """Return the domain's moment now, aware UTC."""
    return datetime.fromtimestamp(time_s(), UTC)


def rate() -> float:
    """Return how many seconds of the domain pass in one real second."""
    return anchor().rate


def wait_s(seconds: float) -> float:
    """Return the real seconds to sleep until `seconds` of the domain have passed."""
    return seconds / rate()


def span_s(real_seconds: float) -> float:
    """Return the domain's seconds that pass in some real ones: for what a real machine needs time to do."""
    return real_seconds * rate()


def of_device(moment: datetime) -> datetime:
    """Return when a device's own moment was, in the domain's time.

    With a scaled clock, a moment close to the machine's now comes from a device that knows of no scale: it is carried over.
    """
    here, real_s = anchor(), time.time()
    if here.is_real or moment.tzinfo is None:
        return moment
    said_s = moment.timestamp()
    if abs(said_s - real_s) > PHONE_CLOCK_OFF_S or abs(said_s - here.at(real_s)) <= span_s(PHONE_CLOCK_OFF_S):
        return moment
    return datetime.fromtimestamp(here.at(said_s), UTC)
