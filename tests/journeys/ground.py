"""Where the journeys' incidents happen: on the first station's map, on the second's ground, in front of a camera."""

import uuid
from dataclasses import dataclass
from typing import Any

from tests.journeys.desk import Desk
from tests.journeys.people import Place, Room, until

STEPS = (0.5, 0.6, 0.4, 0.7, 0.3, 0.8, 0.9)
EDGE = 0.1


@dataclass(frozen=True)
class Ground:
    """`border`: both neighbouring stations see it. `near`: some 150 m from there. `inner`: elsewhere on the first's map.

    `pictured`: a camera near the border gives a picture.
    """

    border: Place
    near: Place
    inner: Place
    pictured: bool = True


def scout(room: Room, *, pictures: bool = True) -> Ground:
    """Try points between the two stations until the neighbour sees an incident there and a camera gives a picture.

    Without `pictures` cameras are known to give none, as lists of real ones do.
    """
    first, second = room.stack.pair()
    desk, neighbour = room.seat(first, webgl=False, kind=Desk), room.seat(second, webgl=False, kind=Desk)
    desk.end_all()
    centres = {centre["code"]: centre for centre in desk.board()["centres"]}
    a, b = centres[first.centre], centres[second.centre]
    tried = []
    for share in STEPS:
        point = _between(a["centre_point"], b["centre_point"], share)
        if not _well_inside(point, a["bounds"]):
            continue
        uid = _open(desk, point)
        seen = any(one["uid"] == uid for one in neighbour.board()["incidents"])
        pictured = seen and pictures and _has_picture(desk, uid)
        desk.end_all()
        if seen and pictured == pictures:
            return Ground(point, (point[0] + 0.0015, point[1]), tuple(a["centre_point"]), pictured)
        tried.append((share, seen, pictured))
    raise AssertionError(f"no common ground of {first.centre} and {second.centre}: {tried}")


def busiest(desk: Desk) -> Place:
    """Return a point of the desk's ground that several cameras see: for the picture of the README only."""
    home = next(one for one in desk.board()["centres"] if one["code"] == desk.login.centre)
    west, south, east, north = home["bounds"]
    best: tuple[int, Place] = (-1, tuple(home["centre_point"]))
    for x in (0.3, 0.5, 0.7):
        for y in (0.3, 0.5, 0.7):
            point = round(west + (east - west) * x, 6), round(south + (north - south) * y, 6)
            counted = _packet(desk, _open(desk, point))["cameras_counted"]
            best = max(best, (3 * counted.get("sees", 0) + counted.get("can_turn", 0), point))
            desk.end_all()
    return best[1]


def _between(a: Place, b: Place, share: float) -> Place:
    return round(a[0] + (b[0] - a[0]) * share, 6), round(a[1] + (b[1] - a[1]) * share, 6)


def _well_inside(point: Place, bounds: tuple[float, float, float, float]) -> bool:
    west, south, east, north = bounds
    across, up = (point[0] - west) / (east - west), (point[1] - south) / (north - south)
    return EDGE < across < 1 - EDGE and EDGE < up < 1 - EDGE


def _open(desk: Desk, point: Place) -> str:
    uid = str(uuid.uuid4())
    kind = desk.board()["kinds"][0]["code"]
    desk.post("/incidents", {"uid": uid, "kind": kind, "level": 3, "point": point, "place": "scouting"})
    return uid


def _packet(desk: Desk, uid: str) -> dict[str, Any]:
    def newest() -> dict[str, Any] | None:
        return next((one for one in desk.board()["suggestions"] if one["incident"] == uid), None)

    return until("a packet for the scout's incident", newest)


def _has_picture(desk: Desk, uid: str) -> bool:
    cameras = _packet(desk, uid)["cameras"][:4]
    purpose = {"purpose": {"kind": "incident", "uid": uid}}
    return any(desk.try_post(f"/cameras/{camera['camera']}/grants", purpose)[0] < 300 for camera in cameras)
