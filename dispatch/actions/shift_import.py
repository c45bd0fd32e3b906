"""Many planned shifts out of one list: who is to ride on which unit when; one entry for each plan that changed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dispatch import access
from dispatch.access import Viewer
from dispatch.actions.base import action, part
from dispatch.actions.fleet import plan_shift
from dispatch.errors import DispatchError
from dispatch.lifecycles import EQUIPMENT
from dispatch.models import Centre, Person, PlannedShift, ServiceVehicle, Unit
from geo.errors import GeoError
from geo.list_words import by_header, place_columns, word_of
from geo.runs import Tally

HEADERS: dict[str, tuple[str, ...]] = {
    "centre": ("centre", "center", "area", "areacode", "所属单位", "单位代码", "辖区编码"),
    "call_sign": ("callsign", "unit", "sign", "呼号", "警组", "警组呼号"),
    "begins": ("begins", "from", "start", "beginsat", "上班", "开始", "上勤", "上勤时间", "开始时间"),
    "ends": ("ends", "until", "to", "end", "endsat", "下班", "结束", "下勤", "下勤时间", "结束时间"),
    "date": ("date", "day", "日期", "值班日期"),
    "people": ("people", "crew", "persons", "logins", "人员", "警组成员", "值班人员", "登录名"),
    "vehicle": ("vehicle", "car", "车辆", "车号", "警车"),
    "equipment": ("equipment", "装备"),
}
NEEDED = ("centre", "call_sign", "begins", "ends", "people")
SEPARATOR = re.compile("[;,，、；/]")
CLOCK = re.compile(r"([01]?\d|2[0-4])[:：]([0-5]\d)(?:[:：][0-5]\d)?")
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
EQUIPMENT_WORDS: dict[str, tuple[str, ...]] = {
    "body_worn": ("执法记录仪",), "radio": ("对讲机", "电台"), "vest": ("防护衣", "防弹衣", "防刺服"), "shield": ("盾牌",),
    "first_aid": ("急救包",), "aed": ("除颤仪",), "extinguisher": ("灭火器",), "breath_tester": ("酒精检测仪",),
    "cones": ("反光锥", "锥筒"), "spike_strip": ("阻车钉带", "破胎器"), "rescue_rope": ("救援绳",), "life_buoy": ("救生圈",),
    "less_lethal": ("非致命警械",), "long_gun": ("长枪",), "drone": ("无人机",),
}  # fmt: skip
WORDS = {code: (code.replace("_", ""), *EQUIPMENT_WORDS[code]) for code in EQUIPMENT}


@dataclass(frozen=True)
class _Plan:
    unit: Unit
    begins_at: datetime
    ends_at: datetime
    people: list[Person]
    vehicle: ServiceVehicle | None
    equipment: list[str]


@action
def put_shifts(
    *, actor: Viewer, rows: Sequence[tuple[str, Mapping[str, str]]], fields: Mapping[str, str], tally: Tally
) -> None:
    """Make or change a planned shift for each (row's name, header → text).

    A plan is known by its unit and its beginning. Times without a zone are the centre's own; an end that is a time of day only is
    the next after the beginning. Rows that cannot be used are refused in `tally`, which also counts added, changed and
    unchanged. Raises `forbidden`, GeoError `field_unknown`, `columns_missing`.
    """
    access.require(actor, "import.run")
    if unknown := set(fields) - set(HEADERS):
        raise GeoError("field_unknown", {"word": min(unknown), "words": sorted(HEADERS)}, field="map")
    _check_columns(rows, fields)
    seen: dict[tuple[int, datetime], str] = {}
    for name, row in rows:
        tally.step("shifts")
        try:
            with part():
                plan = _plan(by_header(row, fields, HEADERS))
                key = (plan.unit.pk, plan.begins_at)
                if key in seen:
                    raise GeoError("duplicate_row", {"first": seen[key], "code": ""})
                tally.counts[_put(actor, plan)] += 1
                seen[key] = name
        except (DispatchError, GeoError) as error:
            tally.refuse(name, GeoError(error.code, dict(error.facts), field=error.field))


def _check_columns(rows: Sequence[tuple[str, Mapping[str, str]]], fields: Mapping[str, str]) -> None:
    names = next((list(row) for _, row in rows if row), [])
    placed = {word for word, _ in place_columns(names, fields, HEADERS)}
    if names and (missing := [word for word in NEEDED if word not in placed]):
        raise GeoError("columns_missing", {"words": missing, "fields": [name[:40] for name in names][:60]}, field="map")


def _put(actor: Viewer, plan: _Plan) -> str:
    """Store the plan where it says something new; return what it was: added, changed or unchanged."""
    known = PlannedShift.objects.filter(unit=plan.unit, begins_at=plan.begins_at).select_related("unit__centre__area", "vehicle").first()  # fmt: skip
    wanted = (plan.ends_at, plan.vehicle, plan.equipment, {person.pk for person in plan.people})
    if (
        known
        and (known.ends_at, known.vehicle, known.equipment, set(known.people.values_list("pk", flat=True))) == wanted
    ):
        return "unchanged"
    plan_shift(
        actor=actor, unit=plan.unit, begins_at=plan.begins_at, ends_at=plan.ends_at, people=plan.people,
        vehicle=plan.vehicle, equipment=plan.equipment, plan=known,
    )  # fmt: skip
    return "changed" if known else "added"


def _plan(found: Mapping[str, str]) -> _Plan:
    code = found.get("centre", "")
    centre = Centre.objects.filter(active=True, area__code=code).select_related("area").first()
    if centre is None:
        raise GeoError("area_unknown", {"code": code[:40]}, field="centre")
    sign = found.get("call_sign", "")
    unit = Unit.objects.filter(centre=centre, call_sign=sign, active=True).select_related("centre__area").first()
    if unit is None:
        raise GeoError("unit_unknown", {"call_sign": sign[:40], "centre": code}, field="call_sign")
    begins_at, ends_at = _times(found, ZoneInfo(centre.timezone))
    listed = {
        word_of(word, WORDS, "", "equipment") for word in SEPARATOR.split(found.get("equipment", "")) if word.strip()
    }
    return _Plan(
        unit, begins_at, ends_at, _people(found.get("people", ""), centre), _vehicle(found.get("vehicle", ""), centre),
        [code for code in EQUIPMENT if code in listed],
    )  # fmt: skip


def _people(text: str, centre: Centre) -> list[Person]:
    """Return people by login name or police number, of the centre's own tree. The refusal names who is not known."""
    found = []
    for word in dict.fromkeys(said.strip() for said in SEPARATOR.split(text) if said.strip()):
        top = centre.area.lineage[:1]
        there = Person.objects.filter(is_active=True, home__area__lineage__contains=top)
        person = there.filter(username=word).first()
        numbered = list(there.filter(police_number=word)[:2]) if person is None else []
        person = person or (numbered[0] if len(numbered) == 1 else None)
        if person is None:
            raise GeoError("person_unknown", {"name": word[:40]}, field="people")
        found.append(person)
    return found


def _vehicle(code: str, centre: Centre) -> ServiceVehicle | None:
    """Return a vehicle by what stands on it: the centre's own, else the only one of the tree."""
    if not code:
        return None
    of_tree = ServiceVehicle.objects.filter(
        active=True, code=code, centre__area__lineage__contains=centre.area.lineage[:1]
    )
    own = of_tree.filter(centre=centre).first()
    others = list(of_tree.select_related("centre")[:2])
    vehicle = own or (others[0] if len(others) == 1 else None)
    if vehicle is None:
        raise GeoError("vehicle_unknown", {"code": code[:40]}, field="vehicle")
    return vehicle


def _times(found: Mapping[str, str], zone: ZoneInfo) -> tuple[datetime, datetime]:
    day = _day(found["date"], "date") if found.get("date") else None
    begins = _moment(found.get("begins", ""), day, zone, "begins")
    text = found.get("ends", "")
    if CLOCK.fullmatch(text.strip()):
        ends = _moment(text, begins.astimezone(zone).replace(tzinfo=None), zone, "ends")
        if ends <= begins:
            local = begins.astimezone(zone).replace(tzinfo=None) + timedelta(days=1)
            ends = _moment(text, local, zone, "ends")
        return begins, ends
    return begins, _moment(text, None, zone, "ends")


def _moment(text: str, day: datetime | None, zone: ZoneInfo, field: str) -> datetime:
    """Return a moment: ISO with or without a zone, a date in any usual order of year first, or a time of `day`."""
    said = text.strip()
    clock = CLOCK.fullmatch(said)
    if clock and day is not None:
        whole = day.replace(hour=0, minute=0, second=0, microsecond=0)
        local = whole + timedelta(hours=int(clock[1]), minutes=int(clock[2]))
        return local.replace(tzinfo=zone)
    try:
        moment = datetime.fromisoformat(said)
        if len(said) < 12:
            raise ValueError("no time of day")
    except ValueError:
        date, _, rest = said.replace("T", " ").rpartition(" ")
        clock = CLOCK.fullmatch(rest.strip())
        if not clock or not DATE.fullmatch(date.strip()):
            raise GeoError("time_unreadable", {"value": said[:40]}, field=field) from None
        return _moment(rest, _day(date, field), zone, field)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _day(text: str, field: str) -> datetime:
    found = DATE.fullmatch(text.strip())
    try:
        if not found:
            raise ValueError(text)
        return datetime(int(found[1]), int(found[2]), int(found[3]))  # noqa: DTZ001 - a day of the centre's own zone
    except ValueError as error:
        raise GeoError("time_unreadable", {"value": text.strip()[:40]}, field=field) from error
