"""What makes the officer's page an app: web manifest, icons, and the service worker that keeps its shell offline."""

import json
from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from frontend.built import find_built, get_version
from frontend.choices import short_language, theme_of

OFFICER = Path(__file__).resolve().parent / "src" / "faces" / "officer"
WORKER_PARTS = ("worker.js", "push-worker.js")
GROUND = {"dark": "#0b0e11", "day": "#f4f5f6"}
ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-mask-512.png", "512x512", "maskable"),
)


@require_safe
def web_manifest(request: HttpRequest) -> HttpResponse:
    """Return the officer app's manifest, in the language and theme of this browser."""
    ground = GROUND[theme_of(request)]
    facts = {
        "id": "/officer",
        "name": _("Nearcast officer"),
        "short_name": "Nearcast",
        "lang": {"zh": "zh-Hans", "en": "en"}[short_language()],
        "start_url": "/officer",
        "scope": "/officer",
        "display": "standalone",
        "orientation": "portrait",
        "background_color": ground,
        "theme_color": ground,
        "icons": [
            {"src": static(f"frontend/icons/{name}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
    }
    return JsonResponse(facts, content_type="application/manifest+json")


@require_safe
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker with the list of files of this build; another build is another worker."""
    files = find_built("officer")
    shell = {
        "version": get_version(),
        "files": list(files.all) if files else [],
        "later": list(files.later) if files else [],
    }
    parts = "\n".join((OFFICER / name).read_text(encoding="utf-8") for name in WORKER_PARTS)
    script = f"self.SHELL = {json.dumps(shell)};\n{parts}"
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")
