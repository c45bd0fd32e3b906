"""The journal: numbered without gaps under real writers, chained, checked against an outside head, erased by rule only."""

import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, connections, transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from dispatch import access, events, journal
from dispatch.access import Viewer
from dispatch.actions import journal as keeping
from dispatch.actions.base import action, collect
from dispatch.management.commands.prepare_database import grant_rights
from dispatch.models import Epoch, JournalEntry, JournalPayload
from dispatch.verifier import verify

WRITERS, EACH = 8, 10
WORKER = access.system("worker")


@action
def say(*, actor: Viewer, key: str, times: int = 1) -> None:
    """Journal `times` small events."""
    for _ in range(times):
        collect(events.ThresholdChanged(profile="T", key=key, value=1.0, was=None), ["area:1"], f"threshold:{key}")


def codes(**head: Any) -> list[tuple[str, int]]:
    """Return what the verifier finds wrong."""
    return [(finding.code, finding.n) for finding in verify(**head) if not finding.ok]


@pytest.fixture
def ten(db: None) -> tuple[int, str]:
    """Ten entries; returns the head as it would be kept elsewhere."""
    for index in range(10):
        say(actor=WORKER, key=str(index))
    _, n, hash_ = journal.head()
    return n, hash_.hex()


@pytest.mark.django_db(transaction=True)
def test_eight_writers_leave_no_gap_and_a_whole_chain() -> None:
    failures: list[BaseException] = []

    def write(who: int) -> None:
        try:
            for _ in range(EACH):
                say(actor=WORKER, key=str(who), times=2)
        except BaseException as failure:  # told below, in the test's own thread
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(who,)) for who in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    rows = list(JournalEntry.objects.order_by("n").values_list("n", "subject"))
    assert [n for n, _ in rows] == list(range(1, WRITERS * EACH * 2 + 1))
    # What one action collected stands together, whoever wrote at the same time.
    assert all(rows[at][1] == rows[at + 1][1] for at in range(0, len(rows), 2))
    assert codes() == []


def test_a_refused_action_leaves_nothing(db: None) -> None:
    @action
    def fail(*, actor: Viewer) -> None:
        say(actor=actor, key="x")
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        fail(actor=WORKER)
    assert journal.head()[1] == 0


def test_an_edited_row_is_found(ten: tuple[int, str]) -> None:
    JournalEntry.objects.filter(n=4).update(subject="threshold:other")
    assert codes() == [("hash", 4)]


def test_an_edited_payload_is_found(ten: tuple[int, str]) -> None:
    JournalPayload.objects.filter(n=7).update(data=b'{"profile":"T","key":"6","value":99.0,"was":null}')
    assert codes() == [("digest", 7)]
    JournalPayload.objects.filter(n=8).delete()
    assert codes() == [("digest", 7), ("payload_missing", 8)]


def test_a_row_taken_out_is_a_gap(ten: tuple[int, str]) -> None:
    JournalEntry.objects.filter(n=5).delete()
    assert ("gap", 6) in codes()


def test_a_cut_tail_is_found_with_an_outside_head_only(ten: tuple[int, str]) -> None:
    n, hash_hex = ten
    JournalEntry.objects.filter(n__gt=8).delete()
    assert codes() == []
    assert codes(head_n=n, head_hash=hash_hex) == [("cut_tail", 8)]


def test_a_rewritten_chain_is_found_with_an_outside_head(ten: tuple[int, str]) -> None:
    n, hash_hex = ten
    previous = journal.ZERO
    for row in JournalEntry.objects.order_by("n"):
        row.subject = "threshold:forged" if row.n == 3 else row.subject
        previous = row.hash = journal.chain_hash(previous, row)
        row.save()
    assert codes() == []
    assert codes(head_n=n, head_hash=hash_hex) == [("other_chain", n)]


def test_the_command_says_it_and_takes_signed_heads(ten: tuple[int, str], tmp_path: Path, capsys: Any) -> None:
    written = keeping.write_head(actor=WORKER, folder=tmp_path)
    file = next(tmp_path.iterdir())
    assert json.loads(file.read_text()) == written
    call_command("verify_journal", head_file=str(file))
    assert "The journal holds: 11 entries" in capsys.readouterr().out
    file.write_text(json.dumps({**written, "n": 3}) + "\n")
    with pytest.raises(SystemExit, match="signature"):
        call_command("verify_journal", head_file=str(file))
    JournalEntry.objects.filter(n=2).update(kind="threshold.other")
    with pytest.raises(SystemExit, match="does not hold: 1 findings"):
        call_command("verify_journal", head=f"{written['n']}:{written['hash']}")
    assert "! hash at 2" in capsys.readouterr().out


def test_erasing_leaves_the_digest_and_says_so(ten: tuple[int, str]) -> None:
    later = timezone.now() + timedelta(minutes=1)
    assert keeping.erase_payloads(actor=WORKER, retention="house", before=later, rule="house 1 d") == 10
    found = list(verify())
    assert [(one.code, one.ok) for one in found if one.n <= 10] == [("erased", True)] * 10
    assert "house 1 d" in found[0].detail
    assert codes() == []
    entry = journal.read(limit=1)[0]
    assert (entry.data, entry.erased) == ({}, ("house",))
    assert journal.read(newest_first=True, limit=1)[0].kind == "payload.erased"


def test_only_the_worker_keeps_the_journal(db: None) -> None:
    with pytest.raises(Exception, match="forbidden"):
        keeping.erase_payloads(actor=Viewer(), retention="house", before=timezone.now(), rule="x")
    with pytest.raises(ValueError, match="no retention class"):
        keeping.erase_payloads(actor=WORKER, retention="all", before=timezone.now(), rule="x")


def test_another_database_server_begins_another_epoch(db: None) -> None:
    Epoch.objects.all().delete()
    first = keeping.begin_epoch(actor=WORKER, why="first")
    assert keeping.begin_epoch(actor=WORKER, why="again").number == first.number
    Epoch.objects.filter(number=first.number).update(system_identifier="1")
    second = keeping.begin_epoch(actor=WORKER, why="restored")
    assert (second.number, journal.head()[0]) == (first.number + 1, first.number + 1)
    assert [entry.epoch for entry in journal.read(kinds=["epoch.begun"])] == [first.number, second.number]
    assert codes() == []


FORBIDDEN = [
    f"{what} {table}{rest}"
    for table in ("dispatch_journalentry", "dispatch_journalpayload", "dispatch_epoch")
    for what, rest in (("DELETE FROM", ""), ("TRUNCATE", ""))
] + [
    "UPDATE dispatch_journalentry SET subject = ''",
    "UPDATE dispatch_journalpayload SET data = NULL",
    "UPDATE dispatch_epoch SET number = 9",
    "ALTER TABLE dispatch_journalentry ADD COLUMN x int",
    "DROP FUNCTION nearcast_erase_payloads(text, timestamptz, text)",
]


def test_the_applications_role_can_append_and_read_and_erase_by_rule_only(ten: tuple[int, str]) -> None:
    grant_rights("nearcast_app")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE nearcast_app")
        for sql in FORBIDDEN:
            with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
                cursor.execute(sql)
        say(actor=WORKER, key=str(uuid7()))
        assert journal.head()[1] == 11
        later = timezone.now() + timedelta(minutes=1)
        assert keeping.erase_payloads(actor=WORKER, retention="house", before=later, rule="house 1 d") == 11
        cursor.execute("RESET ROLE")
    assert codes(head_n=ten[0], head_hash=ten[1]) == []
