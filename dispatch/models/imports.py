"""Imports through the administrator's pages: a file that was sent, on its way from the preview to the register."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dispatch.models.base import Public
from dispatch.models.people import Person
from geo.models import ImportRun


class JobState(models.TextChoices):
    """Where a file is. Its folder is kept until it is done or discarded."""

    WAITING = "waiting", _("Waiting")
    WORKING = "working", _("Working")
    PREVIEWED = "previewed", _("Previewed")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Failed")
    DISCARDED = "discarded", _("Discarded")


class ImportKind(models.TextChoices):
    """What a file holds."""

    ROADS = "roads", _("Roads and the map around them")
    CAMERAS = "cameras", _("Cameras")
    AREAS = "areas", _("Areas")
    UNITS = "units", _("Units")


class ImportJob(Public):
    """One file that an administrator sent. `wants` is preview or import; `problem` is code, field and facts of a failure.

    `found` is what the file is made of (fields, layers); `file_name` is how the file is called in its folder.
    """

    kind = models.CharField(max_length=10, choices=ImportKind.choices)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    wants = models.CharField(max_length=10, default="preview")
    file_name = models.CharField(max_length=255)
    size_bytes = models.BigIntegerField()
    options = models.JSONField(default=dict)
    found = models.JSONField(default=dict)
    problem = models.JSONField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    preview_run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, null=True, related_name="+")
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"
