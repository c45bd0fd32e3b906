"""What an administrator says of a file: kind, credit, and how it is read. Empty is "find out"."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from dispatch.models import ImportKind
from geo.models import AreaLevel
from geo.roads.importer import KINDS

DATUMS = (
    ("", _("As the file says, else WGS-84")), ("wgs84", "WGS-84"), ("cgcs2000", "CGCS2000"), ("gcj02", "GCJ-02"), ("bd09", "BD-09"),
)  # fmt: skip
ENCODINGS = (
    ("", _("Find out")),
    ("utf-8", "UTF-8"),
    ("gb18030", "GBK / GB 18030"),
    ("latin-1", "Latin-1"),
    ("utf-16", "UTF-16"),
)
OF_KIND = {
    "layer": "roads areas cameras", "what": "roads", "datum": "roads areas cameras", "area": "cameras", "level": "areas",
    "timezone": "areas", "encoding": "roads areas cameras units",
}  # fmt: skip


class OptionsForm(forms.Form):
    """How a file is read."""

    source = forms.CharField(label=_("Where it comes from"), max_length=500, required=False)
    attribution = forms.CharField(
        label=_("Credit to show"),
        max_length=500,
        required=False,
        help_text=_("Shown on the map. OSM files bring their own."),
    )
    made_up = forms.BooleanField(
        label=_("Made-up data"), required=False, help_text=_("Invented, and marked so wherever it is shown.")
    )
    layer = forms.CharField(
        label=_("Layer"), max_length=200, required=False, help_text=_("Needed only when the file has several.")
    )
    what = forms.ChoiceField(label=_("What the layer holds"), choices=[(kind, kind) for kind in KINDS], required=False)
    fields_map = forms.CharField(
        label=_("Fields"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("Only for columns that are not found by themselves: our word=column of the file, one on each line."),
    )  # fmt: skip
    datum = forms.ChoiceField(label=_("Datum"), choices=DATUMS, required=False)
    crs = forms.RegexField(
        label=_("or EPSG number"),
        regex=r"^\d{4,6}$",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 8}),
    )
    encoding = forms.ChoiceField(label=_("Encoding"), choices=ENCODINGS, required=False)
    area = forms.CharField(
        label=_("Area code"),
        max_length=40,
        required=False,
        help_text=_("All cameras belong to it. Empty: by the ground they stand on."),
    )
    level = forms.ChoiceField(
        label=_("Level of areas without one"), choices=[("", "–"), *AreaLevel.choices], required=False
    )
    timezone = forms.CharField(label=_("Time zone of new centres"), max_length=64, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for name, kinds in OF_KIND.items():
            self.fields[name].widget.attrs["data-kinds"] = kinds
        self.fields["crs"].widget.attrs["data-kinds"] = OF_KIND["datum"]

    def clean_timezone(self) -> str:
        """Return a zone that exists."""
        zone = str(self.cleaned_data["timezone"] or "")
        if zone and zone not in available_timezones():
            raise forms.ValidationError(_("There is no such time zone. Write one such as Asia/Shanghai."))
        return zone

    def options(self) -> dict[str, Any]:
        """Return what was said, as a job keeps it."""
        said = dict(self.cleaned_data)
        number = said.pop("crs", "")
        kept = {name: said[name] for name in ("source", "attribution", "made_up", *OF_KIND) if said.get(name)}
        return {
            **kept,
            "fields": said.get("fields_map", ""),
            "datum": f"EPSG:{number}" if number else said.get("datum", ""),
        }


def initial_of(options: dict[str, Any]) -> dict[str, Any]:
    """Return kept options as the form's first values."""
    datum = str(options.get("datum") or "")
    epsg = datum.removeprefix("EPSG:") if datum.startswith("EPSG:") else ""
    return {**options, "fields_map": options.get("fields", ""), "datum": "" if epsg else datum, "crs": epsg}


class UploadForm(OptionsForm):
    """The file itself, and how it is read."""

    kind = forms.ChoiceField(label=_("What the file holds"), choices=ImportKind.choices)
    file = forms.FileField(
        label=_("File"), required=False, allow_empty_file=True,
        help_text=_("CSV, GeoJSON, GeoPackage, SpatiaLite, FlatGeobuf, a zipped shapefile; for roads also OSM files (.osm.pbf, .osm)."),
    )  # fmt: skip
    field_order = ("kind", "file")
