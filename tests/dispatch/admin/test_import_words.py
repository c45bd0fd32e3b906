"""Words of the import pages: every refusal of the readers, every note, every sentence, in both languages."""

import gettext
import re
from pathlib import Path

from dispatch.admin.import_words import FILE, NOTES, REFUSED, say_refusal


def test_every_refusal_of_the_readers_has_words() -> None:
    root = Path(__file__).resolve().parents[3]
    sources = [
        *root.glob("geo/**/*.py"),
        *root.glob("dispatch/actions/*import*.py"),
        root / "dispatch" / "import_files.py",
    ]
    said = {code for path in sources for code in re.findall(r'(?:GeoError|_refused)\(\s*"(\w+)"', path.read_text())}
    noted = {code for path in sources for code in re.findall(r'\.note\(\s*"(\w+)"', path.read_text())}
    assert len(said) > 30
    assert said - set(REFUSED) == set()
    assert noted - set(NOTES) == set()
    for table in (REFUSED, FILE, NOTES):
        for code, (chinese, english) in table.items():
            assert set(re.findall(r"\{(\w+)\}", chinese)) == set(re.findall(r"\{(\w+)\}", english)), code
    assert say_refusal("nothing_like_it", {}) == "nothing_like_it"
    assert "–" in say_refusal("out_of_range", {})


def test_the_pages_of_imports_speak_chinese() -> None:
    root = Path(__file__).resolve().parents[3]
    with (root / "dispatch/locale/zh_Hans/LC_MESSAGES/django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    found: set[str] = set()
    for page in [
        *root.glob("dispatch/templates/house/import*.html"),
        root / "frontend/templates/admin/import_map.html",
    ]:
        found |= {
            one
            for pair in re.findall(r"""{% translate (?:"([^"]+)"|'([^']+)')""", page.read_text())
            for one in pair
            if one
        }
    for source in ("admin/imports.py", "admin/import_forms.py", "models/imports.py"):
        text = (root / "dispatch" / source).read_text()
        found |= set(re.findall(r'(?:gettext_lazy|_)\(\s*"((?:[^"\\]|\\.)+)"', text))
    assert len(found) > 60
    assert {one for one in found if compiled.gettext(one) == one} == set()
