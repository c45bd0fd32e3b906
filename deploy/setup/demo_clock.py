"""The demo's scaled clock: one anchor for all processes of a run, never behind what the instance has lived already."""

import time

from . import home as homes
from .database import Manage
from .home import Home
from .options import Options
from .say import RefusedError

VARIABLE = "NEARCAST_CLOCK"


def set_clock(home: Home, options: Options, manage: Manage) -> str:
    """Anchor this run's clock, keep it in the instance's facts, and return it in words ("" for the machine's own).

    While an instance rests its clock rests too: it goes on from the newest moment in the database, or from the machine's
    when that is later.

    Raises:
        RefusedError: a demo that has lived ahead of the machine is started as no demo.
    """
    was_scaled = bool(homes.read_facts(home).get("clock"))
    newest_s = float(manage.newest_moment()) if options.demo or was_scaled else 0.0
    real_s = time.time()
    lead_s = newest_s - real_s
    if lead_s > 0 and was_scaled and not options.demo:
        raise RefusedError(
            f"Instance {home.instance} has lived {span(lead_s)} ahead of this machine's clock as a demo: "
            f"start it without DEMO=0, or wipe it with make reset."
        )
    text = anchor(newest_s, real_s, options.speed) if options.demo else ""
    homes.keep_facts(home, clock=text)
    manage.env = {**manage.env, VARIABLE: text}
    ahead = f", {span(lead_s)} ahead of this machine" if lead_s > 0 else ""
    return f"demo clock {options.speed}×{ahead}" if text else ""


def anchor(newest_s: float, real_s: float, speed: int) -> str:
    """Return the anchor as the processes read it (geo/clock.py), "" when the machine's own clock will do."""
    ahead = newest_s > real_s
    if speed == 1 and not ahead:
        return ""
    return f"{real_s:.3f},{newest_s + 1 if ahead else real_s:.3f},{speed}"


def span(seconds: float) -> str:
    """Return a length of time in words."""
    hours, minutes = divmod(max(1, round(seconds / 60)), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
