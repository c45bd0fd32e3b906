"""Words that are kept but never shown: encrypted with the instance's own key, which is no part of the database."""

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def seal(words: str) -> bytes:
    """Return `words` encrypted; empty stays empty."""
    return Fernet(settings.OUTLET_KEY.encode()).encrypt(words.encode()) if words else b""


def unseal(kept: bytes | memoryview | None) -> str:
    """Return what `seal` was given; "" for nothing, and for what another key has closed."""
    if not kept:
        return ""
    try:
        return Fernet(settings.OUTLET_KEY.encode()).decrypt(bytes(kept)).decode()
    except InvalidToken:
        return ""
