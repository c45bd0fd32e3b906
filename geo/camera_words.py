"""The words of camera lists: header names, kinds, compass words and consent, Chinese and English. Pure."""

import re
from collections.abc import Mapping

from geo.errors import GeoError

# Our word → header names, compared without case, spaces, "_" and "-"; the first that holds something is taken.
HEADERS: dict[str, tuple[str, ...]] = {
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
NUMBER = re.compile(r"^[+-]?\d+(?:\.\d+)?$")
SPAN = re.compile(r"^(\d+(?:\.\d+)?)\s*[-–~]\s*(\d+(?:\.\d+)?)$")
SNAPSHOT_FORMATS = ("JPEG", "JPG", "IMAGE_STREAM", "PNG")
SNAPSHOT_ENDINGS = (".jpg", ".jpeg", ".png")


def heading_of(text: str | None) -> tuple[float | None, float | None, bool]:
    """Return (heading in degrees, fov in degrees when a span like 90-180 is given, whether the words were understood).

    Degrees, the sixteen compass letters, the eight English and Chinese words ("东北", "朝南", "西向", "由北向南").
    """
    plain = (text or "").strip()
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
        start, end = float(span[1]), float(span[2])
        width = (end - start) % 360.0
        return (start + width / 2) % 360.0, width or None, True
    toward = re.search(r"由.+?向(.+)$", plain)
    word = toward[1] if toward else re.sub(r"[朝向面往方侧]", "", plain)
    key = re.sub(r"bound$", "", re.sub(r"[\s\-_]", "", word), flags=re.IGNORECASE).upper()
    return COMPASS.get(key), None, key in COMPASS


def addresses_of(found: Mapping[str, str]) -> dict[str, str]:
    """Return kind → address. A bare "url" is a snapshot or a stream by the list's format column, else by its ending."""
    given = {kind: found[kind] for kind in ("snapshot", "stream") if found.get(kind)}
    url = found.get("url")
    if url:
        is_still = found.get("format", "").upper() in SNAPSHOT_FORMATS
        is_still = is_still or (not found.get("format") and url.split("?")[0].lower().endswith(SNAPSHOT_ENDINGS))
        given.setdefault("snapshot" if is_still else "stream", url)
    return given
