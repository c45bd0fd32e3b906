"""Sends a letter as an SMS through the centre's gateway: its address and form are data, the text says nothing of the case."""

import json
from urllib.parse import quote, quote_plus

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from dispatch import sealed
from dispatch.actions.reach_house import headers_of, template_of
from dispatch.models import Centre, Person, SmsGateway
from dispatch.reach import Letter, find_gateway
from realtime.outlets.foreign import Answer, code_of, hand_over
from realtime.outlets.resting import Resting

KINDS = {"json": "application/json", "form": "application/x-www-form-urlencoded", "text": "text/plain; charset=utf-8"}


def send(letter: Letter, resting: Resting) -> tuple[str, float]:
    """Return (code, seconds to wait at least before another attempt)."""
    gateway = find_gateway(Centre.objects.select_related("area").get(pk=letter.centre_id))
    phone = sealed.unseal(Person.objects.values_list("duty_phone", flat=True).get(pk=letter.person_id))
    template = template_of(gateway) if gateway else {}
    if not template or gateway is None:
        return "no_gateway", 0.0
    if not phone:
        return "no_phone", 0.0
    facts = {"phone": phone, "text": words_for(letter.language, letter.what), "id": str(letter.uid)}
    url = fill(template["url"], facts, "url")
    headers = {"Content-Type": KINDS[gateway.body_form], **headers_of(template["headers"])}
    body = fill(template["body"], facts, gateway.body_form).encode()
    said = hand_over(url, settings.SMS_NETWORKS, resting, (gateway.method, headers, body))
    return (said, 0.0) if isinstance(said, str) else (_meant(said, gateway), said.retry_after_s)


def words_for(language: str, what: str = "order") -> str:
    """Return the message in a person's language: that there is an order or a call for help near by, and where to look."""
    with translation.override("en" if language == "en" else "zh-hans"):
        if what == "distress":
            return _("Nearcast: a colleague near you calls for help. Open the officer page.")
        return _("Nearcast: a new order for you. Open the officer page.")


def fill(template: str, facts: dict[str, str], form: str) -> str:
    """Return the template with {phone}, {text} and {id}, each written so that it stays one value of this form."""
    for name, value in facts.items():
        written = {
            "url": quote(value, safe=""), "form": quote_plus(value), "json": json.dumps(value)[1:-1], "text": value,
        }[form]  # fmt: skip
        template = template.replace(f"{{{name}}}", written)
    return template


def _meant(answer: Answer, gateway: SmsGateway) -> str:
    """Return what an answer means: a gateway that says 200 and not the words it promised has not taken it."""
    code = code_of(answer.status)
    return "unconfirmed" if code == "accepted" and gateway.success_text not in answer.words else code
