"""Photos of crews as evidence: what was announced and is on its way, what has arrived, and who asked for an original."""

from django.contrib.gis.db import models

from dispatch.models.base import Public, Visible, audience_index
from dispatch.models.incidents import Incident, Note
from dispatch.models.orders import Order
from dispatch.models.people import Person
from dispatch.models.units import Unit


class PhotoUpload(Public):
    """A photo that a phone announced: its bytes come in parts. Becomes an Attachment of the same uid, or is forgotten."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="uploads")
    note_uid = models.UUIDField(null=True)
    author = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    reduced = models.BooleanField()
    device_at = models.DateTimeField(null=True)
    declared = models.JSONField(default=dict)
    announced_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["announced_at"], name="upload_announced")]


class Attachment(Visible):
    """A photo on an incident. The file as it came lies under its hash; screens show copies without metadata."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="attachments")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="attachments")
    note = models.ForeignKey(Note, on_delete=models.PROTECT, null=True, related_name="attachments")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    taken_from = models.CharField(max_length=10, blank=True, help_text="exif, declared, device, or empty")
    taken_point = models.PointField(geography=True, null=True)
    doubts = models.JSONField(default=list)
    announced_at = models.DateTimeField()
    received_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    media_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    reduced = models.BooleanField()
    shared_sha256 = models.CharField(max_length=64)
    thumb_sha256 = models.CharField(max_length=64)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["received_at"]
        indexes = [audience_index("attachment_audience")]
        constraints = [
            models.UniqueConstraint(fields=["incident", "sha256"], name="photo_once_an_incident"),
        ]


class OriginalGrant(Public):
    """Permission to fetch one original once: this person, for these words, for seconds."""

    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="grants")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=300)
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
