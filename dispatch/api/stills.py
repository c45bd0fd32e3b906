"""The one way to a picture: a signed address that names a grant, spent by the person it was given to, once."""

from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpResponse
from rest_framework.request import Request

from dispatch import stills
from dispatch.access import Viewer
from dispatch.actions import purposes
from dispatch.api.base import Endpoint
from dispatch.errors import DispatchError
from geo.errors import GeoError
from geo.estate import secret_address

SALT = "nearcast.still"
FAILS = (410, 502)


def address_of(grant: UUID, camera: UUID) -> str:
    """Return the address of the picture that a grant allows."""
    return "/media/stills/" + signing.dumps([grant.hex, camera.hex], salt=SALT, compress=False)


def _read(token: str) -> tuple[UUID, UUID]:
    try:
        grant, camera = signing.loads(token, salt=SALT)
        return UUID(grant), UUID(camera)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise DispatchError("not_found", object="grant") from error


class FetchStill(Endpoint):
    """Fetch the picture: only this person, this camera, once, in time, while right, purpose and consent stand."""

    verb, media, fails = ("camera.look", "camera.look_for_order"), "image/jpeg", FAILS

    def get(self, request: Request, **path: Any) -> HttpResponse:
        """Spend the grant, then ask the camera; what came of it is journalled either way."""
        grant_uid, camera_uid = _read(path["token"])
        grant = purposes.use_grant(actor=self.viewer, grant_uid=grant_uid, camera_uid=camera_uid)
        picture = self._fetch(self.viewer, grant)
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Disposition": "inline"}
        return HttpResponse(picture, content_type="image/jpeg", headers=headers)

    def _fetch(self, viewer: Viewer, grant: Any) -> bytes:
        outcome = "server_failed"
        try:
            found = secret_address(grant.camera, "snapshot")
            if found is None:
                raise DispatchError("camera_no_address")
            picture = stills.fetch(*found)
            outcome = "ok"
        except GeoError as error:
            outcome = "camera_no_address"
            raise DispatchError(outcome, why=error.code) from error
        except DispatchError as error:
            outcome = error.code
            raise
        finally:
            purposes.note_outcome(actor=viewer, grant_uid=grant.uid, outcome=outcome)
        return picture
