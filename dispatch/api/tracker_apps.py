"""Tracker apps of an officer: his own list, a new one with what to scan, the end of one."""

from typing import Any

import msgspec

from dispatch.access import Viewer
from dispatch.actions import tracker_apps
from dispatch.api.base import Decision, Reading
from dispatch.api.bodies import Body
from dispatch.queries.tracker_apps import TrackerAppLine, TrackerApps, line_of, list_own_apps
from dispatch.tracker_links import Link, Qr, link_for, qr_of


class Wanted(Body):
    """Which app: a code of lifecycles.TRACKER_APPS."""

    app: str


class Made(msgspec.Struct, kw_only=True, frozen=True):
    """A new app, and its secret in every form it is needed: shown this once."""

    app: TrackerAppLine
    link: Link
    qr: Qr


class ReadApps(Reading):
    """One's own tracker apps in use."""

    verb, shows = "tracker_app.end_own", TrackerApps

    def read(self, viewer: Viewer, **path: Any) -> TrackerApps:
        """List them."""
        return list_own_apps(viewer)


class AddApp(Decision):
    """Set up a tracker app for the unit one is signed on to, and for those of later duties."""

    verb, body, shows, sealed = "tracker_app.add", Wanted, Made, True

    def decide(self, viewer: Viewer, body: Wanted, **path: Any) -> Made:
        """Make it."""
        row, secret = tracker_apps.add_tracker_app(actor=viewer, app=body.app)
        link = link_for(row.app, self.request.build_absolute_uri("/").rstrip("/"), secret)
        return Made(app=line_of(row), link=link, qr=qr_of(link.scan))


class EndApp(Decision):
    """End one of one's own; nothing it sends is taken from now on."""

    verb, shows = "tracker_app.end_own", TrackerApps

    def decide(self, viewer: Viewer, body: Any, **path: Any) -> TrackerApps:
        """End it."""
        tracker_apps.end_tracker_app(actor=viewer, uid=path["uid"])
        return list_own_apps(viewer)
