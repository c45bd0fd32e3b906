"""Only a demo may have another clock than the machine's own, and then everything tells its time."""

import time

import pytest
from django.core.exceptions import ImproperlyConfigured

from dispatch import checks
from dispatch.config import environment
from dispatch.queries.board import get_clock
from geo.clock import REAL, Anchor

FAST = "1763700000,1763700000,20"


def test_settings_refuse_a_scaled_clock_outside_the_demo(monkeypatch):
    monkeypatch.setenv("NEARCAST_CLOCK", FAST)
    assert environment.clock("NEARCAST_CLOCK", demo=True) == Anchor(1763700000, 1763700000, 20)
    with pytest.raises(ImproperlyConfigured, match="demo only"):
        environment.clock("NEARCAST_CLOCK", demo=False)


def test_settings_refuse_what_is_no_anchor(monkeypatch):
    monkeypatch.setenv("NEARCAST_CLOCK", "1763700000,1763700000,21")
    with pytest.raises(ImproperlyConfigured, match="REAL,SCALED,RATE"):
        environment.clock("NEARCAST_CLOCK", demo=True)


def test_the_check_finds_a_scaled_clock_outside_the_demo(settings):
    settings.CLOCK, settings.DEMO = Anchor(1, 1, 20), False
    assert [found.id for found in checks.demo_clock(None)] == ["nearcast.E003"]
    settings.DEMO = True
    assert checks.demo_clock(None) == []
    settings.CLOCK, settings.DEMO = REAL, False
    assert checks.demo_clock(None) == []


def test_pages_are_told_time_and_rate(settings):
    real_s = time.time()
    settings.CLOCK = Anchor(real_s, real_s + 86400, 20)
    told = get_clock()
    assert told["rate"] == 20
    assert told["at"] > time.strftime("%Y-%m-%dT%H", time.gmtime(real_s + 86300))
