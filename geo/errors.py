"""The one error geo raises for what it refuses: a stable code and facts, never prose."""

from typing import Any


class GeoError(ValueError):
    """Something about a place was refused. `code` names the reason, `facts` hold what a screen needs to say it."""

    def __init__(self, code: str, facts: dict[str, Any] | None = None, *, field: str | None = None) -> None:
        self.code = code
        self.facts = facts or {}
        self.field = field
        super().__init__(f"{code} {self.facts}" if self.facts else code)
