"""`wargame validate`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from wargame.cli import lib, options
from wargame.cli.output import print_json, print_warnings
from wargame.errors import Invalid, Problem
from wargame.language.times import format_duration


def command(
    targets: Annotated[list[str], options.argument("SCENARIO|PATH...", "validate")], *, shown: options.Shown
) -> None:
    """Check scenario, inject, exercise and study files and report all problems with file, line and column."""
    scenarios = [each for target in targets for each in _scenarios_in(target)]
    targets = [each for target in scenarios for each in (target, *_others_in(target))]
    checked = [_check(target) for target in targets]
    if shown.as_json:
        print_json({"targets": [report for report, _, _ in checked]})
    else:
        for report, loaded, _ in checked:
            if loaded is not None:
                _print(report, loaded, quiet=shown.quiet)
    problems = [problem for _, _, file_problems in checked for problem in file_problems]
    if problems:
        raise Invalid(problems, _labels(targets))


def _labels(targets: Sequence[str]) -> list[str]:
    """Return the names of files in messages that these targets stand for."""
    return [lib.catalogue.label(Path(target)) for target in targets if lib.exists(Path(target))]


def _scenarios_in(target: str) -> list[str]:
    """Return the scenarios and exercises in a folder that has several, each in a folder; else the target."""
    path = Path(target)
    if not target.strip() or not lib.exists(path) or not path.is_dir() or lib.find_exercise(target) is not None:
        return [target]
    return list(map(str, lib.folders_within(path))) or [target]


def _others_in(target: str) -> list[str]:
    """Return the exercise and study files in the folder of a scenario, which are checked as well."""
    path = Path(target)
    studies = [str(file) for file in sorted(path.glob("*.yaml")) if lib.is_study(file)] if path.is_dir() else []
    exercises = [str(file) for file in lib.exercises_within(path)] if lib.find_exercise(target) is None else []
    return [*exercises, *studies]


def _check(target: str) -> tuple[dict[str, Any], lib.Loaded | None, tuple[Problem, ...]]:
    """Return the JSON report on one target, what was loaded if its files can be read, and its problems."""
    try:
        loaded = lib.open_target(target).loaded if lib.study_of(target) else lib.load_target(target, keep=True)
    except Invalid as error:
        problems = Invalid(error.problems, _labels((target,))).problems or (Problem(target, 0, 0, str(error)),)
        return {"target": target, "ok": False, "problems": list(map(asdict, problems))}, None, problems
    problems = ((loaded.sanity.refusal,) if loaded.sanity.refusal else ()) + lib.variant_problems(loaded)
    scenario = loaded.scenario
    report = {
        "target": target,
        "ok": not problems,
        "problems": list(map(asdict, problems)),
        "warnings": list(map(asdict, loaded.warnings)),
        "scenario": scenario.name,
        "files": list(loaded.files),
        "governments": len(scenario.governments),
        "options": len(scenario.options),
        "injects": len(loaded.injects),
        "load": loaded.sanity.load,
        "radius": loaded.sanity.radius,
    }
    if played := loaded.exercise:
        report["exercise"] = {
            "name": played.name,
            "title": played.title,
            "moves": len(played.moves),
            "wall": played.wall,  # in seconds
            "seats": [name for name, seat in played.seats.items() if seat.player == "human"],
        }
    return report, loaded, problems


def _print(report: dict[str, Any], loaded: lib.Loaded, *, quiet: bool) -> None:
    print_warnings(loaded)
    if quiet or not report["ok"]:
        return
    files = f"{len(loaded.files)} file{'s' if len(loaded.files) != 1 else ''}"
    typer.echo(f"{report['target']}: ok, {files}")
    counts = ", ".join(f"{report[name]} {name}" for name in ("governments", "options", "injects"))
    typer.echo(f"{report['scenario']}: {counts}")
    if exercise := report.get("exercise"):
        moves = f"{exercise['moves']} move{'s' if exercise['moves'] != 1 else ''}"
        seats = ", ".join(exercise["seats"]) or "none"
        typer.echo(f"  exercise: {moves} in {format_duration(exercise['wall'])}; human seats: {seats}")
    load = ", ".join(f"{government} {100 * share:.0f} %" for government, share in sorted(loaded.sanity.load.items()))
    typer.echo(f"  working time in routine meetings: {load}")
    typer.echo(f"  stability: one action is expected to cause {loaded.sanity.radius:.2f} in response (must be below 1)")
