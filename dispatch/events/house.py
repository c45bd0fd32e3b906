"""What happens to the house itself: people, roles, centres, thresholds, imports, the journal."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from dispatch.events.base import Event


class House(Event, kw_only=True, frozen=True):
    """Base: administrators and auditors hear it; the retention class is the house's own."""

    HEARD_BY: ClassVar[str] = "administrators and auditors of the centre and above"
    RETENTION: ClassVar[str] = "house"


class PersonChanged(House, kw_only=True, frozen=True):
    """A person was made, changed, or switched off. Passwords never stand here."""

    KIND: ClassVar[str] = "person.changed"
    person_uid: UUID
    username: str
    changed: dict[str, Any]


class AssignmentGranted(House, kw_only=True, frozen=True):
    """A role was given; the person's open sockets get a fresh snapshot."""

    KIND: ClassVar[str] = "assignment.granted"
    HEARD_BY: ClassVar[str] = "administrators and auditors of the centre and above, and the person"
    person_uid: UUID
    role: str
    centre_uid: UUID
    valid_until: datetime | None


class AssignmentEnded(House, kw_only=True, frozen=True):
    """A role ended."""

    KIND: ClassVar[str] = "assignment.ended"
    HEARD_BY: ClassVar[str] = "administrators and auditors of the centre and above, and the person"
    person_uid: UUID
    role: str
    centre_uid: UUID


class CentreChanged(House, kw_only=True, frozen=True):
    """A centre was made or changed; every desk reads the board afresh."""

    KIND: ClassVar[str] = "centre.changed"
    HEARD_BY: ClassVar[str] = "everybody in the centre and above"
    centre_uid: UUID
    code: str
    changed: dict[str, Any]


class AreaChanged(House, kw_only=True, frozen=True):
    """An area was made, moved in the tree or got another boundary."""

    KIND: ClassVar[str] = "area.changed"
    area_uid: UUID
    code: str
    changed: dict[str, Any]


class ThresholdChanged(House, kw_only=True, frozen=True):
    """A number of a profile changed."""

    KIND: ClassVar[str] = "threshold.changed"
    profile: str
    key: str
    value: float
    was: float | None


class VehicleChanged(House, kw_only=True, frozen=True):
    """A vehicle of the force was put into the register or changed."""

    KIND: ClassVar[str] = "vehicle.changed"
    vehicle_uid: UUID
    code: str
    changed: dict[str, Any]


class ShiftPlanned(House, kw_only=True, frozen=True):
    """A planned shift was made or changed."""

    KIND: ClassVar[str] = "shift.planned"
    HEARD_BY: ClassVar[str] = "administrators and auditors of the centre and above, and who stands in it"
    plan_uid: UUID
    unit_uid: UUID
    changed: dict[str, Any]


class KindChanged(House, kw_only=True, frozen=True):
    """An incident kind was made or changed."""

    KIND: ClassVar[str] = "kind.changed"
    code: str
    changed: dict[str, Any]


class ImportFinished(House, kw_only=True, frozen=True):
    """A file was read into the map or the camera register."""

    KIND: ClassVar[str] = "import.finished"
    run_uid: UUID
    what: str
    file_name: str
    counts: dict[str, int]
    refused: int


class ImportUndone(House, kw_only=True, frozen=True):
    """An import run was undone: rows removed and put back by noun, and how many stayed because they were used since."""

    KIND: ClassVar[str] = "import.undone"
    HEARD_BY: ClassVar[str] = "administrators, auditors and desks at the top"
    run_uid: UUID
    what: str
    file_name: str
    removed: dict[str, int]
    restored: dict[str, int]
    kept: int


class DeskShowed(House, kw_only=True, frozen=True):
    """What a desk really had on its screen: list versions and tiles, batched by beat."""

    KIND: ClassVar[str] = "desk.showed"
    HEARD_BY: ClassVar[str] = "the person and his supervisors"
    RETENTION: ClassVar[str] = "view"
    shown: list[dict[str, Any]]


class HistoryRead(House, kw_only=True, frozen=True):
    """Somebody read an incident's history."""

    KIND: ClassVar[str] = "history.read"
    RETENTION: ClassVar[str] = "view"
    incident_number: str
    person_uid: UUID


class ReplayOpened(House, kw_only=True, frozen=True):
    """Somebody opened a replay: of which time, of which incident if one was named, and why. Nothing is served without."""

    KIND: ClassVar[str] = "replay.opened"
    HEARD_BY: ClassVar[str] = (
        "auditors and supervisors of the incident's centre, of the person's and above, and the person"
    )
    RETENTION: ClassVar[str] = "view"
    replay_uid: UUID
    person_uid: UUID
    begins: datetime
    ends: datetime
    epoch: int
    after_n: int
    last_n: int
    incident_uid: UUID | None
    incident_number: str
    reason: str


class EpochBegun(House, kw_only=True, frozen=True):
    """The journal goes on under another epoch: clients take a snapshot."""

    KIND: ClassVar[str] = "epoch.begun"
    number: int
    why: str


class ChainHeadWritten(House, kw_only=True, frozen=True):
    """The signed head of the chain was written out of reach."""

    KIND: ClassVar[str] = "chain.head_written"
    head_n: int
    head_hash: str
    where: str


class PayloadErased(House, kw_only=True, frozen=True):
    """Payloads were erased under a rule; their digests stay."""

    KIND: ClassVar[str] = "payload.erased"
    rule: str
    count: int
    up_to_n: int
