"""Every address of the API. Each view asks a verb of dispatch.access; dispatch.api.registry lists them for the tests."""

from django.urls import path, re_path

from dispatch.api import (
    attachments,
    between,
    calls,
    cameras,
    distress,
    docs,
    house,
    incidents,
    messages,
    orders,
    own_jobs,
    own_shifts,
    pictures,
    push,
    replays,
    tiles,
    tracker_apps,
    transfers,
    units,
)
from dispatch.api.errors import not_found
from dispatch.api.stills import FetchStill

READS = [
    path("board", house.ReadBoard.as_view()),
    path("me", house.ReadMe.as_view()),
    path("centres", house.ReadCentres.as_view()),
    path("kinds", house.ReadKinds.as_view()),
    path("thresholds", house.ReadThresholds.as_view()),
    path("units", units.Units.as_view()),
    path("shifts", own_shifts.ReadShifts.as_view()),
    path("shifts/log", own_shifts.ReadShiftLog.as_view()),
    path("shifts/looks", own_shifts.ReadTrackLooks.as_view()),
    path("roster", units.ReadRoster.as_view()),
    path("views", cameras.ReadViews.as_view()),
    path("looks", cameras.ReadLooks.as_view()),
    path("cameras/dead", cameras.ReadDeadCameras.as_view()),
    path("cameras/<uuid:uid>", cameras.ReadCamera.as_view()),
    path("tiles/base/<int:z>/<int:x>/<int:y>", tiles.BaseTile.as_view()),
    path("tiles/picture/<slug:layer>/<int:z>/<int:x>/<int:y>", pictures.PictureTile.as_view()),
    path("tiles/cameras/<int:z>/<int:x>/<int:y>", tiles.CameraTile.as_view()),
    path("tiles/dead/<int:z>/<int:x>/<int:y>", tiles.DeadTile.as_view()),
    path("incidents/<uuid:uid>/history", incidents.IncidentHistory.as_view()),
]
CALLS = [
    path("calls", calls.TakeCall.as_view()),
    path("calls/<uuid:uid>/join", calls.JoinCall.as_view()),
    path("calls/<uuid:uid>/leave", calls.LeaveCall.as_view()),
    path("calls/<uuid:uid>/close", calls.CloseCall.as_view()),
]
INCIDENTS = [
    path("incidents", incidents.OpenIncident.as_view()),
    path("incidents/start", own_jobs.StartJob.as_view()),
    path("incidents/near", own_jobs.ReadNear.as_view()),
    path("incidents/<uuid:uid>/datums", own_jobs.ReadDatums.as_view()),
    path("incidents/<uuid:uid>/join", own_jobs.JoinIncident.as_view()),
    path("incidents/<uuid:uid>", incidents.OneIncident.as_view()),
    path("incidents/<uuid:uid>/take", incidents.TakeIncident.as_view()),
    path("incidents/<uuid:uid>/yield", incidents.YieldIncident.as_view()),
    path("incidents/<uuid:uid>/watch", incidents.WatchIncident.as_view()),
    path("incidents/<uuid:uid>/hold", incidents.HoldIncident.as_view()),
    path("incidents/<uuid:uid>/resume", incidents.ResumeIncident.as_view()),
    path("incidents/<uuid:uid>/close", incidents.CloseIncident.as_view()),
    path("incidents/<uuid:uid>/reopen", incidents.ReopenIncident.as_view()),
    path("incidents/<uuid:uid>/notes", incidents.WriteNote.as_view()),
    path("incidents/<uuid:uid>/feedback", incidents.GiveFeedback.as_view()),
    path("incidents/<uuid:uid>/suggest", incidents.AskSuggestion.as_view()),
    path("incidents/<uuid:uid>/transfer", transfers.TransferIncident.as_view()),
    path("incidents/<uuid:uid>/return", transfers.ReturnIncident.as_view()),
    path("incidents/<uuid:uid>/accept_transfer", transfers.AcceptTransfer.as_view()),
    path("incidents/<uuid:uid>/refuse_transfer", transfers.RefuseTransfer.as_view()),
    path("incidents/<uuid:uid>/withdraw_transfer", transfers.WithdrawTransfer.as_view()),
]
ORDERS = [
    path("orders", orders.SendOrder.as_view()),
    path("orders/<uuid:uid>/delivered", orders.DeliverOrder.as_view()),
    path("orders/<uuid:uid>/seen", orders.SeeOrder.as_view()),
    path("orders/<uuid:uid>/accept", orders.AcceptOrder.as_view()),
    path("orders/<uuid:uid>/refuse", orders.RefuseOrder.as_view()),
    path("orders/<uuid:uid>/en_route", orders.LeaveForOrder.as_view()),
    path("orders/<uuid:uid>/on_scene", orders.ArriveAtOrder.as_view()),
    path("orders/<uuid:uid>/clear", orders.ClearOrder.as_view()),
    path("orders/<uuid:uid>/recall", orders.RecallOrder.as_view()),
    path("orders/<uuid:uid>/replace", orders.ReplaceOrder.as_view()),
    path("orders/<uuid:uid>/ending", orders.ReadEnding.as_view()),
    path("orders/<uuid:uid>/step_back", own_jobs.StepBack.as_view()),
    path("orders/<uuid:uid>/voice", orders.AnswerByVoice.as_view()),
    path("orders/<uuid:uid>/send", orders.SendProposed.as_view()),
    path("orders/<uuid:uid>/discard", orders.DiscardProposed.as_view()),
    path("orders/<uuid:uid>/confirm", orders.ConfirmInferred.as_view()),
    path("orders/<uuid:uid>/deny", orders.DenyInferred.as_view()),
    path("requests", orders.AskForUnit.as_view()),
    path("requests/<uuid:uid>/grant", orders.GrantRequest.as_view()),
    path("requests/<uuid:uid>/refuse", orders.RefuseRequest.as_view()),
    path("requests/<uuid:uid>/withdraw", orders.WithdrawRequest.as_view()),
]
BETWEEN = [
    path("notices/<uuid:uid>/acknowledge", between.AcknowledgeNotice.as_view()),
    path("aids", between.GrantAid.as_view()),
    path("aids/<uuid:uid>/end", between.EndAid.as_view()),
    path("incidents/closed", between.ReadClosed.as_view()),
    path("incidents/<uuid:uid>/call_back", between.CallBack.as_view()),
    path("incidents/<uuid:uid>/report_draft", between.DraftReport.as_view()),
    path("incidents/<uuid:uid>/reports", between.SendReport.as_view()),
    path("reports/<uuid:uid>/sign", between.SignReport.as_view()),
]
UNITS = [
    path("units/<uuid:uid>/sign_on", units.SignUnitOn.as_view()),
    path("units/<uuid:uid>/sign_off", units.SignUnitOff.as_view()),
    path("units/<uuid:uid>/status", units.SetStatus.as_view()),
    path("units/<uuid:uid>/place", units.SetPlace.as_view()),
    path("devices/enrol", units.EnrolDevice.as_view()),
    path("tracker_apps", tracker_apps.ReadApps.as_view()),
    path("tracker_apps/add", tracker_apps.AddApp.as_view()),
    path("tracker_apps/<uuid:uid>/end", tracker_apps.EndApp.as_view()),
    path("cameras/<uuid:uid>/grants", cameras.GrantLook.as_view()),
]
ATTACHMENTS = [
    path("orders/<uuid:uid>/cameras", cameras.ReadOrderCameras.as_view()),
    path("orders/<uuid:uid>/cameras/<uuid:camera>/grants", cameras.GrantLookForOrder.as_view()),
    path("incidents/<uuid:uid>/attachments", attachments.AnnouncePhoto.as_view()),
    path("attachments/<uuid:uid>", attachments.ReadAttachment.as_view()),
    path("attachments/<uuid:uid>/upload", attachments.ReadUpload.as_view()),
    path("attachments/<uuid:uid>/parts", attachments.SendPart.as_view()),
    path("attachments/<uuid:uid>/finish", attachments.FinishPhoto.as_view()),
    path("attachments/<uuid:uid>/thumb", attachments.ReadThumb.as_view()),
    path("attachments/<uuid:uid>/picture", attachments.ReadPicture.as_view()),
    path("attachments/<uuid:uid>/original", attachments.GrantOriginal.as_view()),
]
DISTRESS = [
    path("distress/<uuid:uid>/raise", distress.RaiseDistress.as_view()),
    path("distress/<uuid:uid>/by_voice", distress.RaiseByVoice.as_view()),
    path("distress/<uuid:uid>/acknowledge", distress.AcknowledgeDistress.as_view()),
    path("distress/<uuid:uid>/cancel", distress.CancelDistress.as_view()),
    path("distress/<uuid:uid>/end", distress.EndDistress.as_view()),
    path("distress/<uuid:uid>/incident", distress.OpenFromDistress.as_view()),
]
MESSAGES = [
    path("messages", messages.SendMessage.as_view()),
    path("messages/<uuid:uid>/to_desk", messages.AnswerDesk.as_view()),
    path("messages/<uuid:uid>/delivered", messages.DeliverMessage.as_view()),
    path("messages/<uuid:uid>/read", messages.ReadMessage.as_view()),
]
PUSH = [
    path("push", push.ReadPush.as_view()),
    path("push/subscriptions", push.AddSubscription.as_view()),
    path("push/subscriptions/forget", push.ForgetSubscription.as_view()),
]
REPLAYS = [
    path("replays", replays.Replays.as_view()),
    path("replays/incidents", replays.ReadReplayable.as_view()),
    path("replays/<uuid:uid>", replays.ReadRecording.as_view()),
    path("replays/<uuid:uid>/entries", replays.ReadEntries.as_view()),
    path("replays/<uuid:uid>/tracks/<int:part>", replays.ReadTracks.as_view()),
]
DOCS = [
    path("schema", docs.Schema.as_view(), name="schema"),
    path("docs/", docs.Docs.as_view(), name="docs"),
]
API = [
    *READS,
    *CALLS,
    *INCIDENTS,
    *ORDERS,
    *BETWEEN,
    *UNITS,
    *DISTRESS,
    *MESSAGES,
    *PUSH,
    *ATTACHMENTS,
    *REPLAYS,
    *DOCS,
]
MEDIA = [
    path("stills/<str:token>", FetchStill.as_view()),
    path("originals/<str:token>", attachments.FetchOriginal.as_view()),
]
NOWHERE = [re_path(r"^[\s\S]*", not_found)]
