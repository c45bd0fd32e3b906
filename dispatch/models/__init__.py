"""The domain's tables, one file per noun. Only dispatch.actions writes them."""

from dispatch.models.attachments import Attachment, OriginalGrant, PhotoUpload
from dispatch.models.between import Notice, Report
from dispatch.models.calls import Call
from dispatch.models.centres import Centre, DayCounter
from dispatch.models.distress import Distress
from dispatch.models.imports import ImportJob, ImportKind, JobState
from dispatch.models.incidents import Incident, IncidentKind, IncidentWatch, Note, Suggestion, Transfer
from dispatch.models.journal import Decision, Epoch, JournalEntry, JournalPayload
from dispatch.models.messages import CannedText, Message
from dispatch.models.orders import MutualAid, Order, OrderRequest, OrderStep
from dispatch.models.people import Assignment, Person
from dispatch.models.posts import Post
from dispatch.models.purposes import Purpose, ViewGrant
from dispatch.models.reach import Outbound, PushSubscription, ReachPlan, SmsGateway
from dispatch.models.rosters import PlannedShift
from dispatch.models.thresholds import Threshold
from dispatch.models.tracker_apps import TrackerApp
from dispatch.models.units import CrewMember, Unit
from dispatch.models.vehicles import ServiceVehicle

__all__ = [
    "Assignment",
    "Attachment",
    "Call",
    "CannedText",
    "Centre",
    "CrewMember",
    "DayCounter",
    "Decision",
    "Distress",
    "Epoch",
    "ImportJob",
    "ImportKind",
    "Incident",
    "IncidentKind",
    "IncidentWatch",
    "JobState",
    "JournalEntry",
    "JournalPayload",
    "Message",
    "MutualAid",
    "Note",
    "Notice",
    "Order",
    "OrderRequest",
    "OrderStep",
    "OriginalGrant",
    "Outbound",
    "Person",
    "PhotoUpload",
    "PlannedShift",
    "Post",
    "Purpose",
    "PushSubscription",
    "ReachPlan",
    "Report",
    "ServiceVehicle",
    "SmsGateway",
    "Suggestion",
    "Threshold",
    "TrackerApp",
    "Transfer",
    "Unit",
    "ViewGrant",
]
