"""From the arguments of the Python functions to runs and batches."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, fields, replace
from operator import index
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from wargame.batches.api import BatchOptions, play
from wargame.batches.running.opening import open_data, open_target, run_of
from wargame.batches.study.catalogue import find_study
from wargame.batches.study.overrides import StudyOverrides, merge
from wargame.batches.study.parameters import under
from wargame.batches.study.prepared import PreparedStudy
from wargame.brains.specification import Players, split_seats
from wargame.errors import UsageFault, among
from wargame.executor.progress import game_time_bar, job_bar
from wargame.executor.run import Destination, simulate
from wargame.notebook.batch_result import BatchResult
from wargame.notebook.run_result import RunResult
from wargame.review.findings.findings import Findings
from wargame.review.findings.source import from_memory
from wargame.scenario.loading.load import Loaded, load
from wargame.simulation.kernel.settings import Settings

POINTS_FILE = ".csv"
LEVELS = ("full", "decisions", "none")


@dataclass(frozen=True)
class StudyQuestion:
    """Changes of what a study asks, by the keys of `decision` and `search`, and how its arms are stopped early."""

    decision: Mapping[str, Any] = field(default_factory=dict)
    search: Mapping[str, Any] = field(default_factory=dict)
    race: Callable[[PreparedStudy], BatchOptions] | None = None


OF_STUDIES = ("injects", "measures", "thresholds", "until_ci", "startex", "until", "variant", "events", "interests")
"""Arguments that are overrides of a study as they are."""


def call_text(name: str, targets: Sequence[object], given: Mapping[str, Any]) -> str:
    """Return the call of a function that repeats a run or batch, without arguments that are empty."""
    named = {key: value for key, value in given.items() if value is not None and value is not False}
    named = {key: value for key, value in named.items() if value not in ((), {})}
    lists = {key: list(value) for key, value in named.items() if isinstance(value, tuple) and key != "until_ci"}
    written = [f"{key}={_text(value)!r}" for key, value in (named | lists).items()]
    return f"wargame.{name}({', '.join([*(repr(_text(each)) for each in targets), *written])})"


def _text(value: object) -> object:
    return fspath(value) if isinstance(value, PathLike) else value


def prepare(study: object, given: Mapping[str, Any]) -> PreparedStudy:
    """Return the study of a call of `batch`, with these arguments; UsageFault or Invalid for what cannot be used."""
    n, seed, arms = given.get("n"), given.get("seed"), given.get("arms") or {}
    design: Any = given.get("design")
    is_file = isinstance(design, PathLike) or (isinstance(design, str) and design.endswith(POINTS_FILE))
    parts: dict[str, Any] = {"arms": {name: arm for name, arm in arms.items() if not isinstance(arm, str)}}
    parts |= {"factors": given.get("factors"), "design": None if is_file else design, "series": given.get("series")}
    data = {key: value for key, value in parts.items() if value}
    asked: StudyQuestion = given.get("question") or StudyQuestion()
    overrides = StudyOverrides(
        decision=asked.decision,
        search=asked.search,
        replications=None if n is None else whole("n", n, 1),
        seed=None if seed is None else whole("seed", seed, 0),
        arms=tuple(f"{name}={text}" for name, text in arms.items() if isinstance(text, str)),
        design=fspath(design) if is_file else None,
        **{name: given[name] for name in OF_STUDIES if name in given},
    )
    if isinstance(study, Mapping):
        if not study.get("scenario"):
            raise UsageFault('the study has no scenario: write {"scenario": "two-rivals", …}')
        return open_data(merge(study, data), overrides)
    return open_target(_name(study), replace(overrides, data=data))


def run_many(study: object, given: Mapping[str, Any], options: BatchOptions, progress: bool | None) -> BatchResult:
    """Return all runs of a study in a folder; `given` has the arguments of the call by name."""
    prepared, question = prepare(study, given), given.get("question")
    command = call_text("batch", [study], {key: value for key, value in given.items() if key != "question"})
    if question is not None:
        race = question.race(prepared) if question.race is not None else options
        options = replace(options, race=race.race, looks=race.looks, summary=False)
    with job_bar("runs") if shown(progress) else nullcontext() as bar:
        return BatchResult.of(play(prepared, replace(options, command=command, progress=bar)))


def run_once(
    target: object, given: Mapping[str, Any], settings: Settings, out: Path | None, progress: bool | None
) -> RunResult:
    """Return one run into a folder, with its summary; `given` has the arguments that are no settings, by name."""
    among(str(settings.journal), LEVELS, f"journal: there is no level {settings.journal!r}")
    set_here = {
        item.name: value for item in fields(settings) if (value := getattr(settings, item.name)) != item.default
    }
    plain, specs = split_seats(settings.seats)
    loaded, seed, settings, players = _what(target, given, replace(settings, seats=plain))
    if specs:
        others = [spec for spec in (players.specs if players else ()) if spec.government not in dict(plain)]
        players = Players(specs=(*others, *specs))
    shown_target = f"<{target.scenario.name}>" if isinstance(target, Loaded) else target
    command = call_text("run", [shown_target], {**given, **set_here})
    with game_time_bar(loaded.scenario.name) if shown(progress) else nullcontext() as bar:
        if players is None:
            run = simulate(loaded, seed, settings, place=Destination(out=out), command=command, progress=bar)
        else:
            from wargame.brains import unattended

            session = unattended.UnattendedSession.create(loaded, seed, settings, Destination(out=out), command)
            run, _ = unattended.simulate(session, players, progress=bar)
    findings = Findings(from_memory(run.folder, run.manifest, run.records, loaded))
    run.folder.write_summary(findings.summary)
    return RunResult(findings)


def _what(target: object, given: Mapping[str, Any], settings: Settings) -> tuple[Loaded, int, Settings, Players | None]:
    """Return what to run: the scenario, or an arm of a study with the changes of the call added."""
    seed = None if given["seed"] is None else whole("seed", given["seed"], 0)
    alone = target if isinstance(target, Loaded) else None
    if alone is not None and given["injects"]:
        raise UsageFault("injects: give them to wargame.load, together with the scenario")
    if (
        alone is None
        and not isinstance(target, Mapping)
        and "://" not in _name(target)
        and find_study(_name(target)) is None
    ):
        alone = load(_name(target), given["injects"])
    if alone is not None:
        loaded = under(alone, given["variant"])
        if given["arm"] is not None:
            raise UsageFault(f"arm={given['arm']!r}: only studies have arms (use set= or forbid=)")
        return loaded, 1 if seed is None else seed, settings, None
    prepared = prepare(target, {name: given[name] for name in ("injects", "seed", "variant")})
    loaded, seed, declared, players = run_of(prepared, given["arm"], settings.replication, settings.journal)
    return loaded, seed, declared.with_changes(settings), players


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
