"""Import runs: undoing one. The rows are geo's to put back; what the boards and the journal must hear of it stands here."""

from django.db import transaction

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions.audience import conceal
from dispatch.actions.base import action, collect
from dispatch.actions.estate import active_orders, import_keys, put_unit, show_unit
from dispatch.actions.house import lineage_or_top, recast_all, tell_area, tell_centre
from dispatch.errors import DispatchError
from dispatch.models import Centre, Unit
from geo import undo
from geo.errors import GeoError
from geo.models import Area, ImportRun
from geo.traces import ids_of
from geo.undo import Undone

CODES = {"run_state": "wrong_state"}
Gone = list[tuple[Area, Centre | None]]


def may_undo(actor: Viewer, run: ImportRun) -> bool:
    """Return whether `actor` administers all that a run wrote: the map is the whole house's, an area its parent's."""
    areas = list(Area.objects.filter(pk__in=run.area_ids).select_related("parent"))
    # An area's ground and its place in the tree are given from above.
    holders = [area.parent or area if run.kind == "areas" else area for area in areas]
    lineages = [area.lineage for area in holders]
    return all(
        access.can(actor, "import.run", lineage=lineage) for lineage in lineages or [lineage_or_top(None, actor)]
    )


def look_at_undo(*, actor: Viewer, run: ImportRun) -> Undone:
    """Return what undoing a run would do, and do nothing. Raises as `undo_import`."""
    _require(actor, run)
    with transaction.atomic():
        try:
            done = undo.carry_out(undo.prepare(run.pk))
        except GeoError as error:
            raise _refused(error) from error
        transaction.set_rollback(True)
    return done


@action
def undo_import(*, actor: Viewer, run: ImportRun) -> Undone:
    """Put everything back as it was before a run; what was used since stays, switched off where it can be, and is named.

    Raises `forbidden`, `import_running`, `wrong_state`, `undo_not_kept`, `run_overtaken`, `rows_changed`, `rows_in_use`,
    `undo_blocked`, `in_use` (a unit that would be switched off is on duty).
    """
    _require(actor, run)
    try:
        row = undo.prepare(run.pk)
        changed_areas = _areas(row, added=False)
        gone_areas, staying_units, changed_units = (
            _areas(row, added=True),
            _conceal_units(row),
            _units(row, added=False),
        )
        done = undo.carry_out(row)
    except GeoError as error:
        raise _refused(error) from error
    _tell_areas(changed_areas, gone_areas)
    _tell_units(actor, staying_units, changed_units)
    told = events.ImportUndone(
        run_uid=row.uid, what=row.kind, file_name=row.file_name, removed=dict(done.removed), restored=dict(done.restored),
        kept=done.kept_total,
    )  # fmt: skip
    collect(told, import_keys(), f"import:{row.uid}")
    return done


def _require(actor: Viewer, run: ImportRun) -> None:
    if not may_undo(actor, run):
        raise DispatchError("forbidden", verb="import.run", roles=sorted(access.MAY["import.run"]))


def _refused(error: GeoError) -> DispatchError:
    return DispatchError(CODES.get(error.code, error.code), field=error.field, **error.facts)


def _areas(run: ImportRun, *, added: bool) -> Gone:
    pks = {pk for table in ("geo_area", "geo_ground") for pk in ids_of(run, table, added=added)}
    new = set() if added else set(ids_of(run, "geo_area", added=True))
    areas = Area.objects.filter(pk__in=pks - new).order_by("lineage")
    centres = {centre.area_id: centre for centre in Centre.objects.filter(area__in=areas).select_related("area")}
    return [(area, centres.get(area.pk)) for area in areas]


def _units(run: ImportRun, *, added: bool) -> list[Unit]:
    pks = set(ids_of(run, "dispatch_unit", added=added))
    if not added:
        pks -= set(ids_of(run, "dispatch_unit", added=True))
    return list(Unit.objects.filter(pk__in=pks).select_related("centre__area", "post"))


def _conceal_units(run: ImportRun) -> list[int]:
    """Take units that go off the boards; return the ids of those that stay."""
    staying = set(undo.staying("dispatch_unit"))
    for unit in _units(run, added=True):
        if unit.pk not in staying:
            conceal(unit, unit.audience)
    return sorted(staying)


def _tell_areas(changed: Gone, gone: Gone) -> None:
    for area, centre in gone:
        told = events.AreaChanged(area_uid=area.uid, code=area.code, changed={"removed": True})
        collect(told, access.role_keys("administrator", area.lineage), f"area:{area.uid}")
        if centre:
            tell_centre(centre, {"removed": True})
    for area, _ in changed:
        area.refresh_from_db()
        tell_area(area, {"name": area.name, "restored": True})
    if changed or gone:
        recast_all()


def _tell_units(actor: Viewer, staying: list[int], changed: list[Unit]) -> None:
    for unit in Unit.objects.filter(pk__in=staying, active=True).select_related("centre__area", "tracker"):
        put_unit(
            actor=actor, unit=unit, centre=unit.centre, call_sign=unit.call_sign, kind=unit.kind, active=False,
            radio_only=unit.radio_only, talk_group=unit.talk_group, capabilities=unit.capabilities,
        )  # fmt: skip
    for unit in changed:
        unit.refresh_from_db()
        if not unit.active and (unit.on_duty or active_orders(unit)):
            raise DispatchError("in_use", unit=unit.call_sign)
        unit.version += 1
        unit.save(update_fields=["version"])
        show_unit(unit, new=False)
