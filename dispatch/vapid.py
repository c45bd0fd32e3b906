"""The instance's key for web push: made at first start, its public half goes to the phones that register."""

import base64
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings


def plain64(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def public_bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return a point as browsers say it: 65 bytes, uncompressed."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def private_key() -> ec.EllipticCurvePrivateKey:
    """Return the key that signs."""
    return _derived(settings.VAPID_KEY)


def public_key() -> str:
    """Return the public half as browsers want it: base64url of the uncompressed point, without padding."""
    return plain64(public_bytes(private_key().public_key()))


@lru_cache(maxsize=2)
def _derived(secret: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int(secret, 16), ec.SECP256R1())
