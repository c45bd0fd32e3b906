"""Messages as OwnTracks posts them, for tests and simulated phones: the elements its booklet names, with its units."""

import base64
import json
from datetime import datetime
from typing import Any


def as_location(
    lon: float, lat: float, at: datetime, /, *, kmh: float = -1, heading_deg: float = -1, **more: Any
) -> bytes:
    """Return the body of a location: km/h, whole degrees, Unix seconds; `more` stands beside or instead."""
    said = {
        "_type": "location", "lat": lat, "lon": lon, "tst": int(at.timestamp()), "created_at": int(at.timestamp()) + 1,
        "acc": 8, "alt": 12, "vac": 3, "vel": kmh, "cog": heading_deg, "batt": 81, "bs": 1, "conn": "m", "m": 2, "t": "u",
        "tid": "W1", "topic": "owntracks/somebody/phone", "BSSID": "00:00:5e:00:53:01", "SSID": "station",
    }  # fmt: skip
    return json.dumps(said | more).encode()


def login(token: str, user: str = "nearcast") -> str:
    """Return the Authorization header of a device whose password is its token."""
    return "Basic " + base64.b64encode(f"{user}:{token}".encode()).decode()
