"""The runs that targets need, as a batch: targets with the same STARTEX, end and changes share an arm of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from wargame.batches.study.assembly import prepare
from wargame.batches.study.model import Measure, Study, combined
from wargame.batches.study.prepared import PreparedStudy
from wargame.errors import UsageFault, among, shortened
from wargame.language.times import Time
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model.questions import Arm
from wargame.scenario.model.targets import Statistic, Target

EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - compares dates of one scenario, which are in one zone


@dataclass(frozen=True, slots=True)
class ServedStatistic:
    """A statistic that is computed from the runs of an arm, until a time; its name is `TARGET.NUMBER`."""

    name: str
    statistic: Statistic
    until: Time


@dataclass(frozen=True, slots=True)
class RunCondition:
    """STARTEX, end and changes of runs, as an arm of a batch, with the statistics that they serve."""

    arm: Arm
    statistics: tuple[ServedStatistic, ...]


Conditions = Mapping[str, RunCondition]
"""By the name of their arm, that of the first target which they serve."""


def selected_targets(loaded: Loaded, only: Sequence[str] = ()) -> dict[str, Target]:
    """Return the targets of a scenario, or those named in `only`; UsageFault if there are none."""
    every = loaded.scenario.targets
    if not every:
        raise UsageFault(f"the scenario '{loaded.scenario.name}' has no targets (add them in a section `targets:`)")
    for name in only:
        among(name, every, f"there is no target '{shortened(name)}'", "targets:")
    return {name: target for name, target in every.items() if name in only or not only}


def conditions_of(loaded: Loaded, targets: Mapping[str, Target], change: Arm | None = None) -> dict[str, RunCondition]:
    """Return the conditions that targets need, each with the additional changes `change`.

    Statistics of events do not need a run that ends at their own end: they use the first part of a longer run.
    """
    groups: dict[tuple[str | None, str, str], list[ServedStatistic]] = defaultdict(list)
    arms: dict[str, Arm] = {}
    last: dict[tuple[str | None, str], Time] = {}
    for name, target in targets.items():
        arm = combined([target.arm or Arm(), change or Arm()])
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
    conditions: dict[str, RunCondition] = {}
    for (start, _, key), served in by_end.items():
        until = str(max((each.until for each in served), key=_order))
        names = list(dict.fromkeys(each.name.split(".")[0] for each in served))
        arm = replace(arms[key], startex=start, until=until, title=", ".join(names))
        free = (names[0], *(f"{names[0]}_{number}" for number in range(2, 2 + len(conditions))))
        conditions[next(name for name in free if name not in conditions)] = RunCondition(arm, tuple(served))
    return conditions


def _order(time: Time) -> tuple[bool, float]:
    """Return a sort key for dates, and for offsets from STARTEX among themselves."""
    if time.local is None:
        return False, float(time.offset or 0)
    return True, (time.local - EPOCH).total_seconds()


def batch_of(loaded: Loaded, conditions: Conditions, seed: int, runs: int, name: str = "targets") -> PreparedStudy:
    """Return conditions as a batch that keeps its events, with `runs` runs of each."""
    statistics = (each.statistic for condition in conditions.values() for each in condition.statistics)
    texts = (text for statistic in statistics for text in (statistic.measure, statistic.given) if text)
    study = Study(
        name=name,
        scenario=loaded.scenario.name,
        seed=seed,
        replications=runs,
        arms={name: condition.arm for name, condition in conditions.items()},
        measures=tuple(Measure(formula=text) for text in dict.fromkeys(" ".join(text.split()) for text in texts)),
        events=True,
    )
    return prepare(study, loaded, Path(), loaded.scenario.name)
