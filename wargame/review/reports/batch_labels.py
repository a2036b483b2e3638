"""The names of arms, measures and factors in the report of a batch."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Self

from wargame.batches.analysis.differences import name_of
from wargame.batches.api import Batch
from wargame.dataclasses import dataclass, field
from wargame.document.formatting import estimate, minus
from wargame.language.plain_text import clean
from wargame.scenario.model.measures import OF_PATHS, Parsed, welfare_args
from wargame.tables import tables


@dataclass(frozen=True, slots=True)
class Names:
    """Arms with the baseline first, titles of arms, measures, outcomes and factors, and the kind of each measure.

    A kind is `share` (0 to 1, shown in percent), `time` (days) or `number`.
    """

    arms: tuple[str, ...]
    baseline: str
    arm_titles: Mapping[str, str]
    horizons: Mapping[str, float]
    """Length of the runs of each arm, in days."""
    measures: Mapping[str, str]
    kinds: Mapping[str, str]
    outcomes: Mapping[str, str]
    factors: Mapping[str, str]
    units: Mapping[str, str]
    """Of differences of measures and of values of indicators; those without one are left out."""
    events: Mapping[str, str] = field(default_factory=dict)
    """The outcome of each measure that is the time until it, and has no title."""

    @classmethod
    def plain(cls, arms: Iterable[str], baseline: str) -> Self:
        """Return the names by which commands call them."""
        return cls((baseline, *(arm for arm in arms if arm != baseline)), baseline, {}, {}, {}, {}, {}, {}, {})

    def mark(self, arm: str) -> str:
        """Return a mark for the baseline, unless its name already says it."""
        return " (baseline)" if arm == self.baseline != "baseline" else ""

    def label(self, arm: str) -> str:
        """Return an arm by its title, or by its name if it has no title."""
        title = self.arm_titles.get(arm, "")
        alone = sum(each == title for each in self.arm_titles.values()) == 1
        return (title if alone else f"{title} ({arm})") if title else arm

    def head(self, arm: str) -> str:
        """Return an arm at the head of a column, with a mark for the baseline."""
        label = self.label(arm)
        return f"{label} (baseline)" if arm == self.baseline and label != "baseline" else label

    def in_sentence(self, arm: str) -> str:
        """Return an arm within a sentence."""
        label = self.label(arm)
        return label if label == arm else f"'{label}'"

    def never(self, row: Mapping[str, Any]) -> str:
        """Return what to show for a time that no run of the arm has reached; empty for everything else."""
        days = self.horizons.get(row["arm"])
        if self.kinds.get(row["measure"]) != "time" or days is None or row["estimate"] is None:
            return ""
        return f"not within {days:g} days" if row["estimate"] >= days else ""

    def event(self, measure: str) -> str:
        """Return the title of a measure, or of a time the outcome until which it is."""
        return self.events.get(measure) or self.title(measure)

    def title(self, measure: str) -> str:
        """Return the title of a measure, or the measure itself."""
        title = self.measures.get(measure) or ""
        return title if "(" in title else title[:1].upper() + title[1:] or measure

    def is_share(self, measure: str) -> bool:
        """Return whether its numbers are shown in percent."""
        return self.kinds.get(measure) == "share"


def names_of(batch: Batch, summary: Mapping[str, Any]) -> Names:
    """Return the names of a batch; a share or time of an outcome without a title takes the title of the outcome."""
    prepared = batch.prepared
    outcomes = {name: clean(spec.title) for name, spec in prepared.loaded.scenario.outcomes.items()}
    baseline = str(summary["baseline"])
    units = {path: unit for path in prepared.study.series if (unit := _unit_of(batch, path))}
    titles, events = {}, dict[str, str]()
    for measure in prepared.measures:
        units |= {measure.name: unit} if (unit := _unit(batch, measure)) else {}
        of_outcome = outcomes.get(measure.outcome, "")
        if of_outcome and measure.kind == "time" and not measure.title:
            events[measure.name] = clean(of_outcome)
            of_outcome = f"Days until: {of_outcome}"
        known = _welfare(batch, measure.name) or _standard(batch, measure.name)
        titles[measure.name] = clean(measure.title or of_outcome or known)
    return Names(
        arms=(baseline, *(arm for arm in summary["arms"] if arm != baseline)),
        baseline=baseline,
        arm_titles={arm: clean(prepared.study.arms[arm].title) for arm in summary["arms"]},
        horizons={arm: prepared.horizon(arm) for arm in summary["arms"]},
        measures=titles,
        kinds={measure.name: measure.kind for measure in prepared.measures},
        outcomes=outcomes,
        factors={"draws": "random draws"}
        | {name: clean(spec.title or name) for name, spec in prepared.study.factors.items()},
        units=units,
        events=events,
    )


UNITS = {"share": "percentage points", "time": "days"}
OF_EVENTS = {"count": "events", "actions": "actions", "severity": "severity, sum", "jump": "severity", "first": "days"}


def _unit(batch: Batch, measure: Parsed) -> str:
    """Return the unit of a measure; empty if it may be a ratio."""
    calls = list(measure.calls.values())
    events = {OF_EVENTS.get(call.function, "") for call in calls}
    if measure.kind in UNITS or len(calls) + len(measure.reads) != 1:
        is_sum = len(events) == 1 and not measure.reads and not {*"*/<>="} & {*measure.name}
        return UNITS.get(measure.kind, "") or (events.pop() if is_sum else "")
    path = calls[0].args[0] if calls and calls[0].function in OF_PATHS else measure.name
    return "".join(events) or ("welfare" if path.startswith("welfare") else _unit_of(batch, path))


def _unit_of(batch: Batch, path: str) -> str:
    spec = batch.prepared.loaded.scenario.indicators.get(path.partition("[")[0])
    return (clean(spec.unit) or minus(f"index, {spec.range[0]:g} to {spec.range[1]:g}")) if spec else ""


STANDARD = re.compile(r"(actions|severity|jump|mean)\(\s*(\w*)\s*\)")
OF_ONE: Mapping[str, str] = tables("review/words.yaml")["of_one"]
OF_ALL = {"actions": "Actions of all governments", "severity": "Severity of all actions"}


def _standard(batch: Batch, measure: str) -> str:
    """Return the title of a measure that needs no title; the measure itself if it is another one."""
    match, scenario = STANDARD.fullmatch(measure), batch.prepared.loaded.scenario
    kind, of = match.groups() if match else ("", "")
    if of in scenario.governments and kind in OF_ONE:
        return OF_ONE[kind].format(scenario.governments[of].name)
    if kind == "mean" and of in scenario.indicators and scenario.indicators[of].title:
        return f"{scenario.indicators[of].title}, mean over time"
    return OF_ALL.get(kind, measure) if match and not of else measure


def _welfare(batch: Batch, measure: str) -> str:
    over_time = measure.removeprefix("mean(").removesuffix(")") if measure.startswith("mean(welfare") else ""
    whose, scenario = welfare_args(over_time or measure), batch.prepared.loaded.scenario
    if not whose or whose[0] not in scenario.governments or not {*whose[1:]} <= {*scenario.leaders}:
        return ""
    return f"Welfare of {clean(name_of(scenario, whose))}{', mean over time' if over_time else ' at the end'}"


def end(row: Mapping[str, Any]) -> str:
    """Return the share of runs in which an outcome has occurred at the end, with its interval, if it has one."""
    last = dict(zip(("estimate", "low", "high"), (row[name][-1] for name in ("share", "low", "high")), strict=True))
    return estimate(last, share=True)
