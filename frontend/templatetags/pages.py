"""Tags of our own pages."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import get_language

from frontend.built import Built, find_built
from frontend.choices import theme_of

register = template.Library()


@register.simple_tag(takes_context=True)
def theme(context: dict[str, Any]) -> str:
    """Return "dark" or "day", as this browser chose; dark where there is no request (error 500)."""
    request = context.get("request")
    return theme_of(request) if request is not None else "dark"


@register.simple_tag
def page_language() -> str:
    """Return the language of the page for `<html lang>`."""
    return "zh-Hans" if (get_language() or "").startswith("zh") else "en"


@register.simple_tag
def built(face: str) -> Built | None:
    """Return the built files of a face, or None."""
    return find_built(face)


@register.simple_tag
def demo() -> bool:
    """Return whether this instance is the demo."""
    return bool(settings.DEMO)
