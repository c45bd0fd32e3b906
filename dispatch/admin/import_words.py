"""What the import pages say of a file, a row or an undo that was refused: code → (Chinese, English). Facts stand in braces."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

REFUSED: dict[str, tuple[str, str]] = {
    "file_not_found": ("文件已不在，请重新上传。", "The file is not there any more; send it again."),
    "file_is_folder": ("这是一个文件夹。", "This is a folder."),
    "file_empty": ("文件是空的。", "The file is empty."),
    "file_not_readable": ("文件无法打开。", "The file cannot be opened."),
    "file_unreadable": ("文件无法读取：{why}", "The file cannot be read: {why}"),
    "file_is_archive": ("这是压缩包，请解压后上传其中的文件。", "This is a packed archive; unpack it and send the file inside."),
    "file_of_other_kind": ("这不是此类导入能读取的文件。", "This is not a file of a kind that this import reads."),
    "file_leads_elsewhere": (
        "文件中含有会读取其他文件或其他主机的表或视图，不予打开。",
        "The file holds tables or views that read other files or hosts; it is not opened.",
    ),
    "file_damaged": (
        "文件中断或损坏（{why}），请重新保存后上传。",
        "The file breaks off or is damaged ({why}); save it again and send it.",
    ),
    "file_not_written": ("服务器无法写入文件。", "The server could not write a file."),
    "encoding_unknown": (
        "第 {line} 行不是 {tried} 编码的文本。请选择编码，或另存为 UTF-8。",
        "Line {line} is no text in {tried}. Choose the encoding, or save the file as UTF-8.",
    ),
    "header_missing": ("没有列名行；第一行必须是列名。", "There is no line of column names; the first line must name the columns."),
    "columns_missing": (
        "没有找到表示“{words}”的列，请在字段对应中写明：{words}=列名。文件的列：{fields}",
        "No column is known for {words}; write {words}=COLUMN under fields. The columns are: {fields}",
    ),
    "field_needed": ("缺少“{word}”。文件的列：{fields}", "“{word}” is missing. The columns are: {fields}"),
    "field_unknown": (
        "文件中没有列“{field}”（{word}）。文件的列：{fields}",
        "There is no column “{field}” for {word}. The columns are: {fields}",
    ),
    "word_not_ours": (
        "字段对应中的“{word}”不是本系统的字段，可用：{words}",
        "“{word}” is none of our fields. There are: {words}",
    ),
    "map_unreadable": ("字段对应每行写一个：字段=列名。", "Write fields as word=COLUMN, one on each line."),
    "too_many_columns": (
        "文件有 {columns} 列，多于 {most}，不像清单。",
        "The file has {columns} columns; more than {most} is no list.",
    ),
    "line_too_long": ("第 {line} 行长于 {most} 个字符，不像清单。", "Line {line} is longer than {most} characters; this is no list."),
    "quote_not_closed": ("第 {line} 行的引号没有闭合。", "A quotation mark that opens in line {line} is not closed."),
    "cells_too_many": ("此行有 {cells} 格，列名只有 {columns} 个。", "The row has {cells} cells, the header {columns}."),
    "cell_is_formula": ("{field} 是公式或表格错误，不是数值。", "{field} is a formula or a spreadsheet's error, not a value."),
    "cell_missing": ("缺少 {field}。", "{field} is missing."),
    "text_unreadable": ("{field} 不是此编码的文本。", "{field} is no text in this encoding."),
    "no_features": (
        "此 JSON 没有 features；需要 GeoJSON（FeatureCollection）。",
        "This JSON holds no features; GeoJSON (a FeatureCollection) is needed.",
    ),
    "layer_needed": ("文件有多个图层，请选择其一：{layers}", "The file has several layers; choose one of: {layers}"),
    "layer_unknown": ("没有图层“{layer}”，有：{layers}", "There is no layer “{layer}”; there are: {layers}"),
    "datum_needed": (
        "文件的坐标系（{system}）无法识别，请选择坐标系。",
        "The file's coordinate system ({system}) is not known; choose the datum.",
    ),
    "datum_unknown": ("不认识坐标系“{datum}”。", "The datum “{datum}” is not known."),
    "position_not_a_number": ("位置（{lon}，{lat}）不是两个数字。", "The position ({lon}, {lat}) is not two numbers."),
    "position_not_finite": ("位置在此坐标系中不存在，请换坐标系。", "The position is no place in that datum; choose another."),
    "position_out_of_range": (
        "位置（{lon}，{lat}）不在地球上；经纬度可能颠倒，或是投影坐标（米）。",
        "The position ({lon}, {lat}) is no place on earth; longitude and latitude may be swapped, or it is metres of a projection.",
    ),
    "position_null_island": ("位置是 0, 0，表示“不详”。", "The position is 0, 0: that means “not known”."),
    "geometry_empty": ("没有图形。", "It has no shape."),
    "geometry_unreadable": ("图形无法读取。", "Its shape cannot be read."),
    "not_a_point": ("图形是 {type}，镜头应为点。", "Its shape is a {type}; cameras are points."),
    "not_a_line": ("图形是 {type} 或长度为零，道路应为线。", "Its shape is a {type} or of no length; roads are lines."),
    "wrong_shape": ("图形 {type} 与“{kind}”不符。", "Its shape is a {type}; that does not fit “{kind}”."),
    "too_few_points": (
        "{nodes} 个点中只有 {points} 个在文件中，不成线。",
        "Of its {nodes} points {points} are in the file; a line needs two.",
    ),
    "rim_not_closed": ("边缘没有闭合。", "Its rim is not closed."),
    "boundary_unusable": ("边界不是面。", "Its boundary is no surface."),
    "restriction_unusable": ("转向限制不完整。", "The turn restriction cannot be used."),
    "interpolation_unusable": ("门牌号“{value}”无法推算。", "House numbers “{value}” cannot be reckoned."),
    "kind_unknown": ("不认识类别“{kind}”。", "The kind “{kind}” is not known."),
    "word_unknown": ("{field}“{value}”不认识，可用：{known}{words}", "{field} “{value}” is not known. Known are: {known}{words}"),
    "not_a_number": ("{field}“{value}”不是数字。", "{field} “{value}” is not a number."),
    "out_of_range": ("{field}“{value}”不在 {low} 到 {high} 之间。", "{field} “{value}” is not between {low} and {high}."),
    "unknown_field": ("镜头没有 {field}。", "{field} is nothing that a camera has."),
    "unknown_kind": ("不认识此类别。", "That kind is not known."),
    "areas_first": (
        "还没有辖区：请先导入辖区，或写明辖区编码。",
        "There are no areas yet: import areas first, or name the area.",
    ),
    "unit_unknown": ("{centre} 没有警组“{call_sign}”。", "{centre} has no unit “{call_sign}”."),
    "person_unknown": ("没有登录名或警号为“{name}”的人。", "Nobody signs in as “{name}”, or has that police number alone."),
    "vehicle_unknown": ("没有车辆“{code}”，或有多辆。", "There is no vehicle “{code}”, or several."),
    "time_unreadable": ("“{value}”不是时间，应如 2026-03-11 20:00。", "“{value}” is no time: 2026-03-11 20:00 is one."),
    "area_unknown": ("没有辖区“{code}”。", "There is no area “{code}”."),
    "no_area_here": ("（{lon}，{lat}）不在任何辖区内。", "No area's boundary holds {lon}, {lat}."),
    "area_cycle": ("“{code}”会位于自身之下（上级 {parent}）。", "“{code}” would stand under itself (parent {parent})."),
    "duplicate_row": ("与 {first} 相同，已取前者。", "It is the same as {first}; the first was taken."),
    "duplicate_national_code": (
        "国标编码与 {first} 相同，已取前者。",
        "Its national code is the one of {first}; the first was taken.",
    ),
    "camera_exists": ("编码“{code}”已被另一镜头使用。", "Another camera has the code “{code}”."),
    "address_unusable": ("地址无法使用：需要 http、https 或 rtsp。", "The address cannot be used: http, https or rtsp is needed."),
    "national_code_unusable": ("国标编码无法使用（应为 20 位数字）。", "The national code cannot be used (20 digits)."),
    "credentials_unreadable": ("已存的登录信息无法解密。", "A stored login cannot be opened with this instance's key."),
    "tokens_need_a_file": ("新终端的令牌无处存放。", "There is nowhere to put the tokens of new beacons."),
    "nothing_found": ("没有一行可用，{refused} 行被拒。", "Not one row could be taken; {refused} were refused."),
    "outside_your_ground": (
        "文件中有不归你管理的辖区的数据：{areas}。整个文件都没有导入。",
        "The file has rows in areas that you do not administer: {areas}. Nothing of it is taken.",
    ),
    "duty_overlaps": ("值班时间重叠。", "Duty intervals overlap."),
    "tile_out_of_range": ("超出范围。", "Out of range."),
    "bad_input": ("{field} 无法使用。", "{field} cannot be used."),
    "too_long": ("{field} 长于 {limit} 个字符。", "{field} is longer than {limit} characters."),
    "exists": ("{field}“{value}”已存在。", "{field} “{value}” is there already."),
    "in_use": (
        "警组 {unit} 正在值班或有警单。请先下班、结束警单。",
        "Unit {unit} is on duty or has an order. Sign it off and end its orders first.",
    ),
    "forbidden": ("不归你管理。", "That is not yours to administer."),
    "not_found": ("没有此项，或不归你。", "There is no such thing, or it is not yours."),
    "wrong_state": ("当前状态下不能这样做，页面可能已过时。", "That is not possible now; the page may be out of date."),
    "import_running": ("有一个导入正在进行，请稍后再试。", "An import is running; try again later."),
    "run_state": ("当前状态下不能这样做。", "That is not possible in its present state."),
    "undo_not_kept": (
        "此次导入改动前的内容已不再保留，无法撤销。",
        "What this import changed is not kept any more, so it cannot be undone.",
    ),
    "run_overtaken": (
        "之后的导入改动了同样的数据，请先撤销：{runs}",
        "A later import changed the same rows. Undo first: {runs}",
    ),
    "rows_changed": ("{total} 行之后被人工修改过，例如：{rows}", "{total} rows were changed by hand since, such as: {rows}"),
    "rows_in_use": ("新增的 {total} 项已在使用，例如：{rows}", "{total} things that it added are in use, such as: {rows}"),
    "undo_blocked": (
        "要恢复的数据，其编号或位置已被占用（{constraint}）。",
        "The code or place of a row that would come back was taken since ({constraint}).",
    ),
    "import_interrupted": (
        "处理进程 {tries} 次中断，已停止。文件可能过大。",
        "The process working on it died {tries} times; it was given up. The file may be too heavy.",
    ),
    "import_too_heavy": ("内存不足，无法读取此文件。", "The file needs more memory than an import may have."),
    "import_broke": ("读取时出错，详情见服务器日志。", "Reading it went wrong; the server's log says how."),
}  # fmt: skip
FILE: dict[str, tuple[str, str]] = {
    "too_big": ("文件过大，最多 {limit} MB。", "The file is too big; at most {limit} MB."),
    "no_file": (
        "没有收到文件；可能超过 {limit} MB，或上传中断。",
        "No file arrived; it may be over {limit} MB, or sending was cut off.",
    ),
    "kind_not_taken": ("此类导入不接受这种文件。可用：{allowed}", "This import does not take such a file. It takes: {allowed}"),
    "archive_unusable": (
        "压缩包无法使用：应只含一个图层（.shp 及其附件，或单个文件），未加密，解压后不超限。",
        "The archive cannot be used: one layer (.shp with its parts, or a single file), not encrypted, within the limit when unpacked.",
    ),
    "archive_several": ("压缩包含多个图层，请只放一个：{files}", "The archive holds several layers; send one: {files}"),
}  # fmt: skip
NOTES: dict[str, tuple[str, str]] = {
    "run_interrupted": (
        "导入进程中途中断，没有导入任何内容。",
        "Its process died before it was done; nothing of it was imported.",
    ),
    "looks_shifted": (
        "此清单似乎偏移约 {shift_m} 米：半数点距最近道路 {as_given_m} 米以上，"
        "按 {datum} 读取则在 {as_datum_m} 米以内。若为 {datum}，请选择该坐标系再预览。",
        "This list looks shifted by about {shift_m} m: half of it stands over {as_given_m} m from any road, and within"
        " {as_datum_m} m when read as {datum}. If it is {datum}, choose that datum and preview again.",
    ),
    "rows_over_lines": (
        "{count} 行跨多行：可能多了一个引号，吞掉了若干行，请检查。",
        "{count} rows go over several lines: a quotation mark too many would swallow rows. Look at them.",
    ),
    "turns_by_hours_not_read": (
        "{count} 条仅在特定时段有效的转向限制未读取。",
        "{count} turn restrictions hold at certain hours only; they are not read.",
    ),
    "class_missing": (
        "没有表示道路等级的列，全部按“road”。可在字段对应中写明 class=列名。",
        "No column tells the class of the roads: all are “road”. Write class=COLUMN under fields.",
    ),
    "headings_not_understood": (
        "{count} 个朝向无法理解，按“朝向不详”处理：{rows}",
        "{count} headings were not understood; these cameras are taken as “direction unknown”: {rows}",
    ),
}  # fmt: skip
COUNTS: dict[str, tuple[str, str]] = {
    "added": ("新增", "added"), "changed": ("更改", "changed"), "unchanged": ("未变", "unchanged"),
    "with_address": ("有图像地址", "with a picture address"), "without_heading": ("无朝向", "without heading"),
    "heading_not_understood": ("朝向无法理解", "heading not understood"), "address_shared": ("地址重复", "address shared"),
    "not_roads": ("非道路", "not roads"), "class_unknown": ("等级不明", "class unknown"),
    "roads": ("道路", "roads"), "features": ("地物", "features"), "places": ("地名地址", "places"), "turns": ("转向限制", "turns"),
    "road_points": ("路上设施", "points on roads"), "conditional_kept": ("分时限制", "conditional limits"),
}  # fmt: skip
NOUNS: dict[str, tuple[str, str]] = {
    "area": ("辖区", "areas"), "centre": ("单位", "centres"), "ground": ("辖区范围", "grounds"), "tracker": ("定位终端", "beacons"),
    "unit": ("警组", "units"), "camera": ("镜头", "cameras"), "placement": ("镜头位置", "placements"),
    "address": ("镜头地址", "camera addresses"), "road": ("道路", "roads"), "road_point": ("路上设施", "points on roads"),
    "turn": ("转向限制", "turn restrictions"), "feature": ("地物", "features"), "place": ("地名地址", "places"),
    "shifts": ("值班安排", "planned shifts"),
}  # fmt: skip
SHOWN_FACT = 300


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"


def say_refusal(code: str, facts: Mapping[str, Any], field: str | None = None) -> str:
    """Return a refusal as a sentence in the page's language; an unknown code as it is."""
    table = FILE if code == "bad_input" and facts.get("why") in FILE else REFUSED
    return _fill(table, str(facts["why"]) if table is FILE else code, {"field": field or "", **facts})


def say_note(code: str, facts: Mapping[str, Any]) -> str:
    """Return what looks wrong with a file as a whole."""
    return _fill(NOTES, code, facts)


def say_count(name: str) -> str:
    """Return what a count counts: "roads_added" is "roads added"."""
    if name in COUNTS:
        return _own(COUNTS[name])
    what, _, how = name.rpartition("_")
    return f"{_own(COUNTS.get(what, (what, what)))} {_own(COUNTS.get(how, (how, how)))}".strip()


def say_noun(noun: str) -> str:
    """Return the name of a kind of row."""
    return _own(NOUNS.get(noun, (noun, noun)))


def _own(pair: tuple[str, str]) -> str:
    return pair[0] if (get_language() or "").startswith("zh") else pair[1]


def _fill(table: Mapping[str, tuple[str, str]], code: str, facts: Mapping[str, Any]) -> str:
    if code not in table:
        return code
    said = _Facts({name: _text(value)[:SHOWN_FACT] for name, value in facts.items()})
    missing_words = {name: "" for name in ("known", "words") if name not in said} if code == "word_unknown" else {}
    return _own(table[code]).format_map(_Facts({**said, **missing_words}))


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_text(one) for one in value)
    if isinstance(value, Mapping):
        if "run" in value:
            return f"#{value['run']} {value.get('file', '')}"
        return (
            " ".join([say_noun(str(value["noun"])), str(value.get("name", ""))])
            if "noun" in value
            else str(dict(value))
        )
    return str(value)
