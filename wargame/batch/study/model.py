"""What an analyst writes: a study of a scenario, as frozen data.

As in `wargame.scenario.model`, every class is one mapping of the YAML file and every field one key; reading,
checking and the JSON Schema follow the annotations.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from wargame.language.times import DAY
from wargame.scenario.model.annotations import Bounds, Choices, Count, Id, Number, Path, Period
from wargame.scenario.model.questions import Arm, MeasureText, Runs

BASELINE = "baseline"

Positive = Annotated[float, Bounds(1e-9, 1e9)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A number that the study varies.

    Exactly one of `set` and `parameter`; `range` or `levels` say over what.
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("set", "parameter")
    set: Path | None = None
    """An indicator, set with its rest at STARTEX."""
    parameter: str | None = None
    """A number of the scenario's files that is written with its value and source: its keys joined by dots."""
    range: tuple[Number, Number] | None = None
    """From the lower to the upper end; that of the scenario if a parameter has one and nothing is written."""
    levels: tuple[Number, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """At which points the factors are looked at. A word alone is short for `{kind: word}`."""

    SHORT: ClassVar[str] = "kind"
    kind: Annotated[str, Choices(("grid", "latin_hypercube", "sobol", "one_at_a_time", "points"))]
    """grid: all levels with all; latin_hypercube: evenly filled; sobol: Saltelli's for indices;
    one_at_a_time: each factor at its ends, for a tornado; points: those of a file."""
    points: Count = 0
    """Of a hypercube; the base of Sobol's, a power of two; the levels that a grid makes of a range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A number of a run. A text alone is short for `{formula: text}`."""

    SHORT: ClassVar[str] = "formula"
    formula: MeasureText
    """`p(outcome)`, `time(outcome)`, or an expression over `count`, `actions`, `severity`, `mean`, indicators."""
    name: str = ""
    """What tables call it; the formula itself if left out."""
    title: str = ""
    interval: Annotated[str, Choices(("t", "bootstrap"))] = "t"
    """Of means; proportions always have Wilson's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping:
    """Ends the batch early, once an interval is narrow enough in every arm."""

    measure: str
    width: Positive
    """From the lower to the upper end of the 95 % interval."""
    at: tuple[Runs, ...] = ()
    """Replications at which it is looked at; 100, 200, 400, … if left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One study file."""

    format: Literal["wargame-study/1"] = "wargame-study/1"
    name: Id
    title: str = ""
    summary: str = ""
    scenario: str
    """A built-in scenario, or a path from this file."""
    injects: tuple[str, ...] = ()
    """Inject files of all arms, besides the scenario's own."""
    seed: Annotated[int, Bounds(0, 2**63 - 1)] = 1
    replications: Runs = 1000
    """In each arm; with a design that repeats its points, in each arm all points together."""
    startex: str | None = None
    """Of arms that say nothing else."""
    until: str | None = None
    """Of arms that say nothing else."""
    baseline: Id | None = None
    """The arm that others are compared with: `baseline`, or else the first by name."""
    arms: dict[Id, Arm] = field(default_factory=dict)
    factors: dict[Id, Factor] = field(default_factory=dict)
    design: Design | None = None
    measures: tuple[Measure, ...] = ()
    """All outcomes, actions and severities if left out."""
    stopping: Stopping | None = None
    thresholds: tuple[str, ...] = ()
    """As with --fail-if: `[ARM:] MEASURE > NUMBER`."""
    events: bool = False
    """Keep the actions of all runs, the steps of forums and the releases of injects."""
    series: tuple[Path, ...] = ()
    """Indicators to keep over time."""
    every: Period = 7 * DAY
    """How often `series` and the means of indicators look."""

    @property
    def against(self) -> str:
        """The arm that others are compared with."""
        return self.baseline or (BASELINE if BASELINE in self.arms else min(self.arms))
