"""What the command line changes in a study, or adds to a scenario to make it a study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from wargame.batches.study.arms import parse_arm
from wargame.batches.study.model import BASELINE, Measure, Stopping, Study
from wargame.batches.study.thresholds import parse_threshold
from wargame.brains.specification import located
from wargame.errors import UsageFault, nearest, shortened
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model.measures import default_texts, interest_texts
from wargame.scenario.model.questions import Arm


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyOverrides:
    """Changes of a study by the command line; None leaves a value unchanged."""

    injects: tuple[str, ...] = ()
    replications: int | None = None
    seed: int | None = None
    arms: tuple[str, ...] = ()
    """`NAME=set PATH=V; forbid …; strategy GOV=S` adds an arm; `NAME` alone selects one of the study."""
    measures: tuple[str, ...] = ()
    """Replace those of the study."""
    also: tuple[str, ...] = ()
    """In addition to those of the study."""
    thresholds: tuple[str, ...] = ()
    until_ci: tuple[str, float] | None = None
    startex: str | None = None
    until: str | None = None
    design: str | None = None
    variant: str | None = None
    """A variant that the scenario declares, to run in place of the scenario."""
    events: bool = False
    interests: bool = False
    """Measure the welfare of each government."""
    programs: tuple[tuple[str, Any], ...] = ()
    """Fields of the study's `programs` with their values."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """Keys of a study file with their values, from Python."""


def apply_overrides(study: Study, overrides: StudyOverrides, loaded: Loaded) -> Study:
    """Return the study with the overrides; UsageFault if it has no such arm or variant."""
    arms = dict(study.arms) or {BASELINE: Arm()}
    selected = [name for name in overrides.arms if "=" not in name]
    for name in selected:
        if name not in arms:
            raise UsageFault(
                f"there is no arm '{shortened(name)}' ({nearest(name, arms) or 'there are ' + ', '.join(arms)})"
            )
    if selected:
        against = replace(study, arms=arms).against
        arms = {name: arm for name, arm in arms.items() if name in (*selected, against)}
    names_seen: set[str] = set()
    for text in overrides.arms:
        if "=" in text:
            name, arm = parse_arm(text, loaded)
            if name in names_seen:
                raise UsageFault(f"--arm: '{name}' is given twice")
            names_seen.add(name)
            arms[name] = arm
    changed: dict[str, Any] = {"arms": dict(sorted(arms.items()))}
    values = {"replications": overrides.replications, "seed": overrides.seed}
    values |= {"startex": overrides.startex, "until": overrides.until}  # type: ignore[dict-item]
    changed |= {name: value for name, value in values.items() if value is not None}
    if overrides.measures:
        texts = dict.fromkeys(" ".join(text.split()) for text in overrides.measures)
        changed["measures"] = tuple(Measure(formula=text) for text in texts)
    if overrides.until_ci:
        at = study.stopping.at if study.stopping else ()
        changed["stopping"] = Stopping(measure=overrides.until_ci[0], width=overrides.until_ci[1], at=at)
    changed["thresholds"] = (*study.thresholds, *overrides.thresholds)
    changed["interests"] = study.interests or overrides.interests
    changed["events"] = study.events or overrides.events
    changed["programs"] = replace(study.programs, **dict(overrides.programs))
    study = replace(study, **changed)
    measures = study.measures or tuple(Measure(formula=text) for text in default_texts(loaded.scenario))
    leaders = {leader for arm in study.arms.values() for leader in arm.leaders.values()}
    welfare = interest_texts(loaded.scenario, leaders) if study.interests else []
    return _with_needed(replace(study, measures=measures), (*overrides.also, *welfare))


def with_programs(study: Study, folder: Path) -> Study:
    """Return the study of a file, with the programs of its arms, and its cassette, looked up next to the file."""
    arms = {
        name: replace(arm, seats={government: located(kind, folder) for government, kind in arm.seats.items()})
        for name, arm in study.arms.items()
    }
    cassette = study.programs.cassette
    programs = replace(study.programs, cassette=str(folder / cassette)) if cassette else study.programs
    return replace(study, arms=arms, programs=programs)


def _with_needed(study: Study, also: Iterable[str]) -> Study:
    """Return the study with the measures that thresholds and stopping need, where they are missing."""
    known = {measure.name or " ".join(measure.formula.split()) for measure in study.measures}
    needed = [*also, *(parse_threshold(text).measure for text in study.thresholds)]
    needed += [study.stopping.measure] if study.stopping else []
    more = [text for text in dict.fromkeys(" ".join(text.split()) for text in needed) if text not in known]
    for text in study.thresholds:
        arm = parse_threshold(text).arm
        if arm and arm not in study.arms:
            raise UsageFault(f"'{text}': there is no arm '{arm}' ({nearest(arm, study.arms) or ', '.join(study.arms)})")
    return replace(study, measures=(*study.measures, *(Measure(formula=text) for text in more)))
