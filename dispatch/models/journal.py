"""The journal: numbered, chained, append-only. Payload bytes live apart so that they can be erased by rule."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models


class Epoch(models.Model):
    """One unbroken life of the journal. A restored copy or a promoted replica begins another."""

    number = models.PositiveIntegerField(primary_key=True)
    begun_at = models.DateTimeField()
    first_n = models.BigIntegerField()
    system_identifier = models.CharField(max_length=30)
    timeline = models.PositiveIntegerField()
    why = models.CharField(max_length=100)


class JournalEntry(models.Model):
    """One thing that happened. The application's database role may insert and read these rows, nothing else."""

    n = models.BigIntegerField(primary_key=True)
    epoch = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor = models.JSONField(null=True)
    subject = models.CharField(max_length=60, blank=True)
    audience = ArrayField(models.TextField())
    digests = models.JSONField()
    hash = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["subject", "n"], name="journal_subject"),
            models.Index(fields=["kind", "n"], name="journal_kind"),
            GinIndex(fields=["audience"], name="journal_audience"),
            # Numbers follow time, so a few pages' ranges lead to a day.
            BrinIndex(fields=["at"], name="journal_at", pages_per_range=16),
        ]


class JournalPayload(models.Model):
    """Exact bytes of one entry's part in one retention class, with the salt of its digest."""

    n = models.BigIntegerField()
    retention = models.CharField(max_length=12)
    data = models.BinaryField(null=True)
    salt = models.BinaryField(null=True)
    erased_at = models.DateTimeField(null=True)
    erased_why = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["n", "retention"], name="payload_once")]


class Decision(models.Model):
    """An idempotency key that was used: same key and body give the same answer for 7 days."""

    key = models.UUIDField()
    person_id = models.BigIntegerField()
    verb = models.CharField(max_length=60)
    body_digest = models.BinaryField()
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "key"], name="decision_once")]
