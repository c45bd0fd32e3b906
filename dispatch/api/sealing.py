"""Answers that hold a secret (a device token) are stored under their key only sealed, so that a repeat can still be given."""

import base64
import hashlib
import json
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings


def _box() -> Fernet:
    key = hashlib.sha256(b"nearcast sealed answers" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal(answer: Any) -> dict[str, str]:
    """Return `answer` (JSON-ready) encrypted."""
    return {"sealed": _box().encrypt(json.dumps(answer).encode()).decode()}


def unseal(stored: dict[str, str]) -> Any:
    """Return what `seal` was given."""
    return json.loads(_box().decrypt(stored["sealed"].encode()))
