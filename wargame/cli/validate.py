"""`wargame validate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from wargame.cli.options import Json, Quiet
from wargame.cli.output import print_json
from wargame.cli.tree import Version
from wargame.errors import Invalid, Problem

if TYPE_CHECKING:
    from wargame.scenario.loading.load import Loaded

EXAMPLES = """
wargame validate korea-2017
wargame validate my-exercise
wargame validate my-exercise/injects.yaml --json
wargame validate my-study.yaml
"""


def command(
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="SCENARIO|PATH...", help="Built-in scenarios or studies, files of any kind, or folders."
        ),
    ],
    *,
    as_json: Json = False,
    quiet: Quiet = False,
    version: Version = None,
) -> None:
    """Checks scenario, inject and study files and tells everything that is wrong, with its place.

    Prints also how busy each leadership is and whether action and reaction die out: how many actions
    in answer one action is expected to bring, which must stay below 1.
    """
    del version
    reports = [_report(target) for target in targets]
    if as_json:
        print_json({"targets": [report for report, _, _ in reports]})
    else:
        for report, loaded, _ in reports:
            if loaded is not None:
                _tell(report, loaded, quiet=quiet)
    problems = [problem for _, _, found in reports for problem in found]
    if problems:
        raise Invalid(problems)


def _report(target: str) -> tuple[dict[str, Any], Loaded | None, tuple[Problem, ...]]:
    """What there is to say about one target, and its problems."""
    from wargame.batch.study.catalogue import study_of
    from wargame.scenario.loading.load import load_target

    try:
        loaded = _scenario_of_study(target) if study_of(target) else load_target(target)
    except Invalid as error:
        problems = error.problems or (Problem(target, 0, 0, str(error)),)
        return {"target": target, "ok": False, "problems": [_plain(each) for each in problems]}, None, problems
    problems = (loaded.sanity.refusal,) if loaded.sanity.refusal else ()
    scenario = loaded.scenario
    report = {
        "target": target,
        "ok": not problems,
        "problems": [_plain(each) for each in problems],
        "warnings": [_plain(each) for each in loaded.warnings],
        "scenario": scenario.name,
        "files": list(loaded.files),
        "governments": len(scenario.governments),
        "options": len(scenario.options),
        "injects": len(loaded.injects),
        "load": loaded.sanity.load,
        "radius": loaded.sanity.radius,
    }
    return report, loaded, problems


def _scenario_of_study(target: str) -> Loaded:
    """The scenario of a study, once the study is checked."""
    from wargame.batch.running.opening import open_target

    return open_target(target).loaded


def _plain(problem: Problem) -> dict[str, Any]:
    return {name: getattr(problem, name) for name in ("file", "line", "column", "message", "remedy")}


def _tell(report: dict[str, Any], loaded: Loaded, *, quiet: bool) -> None:
    for warning in loaded.warnings:
        typer.echo(f"{warning} [warning]", err=True)
    if quiet or not report["ok"]:
        return
    files = f"{len(loaded.files)} file{'s' if len(loaded.files) != 1 else ''}"
    typer.echo(f"{report['target']}: ok, {files}")
    counts = ", ".join(f"{report[name]} {name}" for name in ("governments", "options", "injects"))
    load = ", ".join(f"{who} {share:.2f}" for who, share in sorted(loaded.sanity.load.items()))
    typer.echo(f"{report['scenario']}: {counts}")
    typer.echo(f"  load of leaderships: {load} of its time in routine meetings")
    typer.echo(f"  stability: one action is expected to bring {loaded.sanity.radius:.2f} in answer (below 1)")
