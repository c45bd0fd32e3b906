"""Web push on an officer's phone: the key to register with, registering, forgetting."""

import base64
import binascii
from typing import Any

import msgspec

from dispatch.access import Viewer
from dispatch.actions import push
from dispatch.api.base import Decision, Reading
from dispatch.api.bodies import Body
from dispatch.errors import DispatchError
from dispatch.models import PushSubscription
from dispatch.vapid import public_key


class PushOffer(msgspec.Struct, kw_only=True, frozen=True):
    """The server's public key for web push, base64url."""

    key: str


class Taken(msgspec.Struct, kw_only=True, frozen=True):
    """How many browsers of this person are registered now."""

    browsers: int


class Keys(Body):
    """What only this browser can read with, base64url: a public key of 65 bytes and 16 secret ones."""

    p256dh: str
    auth: str


class Subscription(Body):
    """Endpoint and keys, as the browser's own PushSubscription says them."""

    endpoint: str
    keys: Keys


class Gone(Body):
    """Which browser."""

    endpoint: str


class ReadPush(Reading):
    """What a phone needs to register."""

    verb, shows = "push.forget", PushOffer

    def read(self, viewer: Viewer, **path: Any) -> PushOffer:
        """Return it."""
        return PushOffer(key=public_key())


class AddSubscription(Decision):
    """Register the browser of a crew that is on duty. The address must be of a listed push service."""

    verb, body, shows = "push.register", Subscription, Taken

    def decide(self, viewer: Viewer, body: Subscription, **path: Any) -> Taken:
        """Register."""
        push.add_subscription(
            actor=viewer, endpoint=body.endpoint, p256dh=_bytes(body.keys.p256dh, "keys.p256dh"),
            auth=_bytes(body.keys.auth, "keys.auth"), session_key=self.request.session.session_key or "",
        )  # fmt: skip
        return Taken(browsers=_count(viewer))


class ForgetSubscription(Decision):
    """Forget this browser."""

    verb, body, shows = "push.forget", Gone, Taken

    def decide(self, viewer: Viewer, body: Gone, **path: Any) -> Taken:
        """Forget."""
        push.forget_subscription(actor=viewer, endpoint=body.endpoint)
        return Taken(browsers=_count(viewer))


def _count(viewer: Viewer) -> int:
    return PushSubscription.objects.filter(person_id=viewer.pk).count()


def _bytes(said: str, field: str) -> bytes:
    try:
        if len(said) > 200:
            raise ValueError("length")
        return base64.b64decode(said.rstrip("=") + "=" * (-len(said.rstrip("=")) % 4), altchars="-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise DispatchError("bad_input", field=field, expected="base64url") from error
