"""The force's own vehicles. Crews sign on with one; nothing here is about anybody else's."""

from django.db import models

from dispatch.models.base import Public
from dispatch.models.centres import Centre


class VehicleKind(models.TextChoices):
    """What it is to ride on."""

    CAR = "car"
    MOTO = "moto"
    VAN = "van"
    BICYCLE = "bicycle"
    BOAT = "boat"
    COMMAND = "cmd"
    CAMERA_CAR = "cam"


class ServiceVehicle(Public):
    """One vehicle of a centre. `code` is what stands on it: its fleet number, as crews and desks say it."""

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="vehicles")
    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=8, choices=VehicleKind.choices, default=VehicleKind.CAR)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["centre", "code"], name="vehicle_code_in_centre")]

    def __str__(self) -> str:
        return self.code
