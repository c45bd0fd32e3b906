"""What is over goes, what is open stays, and the chain still holds."""

from datetime import timedelta

import pytest
from django.utils import timezone
from uuid_utils.compat import uuid7

from dispatch import access, journal
from dispatch.actions import calls
from dispatch.actions.base import at_time
from dispatch.actions.retention import apply_retention
from dispatch.errors import DispatchError
from dispatch.models import Call
from dispatch.verifier import verify
from tests.cast import Cast

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=120)


def ring(cast: Cast, *, close: bool) -> Call:
    """Take a call 120 days ago, and close it then or leave it open."""
    with at_time(timezone.now() - LONG_AGO):
        call = calls.take_call(actor=cast.viewer("taker"), uid=uuid7(), caller_number="555 0134", caller_name="N.")
        if close:
            calls.close_call(actor=cast.viewer("taker"), call_uid=call.uid, reason="nuisance")
    return Call.objects.get(pk=call.pk)


def test_caller_data_of_a_closed_call_goes_and_its_digest_stays(cast: Cast) -> None:
    closed, still_open = ring(cast, close=True), ring(cast, close=False)
    done = apply_retention(actor=access.system("worker"))
    assert done["calls"] == 1
    assert done["caller"] > 0
    assert Call.objects.get(pk=closed.pk).caller_number == ""
    assert Call.objects.get(pk=still_open.pk).caller_number == "555 0134"
    entry = journal.read(subjects=[f"call:{closed.uid}"], limit=1)[0]
    assert entry.erased == ("caller",)
    assert "caller_number" not in entry.data["call"]
    findings = list(verify())
    assert {finding.code for finding in findings} == {"erased"}
    assert all(finding.ok for finding in findings)


def test_young_data_stays(cast: Cast) -> None:
    call = calls.take_call(actor=cast.viewer("taker"), uid=uuid7(), caller_number="555 0134")
    assert apply_retention(actor=access.system("worker"))["calls"] == 0
    assert journal.read(subjects=[f"call:{call.uid}"])[0].data["call"]["caller_number"] == "555 0134"


def test_only_the_worker_erases(cast: Cast) -> None:
    with pytest.raises(DispatchError, match="forbidden"):
        apply_retention(actor=cast.viewer("admin"))
