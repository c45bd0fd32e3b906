"""How a centre reaches closed phones, as its administrator sets it: order of channels, and the SMS gateway."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from uuid_utils.compat import uuid7

from dispatch import access, events, sealed
from dispatch.access import Viewer
from dispatch.actions import inputs
from dispatch.actions.audience import overseers_of
from dispatch.actions.base import action, collect
from dispatch.errors import DispatchError
from dispatch.models import Centre, ReachPlan, SmsGateway
from dispatch.models.reach import Channel

HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,60}):[ \t]*([\x21-\x7e][\x20-\x7e]{0,999})")
# What the connection itself says; a template that said it too could make another request of ours.
OURS = {"host", "content-length", "transfer-encoding", "connection", "expect", "upgrade", "te", "trailer"}
METHODS, FORMS = ("POST", "GET", "PUT"), ("json", "form", "text")


@action
def put_reach_plan(
    *, actor: Viewer, centre: Centre, channels: list[str], first_wait_s: int, next_wait_s: int
) -> ReachPlan:
    """Set in which order a centre's crews are reached; an empty list reaches nobody beside the page."""
    access.require(actor, "house.administer", lineage=centre.area.lineage)
    if len(set(channels)) != len(channels):
        raise DispatchError("bad_input", field="channels", why="twice")
    for channel in channels:
        inputs.one_of(channel, "channels", Channel.values)
    row = ReachPlan.objects.filter(centre=centre).first() or ReachPlan(uid=uuid7(), centre=centre, version=0)
    row.channels = channels
    row.first_wait_s = inputs.whole(first_wait_s, "first_wait_s", low=0, high=600)
    row.next_wait_s = inputs.whole(next_wait_s, "next_wait_s", low=0, high=600)
    row.version += 1
    row.save()
    changed = {"channels": channels, "first_wait_s": row.first_wait_s, "next_wait_s": row.next_wait_s}
    told = events.ReachPlanChanged(plan_uid=row.uid, centre_uid=centre.uid, changed=changed)
    collect(told, overseers_of(centre), f"reachplan:{row.uid}")
    return row


@action
def put_sms_gateway(
    *, actor: Viewer, centre: Centre, method: str, body_form: str, success_text: str, per_minute: int, active: bool,
    url: str = "", headers: str = "", body: str = "",
) -> SmsGateway:  # fmt: skip
    """Set where and how a centre's SMS go. What is left empty of url, headers and body stays as it is.

    {phone}, {text} and {id} are filled in url and body. The journal says of the three only that they changed.
    """
    access.require(actor, "house.administer", lineage=centre.area.lineage)
    row = SmsGateway.objects.filter(centre=centre).first() or SmsGateway(uid=uuid7(), centre=centre, version=0)
    kept = template_of(row)
    new = {"url": url.strip(), "headers": headers.strip(), "body": body.strip()}
    whole = {name: new[name] or kept.get(name, "") for name in new}
    row.method = inputs.one_of(method, "method", METHODS)
    row.body_form = inputs.one_of(body_form, "body_form", FORMS)
    row.success_text = inputs.text(success_text, "success_text", limit=100)
    row.per_minute = inputs.whole(per_minute, "per_minute", low=1, high=6000)
    row.active = bool(active)
    _check_template(whole, row)
    row.sealed = sealed.seal(json.dumps(whole))
    row.version += 1
    row.save()
    changed: dict[str, Any] = {
        "method": row.method, "body_form": row.body_form, "success_text": row.success_text,
        "per_minute": row.per_minute, "active": row.active, **{name: "…" for name in new if new[name]},
    }  # fmt: skip
    told = events.SmsGatewayChanged(gateway_uid=row.uid, centre_uid=centre.uid, changed=changed)
    collect(told, overseers_of(centre), f"smsgateway:{row.uid}")
    return row


def template_of(row: SmsGateway) -> dict[str, str]:
    """Return the gateway's url, headers and body in plain; {} where there are none or another key closed them."""
    kept = sealed.unseal(row.sealed)
    return json.loads(kept) if kept else {}


def headers_of(lines: str) -> dict[str, str]:
    """Return headers of lines `Name: value`. Raises `bad_input` for what is none, or is the connection's own."""
    found = {}
    for line in filter(None, (line.strip() for line in lines.splitlines())):
        match = HEADER.fullmatch(line)
        if not match or match[1].lower() in OURS:
            raise DispatchError("bad_input", field="headers", expected="Name: value")
        found[match[1]] = match[2]
    return found


def _check_template(given: dict[str, str], row: SmsGateway) -> None:
    for name, limit in (("url", 1000), ("headers", 4000), ("body", 4000)):
        if len(given[name]) > limit:
            raise DispatchError("too_long", field=name, limit=limit)
    try:
        parts = urlsplit(given["url"])
        named = parts.scheme in {"http", "https"} and bool(parts.hostname) and "{" not in parts.netloc
        parts.port  # noqa: B018 - a wrong one raises
    except ValueError:
        named = False
    if not named or not given["url"].isascii() or any(c <= " " for c in given["url"]):
        raise DispatchError("bad_input", field="url", expected="http(s)://host/…")
    headers_of(given["headers"])
    if not all(word in given["url"] + given["body"] for word in ("{phone}", "{text}")):
        raise DispatchError("bad_input", field="body", expected="{phone} {text}")
    if row.body_form == "json" and given["body"]:
        try:
            json.loads(given["body"])
        except ValueError as error:
            raise DispatchError("bad_input", field="body", why="json") from error
