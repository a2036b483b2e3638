"""Targets: observed statistics that runs are compared with, each with the band in which the model must be.

As in the whole package, every class is one mapping of the YAML files and every field one key. A statistic is computed
from runs as its source computed it from the history; the classes below give the definitions and units.
"""

from typing import Annotated, ClassVar

from wargame.dataclasses import dataclass
from wargame.language.times import DAY
from wargame.scenario.model import annotations as values
from wargame.scenario.model.questions import Arm, MeasureText

Weight = Annotated[float, values.Bounds(-10.0, 10.0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """The events to count: actions with any of these options, or steps of a forum, after STARTEX.

    Exactly one of `options` and `forum`.
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("options", "forum")
    options: tuple[values.OptionId, ...] = ()
    """Actions with any of these options."""
    by: tuple[values.GovernmentId, ...] = ()
    """Actors; any if left out."""
    to: tuple[values.GovernmentId, ...] = ()
    """Targets; any if left out."""
    forum: Annotated[str, values.Ref("forum")] | None = None
    """Steps of this forum."""
    step: Annotated[str, values.Choices(("propose", "convene", "agree", "exhaust", "suspend", "lapse"))] = "agree"
    """Step of the forum; a council agrees when it adopts a draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyDays:
    """Days with at least one event of `of`, counted per whole calendar month of the run (local dates).

    mean: days per month. dispersion: unbiased variance divided by the mean, 1 for independent events.
    empty: share of months without an event.
    """

    of: Happening
    """The events to count."""
    report: Annotated[str, values.Choices(("mean", "dispersion", "empty"))] = "mean"
    """Which number of the counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clustering:
    """How much more probable an event is soon after another one: a ratio of two shares of days, 1 without clustering.

    Each day with a full window before it (including the day itself) and a full window after it counts. The ratio is
    the share of days with an event in the window after, among days with an event in the window before, divided by the
    same share among days without one. Local dates.
    """

    of: Happening
    """The events to count."""
    window: values.Period = 14 * DAY
    """Length of both windows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """Median number of days from each `cause` to the first `response` after it.

    Kaplan-Meier estimate: a cause without a response until the end of the run is censored. Infinite if fewer than
    half of the causes have a response.
    """

    cause: Happening
    """The events from which the time runs."""
    response: Happening
    """The events that end it."""
    first: bool = False
    """Only the first cause of a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Number of events of `of` per period `per`."""

    of: Happening
    """The events to count."""
    per: values.Period = 365 * DAY
    """The period in which they are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Actions per year of 365 days, of the least or the most active government.

    All options count, whether by decision, procedure, inject or history. Governments are ranked by their means over
    runs.
    """

    report: Annotated[str, values.Choices(("lowest", "highest"))]
    """The least or the most active government."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Share of hostile actions between two governments that are answered in kind within the time `within`.

    An action is hostile if its Goldstein weight is at most `goldstein`. Unanswered actions less than `within` before
    the end of the run are left out.
    """

    goldstein: Weight = -5.0
    """The highest Goldstein weight of a hostile action."""
    within: values.Period = 30 * DAY
    """The time in which an answer counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRatio:
    """Rate of `of` within windows around `around`, divided by its rate outside them.

    A window begins `before` and ends `after` an event; overlapping windows are merged.
    """

    of: Happening
    """The events to count."""
    around: Happening
    """The events around which the windows are."""
    before: values.Duration = 0
    """How long before an event its window begins."""
    after: values.Period = 30 * DAY
    """How long after an event its window ends."""


STATISTICS = ("days_a_month", "clustering", "delay", "rate", "activity", "answered", "window_ratio")
"""Keys of `Statistic` for statistics computed from events; `measure` is the alternative."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """One observed number that runs are compared with: a measure of runs, or a statistic of their events.

    Exactly one of `measure` and the kinds of statistics.
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("measure", *STATISTICS)
    title: str = ""
    measure: MeasureText | None = None
    """As in a study: `p(war)`, `time(coal_halt)` in days, `mean(arrivals) - 1`."""
    days_a_month: MonthlyDays | None = None
    """Days with events in each month."""
    clustering: Clustering | None = None
    """How events follow each other."""
    delay: Delay | None = None
    """Time from an event to its response."""
    rate: Rate | None = None
    """Events in each period."""
    activity: Activity | None = None
    """Actions of the least or most active government."""
    answered: Answered | None = None
    """Hostile actions that are answered in kind."""
    window_ratio: WindowRatio | None = None
    """Events around other events, compared with the rest of the time."""
    given: MeasureText | None = None
    """Measure of the runs to include: those in which it is not 0."""
    pool: Annotated[str, values.Choices(("mean", "median", "all"))] = "mean"
    """How runs become one number. mean, median: of the statistics of single runs; all: one statistic over the events of
    all runs."""
    observed: str
    """The observed value, as given by the source."""
    band: tuple[values.Number, values.Number]
    """Values with which the model passes."""

    @property
    def computed(self) -> MonthlyDays | Clustering | Delay | Rate | Activity | Answered | WindowRatio | None:
        """The statistic to compute from events; None for a measure."""
        return next((each for name in STATISTICS if (each := getattr(self, name)) is not None), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Observed statistics of a period, and the runs that are compared with them."""

    title: str
    startex: values.Moment | None = None
    """STARTEX of the runs; that of the scenario if left out."""
    until: values.Moment | None = None
    """End of the runs; ENDEX of the scenario if left out."""
    arm: Arm | None = None
    """The changes of the runs; it cannot add inject files."""
    calibrate: bool = True
    """Whether calibration may use it; false for held-out statistics, such as those from after the cut-off."""
    statistics: tuple[Statistic, ...]
    """All of them must be inside their bands."""
    source: str
    """Where the observed values are published."""
