"""From the arguments of the Python functions to runs and batches."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, fields, replace
from operator import index
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from wargame.batches.api import BatchOptions, follow, play
from wargame.batches.running.opening import open_data, open_target, run_of
from wargame.batches.study.catalogue import find
from wargame.batches.study.from_data import merge
from wargame.batches.study.overrides import StudyOverrides
from wargame.batches.study.parameters import under
from wargame.batches.study.prepared import PreparedStudy
from wargame.brains.specification import Players, split_seats
from wargame.errors import UsageFault, among
from wargame.executor.progress import game_time_bar, job_bar
from wargame.executor.run import Place, simulate
from wargame.notebook.batch_result import BatchResult
from wargame.notebook.run_result import RunResult
from wargame.review.findings.findings import Findings
from wargame.review.findings.source import from_memory
from wargame.scenario.loading.load import Loaded, load
from wargame.simulation.kernel.settings import Settings

POINTS_FILE = ".csv"
LEVELS = ("full", "decisions", "none")


def call(name: str, targets: Sequence[object], *arguments: Any) -> str:
    """Return the call of a function that repeats a run or batch, without arguments that have their default."""
    given = [f"{item.name}={value!r}" for each in arguments for item in fields(each) if (value := _given(each, item))]
    return f"wargame.{name}({', '.join([*(repr(_text(each)) for each in targets), *given])})"


def _given(arguments: Any, item: Any) -> Any:
    """Return the value of an argument as it is written in a call; None if it has its default."""
    value = getattr(arguments, item.name)
    if value is None or value == item.default or value in ((), {}):
        return None
    return list(value) if isinstance(value, tuple) and item.name != "until_ci" else _text(value)


def _text(value: object) -> object:
    return fspath(value) if isinstance(value, PathLike) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class RunArguments:
    """How to run a scenario once, besides the settings of the run."""

    seed: int | None = None
    injects: tuple[str, ...] = ()
    variant: str | None = None
    arm: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchArguments:
    """How to run a study."""

    n: int | None = None
    seed: int | None = None
    arms: Mapping[str, str | Mapping[str, Any]] = field(default_factory=dict)
    measures: tuple[str, ...] = ()
    factors: Mapping[str, Any] = field(default_factory=dict)
    design: str | PathLike[str] | Mapping[str, Any] | None = None
    variant: str | None = None
    injects: tuple[str, ...] = ()
    until: str | None = None
    startex: str | None = None
    until_ci: tuple[str, float] | None = None
    thresholds: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    events: bool = False
    interests: bool = False


# --- a batch -----------------------------------------------------------------------------------------------------


def prepare(study: object, arguments: BatchArguments) -> PreparedStudy:
    """Return the study of a call; UsageFault or Invalid for arguments that cannot be used."""
    arms = {name: arm for name, arm in arguments.arms.items() if not isinstance(arm, str)}
    design = None if _is_file(arguments.design) else arguments.design
    given = {"arms": arms, "factors": arguments.factors, "design": design, "series": arguments.series}
    data = {key: value for key, value in given.items() if value}
    overrides = StudyOverrides(
        injects=arguments.injects,
        replications=None if arguments.n is None else whole("n", arguments.n, 1),
        seed=None if arguments.seed is None else whole("seed", arguments.seed, 0),
        arms=tuple(f"{name}={text}" for name, text in arguments.arms.items() if isinstance(text, str)),
        measures=arguments.measures,
        thresholds=arguments.thresholds,
        until_ci=arguments.until_ci,
        startex=arguments.startex,
        until=arguments.until,
        design=fspath(arguments.design) if _is_file(arguments.design) else None,  # type: ignore[arg-type]
        variant=arguments.variant,
        events=arguments.events,
        interests=arguments.interests,
    )
    if isinstance(study, Mapping):
        if not study.get("scenario"):
            raise UsageFault('the study has no scenario: write {"scenario": "two-rivals", …}')
        return open_data(merge(study, data), overrides)
    return open_target(_name(study), replace(overrides, data=data))


def run_many(study: object, arguments: BatchArguments, options: BatchOptions, progress: bool | None) -> BatchResult:
    """Return all runs of a study in a folder."""
    prepared, command = prepare(study, arguments), call("batch", [study], arguments)
    with job_bar("runs") if shown(progress) else nullcontext() as bar:
        how = replace(options, command=command, progress=follow(bar))
        return BatchResult.of(play(prepared, how))


def _is_file(design: object) -> bool:
    return isinstance(design, PathLike) or (isinstance(design, str) and design.endswith(POINTS_FILE))


# --- a run -------------------------------------------------------------------------------------------------------


def run_once(
    target: object, arguments: RunArguments, given: Settings, out: Path | None, progress: bool | None
) -> RunResult:
    """Return one run into a folder, with its summary."""
    among(str(given.journal), LEVELS, f"journal: there is no level {given.journal!r}")
    plain, specs = split_seats(given.seats)
    loaded, seed, settings, players = _what(target, arguments, replace(given, seats=plain))
    if specs:
        others = [spec for spec in (players.specs if players else ()) if spec.government not in dict(plain)]
        players = Players(specs=(*others, *specs))
    shown_target = f"<{target.scenario.name}>" if isinstance(target, Loaded) else target
    command = call("run", [shown_target], arguments, given)
    with game_time_bar(loaded.scenario.name) if shown(progress) else nullcontext() as bar:
        if players is None:
            run = simulate(loaded, seed, settings, place=Place(out=out), command=command, progress=bar)
        else:
            from wargame.brains import unattended

            frame = unattended.Frame(place=Place(out=out), command=command, progress=bar)
            run, _ = unattended.simulate(loaded, seed, settings, players, frame)
    findings = Findings(from_memory(run.folder, run.manifest, run.records, loaded))
    run.folder.write_summary(findings.summary)
    return RunResult(findings)


def _what(target: object, arguments: RunArguments, given: Settings) -> tuple[Loaded, int, Settings, Players | None]:
    """Return what to run: the scenario, or an arm of a study with the changes of the call added."""
    seed = None if arguments.seed is None else whole("seed", arguments.seed, 0)
    alone = target if isinstance(target, Loaded) else None
    if alone is not None and arguments.injects:
        raise UsageFault("injects: give them to wargame.load, together with the scenario")
    if alone is None and not isinstance(target, Mapping) and "://" not in _name(target) and find(_name(target)) is None:
        alone = load(_name(target), arguments.injects)
    if alone is not None:
        loaded = under(alone, arguments.variant)
        if arguments.arm is not None:
            raise UsageFault(f"arm={arguments.arm!r}: only studies have arms (use set= or forbid=)")
        return loaded, 1 if seed is None else seed, given, None
    prepared = prepare(target, BatchArguments(injects=arguments.injects, seed=seed, variant=arguments.variant))
    loaded, seed, declared, players = run_of(prepared, arguments.arm, given.replication, given.journal)
    return loaded, seed, declared.with_changes(given), players


def _name(target: object) -> str:
    if not isinstance(target, str | PathLike):
        raise UsageFault(f"a scenario or study is a name, a path or a dictionary, not {target!r:.60}")
    return str(fspath(target))


def shown(progress: bool | None) -> bool:
    """Return whether to show progress: if asked, or by default in a notebook and a terminal."""
    return "ipykernel" in sys.modules or sys.stderr.isatty() if progress is None else progress


def whole(name: str, value: object, least: int) -> int:
    """Return a whole number of at least `least`; UsageFault for anything else."""
    try:
        number = index(value)  # type: ignore[arg-type]  # whatever a notebook passes
    except TypeError:
        raise UsageFault(f"{name} must be a whole number, not {value!r}") from None
    if number < least:
        raise UsageFault(f"{name} must be at least {least}, not {number}")
    return number
