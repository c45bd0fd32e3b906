"""Every URL of the product, in one place."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from dispatch.admin import site
from dispatch.api import urls as api


def healthz(request: HttpRequest) -> HttpResponse:
    """Say whether the web process answers and reaches its database (200 ok, 503 database)."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database", status=503, content_type="text/plain", headers={"Retry-After": "2"})
    return HttpResponse("ok", content_type="text/plain", headers={"Cache-Control": "no-store"})


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/v1/", include([*api.API, *api.NOWHERE])),
    path("media/", include([*api.MEDIA, *api.NOWHERE])),
    path("admin/", site.urls),
    path("", include("frontend.urls")),
]
