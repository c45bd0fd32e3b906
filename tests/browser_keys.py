"""What a browser holds for its push subscription, to register it and to read what was sent: RFC 8291's other side."""

import base64
from dataclasses import dataclass, field
from os import urandom

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from dispatch.vapid import public_bytes


def b64(text: str) -> bytes:
    """Return what base64url without padding says."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Browser:
    """One browser's subscription: its key pair and its secret."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: urandom(16))

    @property
    def p256dh(self) -> bytes:
        """Return the public key as the browser gives it."""
        return public_bytes(self.key.public_key())

    def read(self, body: bytes) -> bytes:
        """Return what a push says. Raises InvalidTag for what is not for this browser."""
        salt, length = body[:16], body[20]
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
        secret = _hkdf(shared, self.auth, b"WebPush: info\x00" + self.p256dh + theirs, 32)
        key, nonce = (_hkdf(secret, salt, b"Content-Encoding: " + name + b"\x00", size)
                      for name, size in ((b"aes128gcm", 16), (b"nonce", 12)))  # fmt: skip
        return AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\x00").removesuffix(b"\x02")


def _hkdf(secret: bytes, salt: bytes, info: bytes, size: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=size, salt=salt, info=info).derive(secret)
