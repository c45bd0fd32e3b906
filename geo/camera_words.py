"""The words of camera lists: header names, kinds, compass words and consent, Chinese and English. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from geo.errors import GeoError
from geo.list_words import as_number

# Our word → header names, compared without case, spaces, "_" and "-"; the first that holds something is taken.
HEADERS: dict[str, tuple[str, ...]] = {
    "position": ("经纬度", "坐标", "经纬度坐标", "lonlat", "lnglat", "coordinates", "position"),
    "latlon": ("latlon", "latlng", "纬经度"),
    "code": ("code", "cameracode", "cameraid", "camera", "id", "编号", "设备编号", "摄像机编号", "相机编号"),
    "name": ("name", "description", "title", "location", "名称", "点位名称", "设备名称", "安装位置"),
    "lon": ("lon", "lng", "longitude", "x", "经度"),
    "lat": ("lat", "latitude", "y", "纬度"),
    "kind": ("kind", "camera:type", "cameratype", "type", "类型", "摄像机类型", "设备类型"),
    "heading": (
        *("headingdeg", "heading", "directiondeg", "camera:direction", "azimuth", "bearing", "direction"),
        *("方位角", "朝向", "方向", "监控方位"),
    ),
    "fov": ("fovdeg", "fov", "camera:angle", "viewangle", "视场角", "视角"),
    "range": ("rangem", "range", "distance", "可视距离", "监控距离"),
    "height": ("heightm", "height", "高度", "安装高度"),
    "grade": ("grade", "priority", "等级", "级别", "重点级别"),
    "owner": ("owner", "operator", "产权单位", "所属单位", "管理单位", "权属"),
    "consent": ("consent", "授权", "同意"),
    "status": ("status", "状态", "设备状态"),
    "national_code": ("nationalcode", "gbcode", "gb28181", "国标编码", "国标编号"),
    "pole_code": ("polecode", "pole", "pointcode", "点位编号", "点位", "杆号"),
    "area": ("areacode", "area", "所属辖区", "辖区编码"),
    "snapshot": ("snapshoturl", "snapshot", "stillurl", "imageurl", "抓拍地址", "截图地址"),
    "stream": ("streamurl", "stream", "rtsp", "rtspurl", "流地址", "视频地址"),
    "user": ("user", "username", "account", "用户名", "账号", "帐号"),
    "password": ("password", "passwd", "pwd", "密码", "口令"),
    "url": ("url", "contact:webcam", "webcam", "地址"),
    "format": ("format", "格式"),
}
KINDS: dict[str, tuple[str, ...]] = {
    # OSM's "dome" hides where it looks and need not turn; claiming that it can would be a guess.
    "fixed": ("fixed", "dome", "bullet", "halfdome", "枪机", "半球", "固定", "固定枪机", "枪型", "半球机"),
    "ptz": ("ptz", "panning", "pantilt", "speeddome", "domeptz", "球机", "云台", "快球", "球型"),
    "checkpoint": ("checkpoint", "anpr", "alpr", "卡口", "卡口摄像机"),
    "virtual_checkpoint": ("virtualcheckpoint", "虚拟卡口"),
    "vehicle": ("vehicle", "车载", "车载摄像机"),
    "bus": ("bus", "公交", "公交车载"),
    "body_worn": ("bodyworn", "bodycam", "执法记录仪"),
    "relocatable": ("relocatable", "mobile", "移动", "布控球"),
    "drone": ("drone", "uav", "无人机"),
}
GRADES: dict[str, tuple[str, ...]] = {
    "key": ("key", "1", "一类", "重点", "一级"),
    "watch": ("watch", "2", "二类", "关注", "二级"),
}
GRADES["general"] = ("general", "3", "三类", "一般", "三级")
CONSENTS: dict[str, tuple[str, ...]] = {
    "granted": ("granted", "yes", "true", "1", "同意", "已授权"),
    "incident_only": ("incidentonly", "incident", "仅警情", "警情时"),
    "none": ("none", "no", "false", "0", "不同意", "未授权"),
}
STATUSES: dict[str, tuple[str, ...]] = {
    "online": ("online", "ok", "在线", "正常"),
    "offline": ("offline", "dead", "离线", "故障"),
}
STATUSES["unknown"] = ("unknown", "未知")

SIXTEEN = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
COMPASS = {name: index * 22.5 for index, name in enumerate(SIXTEEN)}
POINTS = ("north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest")
COMPASS |= {name.upper(): index * 45.0 for index, name in enumerate(POINTS)}
COMPASS |= {name: index * 45.0 for index, name in enumerate(("北", "东北", "东", "东南", "南", "西南", "西", "西北"))}
COMPASS |= {"北东": 45.0, "南东": 135.0, "南西": 225.0, "北西": 315.0}
HALFWAY = (
    *(("北", "东北", 22.5), ("东", "东北", 67.5), ("东", "东南", 112.5), ("南", "东南", 157.5)),
    *(("南", "西南", 202.5), ("西", "西南", 247.5), ("西", "西北", 292.5), ("北", "西北", 337.5)),
)
COMPASS |= {f"{near}{word}": degrees for near, word, degrees in HALFWAY}
COMPASS |= {f"{word}偏{near}": degrees for near, word, degrees in HALFWAY}
COMPASS |= {f"{word}{near}": degrees for near, word, degrees in HALFWAY}
COMPASS |= {f"{near}{near}{word.replace(near, '')}": degrees for near, word, degrees in HALFWAY}
for _near, _degrees in (("NORTH", 0.0), ("EAST", 90.0), ("SOUTH", 180.0), ("WEST", 270.0)):
    COMPASS |= {f"{_near[0]}B": _degrees}
    for _side in ("NORTHEAST", "SOUTHEAST", "SOUTHWEST", "NORTHWEST"):
        _turn = (COMPASS[_side] - _degrees + 180.0) % 360.0 - 180.0
        if abs(_turn) == 45.0:
            COMPASS |= {f"{_near}{_side}": (_degrees + _turn / 2) % 360.0}
ALL_ROUND = frozenset({"全向", "全景", "全方位", "360全景", "四周", "OMNI", "ALL", "ALLROUND", "OMNIDIRECTIONAL"})
LEANING = re.compile(r"^(北|南)偏(东|西)(\d+(?:\.\d+)?)$")
NUMBER = re.compile(r"^[+-]?\d+(?:\.\d+)?$")
SPAN = re.compile(r"^(\d+(?:\.\d+)?)\s*[-–~]\s*(\d+(?:\.\d+)?)$")
SNAPSHOT_FORMATS = ("JPEG", "JPG", "IMAGE_STREAM", "PNG")
SNAPSHOT_ENDINGS = (".jpg", ".jpeg", ".png")


@lru_cache(maxsize=4096)
def heading_of(text: str | None) -> tuple[float | None, float | None, bool]:
    """Return (heading in degrees, fov in degrees when the text gives it, whether the words were understood).

    Degrees ("144°", "-90"), a span of degrees ("90-180"), the sixteen compass letters, English and Chinese words ("东北",
    "朝南", "西向", "由北向南", "北偏东30度", "north-east", "Northbound", "SB", "全景").
    """
    plain = unicodedata.normalize("NFKC", text or "").strip()
    if not plain:
        return None, None, True
    bare = plain.rstrip("°度").strip()
    if NUMBER.match(bare):
        degrees = float(bare)
        if abs(degrees) > 360:
            raise GeoError("out_of_range", {"value": plain[:40], "low": 0, "high": 360}, field="heading")
        return degrees % 360.0, None, True
    span = SPAN.match(bare)
    if span:
        return _span(float(span[1]), float(span[2]), plain)
    return _word(bare)


def _span(start: float, end: float, plain: str) -> tuple[float | None, float | None, bool]:
    if max(start, end) > 360:
        raise GeoError("out_of_range", {"value": plain[:40], "low": 0, "high": 360}, field="heading")
    width = (end - start) % 360.0 or (360.0 if end != start else 0.0)
    return (start + width / 2) % 360.0, width if width >= 1 else None, True


def _word(plain: str) -> tuple[float | None, float | None, bool]:
    toward = re.search(r"(?:向|往|至|到|→|->)([东南西北]+)方?向?$", plain)
    word = toward[1] if toward else re.sub(r"[朝向面往方侧边正]", "", plain)
    key = re.sub(r"[\s\-_/.]", "", word).upper()
    key = re.sub(r"^(FACING|LOOKING|TOWARDS?|HEADING)|(BOUND|WARDS?|FACING)$", "", key)
    leaning = LEANING.match(key)
    if leaning:
        degrees = float(leaning[3]) * (1 if leaning[2] == "东" else -1)
        return ((degrees if leaning[1] == "北" else 180.0 - degrees) % 360.0, None, True)
    if key in ALL_ROUND:
        return None, 360.0, True
    return COMPASS.get(key), None, key in COMPASS


DEGREES = re.compile(
    r"""^([NSEW东西南北])?[经纬]?(\d{1,3})[°度](\d{1,2}(?:\.\d+)?)['′分](?:(\d{1,2}(?:\.\d+)?)(?:["″秒]|''))?([NSEW])?$"""
)
PAIR = re.compile(r"^[\[(]?\s*(\S+?)\s*[,;\s]\s*(\S+?)\s*[\])]?$")


def position_of(found: Mapping[str, str]) -> tuple[float, float]:
    """Return (x, y) as a row gives them: two columns or one, degrees or degrees, minutes and seconds, or metres.

    Raises GeoError `position_not_a_number`.
    """
    pair = [found.get("lon", ""), found.get("lat", "")]
    if not any(pair):
        whole = PAIR.match(unicodedata.normalize("NFKC", found.get("position") or found.get("latlon") or ""))
        if whole:
            pair = [whole[1], whole[2]] if found.get("position") else [whole[2], whole[1]]
    x, y = (coordinate(text) for text in pair)
    if x is None or y is None:
        raise GeoError("position_not_a_number", {"lon": pair[0][:40], "lat": pair[1][:40]}, field="point")
    return x, y


def coordinate(text: str) -> float | None:
    """Return one coordinate: 116.397, "116,397", １１６．３９７, 116°23'49.2"E, W 46.6; None for anything else."""
    try:
        return float(text)
    except ValueError:
        pass
    plain = unicodedata.normalize("NFKC", text).replace("″", '"').replace("′", "'").replace("’", "'").replace("”", '"')
    plain = re.sub(r"\s", "", plain).upper()
    whole = DEGREES.match(plain)
    if whole:
        value = float(whole[2]) + float(whole[3]) / 60 + float(whole[4] or 0) / 3600
        return -value if {whole[1], whole[5]} & {"S", "W", "西", "南"} else value
    side = re.match(r"^([NSEW]?)([^NSEW]+?)°?([NSEW]?)$", plain)
    value_or_none = as_number(side[2]) if side else None
    if value_or_none is None or side is None:
        return None
    return -abs(value_or_none) if {side[1], side[3]} & {"S", "W"} else value_or_none


# GB/T 28181 annex D: 8 digits of the place, 2 of the trade, 3 of the kind of thing, 1 of the network, 6 of its own.
NATIONAL_DIGITS = 20
FRONT_END = range(111, 200)  # recorders, servers, cameras, alarms; 2xx are platforms, 3xx users


def national_code_of(text: str | None) -> str:
    """Return a national code of 20 digits, "" when none is given. Raises GeoError `national_code_unusable`, facts why."""
    plain = text or ""
    if not (plain.isascii() and plain.isdigit()):
        plain = re.sub(r"[\s\-']", "", unicodedata.normalize("NFKC", plain))
    if not plain:
        return ""
    why = ""
    if not plain.isdigit() and re.fullmatch(r"\d+(\.\d*)?[eE]\+?\d+|\d+\.0*", plain):
        why = "spreadsheet"
    elif not (plain.isascii() and plain.isdigit()):
        why = "not_digits"
    elif len(plain) != NATIONAL_DIGITS:
        why = "length"
    elif int(plain[10:13]) not in FRONT_END:
        why = "not_a_camera"
    elif plain.endswith("000000"):
        why = "spreadsheet"  # a number keeps 15 digits at most: the rest became zeros
    if why:
        raise GeoError("national_code_unusable", {"why": why, "length": len(plain)}, field="national_code")
    return plain


def addresses_of(found: Mapping[str, str]) -> dict[str, str]:
    """Return kind → address. A bare "url" is a snapshot or a stream by the list's format column, else by its ending."""
    given = {kind: found[kind] for kind in ("snapshot", "stream") if found.get(kind)}
    url = found.get("url")
    if url:
        is_still = found.get("format", "").upper() in SNAPSHOT_FORMATS
        is_still = is_still or (not found.get("format") and url.split("?")[0].lower().endswith(SNAPSHOT_ENDINGS))
        given.setdefault("snapshot" if is_still else "stream", url)
    return given
