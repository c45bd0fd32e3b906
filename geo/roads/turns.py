"""Turn restrictions: relations read first, their roads looked at when they come by, rows made at the end."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from geo.errors import GeoError
from geo.roads import routing
from geo.roads.rows import MapRows, TurnRow
from geo.runs import Tally

Member = tuple[str, int, str]  # "n" or "w", its number, its role


@dataclass
class Turn:
    """One relation: its number, tags and members."""

    number: int
    tags: dict[str, str]
    members: list[Member]

    def ways(self, role: str) -> list[int]:
        """Return the ways in a role, in the order given."""
        return [ref for kind, ref, word in self.members if kind == "w" and word == role]


@dataclass
class Turns:
    """Restrictions waiting for the roads they speak of; `roads` holds the nodes of those that were taken."""

    wanted: list[Turn] = field(default_factory=list)
    roads: dict[int, frozenset[int] | None] = field(default_factory=dict)
    conditional: int = 0

    def want(self, turn: Turn) -> None:
        """Remember a restriction and which ways it needs."""
        self.wanted.append(turn)
        for kind, ref, _ in turn.members:
            if kind == "w":
                self.roads.setdefault(ref, None)

    def write(self, rows: MapRows, tally: Tally) -> None:
        """Make a row of each restriction that can be used. Cut off by the extract's border: counted. Wrong: refused."""
        for turn in self.wanted:
            try:
                self._take(turn, rows, tally)
            except GeoError as error:
                tally.refuse(f"relation {turn.number}", error)

    def _take(self, turn: Turn, rows: MapRows, tally: Tally) -> None:
        kinds, hours = routing.turns_of(turn.tags)
        self.conditional += hours
        if not kinds:
            if not hours:
                raise _unusable("no kind")
            return
        begin, end, across = turn.ways("from"), turn.ways("to"), turn.ways("via")
        points = [ref for kind, ref, word in turn.members if kind == "n" and word == "via"]
        if not begin or not end or not (points or across) or len(points) > 1:
            raise _unusable("members")
        if any(self.roads.get(way) is None for way in (*begin, *end, *across)):
            tally.counts["turns_cut_off"] += 1
            return
        chain = self._chain(begin, across, end) if across else []
        if points and not across and not all(points[0] in (self.roads[way] or ()) for way in (*begin, *end)):
            raise _unusable("apart")
        node, spared = (None if across else points[0]), routing.modes_of(turn.tags.get("except"))
        for kind, mode in kinds:
            if kind in routing.ON_RED:
                tally.counts["turns_on_red_not_read"] += 1
                continue
            _check(kind, begin, end)
            rows.add_turn(TurnRow(turn.number, kind, mode, begin, node, chain, end, spared))

    def _chain(self, begin: Sequence[int], across: Sequence[int], end: Sequence[int]) -> list[int]:
        """Return the ways between in the order they are driven; raise when they do not hang together."""
        here, left, chain = self._joined(begin), list(across), []
        while left:
            following = next((way for way in left if here & (self.roads[way] or frozenset())), None)
            if following is None:
                raise _unusable("apart")
            left.remove(following)
            chain.append(following)
            here = self.roads[following] or frozenset()
        if not here & self._joined(end):
            raise _unusable("apart")
        return chain

    def _joined(self, ways: Sequence[int]) -> frozenset[int]:
        return frozenset().union(*(self.roads[way] or frozenset() for way in ways))


def _check(kind: str, begin: Sequence[int], end: Sequence[int]) -> None:
    if kind not in routing.TURN_KINDS:
        raise _unusable("kind", kind)
    if (len(begin) > 1 and kind not in routing.SEVERAL_FROM) or (len(end) > 1 and kind not in routing.SEVERAL_TO):
        raise _unusable("members")


def _unusable(why: str, kind: str = "") -> GeoError:
    return GeoError("restriction_unusable", {"why": why, **({"kind": kind} if kind else {})}, field="restriction")
