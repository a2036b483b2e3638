"""What the command line asks of a study or a scenario, and the study as it is then played."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from wargame.batch.study.arms import parse_arm
from wargame.batch.study.model import BASELINE, Measure, Stopping, Study
from wargame.batch.study.thresholds import parse_threshold
from wargame.errors import UsageFault, nearest
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model.measures import default_texts
from wargame.scenario.model.questions import Arm


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyOverrides:
    """What the command line changes about a study or asks of a scenario; None leaves it as it is."""

    injects: tuple[str, ...] = ()
    replications: int | None = None
    seed: int | None = None
    arms: tuple[str, ...] = ()
    """`NAME=set PATH=V; bar …; strategy GOV=S` adds an arm, `NAME` alone chooses one of the study's."""
    measures: tuple[str, ...] = ()
    """In place of the study's."""
    also: tuple[str, ...] = ()
    """Besides the study's."""
    thresholds: tuple[str, ...] = ()
    until_ci: tuple[str, float] | None = None
    startex: str | None = None
    until: str | None = None
    design: str | None = None
    variant: str | None = None
    """One that the scenario declares: it takes the place of what is written."""
    events: bool = False


def apply_overrides(study: Study, overrides: StudyOverrides, loaded: Loaded) -> Study:
    """The study with the overrides; UsageFault if it has no such arm or variant."""
    arms = dict(study.arms) or {BASELINE: Arm()}
    chosen = [name for name in overrides.arms if "=" not in name]
    for name in chosen:
        if name not in arms:
            raise UsageFault(f"there is no arm '{name[:60]}' ({nearest(name, arms) or 'there are ' + ', '.join(arms)})")
    if chosen:
        against = replace(study, arms=arms).against
        arms = {name: arm for name, arm in arms.items() if name in (*chosen, against)}
    given: set[str] = set()
    for text in overrides.arms:
        if "=" in text:
            name, arm = parse_arm(text, loaded)
            if name in given:
                raise UsageFault(f"--arm: '{name}' is given twice")
            given.add(name)
            arms[name] = arm
    changed: dict[str, Any] = {"arms": dict(sorted(arms.items()))}
    wanted = {"replications": overrides.replications, "seed": overrides.seed}
    wanted |= {"startex": overrides.startex, "until": overrides.until}  # type: ignore[dict-item]
    changed |= {name: value for name, value in wanted.items() if value is not None}
    if overrides.measures:
        texts = dict.fromkeys(" ".join(text.split()) for text in overrides.measures)
        changed["measures"] = tuple(Measure(formula=text) for text in texts)
    if overrides.until_ci:
        at = study.stopping.at if study.stopping else ()
        changed["stopping"] = Stopping(measure=overrides.until_ci[0], width=overrides.until_ci[1], at=at)
    changed["thresholds"] = (*study.thresholds, *overrides.thresholds)
    changed["events"] = study.events or overrides.events
    made = replace(study, **changed)
    measures = made.measures or tuple(Measure(formula=text) for text in default_texts(loaded.scenario))
    return _with_asked(replace(made, measures=measures), (*overrides.also,))


def _with_asked(study: Study, also: Iterable[str]) -> Study:
    """The study with the measures that thresholds and stopping ask for, if it has them not yet."""
    known = {measure.name or " ".join(measure.formula.split()) for measure in study.measures}
    asked = [*also, *(parse_threshold(text).measure for text in study.thresholds)]
    asked += [study.stopping.measure] if study.stopping else []
    more = [text for text in dict.fromkeys(" ".join(text.split()) for text in asked) if text not in known]
    for text in study.thresholds:
        arm = parse_threshold(text).arm
        if arm and arm not in study.arms:
            raise UsageFault(f"'{text}': there is no arm '{arm}' ({nearest(arm, study.arms) or ', '.join(study.arms)})")
    return replace(study, measures=(*study.measures, *(Measure(formula=text) for text in more)))
