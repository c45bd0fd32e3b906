"""What a person chose for this browser: language and theme. Kept in cookies so that the first paint is right."""

from django.http import HttpRequest
from django.utils.translation import get_language

THEMES = ("dark", "day")
THEME_COOKIE = "theme"


def theme_of(request: HttpRequest) -> str:
    """Return the chosen theme, dark by default."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else THEMES[0]


def short_language() -> str:
    """Return "zh" or "en", as the screens name the languages."""
    return "zh" if (get_language() or "").startswith("zh") else "en"
