"""Targets: figures of the real world that the model is held against, each with the band in which it must come.

As in `model`, every class is one mapping of the YAML files and every field one key. A figure is computed from runs
as its source computed it from the record: each kind of statistic below says how, and in what units.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from wargame.language.times import DAY
from wargame.scenario.model.annotations import (
    Bounds,
    Choices,
    Duration,
    GovernmentId,
    Moment,
    Number,
    OptionId,
    Period,
    Ref,
)
from wargame.scenario.model.questions import Arm, MeasureText

Weight = Annotated[float, Bounds(-10.0, 10.0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What is counted: actions of any of these options, or turns of a forum, after STARTEX.

    Exactly one of `options` and `forum`.
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("options", "forum")
    options: tuple[OptionId, ...] = ()
    by: tuple[GovernmentId, ...] = ()
    """Who did it: anyone if left out."""
    to: tuple[GovernmentId, ...] = ()
    """To whom: anyone if left out."""
    forum: Annotated[str, Ref("forum")] | None = None
    step: Annotated[str, Choices(("propose", "convene", "agree", "exhaust", "suspend", "lapse"))] = "agree"
    """Of the forum; a council agrees when it adopts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyDays:
    """Days with at least one of `of`, counted in each whole calendar month of the run (local dates).

    `mean`: days a month. `dispersion`: the unbiased variance over the mean, 1 for events that come independently.
    `empty`: the share of months without any.
    """

    of: Happening
    report: Annotated[str, Choices(("mean", "dispersion", "empty"))] = "mean"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clustering:
    """How much more probable a day with `of` is soon after another: a ratio of two shares of days, 1 without memory.

    Over all days with a whole window up to and including them and a whole one after: the share with one in the window
    after, among days with one in the window up to them, over the same share among days without. Local dates.
    """

    of: Happening
    window: Period = 14 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """Median days from each `cause` to the first `response` after it.

    By Kaplan and Meier: a cause that the run ends on counts as unanswered for as long as it was seen. Infinite if
    fewer than half are ever answered.
    """

    cause: Happening
    response: Happening
    first: bool = False
    """Only the first cause of a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How often `of` happens: times in `per`."""

    of: Happening
    per: Period = 365 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Actions a government and year of 365 days, of the least or the most active government.

    All options count, by decision, procedure, inject or record. Governments are compared by their means over runs.
    """

    report: Annotated[str, Choices(("lowest", "highest"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Share of hostile actions between two governments that the other answers in kind: a hostile action back, in time.

    An action is hostile if its Goldstein weight is at most `goldstein`. One less than `within` before the end of the run,
    unanswered so far, is left out.
    """

    goldstein: Weight = -5.0
    within: Period = 30 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRatio:
    """Rate of `of` in windows around `around` over its rate outside them: a ratio of two rates a day.

    A window runs from `before` ahead of each to `after` behind it; overlapping ones are one.
    """

    of: Happening
    around: Happening
    before: Duration = 0
    after: Period = 30 * DAY


STATISTICS = ("days_a_month", "clustering", "delay", "rate", "activity", "answered", "window_ratio")
"""Kinds of a figure that are computed from what happened; `measure` is the other kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """One number that runs are held against: a measure of runs, or a statistic of what happened in them.

    Exactly one of `measure` and the statistics.
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("measure", *STATISTICS)
    title: str = ""
    measure: MeasureText | None = None
    """As in a study: `p(war)`, `time(coal_halt)` in days, `mean(arrivals) - 1`."""
    days_a_month: MonthlyDays | None = None
    clustering: Clustering | None = None
    delay: Delay | None = None
    rate: Rate | None = None
    activity: Activity | None = None
    answered: Answered | None = None
    window_ratio: WindowRatio | None = None
    given: MeasureText | None = None
    """Only runs in which it is not 0."""
    pool: Annotated[str, Choices(("mean", "median", "all"))] = "mean"
    """How runs become one number: the mean or the median of what each gives alone, as the one record does; `all`:
    what happened in all of them is taken together."""
    observed: str
    """The real one, as the source has it."""
    band: tuple[Number, Number]
    """Inside it the model passes."""

    @property
    def computed(self) -> MonthlyDays | Clustering | Delay | Rate | Activity | Answered | WindowRatio | None:
        """What is computed from what happened; None for a measure."""
        return next((held for name in STATISTICS if (held := getattr(self, name)) is not None), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What really was, from when the governments decide in the runs that are held against it."""

    title: str
    startex: Moment | None = None
    until: Moment | None = None
    arm: Arm | None = None
    """What the runs change besides; it adds no inject files."""
    calibrate: bool = True
    """Calibration may look at it; false for what it is kept from, such as what came after its cut-off."""
    statistics: tuple[Statistic, ...]
    """All of them must be inside."""
    source: str
