"""Indicators, the effects of actions on them, and the names that formulas and paths may use."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from wargame.dataclasses import dataclass
from wargame.language.times import DAY, HOUR
from wargame.language.tree import CALENDAR, EVENTS, NUMERIC
from wargame.scenario.model import annotations as values

Interval = Annotated[int, values.DurationText(low=HOUR)]
KNOWN_TO_ALL = {"public": "write `at_once` if all see each change, `published` if all see it at set dates"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """The calendar by which an indicator is published. Until the first date its start value is the published one."""

    interval: Interval = 30 * DAY
    """Time between two measurements, counted from the start of the calendar; at least an hour."""
    delay: values.Duration = 0
    """Time from a measurement to its publication."""
    step: Annotated[float, values.Bounds(1e-6, 1e9)] | None = None
    """Published values are multiples of this number, in the unit of the indicator; a hundredth of its range by
    default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutineReport:
    """A report on an estimated indicator that all who estimate it receive regularly, each with its own error."""

    interval: Interval = 30 * DAY
    """Time between two reports, counted from the start of the calendar; at least an hour."""
    variance: values.Positive
    """Variance of each report, in shares of the range squared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A quantity of the world: `x(t) = baseline + (x0 - baseline) * 2**(-(t - t0) / half_life)`."""

    title: str
    scope: Annotated[str, values.Choices(("world", "government", "pair"))] = "world"
    """Whether there is one for the world, one for each government or one for each ordered pair of governments."""
    range: tuple[values.Number, values.Number] = (0.0, 1.0)
    """Its lowest and its highest value."""
    start: values.Number | dict[str, values.Number] = 0.0
    """One number, or one for each of `CHN` (government) or `CHN, PRK` (pair); `default` for the others."""
    baseline: values.Number | values.WorldFormula | dict[str, values.Number | values.WorldFormula] | None = None
    """Value to which it returns; its start by default. With a formula, the baseline follows other indicators: their
    true values, or what its (first) government sees of them if it is `own` or `estimated` and thus its judgement."""
    half_life: values.Period | None = None
    """Half-life of the return to the baseline; without one the indicator keeps its value."""
    formula: values.WorldFormula | dict[str, values.WorldFormula] | None = None
    """Makes the indicator derived: an expression over others; `self` and `other` are its own indexes. Each government
    computes it from what it knows of these."""
    known: Annotated[str, values.Choices(("at_once", "published", "own", "estimated"), KNOWN_TO_ALL)] = "at_once"
    """How it becomes known. at_once: all see each change; published: all, its own government too, see the value of the
    last publication; own: only its (first) government knows it; estimated: the others have an estimate."""
    publication: Publication | None = None
    """Calendar of a published indicator; by default every 30 days, without delay."""
    routine_report: RoutineReport | None = None
    """Regular report on an estimated indicator, in addition to `reports` of options and injects."""
    variance: values.Positive = 0.04
    """Variance of the others' first estimates, in shares of the range squared. `Agreement.proof` sets the variance at
    which an agreement is verified."""
    bias: values.Signed = 0.0
    """Bias of the others' first estimates, as a share of the range."""
    unit: str = ""
    """Its unit, as in tables and charts."""
    source: str = values.JUDGEMENT

    @property
    def dates(self) -> Publication:
        """The calendar by which it is published."""
        return self.publication or Publication()


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The effect of an action on one indicator. A plain number is short for `{by: number}`."""

    ONE_OF: ClassVar[tuple[str, ...]] = ("by", "to")
    SHORT: ClassVar[str] = "by"
    by: values.Number | values.ActorFormula | None = None
    """Share of the distance to the end of the range, upwards if positive, downwards if negative. Effects saturate."""
    to: values.Number | values.ActorFormula | None = None
    """The new value."""


AT_ONCE, PUBLISHED, OWN, ESTIMATED = "at_once", "published", "own", "estimated"
"""How an indicator becomes known."""
PUBLIC, UNTIL_CONVENED, PRIVATE = "public", "private_until_convened", "private"
"""Who sees the steps of a forum."""


@dataclass(frozen=True, slots=True)
class NamedNumber:
    """A named number: its indexes, how it becomes known, whether an action may change it.

    `index` has the kinds of its indexes, such as `("government", "government")`; `known` is as in `Indicator`.
    """

    index: tuple[str, ...]
    known: str
    base: bool = False
    """It is stored (not derived) and effects may change it."""


PAIR = ("government", "government")
FORUM_NUMBERS = ("proposed", "convened", "suspended", "agreed", "progress", "committed", "strength")
ENGINE: dict[str, NamedNumber] = {
    "trust": NamedNumber(PAIR, OWN, base=True),
    "flow": NamedNumber(PAIR, OWN),
    "surprise": NamedNumber(PAIR, OWN),
    "credibility": NamedNumber(PAIR, AT_ONCE, base=True),
    "rung": NamedNumber(PAIR, AT_ONCE),
    **{name: NamedNumber(("forum",), AT_ONCE) for name in FORUM_NUMBERS},
    **{name: NamedNumber(("agreement",), AT_ONCE) for name in ("offered", "in_force", "verified", "broken")},
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
"""The events that `count` and `days_since` count. An id used for several kinds means the first of these."""

INDEX_OF_SCOPE: dict[str, tuple[str, ...]] = {"world": (), "government": ("government",), "pair": PAIR}


def table(indicators: Mapping[str, Indicator]) -> dict[str, NamedNumber]:
    """Return all names, the engine's and the indicators', sorted."""
    names = dict(ENGINE)
    for name, indicator in indicators.items():
        if name not in ENGINE:
            names[name] = NamedNumber(INDEX_OF_SCOPE[indicator.scope], indicator.known, base=indicator.formula is None)
    return dict(sorted(names.items()))
