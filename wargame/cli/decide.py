"""`wargame decide`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wargame.cli import options
from wargame.cli.output import command_line, job_bar, print_blocks, print_json, print_warnings
from wargame.errors import UsageFault

if TYPE_CHECKING:
    from wargame.batches.api import Batch
    from wargame.batches.study.model import DecisionQuestion

EXAMPLES = """
wargame decide us-policy
wargame decide us-policy -n 100 --fails "p(war)" --watch moratorium
wargame decide runs/us-policy --government CHN
wargame decide my-study.yaml --goal "mean(exit_path)" --indifference 0.05 --json
"""
_TARGET = "A built-in study, or the path of a study or batch."
_GOVERNMENT = "Whose question it is: its welfare is the goal. [default: as declared in the study]"
_GOAL = "The measure that is wanted; the more, the better."
_FAILS = "A run fails if this measure is above 0: 'p(war)'."
_INDIFFERENCE = "Differences of the goal that do not matter. [default: 0.02, or the study's]"
_WATCH = "An indicator that may foretell failure 90 days after STARTEX."
_REPLICATIONS = "Runs of each arm, over all states together. [default: the study's]"


def command(
    target: Annotated[str, options.argument("STUDY|BATCH", _TARGET, autocompletion=options.completion.study_names)],
    *,
    government: Annotated[str | None, options.option("--government", "GOV", _GOVERNMENT)] = None,
    goal: Annotated[str | None, options.option("--goal", "MEASURE", _GOAL)] = None,
    fails: Annotated[str | None, options.option("--fails", "MEASURE", _FAILS)] = None,
    indifference: Annotated[float | None, options.option("--indifference", "D", _INDIFFERENCE)] = None,
    watch: Annotated[list[str] | None, options.option("--watch", "PATH", _WATCH)] = None,
    replications: Annotated[int | None, options.replications(_REPLICATIONS)] = None,
    seed: options.StudySeed = None,
    jobs: options.Jobs = None,
    resume: options.Resume = False,
    out: options.BatchFolder = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Find the policy that is best over many states, and when it fails.

    The arms of the study are the policies, the points of its design the states: numbers that nobody knows, varied over
    their ranges. The report says which policies cannot be told apart, how much each loses against the best one of each
    state, where each fails, what to watch for, and what it is worth to know a factor first.

    Each answer stands beside what chance alone would show. A batch that was run before is read, not run again.
    """
    from wargame.batches.analysis.decision import Decision
    from wargame.review.reports.decision_report import decision_report, decision_summary

    given: dict[str, Any] = {"government": government, "goal": goal, "fails": fails, "indifference": indifference}
    given = {name: value for name, value in given.items() if value is not None}
    if indifference is not None and not 0 < indifference <= 1e9:
        raise UsageFault("--indifference: a number above 0")
    batch, question = _answered(target, given, watch or [], (replications, seed, jobs, resume, out), quiet=quiet)
    result = Decision(batch, question).answers()
    if as_json:
        from msgspec import to_builtins

        print_json({**to_builtins(result), "answer": decision_summary(batch, result)[0], "batch_dir": batch.path})
        return
    blocks = decision_report(batch, result)
    written = _write(batch, blocks)
    print_blocks(blocks)
    if written and not quiet:
        typer.echo(f"report  {written}")


def _answered(
    target: str, given: dict[str, Any], watch: list[str], how: tuple[Any, ...], *, quiet: bool
) -> tuple[Batch, DecisionQuestion]:
    """Return the batch that answers the question, run now unless the target is one that can be read."""
    from wargame.batches.api import BatchOptions, follow, open_batch, play, silent
    from wargame.batches.running.opening import open_target
    from wargame.batches.study.catalogue import batch_folder
    from wargame.batches.study.model import Watch
    from wargame.batches.study.overrides import StudyOverrides
    from wargame.executor.processes import on_cores

    replications, seed, jobs, resume, out = how
    changes = given | ({"watch": Watch(paths=tuple(watch))} if watch else {})
    kept = batch_folder(target)
    if kept is not None and replications is None and not resume:
        batch = open_batch(str(kept))
        question = batch.prepared.study.asked(changes)
    else:
        overrides = StudyOverrides(replications=replications, seed=seed, decision=changes)
        prepared = open_target(target, overrides)
        question = prepared.study.decision
        if question is not None:
            typed = command_line("decide", target, n=replications, seed=seed, watch=watch, **given)
            if not quiet:
                print_warnings(prepared.loaded)
            with job_bar("decide", quiet=quiet) as bar:
                where = out or (str(kept) if kept else None)
                progress = follow(bar) if bar else silent
                options_of = BatchOptions(out=where, resume=resume, executor=on_cores(jobs), progress=progress)
                batch = play(prepared, replace(options_of, command=typed, summary=False))
    if question is None:
        raise UsageFault(f"{target} asks no question: add `decision` to the study, or name a goal with --goal")
    return batch, question


def _write(batch: Batch, blocks: list[Any]) -> str | None:
    """Write the report into the batch folder and return its path; None if the batch is at a URL."""
    if "://" in batch.path:
        return None
    from pathlib import Path

    from wargame.journal.outputs import write_output
    from wargame.review.reports.batch_report import finished_at
    from wargame.review.reports.writing import as_document

    folder = Path(batch.path)
    write_output(folder / "decision.html", as_document(blocks, "html", finished_at(folder)))
    return str(Path(batch.call) / "decision.html")
