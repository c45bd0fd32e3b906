"""People who work with Nearcast and the roles they hold. A role is held at a centre, from a time, until a time."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from dispatch.models.base import Public
from dispatch.models.centres import Centre


class Role(models.TextChoices):
    """The whole list of roles; what each may do stands in dispatch.access."""

    CALL_TAKER = "call_taker"
    DISPATCHER = "dispatcher"
    VIDEO_WATCHER = "video_watcher"
    SHIFT_COMMANDER = "shift_commander"
    SUPERVISOR = "supervisor"
    OFFICER = "officer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Person(Public, AbstractUser):
    """Somebody who signs in. `police_number` is never shown on shared screens."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    police_number = models.CharField(max_length=20, blank=True)
    sworn = models.BooleanField(default=True, help_text="sworn officer; otherwise auxiliary")
    home = models.ForeignKey(Centre, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    language = models.CharField(max_length=8, blank=True, choices=[("zh", "简体中文"), ("en", "English")])
    duty_phone = models.BinaryField(
        default=bytes, editable=False, help_text="sealed (dispatch.sealed); only SMS read it"
    )
    rights_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["username"]
        verbose_name_plural = "people"

    def __str__(self) -> str:
        english = (get_language() or "").startswith("en")
        return (self.name_en if english else "") or self.name or self.username


class Assignment(Public):
    """A role held by a person at a centre for a time. Ended, never deleted."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField(max_length=20, choices=Role.choices)
    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="assignments")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="assignment_ends_after",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.role} {self.centre}"
