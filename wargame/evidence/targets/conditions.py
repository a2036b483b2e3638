"""The run conditions that targets need. Targets with the same STARTEX, end and arm share runs."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import wargame
from wargame.batches.running.opening import fixed
from wargame.batches.study.model import Study, combined
from wargame.batches.study.prepared import PreparedStudy
from wargame.errors import UsageFault, among, shortened
from wargame.language.times import DAY, Time
from wargame.scenario.building.numbers import canonical, digest
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model.measures import parse_measure
from wargame.scenario.model.questions import Arm
from wargame.scenario.model.targets import Statistic, Target
from wargame.simulation.exercise import Exercise

EVERY = 7 * DAY
"""Interval at which indicators are sampled for their means."""
ARM = "model"
"""The name of the only arm of a condition."""
EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - compares dates of one scenario, which are in one zone


@dataclass(frozen=True, slots=True)
class ServedStatistic:
    """A statistic that is computed from the runs of a condition, until a time; its name is `TARGET.NUMBER`."""

    name: str
    statistic: Statistic
    until: Time


@dataclass(frozen=True, slots=True)
class RunCondition:
    """STARTEX, end and arm of runs, with the statistics that they serve. `label` is a calibration point, or empty."""

    startex: str | None
    until: Time
    arm: Arm
    statistics: tuple[ServedStatistic, ...]
    label: str = ""

    @property
    def title(self) -> str:
        """The targets that it serves, and its label: a name for messages."""
        targets = ", ".join(dict.fromkeys(each.name.split(".")[0] for each in self.statistics))
        return f"{targets} ({self.label})" if targets and self.label else targets or self.label

    def identity(self) -> list[Any]:
        """JSON data of everything that determines its runs and their tallies."""
        statistics = [[each.name, str(each.until), canonical(each.statistic)] for each in self.statistics]
        return [self.label, self.startex, str(self.until), canonical(self.arm), statistics]


@dataclass(frozen=True, slots=True)
class TargetPlan:
    """All runs of an evaluation, as workers receive it."""

    files: tuple[tuple[str, bytes], ...]
    seed: int
    conditions: tuple[RunCondition, ...]
    runs: int
    """Runs of each condition."""

    def cells(self) -> list[tuple[int, int]]:
        """Return all runs as (condition, replication), condition by condition, so that a worker needs few scenarios."""
        return [(place, replication) for place in range(len(self.conditions)) for replication in range(self.runs)]


def plan_of(loaded: Loaded, seed: int, conditions: tuple[RunCondition, ...], runs: int) -> TargetPlan:
    """Return the plan of an evaluation."""
    return TargetPlan(tuple(sorted(loaded.files.items())), seed, conditions, runs)


def selected_targets(loaded: Loaded, only: Sequence[str] = ()) -> dict[str, Target]:
    """Return the targets of a scenario, or those named in `only`; UsageFault if there are none."""
    every = loaded.scenario.targets
    if not every:
        raise UsageFault(f"the scenario '{loaded.scenario.name}' has no targets (add them in a section `targets:`)")
    for name in only:
        among(name, every, f"there is no target '{shortened(name)}'", "targets:")
    return {name: target for name, target in every.items() if name in only or not only}


def conditions_of(loaded: Loaded, targets: dict[str, Target], change: Arm, label: str = "") -> tuple[RunCondition, ...]:
    """Return the conditions that targets need, each with the additional changes `change`.

    Statistics of events do not need a run that ends at their own end: they use the first part of a longer run.
    """
    groups: dict[tuple[str | None, str, str], list[ServedStatistic]] = defaultdict(list)
    arms: dict[str, Arm] = {}
    last: dict[tuple[str | None, str], Time] = {}
    for name, target in targets.items():
        arm = combined([target.arm or Arm(), change])
        start, key = (str(target.startex) if target.startex else None), repr(arm)
        arms[key] = arm
        end = target.until or loaded.scenario.calendar.end
        last[start, key] = max(last.get((start, key), end), end, key=_order)
        for number, statistic in enumerate(target.statistics):
            groups[start, str(end), key].append(ServedStatistic(f"{name}.{number}", statistic, end))
    by_end: dict[tuple[str | None, str, str], list[ServedStatistic]] = defaultdict(list)
    for (start, end_text, key), served in groups.items():
        longest = last[start, key]
        for each in served:
            whole = each.statistic.measure or each.statistic.given or longest.local is None or each.until.local is None
            by_end[start, end_text if whole else str(longest), key].append(each)
    return tuple(
        RunCondition(start, max((each.until for each in served), key=_order), arms[key], tuple(served), label)
        for (start, _, key), served in by_end.items()
    )


def _order(time: Time) -> tuple[bool, float]:
    """Return a sort key for dates, and for offsets from STARTEX among themselves."""
    if time.local is None:
        return False, float(time.offset or 0)
    return True, (time.local - EPOCH).total_seconds()


def prepared(loaded: Loaded, condition: RunCondition, seed: int) -> PreparedStudy:
    """Return a condition as a study of one arm."""
    study = Study(
        name="targets",
        scenario=loaded.scenario.name,
        seed=seed,
        replications=1,
        startex=condition.startex,
        until=str(condition.until),
        arms={ARM: condition.arm},
        events=True,
        every=EVERY,
    )
    statistics = (each.statistic for each in condition.statistics)
    texts = dict.fromkeys(text for statistic in statistics for text in (statistic.measure, statistic.given) if text)
    return PreparedStudy(study, {ARM: loaded}, tuple(parse_measure(text) for text in texts), None, loaded.scenario.name)


def check_conditions(loaded: Loaded, plan: TargetPlan) -> None:
    """Set up one run of each condition, so that errors are reported before anything is run."""
    for condition in plan.conditions:
        ready = prepared(loaded, condition, plan.seed)
        arm = ready.names[0]
        try:
            Exercise(ready.scenario_of(arm, 0), plan.seed, ready.settings(arm, 0))
        except UsageFault as error:
            if not condition.statistics:
                raise
            raise UsageFault(f"target {condition.title}: {error}") from None


def identity(loaded: Loaded, plan: TargetPlan) -> str:
    """Hash of everything that determines the runs of a plan."""
    conditions = [condition.identity() for condition in plan.conditions]
    return digest([wargame.__version__, loaded.scenario_sha256, loaded.injects_sha256, plan.seed, conditions])


def declared(loaded: Loaded, plan: TargetPlan) -> dict[str, Any]:
    """What is fixed before the first run: hashes of questions, mechanisms and parameters, for others to verify."""
    about = {"scenario": loaded.scenario.name, "seed": plan.seed, "version": wargame.__version__}
    return {"identity": identity(loaded, plan), **about, "fixed": fixed(loaded)}
