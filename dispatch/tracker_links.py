"""What is scanned or tapped to set a tracker app up: its own configuration form, with the address and the secret. Pure."""

import base64
import json
from urllib.parse import quote, urlencode

import msgspec
import qrcode
from qrcode.constants import ERROR_CORRECT_L

EVERY_S, EVERY_M, BEAT_S = 10, 20, 60


class Link(msgspec.Struct, kw_only=True, frozen=True):
    """`scan` stands in the QR code, `tap` opens the app on this phone ("" where it has no such link), `fields` by hand."""

    scan: str
    tap: str
    fields: dict[str, str]


class Qr(msgspec.Struct, kw_only=True, frozen=True):
    """A QR code as squares of 1: its side, and the path of its dark ones for an SVG."""

    side: int
    path: str


def link_for(app: str, origin: str, secret: str) -> Link:
    """Return how to set up this app (a code of lifecycles.TRACKER_APPS). `origin`: scheme, host and port of this server."""
    return {"traccar": _traccar, "osmand": _osmand, "owntracks": _owntracks}[app](origin, secret)


def _traccar(origin: str, secret: str) -> Link:
    """Traccar Client reads an address with its settings, scanned within the app, or its own scheme when tapped."""
    server = f"{origin}/intake/osmand"
    settings = {
        "id": secret, "accuracy": "high", "interval": EVERY_S, "distance": EVERY_M, "angle": 30, "heartbeat": BEAT_S,
        "buffer": "true", "service": "true",
    }  # fmt: skip
    tap = "org.traccar.client://config?" + urlencode({"url": server, **settings})
    return Link(scan=f"{server}?{urlencode(settings)}", tap=tap, fields={"server": server, "id": secret})


def _osmand(origin: str, secret: str) -> Link:
    """OsmAnd's online tracking takes one address with places to fill in; its speed is in m/s, ours there in knots: left out."""
    url = f"{origin}/intake/osmand?id={secret}&lat={{0}}&lon={{1}}&timestamp={{2}}&bearing={{6}}"
    return Link(scan=url, tap="", fields={"url": url})


def _owntracks(origin: str, secret: str) -> Link:
    """OwnTracks opens its configuration from a link, scanned by the camera or tapped. Short: each word makes the code denser."""
    url = f"{origin}/intake/owntracks"
    wanted = {
        "_type": "configuration", "mode": 3, "url": url, "auth": True, "username": "nearcast", "password": secret,
        "deviceId": "phone", "monitoring": 2, "locatorInterval": EVERY_S, "locatorDisplacement": EVERY_M, "pubExtendedData": False,
    }  # fmt: skip
    inline = base64.b64encode(json.dumps(wanted, separators=(",", ":")).encode()).decode()
    # Escaped: a plain "+" would be read as a space.
    link = f"owntracks:///config?inline={quote(inline, safe='')}"
    return Link(scan=link, tap=link, fields={"url": url, "username": "nearcast", "password": secret})


def qr_of(text: str) -> Qr:
    """Return the QR code of a text, without its quiet zone."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_L, border=0)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    return Qr(side=len(rows), path="".join(_runs(rows)))


def _runs(rows: list[list[bool]]) -> list[str]:
    """Return one path step for each run of dark squares in a row."""
    steps = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            begin = x
            while x < len(row) and row[x]:
                x += 1
            if x > begin:
                steps.append(f"M{begin} {y}h{x - begin}v1h-{x - begin}z")
            x += 1
    return steps
