"""Reaching closed phones: order of channels, the SMS gateway, and what went out. Addresses and numbers are only written."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dispatch.actions import reach_house
from dispatch.admin.base import ActionForm, HouseAdmin
from dispatch.admin.site import site
from dispatch.models import Outbound, ReachPlan, SmsGateway
from geo import clock

ORDERS = (
    ("push,sms", _("push, then SMS")), ("sms,push", _("SMS, then push")), ("push", _("push only")), ("sms", _("SMS only")),
    ("", _("none: the page alone")),
)  # fmt: skip
WRITE_ONLY = _("Only written, never shown; kept encrypted. Empty leaves it as it is.")
FILLED = _("{phone}, {text} and {id} are filled in. Only written, never shown; empty leaves it as it is.")


class ReachPlanForm(ActionForm):
    """In which order, with which waits."""

    order = forms.ChoiceField(choices=ORDERS, required=False, label=_("order of channels"))

    class Meta:
        model = ReachPlan
        fields = ("centre", "order", "first_wait_s", "next_wait_s")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["order"].initial = ",".join(self.instance.channels)

    def act(self, row: ReachPlan | None, data: dict[str, Any]) -> ReachPlan:
        """Store the plan. A centre has one: giving it again changes it."""
        return reach_house.put_reach_plan(
            actor=self.viewer, centre=row.centre if row else data["centre"],
            channels=[word for word in data["order"].split(",") if word],
            first_wait_s=data["first_wait_s"], next_wait_s=data["next_wait_s"],
        )  # fmt: skip


@admin.register(ReachPlan, site=site)
class ReachPlanAdmin(HouseAdmin):
    """Order of channels by centre; centres below without one follow."""

    form = ReachPlanForm
    below = "centre__area__"
    list_display = ("centre", "order", "first_wait_s", "next_wait_s")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the centre of an existing plan."""
        return ("centre",) if obj else ()

    @admin.display(description=_("order of channels"))
    def order(self, row: ReachPlan) -> str:
        """Return the channels in words."""
        return str(dict(ORDERS).get(",".join(row.channels), ""))


class SmsGatewayForm(ActionForm):
    """A gateway's template. Address, headers and body may hold secrets."""

    url = forms.CharField(label=_("address"), required=False, max_length=1000, help_text=FILLED)
    headers = forms.CharField(
        label=_("headers"), required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=WRITE_ONLY
    )
    body = forms.CharField(label=_("body"), required=False, widget=forms.Textarea(attrs={"rows": 5}), help_text=FILLED)

    class Meta:
        model = SmsGateway
        fields = ("centre", "active", "method", "body_form", "success_text", "per_minute")

    def act(self, row: SmsGateway | None, data: dict[str, Any]) -> SmsGateway:
        """Store the gateway; the journal says of the secret parts only that they changed."""
        given = {name: data[name] for name in ("method", "body_form", "success_text", "per_minute", "active")}
        secret = {name: data[name] for name in ("url", "headers", "body")}
        centre = row.centre if row else data["centre"]
        return reach_house.put_sms_gateway(actor=self.viewer, centre=centre, **given, **secret)


@admin.register(SmsGateway, site=site)
class SmsGatewayAdmin(HouseAdmin):
    """SMS gateways of the subtree; centres below without one use the nearest above."""

    form = SmsGatewayForm
    below = "centre__area__"
    list_display = ("centre", "active", "method", "lately")
    fieldsets = (
        (None, {"fields": ("centre", "active", "method", "body_form", "success_text", "per_minute", "lately")}),
        (_("Template"), {"fields": ("template_set", "url", "headers", "body")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the centre of an existing gateway."""
        return ("lately", "template_set", "centre") if obj else ("lately", "template_set")

    @admin.display(description=_("template"))
    def template_set(self, row: SmsGateway) -> str:
        """Return which parts are set, never what they are."""
        kept = reach_house.template_of(row) if row.pk else {}
        names = {"url": gettext("address"), "headers": gettext("headers"), "body": gettext("body")}
        return ", ".join(f"{names[name]}: {gettext('set')}" for name in names if kept.get(name)) or gettext("not set")

    @admin.display(description=_("last 24 h: sent / not reached"))
    def lately(self, row: SmsGateway) -> str:
        """Return how many SMS of the centre and below went out, and how many reached nobody."""
        if not row.pk:
            return "–"
        since = clock.now() - timedelta(hours=24)
        below = Outbound.objects.filter(channel="sms", made_at__gt=since, centre__area__lineage__contains=[row.centre.area_id])  # fmt: skip
        return f"{below.filter(state='sent').count()} / {below.filter(state='failed').count()}"
