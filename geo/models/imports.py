"""Import runs: what was read, from where, by whose leave, and which rows were refused."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from geo.ids import new_uid


class ImportState(models.TextChoices):
    """An import is all or nothing; a failed one and a preview leave only their own row."""

    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    PREVIEW = "preview", _("Preview")
    FAILED = "failed", _("Failed")
    UNDONE = "undone", _("Undone")


class ImportRun(models.Model):
    """One run of an importer. `refused` holds the first refusals, each with its row and reason; the total is beside.

    `notes` is what was taken but looks wrong as a whole: code and facts. `area_ids` are the areas whose rows it wrote; the
    map belongs to none. `traced`: what it did is kept and can be undone (geo.undo); `kept` names what stayed when it was.
    """

    uid = models.UUIDField(unique=True, default=new_uid, editable=False)
    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=255)
    source = models.TextField(blank=True)
    attribution = models.TextField(blank=True)
    made_up = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.RUNNING)
    counts = models.JSONField(default=dict)
    refused = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    refused_total = models.PositiveIntegerField(default=0)
    area_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    traced = models.BooleanField(default=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    kept = models.JSONField(default=list)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name} {self.state}"
