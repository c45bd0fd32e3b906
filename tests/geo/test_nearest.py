"""Nearest against brute force on the ellipsoid, at latitudes and meridians where short cuts go wrong."""

import math

import numpy as np
import pytest
from django.contrib.gis.geos import Polygon
from django.db import connection

from geo.errors import GeoError
from geo.estate import put_camera
from geo.metres import destination, distances_m
from geo.models import Area, Camera
from geo.nearest import CameraNear, nearest_cameras, nearest_k, nearest_trackers
from tests.geo.town import CENTRE, NOON, plain_camera

Town = dict[str, Area]
STATUSES, GRADES = ("online", "offline", "unknown"), ("key", "watch", "general")


def scatter(area: Area, lon: float, lat: float, count: int, seed: int, spread: float = 0.02) -> list[Camera]:
    """Write cameras around a point, some on the same pole, and return them."""
    rng = np.random.default_rng(seed)
    lons = lon + rng.normal(0, spread / max(math.cos(math.radians(lat)), 0.05), count)
    lats = np.clip(lat + rng.normal(0, spread, count), -90, 90)
    lons[: count // 10], lats[: count // 10] = lons[-(count // 10) :], lats[-(count // 10) :]
    rows = [
        plain_camera(
            area, f"N{seed}-{number}", float((lons[number] + 180) % 360 - 180), float(lats[number]),
            status=STATUSES[number % 3], grade=GRADES[(number // 3) % 3],
        )
        for number in range(count)
    ]  # fmt: skip
    cameras = Camera.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE geo_camera")
    return cameras


@pytest.mark.parametrize("lat", [0.0, -29.9, 52.0, 60.17, 84.0])
@pytest.mark.parametrize("lon", [24.94, 179.999])
def test_ten_nearest_are_those_of_brute_force(town: Town, lat: float, lon: float) -> None:
    cameras = scatter(town["city"], lon, lat, 1500, seed=3)
    wanted = [camera for camera in cameras if camera.status == "online" and camera.grade in {"key", "watch"}]
    ids = np.array([camera.pk for camera in wanted])
    lons = np.array([camera.point.x for camera in wanted])
    lats = np.array([camera.point.y for camera in wanted])
    rng = np.random.default_rng(11)
    for _ in range(40):
        here = ((lon + rng.normal(0, 0.03) + 180) % 360 - 180, lat + rng.normal(0, 0.02))
        metres = distances_m(here, lons, lats)
        order = np.lexsort((ids, metres))[:10]
        found = nearest_k(here, 10, statuses=["online"], grades=["key", "watch"])
        assert [row.id for row in found] == [int(ids[index]) for index in order]
        assert [row.distance_m for row in found] == pytest.approx(list(metres[order]), abs=1e-6)


def test_near_ties_that_a_sphere_orders_wrongly(town: Town) -> None:
    # On a sphere north and east are alike; on the ellipsoid a degree north at the equator is 0.67 % shorter.
    here = (10.0, 0.0)
    rows = [plain_camera(town["city"], f"E{n}", *destination(here, 90, 1000 + n)) for n in range(30)]
    rows += [plain_camera(town["city"], f"N{n}", *destination(here, 0, 1000.5 + n)) for n in range(30)]
    Camera.objects.bulk_create(rows)
    codes = dict(Camera.objects.values_list("id", "code"))
    found = [codes[row.id] for row in nearest_k(here, 20)]
    assert found == [f"{side}{n}" for n in range(10) for side in "EN"]


def test_fewer_than_asked_and_none_at_all(town: Town) -> None:
    assert nearest_k(CENTRE, 10) == []
    Camera.objects.bulk_create([plain_camera(town["city"], "A", *CENTRE)])
    assert len(nearest_k(CENTRE, 10)) == 1
    assert nearest_k(CENTRE, 10, statuses=[]) == []
    assert nearest_k(CENTRE, 0) == []


@pytest.mark.parametrize("point", [(math.nan, 1), (1, math.inf), (0, 0), (-29.9, -171.25), (200, 0)])
def test_unusable_points_are_refused(town: Town, point: tuple[float, float]) -> None:
    with pytest.raises(GeoError):
        nearest_cameras(point, area_ids=[town["city"].pk])
    with pytest.raises(GeoError):
        nearest_k(point, 3)
    with pytest.raises(GeoError):
        nearest_trackers(point, (np.array([1]), np.array([1]), np.array([1])))


def test_trackers_by_geodesic_with_ties_by_id() -> None:
    lons, lats = np.array([179.9995, -179.9998, 179.9, 179.9995]), np.array([-17.0, -17.0, -17.0, -17.0])
    rows = (np.array([7, 9, 8, 3]), (lons * 1e7).astype(np.int32), (lats * 1e7).astype(np.int32))
    found = nearest_trackers((-179.9999, -17.0), rows)
    assert [row.id for row in found] == [9, 3, 7, 8]
    assert found[0].distance_m == pytest.approx(10.6, abs=0.1)
    assert [row.id for row in nearest_trackers((-179.9999, -17.0), rows, limit=1)] == [9]
    assert nearest_trackers(CENTRE, (np.array([]), np.array([]), np.array([]))) == []


def put(town: Town, code: str, bearing: float, metres: float, area: str = "city", **fields: object) -> Camera:
    """Place a camera that many metres from the centre, on that bearing from it."""
    given = {"name": code, "status": "online", **fields}
    return put_camera(code=code, area=town[area], point=destination(CENTRE, bearing, metres), at=NOON, **given)[0]


def answers(found: list[CameraNear]) -> list[tuple[str, str, str]]:
    return [(camera.code, camera.sight, camera.reason) for camera in found]


def test_order_is_sees_can_turn_away_unknown_far_dead(town: Town) -> None:
    put(town, "dead", 0, 10, heading_deg=180, status="offline")
    put(town, "unknown", 0, 5)
    put(town, "away", 0, 20, heading_deg=0)
    put(town, "turns", 0, 200, kind="ptz", heading_deg=0, fov_deg=50, range_m=250)
    put(town, "sees-far", 0, 110, heading_deg=180, fov_deg=60, range_m=120)
    put(town, "sees-near", 90, 60, heading_deg=270)
    put(town, "too-far", 0, 400, heading_deg=180)
    found = nearest_cameras(CENTRE, area_ids=[town["city"].pk])
    assert answers(found) == [
        ("sees-near", "sees", "in_sector"),
        ("sees-far", "sees", "in_sector"),
        ("turns", "can_turn", "can_turn"),
        ("away", "away", "facing_away"),
        ("unknown", "unknown", "heading_unknown"),
        ("too-far", "away", "out_of_range"),
        ("dead", "sees", "dead"),
    ]
    assert [camera.assumed for camera in found[:3]] == [True, False, False]
    assert found[2].turn_deg == pytest.approx(180, abs=0.01)
    assert found[0].distance_m == pytest.approx(60, abs=0.01)
    assert found[0].bearing_deg == pytest.approx(270, abs=0.01)


def test_a_crowd_of_blind_cameras_hides_neither_the_one_that_sees_nor_the_one_that_turns(town: Town) -> None:
    Camera.objects.bulk_create(
        plain_camera(town["city"], f"X{n}", *destination(CENTRE, n * 3.0, 20 + n / 10)) for n in range(120)
    )
    put(town, "turns", 45, 240, kind="ptz", heading_deg=0, fov_deg=50, range_m=250)
    put(town, "sees", 135, 900, heading_deg=315, fov_deg=20, range_m=1000)
    drawn = Polygon([destination(CENTRE, bearing, 30) for bearing in (0, 90, 180, 270, 0)])
    put(town, "drawn", 200, 1500, heading_deg=0, fov_deg=20, range_m=50, sight=drawn)
    found = nearest_cameras(CENTRE, area_ids=[town["city"].pk], limit=4)
    assert answers(found)[:3] == [
        ("sees", "sees", "in_sector"),
        ("drawn", "sees", "drawn"),
        ("turns", "can_turn", "can_turn"),
    ]
    assert found[3].sight == "unknown"


def test_scope_is_own_areas_and_what_stands_on_the_ground_and_band(town: Town) -> None:
    put(town, "own", 0, 100, area="west_1")
    put(town, "theirs", 90, 400, area="east_1")
    put(town, "theirs-beyond-band", 90, 1100, area="east_1")
    west = [town["west_1"].pk]

    def codes(**scope: object) -> set[str]:
        return {camera.code for camera in nearest_cameras(CENTRE, **scope)}  # type: ignore[arg-type]

    assert codes(area_ids=west) == {"own"}
    assert codes(area_ids=west, ground_area_ids=west) == {"own", "theirs"}
    assert codes(area_ids=[], ground_area_ids=west) == {"own", "theirs"}
    assert codes(area_ids=[], ground_area_ids=[]) == set()
    assert codes(area_ids=[town["east_1"].pk], within_m=500) == {"theirs"}


def test_filters_by_status_and_grade(town: Town) -> None:
    put(town, "a", 0, 10, grade="key")
    put(town, "b", 0, 20, grade="watch", status="offline")
    everything = [town["city"].pk]
    assert [camera.code for camera in nearest_cameras(CENTRE, area_ids=everything, grades=["key"])] == ["a"]
    assert [camera.code for camera in nearest_cameras(CENTRE, area_ids=everything, statuses=["offline"])] == ["b"]
    assert nearest_cameras(CENTRE, area_ids=everything, grades=[]) == []


def test_point_is_inline_and_the_index_orders(town: Town) -> None:
    scatter(town["city"], *CENTRE, 1500, seed=5)
    statement = """EXPLAIN SELECT id FROM geo_camera c WHERE c.status = ANY('{online}')
        ORDER BY c.point <-> ST_SetSRID(ST_MakePoint(-71.25, -29.9), 4326)::geography LIMIT 10"""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "Index Scan using" in plan
    assert "Order By" in plan
    assert "Sort" not in plan


def test_sees_across_the_antimeridian(town: Town) -> None:
    here = (179.9998, -17.0)
    point = destination(here, 90, 60)
    assert point[0] < -179
    put_camera(
        code="fiji", area=town["city"], point=here, at=NOON, name="fiji", heading_deg=90, fov_deg=40, range_m=100
    )
    assert answers(nearest_cameras(point, area_ids=[town["city"].pk])) == [("fiji", "sees", "in_sector")]


@pytest.mark.django_db
def test_indexes_of_the_few_hold_only_the_few() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE indexname IN ('geo_camera_dead', 'geo_camera_turning')"
        )
        made = dict(cursor.fetchall())
    assert "WHERE" in made["geo_camera_dead"]
    assert "WHERE" in made["geo_camera_turning"]
