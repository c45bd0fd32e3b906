"""What this product must never have a name for: the forbidden list of the design, zh and en, held over every field, route,
event, kind, role, reason and word on the screens."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from django.apps import apps
from django.urls import URLResolver, get_resolver

from dispatch import access, lifecycles
from dispatch.cards import Board
from dispatch.events import CATALOGUE
from dispatch.models.people import Role
from dispatch.models.purposes import PurposeKind
from geo.models.cameras import CameraKind
from realtime import protocol

# Pieces of names, split at _ . - / and capitals. A piece is matched whole, so that "surface" is no face.
ENGLISH = {
    "face", "faces", "facial", "gait", "voiceprint", "biometric", "biometrics", "imsi", "imei", "mac", "ethnic", "ethnicity",
    "race", "religion", "health", "illness", "disability", "drug", "drugs", "addict", "blacklist", "watchlist", "suspect",
    "suspects", "citizen", "resident", "plate", "plates", "reid", "reidentify", "creditscore", "covert", "eavesdrop", "wiretap",
    "stalk", "hotlist",
}  # fmt: skip
PHRASES = (
    "key_person", "person_of_interest", "follow_person", "track_person", "follow_vehicle", "track_vehicle", "voice_print",
    "off_duty_position", "score_of_person", "person_score", "officer_score", "risk_score", "remote_microphone", "remote_camera",
    "journal_off", "disable_journal", "silent_start", "cross_camera", "license_plate", "number_plate", "id_card",
)  # fmt: skip
CHINESE = (
    "人脸", "步态", "声纹", "民族", "种族", "宗教", "健康", "疾病", "吸毒", "涉毒", "重点人", "黑名单", "嫌疑人", "车牌", "身份证",
    "跟踪人", "跟踪车", "布控", "评分", "积分", "偷拍", "窃听", "暗中", "关闭日志", "停用日志", "手机串号",
)  # fmt: skip


def pieces(name: str) -> set[str]:
    """Return the lower-case words a name is made of."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return {piece.lower() for piece in re.split(r"[^A-Za-z0-9]+", split) if piece}


def trouble(name: str) -> str | None:
    """Return what a name contains of the forbidden list, or None."""
    joined = "_".join(re.split(r"[^a-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()))
    bad = sorted(pieces(name) & ENGLISH) + [phrase for phrase in PHRASES if phrase in joined]
    bad += [word for word in CHINESE if word in name]
    return f"{name}: {bad}" if bad else None


def model_names() -> Iterator[str]:
    for label in ("dispatch", "geo"):
        for model in apps.get_app_config(label).get_models():
            yield model.__name__
            yield from (field.name for field in model._meta.get_fields())


def event_names() -> Iterator[str]:
    for kind, event in CATALOGUE.items():
        yield kind
        yield from event.__struct_fields__
    for name, definition in msgspec.json.schema_components([Board])[1].items():
        yield name
        yield from definition.get("properties", {})


def route_names(found: list, prefix: str = "") -> Iterator[str]:
    for item in found:
        yield f"{prefix}{item.pattern}"
        if isinstance(item, URLResolver):
            yield from route_names(item.url_patterns, f"{prefix}{item.pattern}")


def law_names() -> Iterator[str]:
    yield from access.MAY
    yield from (*Role.values, *PurposeKind.values, *CameraKind.values, *protocol.TOPICS)
    for table in lifecycles.LAW.values():
        yield from (word for (state, verb), to in table.items() for word in (state, verb, to))
    for row in (lifecycles.UNIT_REASONS, lifecycles.REFUSE_REASONS, lifecycles.DISPOSITIONS, lifecycles.CALL_CHANNELS):
        yield from row


def screen_keys() -> Iterator[str]:
    """Yield the keys and the Chinese of the catalogue of words (English prose may say that faces are NOT recognised)."""
    for path in Path("frontend/src/core/i18n").glob("*.ts"):
        yield from re.findall(r"^\s*'([a-z_.]+)':", path.read_text(), re.M)


@pytest.mark.parametrize("names", [model_names, event_names, law_names, screen_keys])
def test_no_name_of_the_house_is_forbidden(names) -> None:
    listed = list(names())
    assert len(listed) > 20
    assert [found for name in listed if (found := trouble(name))] == []


def test_no_route_is_forbidden() -> None:
    listed = list(route_names(get_resolver().url_patterns))
    assert len(listed) > 50
    assert [found for name in listed if (found := trouble(name))] == []


@pytest.mark.parametrize(
    "name",
    ["face_match", "FaceMatch", "api/v1/faces", "gait", "imsi", "人脸识别", "key_person", "officerScore", "车牌识别"],
)
def test_the_check_sees_what_is_forbidden(name: str) -> None:
    assert trouble(name)


@pytest.mark.parametrize("name", ["surface", "reface_m", "embrace", "machine", "voice", "trace_uid", "officer"])
def test_and_nothing_else(name: str) -> None:
    assert trouble(name) is None


def test_there_is_no_record_of_a_member_of_the_public() -> None:
    """People are the house's own; of a caller there is a number and a name on the call, and both can be erased."""
    names = {model.__name__ for model in apps.get_app_config("dispatch").get_models()}
    assert not names & {"Citizen", "Suspect", "Caller", "Subject", "Vehicle", "Victim", "Witness"}


def test_no_verb_switches_the_journal_off() -> None:
    assert not [verb for verb in access.MAY if "journal" in verb and verb != "journal.keep"]
    assert access.MAY["journal.keep"] == {"worker"}
