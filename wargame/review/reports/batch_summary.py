"""A batch on a terminal, by the names that commands take: thresholds, estimates, differences, next steps."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from wargame.document.blocks import Block, Heading, Paragraph, next_steps
from wargame.journal.wording import count
from wargame.review.reports.batch_interests import interests
from wargame.review.reports.batch_labels import Names
from wargame.review.reports.batch_results import OF_TIMES
from wargame.review.reports.batch_sensitivity import sensitivity
from wargame.review.reports.batch_tables import all_numbers, thresholds

if TYPE_CHECKING:
    from wargame.batches.api import Batch


def batch_summary(batch: Batch, report: str | None = None) -> Iterator[Block]:
    """Yield a batch, with the path of its report and the commands to go on."""
    summary: dict[str, Any] = msgspec.to_builtins(batch.summary)
    names = Names.plain(summary["arms"], summary["baseline"] or "")
    arms, runs = count(len(names.arms), "arm"), count(summary["runs"], "run")
    yield Heading(1, f"{summary['study']}: {runs}, {arms}, seed {summary['seed']}")
    yield Paragraph(_how_far(batch))
    for note in summary["notes"]:
        yield Paragraph(note)
    yield from thresholds(summary, names)
    yield from (block.grouped() for block in all_numbers(summary, brief=True))
    if any(row["kind"] == "time" for row in summary["estimates"]):
        yield Paragraph(OF_TIMES, quiet=True)
    yield from interests(summary, names)
    yield from sensitivity(summary, names, drawn=False)
    yield Heading(2, "Where to look next")
    yield next_steps(list(_next(batch, report)))


def _how_far(batch: Batch) -> str:
    """How the batch ended and with how many replications; of one that was stopped, how many of its runs there are."""
    summary = batch.summary
    far = f"{summary['ended']} at {count(summary['replications'], 'replication')}"
    if batch.can_resume:
        runs = batch.manifest.replications * len(batch.prepared.names)
        far = f"{summary['ended']}: {batch.manifest.runs or summary['runs']:,} of {count(runs, 'run')}"
    return far + (f", {summary['failed']:,} failed" if summary["failed"] else "")


def _next(batch: Batch, report: str | None) -> Iterator[tuple[str, str]]:
    """Yield the report and the folder, and commands with what they do."""
    call, names = shlex.quote(batch.call), batch.prepared.names
    arm = next((name for name in names if name != batch.prepared.study.against), names[0])
    if report:
        yield report, "the report; open it in a browser"
    yield batch.call, "the folder: the table of runs, the inputs, all results"
    if "://" in batch.path:
        return
    if not report:
        yield f"wargame report {call}", "writes the report"
    yield f"wargame run {call} --arm {shlex.quote(arm)} --replication 0", "repeats one of the runs, with its journal"
    if len(names) > 1:
        yield f"wargame compare {call}", "compares the arms"
    if batch.can_resume:
        yield f"wargame batch {call} --resume", "continues the batch"
    yield f"wargame show {call}", "prints this summary again"
