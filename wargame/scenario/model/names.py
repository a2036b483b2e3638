"""Every name that a formula or a path may use: the scenario's indicators and what the engine provides.

`check` and the world resolve names by the same table, made here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wargame.language.functions import CALENDAR, EVENTS, NUMERIC
from wargame.scenario.model import Indicator

PUBLIC, OWN, ESTIMATED = "public", "own", "estimated"


@dataclass(frozen=True, slots=True)
class Name:
    """A number that has a name: what its indexes range over, who knows it, whether an action may change it.

    `index` holds the kinds of its indexes, such as `("government", "government")`; `known` is `public`,
    `own` (only to the government that is its first index) or `estimated`.
    """

    index: tuple[str, ...]
    known: str
    base: bool = False
    """It is held as a number of its own and effects may change it."""


PAIR = ("government", "government")
ENGINE: dict[str, Name] = {
    "trust": Name(PAIR, OWN, base=True),
    "flow": Name(PAIR, OWN),
    "surprise": Name(PAIR, OWN),
    "credibility": Name(PAIR, PUBLIC, base=True),
    "rung": Name(PAIR, PUBLIC),
    **{name: Name(("forum",), PUBLIC) for name in ("proposed", "convened", "suspended", "agreed")},
    **{name: Name(("forum",), PUBLIC) for name in ("progress", "committed", "strength")},
    **{name: Name(("agreement",), PUBLIC) for name in ("offered", "in_force", "verified", "broken")},
}
"""What the engine keeps for every scenario; `flow[a, b]` reads 'what a is used to from b'."""

DECLARABLE = frozenset({"trust", "credibility"})
"""Engine's names that `indicators` may declare, with scope pair, to give their start, rest and half-life."""
PLACEHOLDERS = frozenset({"actor", "target", "self", "other"})
RESERVED = PLACEHOLDERS | frozenset(NUMERIC) | frozenset(EVENTS) | frozenset(CALENDAR) | {"default"}
"""Words of the expression language that no indicator or government may be called."""
EVENT_KINDS = ("option", "inject", "outcome")
"""What `count` and `days_since` count; an id that stands for several is the first of these."""

INDEX_OF_SCOPE: dict[str, tuple[str, ...]] = {"world": (), "government": ("government",), "pair": PAIR}


def table(indicators: Mapping[str, Indicator]) -> dict[str, Name]:
    """All names by their text, the engine's and those of `indicators`, in sorted order."""
    names = dict(ENGINE)
    for name, indicator in indicators.items():
        if name not in ENGINE:
            index = INDEX_OF_SCOPE[indicator.scope]
            names[name] = Name(index, indicator.known, base=indicator.formula is None)
    return dict(sorted(names.items()))
