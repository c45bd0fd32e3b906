"""One centre and one person of each role, an outsider without any, and somebody with two roles."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from dispatch.models import Assignment, Centre, Person
from dispatch.models.people import Role
from geo.models import Area

PASSWORD = "a-long-enough-test-word"
TWO_ROLES = "two"
OUTSIDER = "outsider"


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    """Hash passwords the quick way: what is tested here is the pages."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def people(db):
    """Return username → Person: each role's name, `two` (officer and dispatcher), `outsider`, `former` (role ended)."""
    cache.clear()
    area = Area.objects.create(code="S3", name="Station 3", level="station")
    area.lineage = [area.pk]
    area.save()
    centre = Centre.objects.create(area=area, timezone="America/Santiago")
    roles = {role.value: [role.value] for role in Role} | {
        TWO_ROLES: ["officer", "dispatcher"],
        OUTSIDER: [],
        "former": [],
    }
    made = {name: _person(name, centre, held) for name, held in roles.items()}
    before = timezone.now() - timedelta(days=2)
    until = before + timedelta(days=1)
    former = made["former"]
    Assignment.objects.create(person=former, role="dispatcher", centre=centre, valid_from=before, valid_until=until)
    return made


def _person(name, centre, roles):
    person = Person(
        username=name, name=name.title(), police_number=f"PN-{name}", home=centre, email=f"{name}@example.test"
    )
    person.set_password(PASSWORD)
    person.save()
    since = timezone.now() - timedelta(hours=1)
    for role in roles:
        Assignment.objects.create(person=person, role=role, centre=centre, valid_from=since)
    return person


@pytest.fixture
def built(monkeypatch, tmp_path):
    """Pretend a build: a manifest with the faces, one of them with a shared chunk. Vite's own shape."""
    import json

    from frontend import built as module

    shared = {"file": "assets/shared-1.js", "css": ["assets/shared-1.css"]}
    common = {"imports": ["_shared.js"], "isEntry": True, "dynamicImports": ["map"]}
    entries = {
        f"src/faces/{face}/main.ts": {"file": f"assets/{face}-1.js", "css": [f"assets/{face}-1.css"], **common}
        for face in ("desk", "officer", "auditor", "replay")
    }
    later = {"file": "assets/map-1.js", "css": ["assets/map-1.css"], "assets": ["assets/map-1.worker.js"]}
    later["imports"] = ["_shared.js"]
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"_shared.js": shared, "map": later, **entries}))
    monkeypatch.setattr(module, "MANIFEST", manifest)
    return manifest
