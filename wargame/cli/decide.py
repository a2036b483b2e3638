"""`wargame decide`, `wargame game` and `wargame search`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

import typer

from wargame.cli import lib, options
from wargame.cli.batch import write_report
from wargame.cli.output import command_line, job_bar, print_blocks, print_json
from wargame.errors import UsageFault


def decide(
    target: Annotated[str, options.argument("STUDY|BATCH", "decide", autocompletion=options.completion.study_names)],
    *,
    government: Annotated[str | None, options.option("--government", "GOV", "decide")] = None,
    goal: Annotated[str | None, options.option("--goal", "MEASURE", "decide")] = None,
    fails: Annotated[str | None, options.option("--fails", "MEASURE", "decide")] = None,
    indifference: Annotated[float | None, options.option("--indifference", "D", "decide")] = None,
    watch: Annotated[list[str] | None, options.option("--watch", "PATH", "decide")] = None,
    holdout: Annotated[int | None, options.option("--holdout", "N", "decide", min=0, max=1_000_000)] = None,
    until_clear: Annotated[bool, options.flag("--until-clear", "decide")] = False,
    runs: options.StudyRuns,
    shown: options.Shown,
) -> None:
    """Find the policy that is best over many states, and when it fails."""
    if indifference is not None and not 0.0 < indifference < 1e9:
        raise UsageFault(f"--indifference {indifference:g}: it must be greater than 0")
    given: dict[str, Any] = {"government": government, "goal": goal, "fails": fails}
    given |= {"indifference": indifference, "holdout": holdout}
    changes = lib.changes_of(watch or (), **given)
    target = lib.folders.of_last(target)
    typed = command_line(
        "decide", target, n=runs.replications, seed=runs.seed, watch=watch, until_clear=until_clear, **given
    )
    batch = _played(target, runs, typed, changes, silent=shown.silent, how=lib.race_of if until_clear else None)
    with job_bar("turn", quiet=shown.silent) as bar:
        how = lib.BatchOptions(executor=runs.workers.start(), progress=bar, command=typed)
        decision, result = lib.answered(batch, changes, how if batch.spent or holdout else None)
    _show(batch, lib.decision_report(decision, result), "decision.html", shown, result)


def _played(
    target: str,
    runs: options.StudyRuns,
    typed: str,
    decision: dict[str, Any] | None = None,
    search: dict[str, Any] | None = None,
    *,
    silent: bool,
    how: Callable[[lib.PreparedStudy], lib.BatchOptions] | None = None,
) -> lib.Batch:
    """Return the batch of a folder, which is only read, or of a study, which is played first."""
    kept = lib.batch_folder(target)
    if kept is not None and runs.replications is None and not runs.resume:
        if runs.seed is not None or runs.out is not None:
            raise UsageFault(f"{target} is a batch, which is only read: leave out --seed and --out, or name its study")
        return lib.open_batch(str(kept))
    asked: dict[str, Any] = {"decision": decision or {}, "search": search or {}}
    prepared = lib.open_target(target, lib.StudyOverrides(replications=runs.replications, seed=runs.seed, **asked))
    if decision is not None:
        prepared.study.asked(decision)
    with job_bar(typed.split()[1], quiet=silent) as bar:
        place = runs.out or (str(kept) if kept else None)
        given = how(prepared) if how else lib.BatchOptions()
        given = replace(given, out=place, resume=runs.resume, executor=runs.workers.start(), progress=bar)
        return lib.play(prepared, replace(given, command=typed, summary=False))


def _show(batch: lib.Batch, blocks: list[lib.Block], name: str, shown: options.Shown, result: dict[str, Any]) -> None:
    """Write a report into the folder of a batch, and print it, or its result as JSON."""
    written = write_report(batch, blocks, name)
    if shown.as_json:
        print_json({**result, "answer": lib.answer_of(blocks), "batch_dir": batch.path})
        return
    print_blocks(blocks)
    if written and not shown.quiet:
        typer.echo(f"report  {written}")


def game(
    target: Annotated[str, options.argument("STUDY|BATCH", "game", autocompletion=options.completion.study_names)],
    *,
    indifference: Annotated[float | None, options.option("--indifference", "D", "game")] = None,
    runs: options.StudyRuns,
    shown: options.Shown,
) -> None:
    """Find what governments do if each adapts to the others."""
    target = lib.folders.of_last(target)
    typed = command_line("game", target, n=runs.replications, seed=runs.seed, indifference=indifference)
    batch = _played(target, runs, typed, silent=shown.silent)
    result = lib.play_game(batch, batch.prepared.study.played(indifference))
    _show(batch, lib.game_report(batch, result), "game.html", shown, result)


def search(
    target: Annotated[str, options.argument("STUDY|BATCH", "search", autocompletion=options.completion.study_names)],
    *,
    government: Annotated[str | None, options.option("--government", "GOV", "search")] = None,
    goal: Annotated[list[str] | None, options.option("--goal", "MEASURE", "search")] = None,
    budget: Annotated[int | None, options.option("--budget", "N", "search", min=1, max=1_000_000)] = None,
    holdout: Annotated[int | None, options.option("--holdout", "N", "search", min=1, max=1_000_000)] = None,
    runs: options.StudyRuns,
    shown: options.Shown,
) -> None:
    """Search for a better policy, and test what was found on fresh draws."""
    given: dict[str, Any] = {"government": government, "goal": goal, "budget": budget, "holdout": holdout}
    target = lib.folders.of_last(target)
    typed = command_line("search", target, n=runs.replications, seed=runs.seed, **given)
    batch = _played(target, runs, typed, search=lib.asked_of(**given), silent=shown.silent, how=lib.halving)
    result = lib.searched(batch)
    _show(batch, lib.search_report(batch, result), "search.html", shown, result)
