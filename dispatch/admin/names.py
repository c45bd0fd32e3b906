"""Names of tables and fields in both languages. The models keep plain English; only these pages show them to people."""

from django.apps import apps
from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _

# English as Django makes it of the names in the models → the same, marked for translation.
MODELS = {
    "person": (_("person"), _("people")),
    "assignment": (_("role held"), _("roles held")),
    "centre": (_("centre"), _("centres")),
    "area": (_("area"), _("areas")),
    "unit": (_("unit"), _("units")),
    "servicevehicle": (_("vehicle"), _("vehicles")),
    "plannedshift": (_("planned shift"), _("planned shifts")),
    "post": (_("post"), _("posts")),
    "camera": (_("camera"), _("cameras")),
    "threshold": (_("threshold"), _("thresholds")),
    "importrun": (_("import"), _("imports")),
    "cannedtext": (_("ready text"), _("ready texts")),
    "reachplan": (_("order of channels"), _("orders of channels")),
    "trackerapp": (_("tracker app"), _("tracker apps")),
    "smsgateway": (_("SMS gateway"), _("SMS gateways")),
    "incidentkind": (_("incident kind"), _("incident kinds")),
}
FIELDS = {
    "begins_at": _("from"), "ends_at": _("until"), "vehicle": _("vehicle"), "equipment": _("equipment"),
    "joining": _("crews join its incidents"),
    "active": _("in service"), "area": _("area"), "call_sign": _("call sign"), "centre": _("centre"), "code": _("code"),
    "consent": _("consent"), "email": _("email"), "fov_deg": _("field of view, degrees"), "grade": _("grade"),
    "granted_by": _("given by"), "group": _("group"), "heading_deg": _("heading, degrees from north"), "home": _("home centre"),
    "file_name": _("file"), "attribution": _("credit"), "made_up": _("made up"), "state": _("state"), "started_at": _("begun"),
    "is_active": _("may sign in"), "key": _("key"), "kind": _("kind"), "language": _("language"), "level": _("level"),
    "line": _("police line"), "name": _("name"), "name_en": _("name in English"), "name_zh": _("name in Chinese"),
    "national_code": _("national code"), "owner": _("owner"), "parent": _("above it"), "person": _("person"),
    "pole_code": _("pole"), "police_number": _("police number"), "position": _("place in the list"), "profile": _("profile"),
    "radio_only": _("radio only"), "range_m": _("range, metres"), "role": _("role"), "source": _("source"),
    "status": _("status"), "sworn": _("sworn officer"), "talk_group": _("talk group"), "timezone": _("time zone"),
    "unit": _("unit of measure"), "username": _("login name"), "valid_from": _("from"), "valid_until": _("until"),
    "value": _("value"), "desk_from_level": _("station's desk by default from level"),
    "text": _("text"), "text_en": _("text in English"), "way": _("way"),
    "first_wait_s": _("wait before the first, seconds"), "next_wait_s": _("wait between two, seconds"),
    "method": _("method"), "body_form": _("form of the body"), "success_text": _("words of a successful answer"),
    "per_minute": _("at most a minute"), "app": _("app"), "made_at": _("made"), "ended_at": _("ended"),
}  # fmt: skip
# Where a field of the same name means something else.
OF_MODEL = {("plannedshift", "unit"): _("unit"), ("trackerapp", "unit"): _("unit")}
# Words beside a field, as the models have them.
HELPS = {
    "from this level on the station's desk is ordered by default, not a unit": _(
        "from this level on the station's desk is ordered by default, not a unit"
    ),
    "sworn officer; otherwise auxiliary": _("sworn officer; otherwise auxiliary"),
}
# Labels of choices that the models make out of their names.
CHOICES = (
    _("Call Taker"), _("Dispatcher"), _("Video Watcher"), _("Shift Commander"), _("Supervisor"), _("Officer"),
    _("Administrator"), _("Auditor"), _("Car"), _("Moto"), _("Foot"), _("Boat"), _("Command"), _("Camera Car"),
    _("Van"), _("Bicycle"), _("To Unit"), _("To Desk"), _("No"), _("Join"), _("form"),
)  # fmt: skip


# Codes of dispatch.lifecycles.EQUIPMENT.
EQUIPMENT = (
    ("body_worn", _("body-worn camera")), ("radio", _("radio")), ("vest", _("protective vest")), ("shield", _("shield")),
    ("first_aid", _("first-aid kit")), ("aed", _("AED")), ("extinguisher", _("fire extinguisher")),
    ("breath_tester", _("breath tester")), ("cones", _("traffic cones")), ("spike_strip", _("spike strip")),
    ("rescue_rope", _("rescue rope")), ("life_buoy", _("life buoy")), ("less_lethal", _("less-lethal weapon")),
    ("long_gun", _("long gun")), ("drone", _("drone")),
)  # fmt: skip


def name_in_both_languages(site: AdminSite) -> None:
    """Give the registered models and their fields names that follow the page's language."""
    for model in site._registry:
        options = model._meta
        one, many = MODELS[str(options.model_name)]
        options.verbose_name, options.verbose_name_plural = one, many
        for field in options.get_fields():
            if field.name in FIELDS and hasattr(field, "verbose_name"):
                field.verbose_name = OF_MODEL.get((str(options.model_name), field.name), FIELDS[field.name])
            if said := HELPS.get(str(getattr(field, "help_text", ""))):
                setattr(field, "help_text", said)  # noqa: B010 - relations have none
    apps.get_app_config("dispatch").verbose_name = _("People, roles, units, rules")
    apps.get_app_config("geo").verbose_name = _("Ground and cameras")
