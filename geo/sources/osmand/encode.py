"""Messages as Traccar Client sends them, for tests and simulated phones."""

import json
from datetime import datetime
from urllib.parse import urlencode

from geo.sources.osmand.decode import KNOT_MPS


def as_json(
    token: str, lon: float, lat: float, at: datetime, *, speed_mps: float = -1, heading_deg: float = -1
) -> bytes:
    """Return the body of Traccar Client 9 and later."""
    coords = {
        "latitude": lat, "longitude": lon, "accuracy": 6.0, "speed": speed_mps, "heading": heading_deg, "altitude": 12.0,
    }  # fmt: skip
    location = {
        "timestamp": at.isoformat().replace("+00:00", "Z"), "coords": coords, "is_moving": speed_mps > 0, "odometer": 0,
        "event": "motionchange", "battery": {"level": 0.8, "is_charging": False}, "activity": {"type": "in_vehicle"},
        "extras": {},
    }  # fmt: skip
    return json.dumps({"location": location, "device_id": token}).encode()


def as_query(token: str, lon: float, lat: float, at: datetime, *, speed_mps: float = 0, heading_deg: float = 0) -> str:
    """Return the query of older ones: Unix seconds, knots."""
    return urlencode({
        "id": token, "timestamp": int(at.timestamp()), "lat": lat, "lon": lon, "speed": speed_mps / KNOT_MPS,
        "bearing": heading_deg, "altitude": 12.0, "accuracy": 6.0, "batt": 80.0,
    })  # fmt: skip
