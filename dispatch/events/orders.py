"""What happens to orders, requests across centres and mutual aid."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from dispatch.cards import AidInForce, OrderCard, RequestCard
from dispatch.events.base import Event


class OrderSent(Event, kw_only=True, frozen=True):
    """An order went out."""

    KIND: ClassVar[str] = "order.sent"
    order: OrderCard


class OrderDelivered(Event, kw_only=True, frozen=True):
    """The device said that it has the order."""

    KIND: ClassVar[str] = "order.delivered"
    order: OrderCard
    device_at: datetime | None = None


class OrderSeen(Event, kw_only=True, frozen=True):
    """A person signed for it."""

    KIND: ClassVar[str] = "order.seen"
    order: OrderCard
    device_at: datetime | None = None


class OrderAnswered(Event, kw_only=True, frozen=True):
    """Accepted, or cannot with a reason."""

    KIND: ClassVar[str] = "order.answered"
    order: OrderCard
    device_at: datetime | None = None
    how: str = "app"


class OrderMoved(Event, kw_only=True, frozen=True):
    """En route or on scene."""

    KIND: ClassVar[str] = "order.moved"
    order: OrderCard
    device_at: datetime | None = None
    how: str = "app"


class OrderCleared(Event, kw_only=True, frozen=True):
    """Done, with a disposition."""

    KIND: ClassVar[str] = "order.cleared"
    order: OrderCard
    device_at: datetime | None = None
    how: str = "app"


class OrderRecalled(Event, kw_only=True, frozen=True):
    """Taken back by the desk."""

    KIND: ClassVar[str] = "order.recalled"
    order: OrderCard


class OrderReplaced(Event, kw_only=True, frozen=True):
    """Another order took its place."""

    KIND: ClassVar[str] = "order.replaced"
    order: OrderCard
    by: UUID


class OrderStarted(Event, kw_only=True, frozen=True):
    """A crew opened the job itself and is on scene."""

    KIND: ClassVar[str] = "order.started"
    order: OrderCard


class OrderJoined(Event, kw_only=True, frozen=True):
    """A crew joined the incident by itself."""

    KIND: ClassVar[str] = "order.joined"
    order: OrderCard


class OrderSteppedBack(Event, kw_only=True, frozen=True):
    """A crew that had joined by itself left again before it was there."""

    KIND: ClassVar[str] = "order.stepped_back"
    order: OrderCard


class OrderTimedOut(Event, kw_only=True, frozen=True):
    """Nobody answered in time."""

    KIND: ClassVar[str] = "order.timed_out"
    order: OrderCard


class OrderEscalated(Event, kw_only=True, frozen=True):
    """Nobody has answered for `waited_s`: the rung it has reached. `nothing`: why no next unit is proposed at that rung."""

    KIND: ClassVar[str] = "order.escalated"
    order: OrderCard
    rung: str
    waited_s: int
    proposed: UUID | None = None
    nothing: str = ""


class OrderProposed(Event, kw_only=True, frozen=True):
    """The next unit of the newest list is proposed in an unanswered order's stead; the desk sends it or discards it."""

    KIND: ClassVar[str] = "order.proposed"
    order: OrderCard


class OrderWithdrawn(Event, kw_only=True, frozen=True):
    """A proposal is gone unsent: discarded, answered, recalled, other_sent, closed."""

    KIND: ClassVar[str] = "order.withdrawn"
    order: OrderCard
    why: str


class OrderInferred(Event, kw_only=True, frozen=True):
    """The unit's fixes say something that nobody has said: `verb` leave, arrive, depart; "" when they say it no more."""

    KIND: ClassVar[str] = "order.inferred"
    order: OrderCard
    verb: str


class OrderInferenceDenied(Event, kw_only=True, frozen=True):
    """A person says that what was inferred (or doubted) is not so; it is not proposed again for this order."""

    KIND: ClassVar[str] = "order.inference_denied"
    order: OrderCard
    verb: str
    how: str = "app"


class OrderDoubted(Event, kw_only=True, frozen=True):
    """The unit's fixes speak against the order's state, or do so no more (`order.doubt` null)."""

    KIND: ClassVar[str] = "order.doubted"
    order: OrderCard


class RequestAsked(Event, kw_only=True, frozen=True):
    """A desk asks another centre for a unit."""

    KIND: ClassVar[str] = "request.asked"
    request: RequestCard


class RequestAnswered(Event, kw_only=True, frozen=True):
    """Granted, refused or withdrawn."""

    KIND: ClassVar[str] = "request.answered"
    request: RequestCard


class RequestEscalated(Event, kw_only=True, frozen=True):
    """Silence: the common parent decides."""

    KIND: ClassVar[str] = "request.escalated"
    request: RequestCard


class RequestExpired(Event, kw_only=True, frozen=True):
    """The common parent did not answer either: the request is over, and may be asked anew."""

    KIND: ClassVar[str] = "request.expired"
    request: RequestCard


class AidGranted(Event, kw_only=True, frozen=True):
    """One centre may order another's units until an end."""

    KIND: ClassVar[str] = "aid.granted"
    HEARD_BY: ClassVar[str] = "desks of both centres and above"
    aid: AidInForce
    aid_uid: UUID
    from_centre: UUID
    to_centre: UUID
    unit_uid: UUID | None
    ends_at: datetime
    reason: str


class AidEnded(Event, kw_only=True, frozen=True):
    """A mutual aid grant is over."""

    KIND: ClassVar[str] = "aid.ended"
    HEARD_BY: ClassVar[str] = "desks of both centres and above"
    REMOVES: ClassVar[str] = "aid"
    aid: AidInForce
    aid_uid: UUID
