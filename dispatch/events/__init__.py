"""The catalogue of everything that can happen: one typed class per event, found here by kind."""

from dispatch.events.attachments import (
    AttachmentAdded,
    AttachmentErased,
    AttachmentFiled,
    AttachmentRefused,
    AttachmentViewed,
)
from dispatch.events.base import Event
from dispatch.events.between import (
    AidConcealed,
    AidRevealed,
    IncidentCalledBack,
    IncidentDue,
    NoticeAcknowledged,
    NoticeConcealed,
    NoticeRevealed,
    NoticeSent,
    OrderFollowed,
    ReportConcealed,
    ReportRevealed,
    ReportSent,
    ReportSigned,
)
from dispatch.events.board import (
    AttachmentConcealed,
    AttachmentRevealed,
    CallConcealed,
    CallRevealed,
    IncidentConcealed,
    IncidentRevealed,
    NoteConcealed,
    NoteRevealed,
    OrderConcealed,
    OrderRevealed,
    PostConcealed,
    PostRevealed,
    RequestConcealed,
    RequestRevealed,
    SuggestionConcealed,
    SuggestionRevealed,
    UnitConcealed,
    UnitRevealed,
)
from dispatch.events.calls import CallClosed, CallJoined, CallLeft, CallTaken
from dispatch.events.cameras import (
    CameraChanged,
    CameraRetired,
    CameraStatusChanged,
    CameraViewed,
    PurposeEnded,
    PurposeOpened,
)
from dispatch.events.distress import (
    DistressAcknowledged,
    DistressCancelled,
    DistressConcealed,
    DistressEnded,
    DistressEscalated,
    DistressLinked,
    DistressRaised,
    DistressRevealed,
)
from dispatch.events.house import (
    AreaChanged,
    AssignmentEnded,
    AssignmentGranted,
    CentreChanged,
    ChainHeadWritten,
    DeskShowed,
    EpochBegun,
    HistoryRead,
    ImportFinished,
    ImportUndone,
    KindChanged,
    PayloadErased,
    PersonChanged,
    ReplayOpened,
    ShiftPlanned,
    ThresholdChanged,
    VehicleChanged,
)
from dispatch.events.incidents import (
    IncidentChanged,
    IncidentClosed,
    IncidentHeld,
    IncidentOpened,
    IncidentReopened,
    IncidentResumed,
    IncidentSuggested,
    IncidentTaken,
    IncidentTransferAnswered,
    IncidentTransferOffered,
    IncidentTransferred,
    IncidentWatched,
    IncidentYielded,
    NoteWritten,
    SuggestionFailed,
)
from dispatch.events.orders import (
    AidEnded,
    AidGranted,
    OrderAnswered,
    OrderCleared,
    OrderDelivered,
    OrderMoved,
    OrderRecalled,
    OrderReplaced,
    OrderSeen,
    OrderSent,
    OrderTimedOut,
    RequestAnswered,
    RequestAsked,
    RequestEscalated,
)
from dispatch.events.reach import (
    OrderReached,
    PushForgotten,
    PushRegistered,
    ReachPlanChanged,
    SmsGatewayChanged,
)
from dispatch.events.units import DeviceEnrolled, PostChanged, UnitChanged, UnitSignedOff, UnitSignedOn

CATALOGUE: dict[str, type[Event]] = {
    event.kind(): event
    for event in (
        CallTaken, CallJoined, CallLeft, CallClosed, CallRevealed, CallConcealed,
        IncidentOpened, IncidentChanged, IncidentTaken, IncidentYielded, IncidentWatched, IncidentHeld, IncidentResumed,
        IncidentTransferOffered, IncidentTransferAnswered, IncidentTransferred, IncidentClosed, IncidentReopened,
        IncidentSuggested, SuggestionFailed, IncidentRevealed, IncidentConcealed, SuggestionRevealed, SuggestionConcealed,
        NoteWritten, NoteRevealed, NoteConcealed,
        AttachmentAdded, AttachmentFiled, AttachmentRefused, AttachmentErased, AttachmentViewed, AttachmentRevealed, AttachmentConcealed,
        OrderSent, OrderDelivered, OrderSeen, OrderAnswered, OrderMoved, OrderCleared, OrderRecalled, OrderReplaced,
        OrderTimedOut, OrderRevealed, OrderConcealed, RequestAsked, RequestAnswered, RequestEscalated, RequestRevealed,
        RequestConcealed, AidGranted, AidEnded,
        DistressRaised, DistressAcknowledged, DistressEscalated, DistressCancelled, DistressLinked, DistressEnded,
        DistressRevealed, DistressConcealed,
        OrderFollowed, IncidentDue, IncidentCalledBack, NoticeSent, NoticeAcknowledged, NoticeRevealed, NoticeConcealed,
        ReportSent, ReportSigned, ReportRevealed, ReportConcealed, AidRevealed, AidConcealed,
        UnitSignedOn, UnitSignedOff, UnitChanged, UnitRevealed, UnitConcealed, PostChanged, PostRevealed, PostConcealed, DeviceEnrolled,
        CameraChanged, CameraRetired, CameraStatusChanged, CameraViewed, PurposeOpened, PurposeEnded,
        PersonChanged, AssignmentGranted, AssignmentEnded, CentreChanged, AreaChanged, ThresholdChanged, KindChanged, VehicleChanged,
        ShiftPlanned,
        OrderReached, PushRegistered, PushForgotten, ReachPlanChanged, SmsGatewayChanged,
        ImportFinished, ImportUndone, DeskShowed, HistoryRead, ReplayOpened, EpochBegun, ChainHeadWritten, PayloadErased,
    )
}  # fmt: skip

__all__ = ["CATALOGUE", "Event", *(event.__name__ for event in CATALOGUE.values())]  # noqa: PLE0604
