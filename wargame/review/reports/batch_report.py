"""The report of a batch, and its summary on a terminal: thresholds, differences, estimates, curves, sensitivity."""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import msgspec

from wargame.batches.analysis.differences import MANY, SURE, differences, rankings
from wargame.batches.analysis.estimates import notes
from wargame.batches.api import Batch, open_batch
from wargame.batches.running.manifest import FILE, decode
from wargame.document import blocks
from wargame.document.blocks import Block, Forest, Heading, Paragraph, next_steps, to_repeat
from wargame.document.formatting import estimate, short
from wargame.journal.inputs import read_input
from wargame.journal.manifest import versions_text
from wargame.journal.wording import count
from wargame.review.reports import batch_tables as tables
from wargame.review.reports.batch_charts import fans, forest
from wargame.review.reports.batch_labels import Names, names_of
from wargame.review.reports.evidence_reports import claims_of, of_claims
from wargame.review.reports.laid_out import blocks_of
from wargame.review.reports.rehearsal_report import of_batch

FAILURES = 40
"""Failed runs that are listed; the rest is counted."""
Data = Mapping[str, Any]
OF_TIMES = "A time is the mean number of days over all runs. A run without the outcome counts with its length."
ENDS = ("low", "estimate", "high")


def batch_report(path: Path) -> list[Block | Forest]:
    """Return all blocks of the report; raises Invalid if the folder is damaged."""
    batch = open_batch(str(path))
    summary: dict[str, Any] = msgspec.to_builtins(batch.summary)
    names, claims, manifest = names_of(batch, summary), claims_of(path), batch.manifest
    about = " ".join(batch.prepared.study.summary.split())
    target, seed = shlex.quote(manifest.target), manifest.seed
    command = manifest.command or f"wargame batch {target} -n {manifest.replications} --seed {seed}"
    compared = of_claims(claims) if claims else _compared(batch, summary, names)
    inserted = {
        "about": [Paragraph(about)] if about else [],
        "results": [*tables.thresholds(summary, names), *compared, *of_batch(path, batch)],
        "commands": to_repeat(command),
        "appendix": [] if claims else tables.appendix(summary, names),
    }
    more = {
        "claims": claims is not None,
        "scenario": batch.prepared.loaded.scenario.title,
        "notes": notes(batch.table, failures_alone=True) if claims else summary["notes"],
        "ended": "" if batch.ended == "complete" else _ended(batch.ended),
        "changes": {arm: _changes(batch, arm) for arm in names.arms},
        "versions": versions_text(manifest.versions, manifest.numbers),
    }
    return blocks_of("batch.txt.j2", inserted, **summary | more, names=names, manifest=manifest, most=FAILURES)


def finished_at(path: Path) -> str:
    """Return when the last run of a batch was finished, or the first one started; an ISO time."""
    manifest = decode(read_input(path / FILE), str(path / FILE))
    return manifest.finished or manifest.started


def _compared(batch: Batch, summary: Mapping[str, Any], names: Names) -> list[Block | Forest]:
    """Compare every arm with the baseline, and rank many arms. Claims compare their arms, which have no baseline."""
    if len(names.arms) > MANY:
        return [Heading(2, "Rankings"), *_ranked(batch), *tables.sensitivity(summary, names)]
    return [
        *tables.brief(summary, names),
        *results(summary, names),
        *interests(summary, names),
        *tables.curves(summary, names),
        *_fans(batch, names),
        *tables.sensitivity(summary, names),
    ]


def _ranked(batch: Batch) -> list[Block]:
    return tables.ranking(rankings(batch.table, differences(batch.table, pairs=True)))


def _ended(ended: str) -> str:
    return {"stopped early": "was stopped early because its intervals were narrow enough"}.get(
        ended, f"{'is' if ended == 'running' else 'was'} {ended}"
    )


def _changes(batch: Batch, arm: str) -> str:
    """Return the changes of an arm, as on the command line."""
    spec = batch.prepared.study.arms[arm]
    every = ((item.name, getattr(spec, item.name)) for item in fields(spec))
    parts = [f"{key.replace('_', '-')} {_text(value)}" for key, value in every if value and key != "title"]
    return "; ".join(parts) or "nothing"


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={item}" for key, item in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _fans(batch: Batch, names: Names) -> Iterator[Block]:
    if not batch.prepared.study.series:
        return
    known = batch.prepared.loaded.scenario.indicators
    titles = {
        path: f"{known[base].title}{path[len(base) :]}" if (base := path.partition("[")[0]) in known else path
        for path in batch.prepared.study.series
    }
    yield Heading(2, "Indicators over time")
    yield fans(batch.series(), names, titles)


def batch_summary(batch: Batch, report: str | None = None) -> Iterator[Block]:
    """Yield a batch, with the path of its report and the commands to go on."""
    summary: dict[str, Any] = msgspec.to_builtins(batch.summary)
    names = Names.plain(summary["arms"], summary["baseline"] or "")
    arms, runs = count(len(names.arms), "arm"), count(summary["runs"], "run")
    yield Heading(1, f"{summary['study']}: {runs}, {arms}, seed {summary['seed']}")
    yield Paragraph(_how_far(batch))
    for note in summary["notes"]:
        yield Paragraph(note)
    yield from tables.thresholds(summary, names)
    if len(names.arms) > MANY:
        yield from _ranked(batch)
    else:
        yield from (block.grouped() for block in tables.all_numbers(summary, brief=True))
    if any(row["kind"] == "time" for row in summary["estimates"]):
        yield Paragraph(OF_TIMES, quiet=True)
    yield from interests(summary, names)
    yield from tables.sensitivity(summary, names, drawn=False)
    yield Heading(2, "Where to look next")
    yield next_steps(list(_next(batch, report)))


def _how_far(batch: Batch) -> str:
    """Return how the batch ended and after how many replications; for a stopped one, how many of its runs there are."""
    summary = batch.summary
    far = f"{summary['ended']} at {count(summary['replications'], 'replication')}"
    if batch.can_resume:
        runs = batch.manifest.replications * len(batch.prepared.names)
        far = f"{summary['ended']}: {batch.manifest.runs or summary['runs']:,} of {count(runs, 'run')}"
    return far + (f", {summary['failed']:,} failed" if summary["failed"] else "")


def _next(batch: Batch, report: str | None) -> Iterator[tuple[str, str]]:
    """Yield the report and the folder, and commands with what they do."""
    call, names = shlex.quote(batch.typed), batch.prepared.names
    arm = next((name for name in names if name != batch.prepared.study.against), names[0])
    if report:
        yield report, "the report; open it in a browser"
    yield batch.typed, "the folder: the table of runs, the inputs, all results"
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


WAYS = {"better": "better off", "worse": "worse off", "mixed": "at one time better, at the other worse off"}


def interests(summary: Data, names: Names) -> list[Block]:
    """Return a sentence for each arm, and a row for each arm and government; nothing if no welfare is measured."""
    rows = summary["interests"]
    if not rows:
        return []
    arms: dict[str, dict[str, list[str]]] = {row["arm"]: {} for row in rows}
    for row in rows:
        if row["verdict"]:
            arms[row["arm"]].setdefault(row["verdict"], []).append(row["name"])
    base = "" if names.label(names.baseline) == "baseline" else f", {names.in_sentence(names.baseline)},"
    content = {"interests": rows, "arms": arms, "names": names, "ways": WAYS, "baseline": base, "sure": SURE}
    return blocks_of("batch_interests.txt.j2", **content)


def results(summary: Data, names: Names) -> Iterator[Block | Forest]:
    """Yield every measure in every arm; with several arms, each difference from the baseline and its interval."""
    yield Heading(2, "Results")
    moved = {row["measure"] for row in summary["comparisons"] if row["estimate"] != 0 or row["se"] != 0}
    same = {row["measure"] for row in summary["comparisons"]} - moved
    found = _one_arm(summary, names) if len(names.arms) == 1 else _several_arms(summary, names, same)
    if found.groups:
        yield found
    levels = [row for row in summary["estimates"] if row["measure"] in same and row["arm"] == names.baseline]
    rare = [row for row in levels if names.never(row) or row["estimate"] == 0.0]
    highs = [row["high"] for row in rare if names.is_share(row["measure"]) and row["high"] is not None]
    yield from blocks_of(
        "batch_same.txt.j2",
        never=list(dict.fromkeys(names.event(row["measure"]) for row in rare)),
        most=max(highs, default=None),
        same=[(names.title(row["measure"]), _level(row, names)) for row in levels if row not in rare],
    )
    if "time" in names.kinds.values():
        yield Paragraph(OF_TIMES, quiet=True)


def _level(row: Data | None, names: Names) -> str:
    if row is None:
        return "not known"
    replaced = f"; replaced in {row['replaced']} of {row['n']} runs" if row["replaced"] else ""
    return (names.never(row) or estimate(row, share=names.is_share(row["measure"]))) + replaced


def _several_arms(summary: Data, names: Names, same: set[str]) -> Forest:
    """Return every measure but those that are the `same` in all arms."""
    estimates = {(row["measure"], row["arm"]): row for row in summary["estimates"]}
    comparisons = {(row["measure"], row["arm"]): row for row in summary["comparisons"]}
    of_shares = [row for row in comparisons.values() if names.is_share(row["measure"])]
    groups = []
    for measure in dict.fromkeys(row["measure"] for row in summary["estimates"] if row["measure"] not in same):
        own = [row for (name, _), row in comparisons.items() if name == measure]
        share = names.is_share(measure)
        largest = (abs(row[end]) for row in (of_shares if share else own) for end in ENDS if row[end] is not None)
        most = blocks.extent(max(largest, default=0.0))
        cells = ((arm, estimates.get((measure, arm)), comparisons.get((measure, arm))) for arm in names.arms)
        lines = tuple(_line(names, *each, most, share=share) for each in cells)
        unit = " points" if share else ""
        ends = short(most, share=share)
        groups.append(blocks.ForestGroup(names.title(measure), lines, (f"−{ends}", "0", f"+{ends}{unit}"), 0.5))
    corrected = f", corrected for all {len(comparisons)} comparisons," if len(comparisons) > 1 else ""
    caption = (
        "Estimates and differences from the baseline, with 95 % intervals. Differences are paired by replication; "
        f"* and a filled point if the p-value{corrected} is below {SURE}"
    )
    heads = ("Arm", "Estimate", "Difference")
    pictures = forest([row for row in comparisons.values() if row["measure"] not in same], names)
    return Forest(caption, heads, tuple(groups), "Difference from the baseline", pictures)


def _line(
    names: Names, arm: str, estimated: Data | None, difference: Data | None, most: float, *, share: bool
) -> blocks.ForestLine:
    level = _level(estimated, names)
    if arm == names.baseline:
        return blocks.ForestLine((names.head(arm), level, ""))
    sure = difference is not None and tables.is_sure(difference)
    text = estimate(difference, share=share, signed=True) + (" *" if sure else "")
    return blocks.ForestLine((names.label(arm), level, text), _span(difference, -most, most), sure)


def _span(row: Data | None, low: float, high: float) -> blocks.Span | None:
    if row is None or row["estimate"] is None:
        return None
    value = row["estimate"]
    ends = (value if row["low"] is None else row["low"], value, value if row["high"] is None else row["high"])
    return blocks.Span(*(min(1.0, max(0.0, (end - low) / (high - low))) for end in ends))


def _one_arm(summary: Data, names: Names) -> Forest:
    """Return shares on one axis; other measures have different units and no axis."""

    def line(row: Data, *, drawn: bool) -> blocks.ForestLine:
        cells = (names.title(row["measure"]), _level(row, names))
        return blocks.ForestLine(cells, _span(row, 0.0, 1.0) if drawn else None, drawn)

    groups = [
        blocks.ForestGroup(title, tuple(line(row, drawn=drawn) for row in rows), ticks, 0.0 if drawn else None)
        for title, ticks, drawn in (
            ("Shares of runs", ("0", "", "100 %"), True),
            ("Other measures", ("", "", ""), False),
        )
        if (rows := [row for row in summary["estimates"] if names.is_share(row["measure"]) == drawn])
    ]
    heads = ("Result", "Estimate")
    return Forest("Each measure, with its 95 % interval", heads, tuple(groups), "Share with its interval")
