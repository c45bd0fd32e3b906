"""What went to closed phones, and who set up how."""

from typing import Any, ClassVar
from uuid import UUID

from dispatch.cards import DistressCard, OrderCard
from dispatch.events.base import Event
from dispatch.events.house import House


class OrderReached(Event, kw_only=True, frozen=True):
    """A push or SMS because of the order: the first trouble (trying), sent, or failed. `code` says why."""

    KIND: ClassVar[str] = "order.reached"
    order: OrderCard
    channel: str
    why: str
    result: str
    code: str


class DistressReached(Event, kw_only=True, frozen=True):
    """A push or SMS to a crew near a distress: the first trouble (trying), sent, or failed. `code` says why."""

    KIND: ClassVar[str] = "distress.reached"
    HEARD_BY: ClassVar[str] = "desks of the unit's centre and above"
    distress: DistressCard
    channel: str
    result: str
    code: str


class PushRegistered(House, kw_only=True, frozen=True):
    """An officer's browser takes pushes; the address itself is told to nobody, only whose service it is."""

    KIND: ClassVar[str] = "push.registered"
    HEARD_BY: ClassVar[str] = "administrators and auditors of the home centre and above, and the person"
    person_uid: UUID
    subscription_uid: UUID
    host: str


class PushForgotten(House, kw_only=True, frozen=True):
    """A browser takes no pushes any more: asked, gone, signed_out, role_ended."""

    KIND: ClassVar[str] = "push.forgotten"
    HEARD_BY: ClassVar[str] = "administrators and auditors of the home centre and above, and the person"
    person_uid: UUID
    subscription_uid: UUID
    why: str


class ReachPlanChanged(House, kw_only=True, frozen=True):
    """A centre's order of channels changed."""

    KIND: ClassVar[str] = "channels.changed"
    plan_uid: UUID
    centre_uid: UUID
    changed: dict[str, Any]


class SmsGatewayChanged(House, kw_only=True, frozen=True):
    """A centre's SMS gateway changed; of address, headers and body only that they did."""

    KIND: ClassVar[str] = "gateway.changed"
    gateway_uid: UUID
    centre_uid: UUID
    changed: dict[str, Any]
