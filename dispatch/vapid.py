"""The instance's key for web push: made at first start, its public half goes to the phones that register."""

import base64

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings


def private_key() -> ec.EllipticCurvePrivateKey:
    """Return the key that signs."""
    return ec.derive_private_key(int(settings.VAPID_KEY, 16), ec.SECP256R1())


def public_key() -> str:
    """Return the public half as browsers want it: base64url of the uncompressed point, without padding."""
    point = private_key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
