"""Staffed posts: a place where somebody stands, with or without a device."""

from django.contrib.gis.db import models

from dispatch.models.base import Visible
from dispatch.models.centres import Centre


class Post(Visible):
    """岗点. An order to a post reaches whoever staffs it; a unit without a fix is ranked by it."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="posts")
    point = models.PointField(geography=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["centre", "code"], name="post_code_in_centre")]

    def __str__(self) -> str:
        return self.code
