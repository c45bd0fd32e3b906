"""What several domain tables share."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from uuid_utils.compat import uuid7


def audience_index(name: str, **options: object) -> GinIndex:
    """Return the index that finds the rows a viewer's keys may see."""
    return GinIndex(fields=["audience"], name=name, **options)  # type: ignore[arg-type]


class Public(models.Model):
    """A row with an id for the outside world (UUIDv7, made by the client where it may)."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class Visible(Public):
    """A row somebody may see: `audience` holds the keys of dispatch.access, `version` guards edits (If-Match)."""

    audience = ArrayField(models.TextField(), default=list, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True
