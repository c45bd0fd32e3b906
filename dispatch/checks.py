"""Start-up checks: each says what is wrong and what to do."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import connection
from django.db.utils import OperationalError, ProgrammingError


@register()
def camera_networks(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every entry of CAMERA_NETWORKS must be `address[/prefix]:port`."""
    return _networks("CAMERA_NETWORKS", "nearcast.E001")


@register()
def map_layers(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every entry of MAP_NETWORKS must be `address[/prefix]:port`, and the file of layers readable."""
    from dispatch.pictures import problems

    hint = "docs/operating.md says what stands in the file. Its addresses may hold tokens: it is shown to nobody."
    found = [Warning(problem, hint=hint, id="nearcast.W002") for problem in problems()]
    return [*_networks("MAP_NETWORKS", "nearcast.E003"), *found]


def _networks(name: str, number: str) -> list[CheckMessage]:
    from dispatch.stills import parse_network

    bad: list[CheckMessage] = []
    for entry in getattr(settings, name):
        try:
            parse_network(entry)
        except ValueError as error:
            said = str(error).replace("CAMERA_NETWORKS", name)
            bad.append(Error(said, hint=f"Write e.g. {name}=10.20.0.0/16:80", id=number))
    return bad


@register()
def demo_clock(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Time may run otherwise than the machine's in a demo only."""
    if settings.DEMO or settings.CLOCK.is_real:
        return []
    text = "The clock does not run as the machine's own, and this is no demo."
    return [Error(text, hint="Leave NEARCAST_CLOCK unset.", id="nearcast.E003")]


@register("database")
def journal_rights(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """The application's role must not be able to change journal rows."""
    if not databases or settings.DATABASES["default"]["USER"] != settings.DATABASE_ROLE:
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT has_table_privilege('dispatch_journalentry', 'UPDATE')"
                " OR has_table_privilege('dispatch_journalentry', 'DELETE')"
                " OR has_table_privilege('dispatch_journalpayload', 'UPDATE')"
            )
            can = cursor.fetchone()[0]
    except (OperationalError, ProgrammingError) as error:
        return [
            Warning(
                f"The journal's rights could not be read: {error}",
                hint="Run manage.py prepare_database.",
                id="nearcast.W001",
            )
        ]
    if not can:
        return []
    return [
        Error(
            "The application's database role can change journal rows.",
            hint="Run manage.py prepare_database.",
            id="nearcast.E002",
        )
    ]
