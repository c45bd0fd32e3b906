"""Every geo table, one file per noun."""

from geo.models.areas import Area, AreaLevel, AreaLine, Ground
from geo.models.cameras import (
    Camera,
    CameraAddress,
    CameraAddressKind,
    CameraConsent,
    CameraGrade,
    CameraKind,
    CameraPlacement,
    CameraStatus,
)
from geo.models.imports import ImportRun, ImportState
from geo.models.places import MapFeature, MapFeatureKind, Place
from geo.models.roads import Road, RoadNode, RoadNodeKind, TurnRestriction
from geo.models.tiles import TileChange
from geo.models.traces import ImportBefore, ImportMark, ImportTrace
from geo.models.trackers import Device, DutyInterval, Tracker, TrackerLast, TrackPoint

__all__ = [
    "Area",
    "AreaLevel",
    "AreaLine",
    "Camera",
    "CameraAddress",
    "CameraAddressKind",
    "CameraConsent",
    "CameraGrade",
    "CameraKind",
    "CameraPlacement",
    "CameraStatus",
    "Device",
    "DutyInterval",
    "Ground",
    "ImportBefore",
    "ImportMark",
    "ImportRun",
    "ImportState",
    "ImportTrace",
    "MapFeature",
    "MapFeatureKind",
    "Place",
    "Road",
    "RoadNode",
    "RoadNodeKind",
    "TileChange",
    "TrackPoint",
    "Tracker",
    "TrackerLast",
    "TurnRestriction",
]
