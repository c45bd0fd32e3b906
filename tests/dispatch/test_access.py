"""Who may see and do what: views by key, redaction without holes, default deny, nobody above the tables."""

import msgspec
import pytest

from dispatch import access
from dispatch.access import BEST, HIDDEN, MAY, Viewer, can, redact, redact_card, view_of
from dispatch.cards import CARDS
from dispatch.errors import DispatchError
from dispatch.models import Person
from dispatch.models.people import Role
from tests.cast import HERE, Cast

OWN_PROCESSES = {"ranker", "worker", "outlets"}


def viewer(**keys: str) -> Viewer:
    """Return a viewer with these keys (`area_1="full"`)."""
    return Viewer(keys={name.replace("_", ":"): view for name, view in keys.items()})


def test_the_best_view_that_matches_counts() -> None:
    both = viewer(area_1="full", ground_1="ground", area_2="watch")
    assert view_of(["ground:1", "area:1"], both) == "full"
    assert view_of(["ground:1", "area:2"], both) == "watch"
    assert view_of(["ground:1"], both) == "ground"
    assert view_of(["area:3"], both) is None
    assert view_of([], both) is None


def test_hidden_names_fields_that_cards_have_with_values_of_their_type() -> None:
    """A renamed field must not come through unhidden."""
    assert set(HIDDEN) == set(BEST)
    for view, nouns in HIDDEN.items():
        for noun, fields in nouns.items():
            assert set(fields) <= set(CARDS[noun].__struct_fields__), (view, noun)
            types = {info.name: info.type for info in msgspec.structs.fields(CARDS[noun])}
            for name, value in fields.items():
                msgspec.convert(value, types[name])


def test_redaction_leaves_its_input_alone_and_hides_nothing_for_the_full_view() -> None:
    data = {"incident": {"uid": "1", "remark": "armed", "owner": {"uid": "2"}}, "changed": ["remark"]}
    trimmed = redact(data, "ground")
    assert trimmed["incident"]["remark"] is None
    assert trimmed["incident"]["owner"] is None
    assert data["incident"]["remark"] == "armed"
    assert redact(data, "full") == data
    said = {"incident": {"uid": "1"}, "cause": "he is armed", "reason": "theirs"}
    assert redact(said, "ground") == {"incident": {"uid": "1"}, "cause": "", "reason": ""}
    assert redact_card("incident", data["incident"], "ground")["remark"] is None
    # A field that was erased stays away: redaction brings nothing back.
    assert "remark" not in redact({"incident": {"uid": "1"}}, "ground")["incident"]


def test_every_verb_names_known_roles_and_unknown_verbs_are_refused(cast: Cast) -> None:
    known = {*Role.values, "crew", *OWN_PROCESSES}
    for verb, roles in MAY.items():
        assert roles, verb
        assert roles <= known, verb
    assert not can(cast.viewer("chief"), "incident.vanish")
    with pytest.raises(DispatchError, match="forbidden"):
        access.require(cast.viewer("chief"), "incident.vanish")


def test_a_role_reaches_down_its_own_tree_only(cast: Cast) -> None:
    s1, s3 = cast.areas["S1"].lineage, cast.areas["S3"].lineage
    assert can(cast.viewer("city_desk"), "order.send", lineage=s1)
    assert can(cast.viewer("city_desk"), "order.send", lineage=s3)
    assert can(cast.viewer("desk"), "order.send", lineage=s1)
    assert not can(cast.viewer("desk"), "order.send", lineage=s3)
    assert not can(cast.viewer("desk"), "order.send", lineage=cast.areas["D1"].lineage)
    assert not can(cast.viewer("desk"), "order.send", lineage=[])


def test_a_crew_may_what_is_its_units_and_no_other(cast: Cast) -> None:
    officer = cast.viewer("officer")
    assert can(officer, "order.answer", unit_id=cast.units["P-11"].pk)
    assert not can(officer, "order.answer", unit_id=cast.units["P-12"].pk)
    assert not can(officer, "order.answer", unit_id=-1)


def test_a_superuser_without_a_role_sees_and_does_nothing(cast: Cast) -> None:
    Person.objects.filter(pk=cast.people["nobody"].pk).update(is_superuser=True, is_staff=True)
    above = cast.viewer("nobody")
    assert [verb for verb in MAY if can(above, verb)] == []
    assert not [key for key in above.keys if not key.startswith("person:")]


def test_the_administrator_sees_no_board_and_the_auditor_no_picture(cast: Cast) -> None:
    assert not can(cast.viewer("admin"), "board.read")
    assert not can(cast.viewer("auditor"), "camera.look")
    assert [name for name in cast.people if can(cast.viewer(name), "views.read")] == ["auditor"]


def test_whoever_is_switched_off_has_no_keys(cast: Cast) -> None:
    Person.objects.filter(pk=cast.people["desk"].pk).update(is_active=False)
    assert (cast.viewer("desk").keys, cast.viewer("desk").held) == ({}, ())


def test_our_processes_do_their_own_verbs_only() -> None:
    for name in OWN_PROCESSES:
        mine = {verb for verb in MAY if can(access.system(name), verb)}
        assert mine == {verb for verb, roles in MAY.items() if name in roles}
    with pytest.raises(DispatchError, match="forbidden"):
        assert access.system("worker").pk


def test_a_video_watcher_who_is_dispatcher_elsewhere_keeps_the_views_apart(cast: Cast) -> None:
    double = cast.viewer("double")
    assert double.keys[f"area:{cast.areas['S1'].pk}"] == "full"
    assert double.keys[f"area:{cast.areas['S3'].pk}"] == "watch"
    incident = cast.open(point=HERE)
    assert view_of(incident.audience, double) == "full"
