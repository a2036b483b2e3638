"""Names that formulas and paths may use: the scenario's indicators and those that the engine provides.

The checks and the world resolve names with the same table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wargame.language.functions import CALENDAR, EVENTS, NUMERIC
from wargame.scenario.model.indicators import Indicator

AT_ONCE, PUBLISHED, OWN, ESTIMATED = "at_once", "published", "own", "estimated"
"""How an indicator becomes known."""
PUBLIC, UNTIL_CONVENED, PRIVATE = "public", "private_until_convened", "private"
"""Who sees the steps of a forum."""


@dataclass(frozen=True, slots=True)
class Name:
    """A named number: its indexes, how it becomes known, whether an action may change it.

    `index` has the kinds of its indexes, such as `("government", "government")`; `known` is as in `Indicator`.
    """

    index: tuple[str, ...]
    known: str
    base: bool = False
    """It is stored (not derived) and effects may change it."""


PAIR = ("government", "government")
FORUM_NUMBERS = ("proposed", "convened", "suspended", "agreed", "progress", "committed", "strength")
ENGINE: dict[str, Name] = {
    "trust": Name(PAIR, OWN, base=True),
    "flow": Name(PAIR, OWN),
    "surprise": Name(PAIR, OWN),
    "credibility": Name(PAIR, AT_ONCE, base=True),
    "rung": Name(PAIR, AT_ONCE),
    **{name: Name(("forum",), AT_ONCE) for name in FORUM_NUMBERS},
    **{name: Name(("agreement",), AT_ONCE) for name in ("offered", "in_force", "verified", "broken")},
}
"""Names that the engine provides in every scenario. `flow[a, b]` is the tone of conduct that a expects from b."""

DECLARABLE = frozenset({"trust", "credibility"})
"""Names of the engine that `indicators` may declare, with scope pair, to set start, baseline and half-life."""
PLACEHOLDERS = frozenset({"actor", "target", "self", "other"})
RESERVED = PLACEHOLDERS | frozenset(NUMERIC) | frozenset(EVENTS) | frozenset(CALENDAR) | {"default"}
"""Words of the expression language, which cannot be names of indicators or governments."""
ROLES = frozenset({"all", "evaluator", "excon", "facilitator", "public", "scribe", "screen"})
"""Names in lower case of those who are no governments, in records and on the console."""
EVENT_KINDS = ("option", "inject", "outcome")
"""What `count` and `days_since` count. An id used for several kinds means the first of these."""

INDEX_OF_SCOPE: dict[str, tuple[str, ...]] = {"world": (), "government": ("government",), "pair": PAIR}


def table(indicators: Mapping[str, Indicator]) -> dict[str, Name]:
    """Return all names, the engine's and those of `indicators`, sorted."""
    names = dict(ENGINE)
    for name, indicator in indicators.items():
        if name not in ENGINE:
            index = INDEX_OF_SCOPE[indicator.scope]
            names[name] = Name(index, indicator.known, base=indicator.formula is None)
    return dict(sorted(names.items()))
