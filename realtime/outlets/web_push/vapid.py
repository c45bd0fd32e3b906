"""Who sends the push: a signed word with each request (RFC 8292), by the key made at the instance's first start."""

import json
import time
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from django.conf import settings

from dispatch.vapid import plain64, private_key, public_key

LIFE_S = 6 * 3600  # RFC 8292 allows 24 h; a phone's service may have a wrong clock


def authorization(endpoint: str) -> str:
    """Return the Authorization header for one push to this endpoint."""
    parts = urlsplit(endpoint)
    # The token's times are for a foreign server: the machine's clock, whatever the demo's does.
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int(time.time()) + LIFE_S, "sub": settings.PUSH_CONTACT}
    words = f"{_json64({'typ': 'JWT', 'alg': 'ES256'})}.{_json64(claims)}"
    r, s = decode_dss_signature(private_key().sign(words.encode(), ec.ECDSA(hashes.SHA256())))
    return f"vapid t={words}.{plain64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}, k={public_key()}"


def _json64(facts: dict[str, object]) -> str:
    return plain64(json.dumps(facts, separators=(",", ":")).encode())
