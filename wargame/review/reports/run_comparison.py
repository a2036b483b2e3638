"""Two runs side by side: what differs in their set-up, where they diverge, what became of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from math import floor
from typing import Any

from wargame.journal import sentences as phrases
from wargame.journal.comparison import first_difference
from wargame.journal.records import Record, encode_lines
from wargame.journal.sentences import date, words
from wargame.review.document.blocks import Block, Code, Grid, Heading, Paragraph
from wargame.review.findings import finding_rows as rows
from wargame.review.findings.findings import OutcomeFinding, findings
from wargame.review.findings.series import BELIEF, SeriesPoint, series
from wargame.review.findings.source import RunSource
from wargame.review.findings.turning_points import turning_points
from wargame.review.reports.run_page import outcomes

TOLD = 16
"""Turning points of each run that are told from the parting on."""
NUMBERS = 20


def divergence(left: RunSource, right: RunSource) -> tuple[Record | None, Record | None]:
    """The first records in which two runs differ in anything but their names; None where one has ended."""
    for a, b in zip_longest(left.records, right.records):
        if a is None or b is None or _content(a) != _content(b):
            return a, b
    return None, None


def _content(record: Record) -> tuple[Any, ...]:
    data = {} if record.kind == "run.start" else record.data
    return record.t, record.kind, record.who, record.about, data


def comparison(left: RunSource, right: RunSource) -> list[Block]:
    """All blocks of the comparison."""
    pair = (left, right)
    return [
        Heading(1, f"Two runs side by side: {left.folder.name} and {right.folder.name}"),
        *(Paragraph(f"{source.folder.name}: {note}") for source in pair for note in source.notes),
        *_made_of(left, right),
        *_parting(left, right),
        *_outcomes(left, right),
        *_turns(left, right),
        *_expected(left, right),
        *_numbers(left, right),
        Heading(2, "How to reproduce"),
        Code(f"{left.manifest.command}\n{right.manifest.command}"),
    ]


def _heads(left: RunSource, right: RunSource) -> tuple[str, str]:
    return left.folder.name, right.folder.name


def _made_of(left: RunSource, right: RunSource) -> Iterator[Block]:
    yield Heading(2, "What differs in the set-up")
    if left.manifest.scenario != right.manifest.scenario:
        yield Paragraph("These are runs of different scenarios: little can be compared.")
    ours, theirs = (_ingredients(source) for source in (left, right))
    names = dict.fromkeys([*ours, *theirs])
    different = tuple((n, ours.get(n, ""), theirs.get(n, "")) for n in names if ours.get(n, "") != theirs.get(n, ""))
    different += tuple(_only(left, right))
    if different:
        yield Grid("Only what differs", ("", *_heads(left, right)), different, (0.2, 0.4, 0.4))
    else:
        yield Paragraph("Nothing: the same scenario, injects, seed and settings.")


HASH = 12
"""Characters of a hash that are told."""


def _ingredients(source: RunSource) -> dict[str, str]:
    manifest = source.manifest
    settings = {words(name): str(value) for name, value in manifest.settings.items()}
    named = {"scenario": manifest.scenario, "scenario hash": manifest.scenario_sha256[:HASH]}
    named |= {"inject files": ", ".join(_files(source)), "injects hash": manifest.injects_sha256[:HASH]}
    named |= {"seed": str(manifest.seed), "STARTEX": manifest.startex}
    named |= {"version": manifest.versions.get("wargame", ""), "ended": manifest.ended}
    return named | settings


def _files(source: RunSource) -> list[str]:
    """The inject files of a run, by their names below its inputs."""
    files = source.loaded.files if source.loaded else ()
    return [name.removeprefix("injects/") for name in files if name.startswith("injects/")]


def _only(left: RunSource, right: RunSource) -> Iterator[tuple[str, str, str]]:
    """The injects that only one of both has, and those that are written in another way, by title."""
    ours, theirs = ({each.id: each for each in source.injects} for source in (left, right))
    if left.loaded is None or right.loaded is None or left.manifest.scenario != right.manifest.scenario:
        return
    only = [[one[name].title for name in one if name not in other] for one, other in ((ours, theirs), (theirs, ours))]
    if any(only):
        yield "injects that only it has", "; ".join(only[0]) or "none", "; ".join(only[1]) or "none"
    other = [name for name in ours if name in theirs and ours[name] != theirs[name]]
    if other:
        titles = ["; ".join(dict.fromkeys(side[name].title for name in other)) for side in (ours, theirs)]
        yield "injects that are written in another way", titles[0], titles[1]


def _parting(left: RunSource, right: RunSource) -> Iterator[Block]:
    yield Heading(2, "Where they diverge")
    a, b = divergence(left, right)
    if a is None and b is None:
        yield Paragraph("They do not: both journals tell the same.")
        return
    parted = a or b
    assert parted is not None
    count = sum(1 for record in left.records if record.seq < parted.seq)
    yield Paragraph(
        f"They tell the same for {count:,} records and diverge on {date(parted.at)}, at record {parted.seq}."
    )
    lines = [(_line(a), _line(b))]
    if a is not None and b is not None and lines[0][0] == lines[0][1]:
        lines.append(_in_what(a, b))
    yield Grid("The first records that differ", _heads(left, right), tuple(lines), (0.5, 0.5))


CHANCE = re.compile(r"data\.(draw|(candidates\[\d+\]\.)?noise)")
"""Fields of a record that chance alone has filled."""


def _in_what(a: Record, b: Record) -> tuple[str, str]:
    """In what two records differ that read alike."""
    found = first_difference([encode_lines([a])[:-1]], iter([encode_lines([b])[:-1]]), whole=True)
    if found is None or CHANCE.fullmatch(found.field):
        return ("the same moment, another draw of chance",) * 2
    name = words(found.field.removeprefix("data."))
    return f"{name}: {found.on_disk}", f"{name}: {found.re_run}"


def _line(record: Record | None) -> str:
    return (
        "the run has ended" if record is None else f"#{record.seq} {phrases.moment(record)}: {phrases.headline(record)}"
    )


def _outcomes(left: RunSource, right: RunSource) -> Iterator[Block]:
    told = [{o.id: o for o in outcomes(source, findings(source.manifest, source.records))} for source in (left, right)]
    names = sorted({*told[0], *told[1]}, key=lambda name: min((side[name].at or "9") for side in told if name in side))
    lines = []
    for name in names:
        found = [side.get(name) for side in told]
        title = next(each.title for each in found if each is not None)
        lines.append((title, *map(_occurred, found)))
    yield Heading(2, "Outcomes")
    yield Grid("Outcomes of both", ("Outcome", *_heads(left, right)), tuple(lines), (0.5, 0.25, 0.25))


def _occurred(outcome: OutcomeFinding | None) -> str:
    if outcome is None:
        return "not in this scenario"
    if outcome.at is None:
        return "did not occur"
    if outcome.inherited:
        return "held at STARTEX already"
    return f"{date(outcome.at)}, day {floor(outcome.day or 0)}"


def _turns(left: RunSource, right: RunSource) -> Iterator[Block]:
    """Turning points of both from the parting on, in one order of time."""
    a, b = divergence(left, right)
    start = min((record.t for record in (a, b) if record is not None), default=None)
    yield Heading(2, "What happened from there on")
    if start is None:
        yield Paragraph("The same in both.")
        return
    told = []
    for side, source in enumerate((left, right)):
        since = [record for record in source.since if record.t >= start]
        for point in turning_points(since, source.index, TOLD):
            text = f"{point.what} [#{point.seq}]"
            told.append((point.at, (date(point.at), text, "") if side == 0 else (date(point.at), "", text)))
    yield Grid("Turning points from the first divergence on", ("When", *_heads(left, right)),
               tuple(line for _, line in sorted(told)), (0.14, 0.43, 0.43))  # fmt: skip
    from wargame.review.document.charts import severities

    yield severities({source.folder.name: source for source in (left, right)})


def _expected(left: RunSource, right: RunSource) -> Iterator[Block]:
    sides = [
        {(row["inject_title"], row["who"], row["expected"], place): row["status"] for place, row in _numbered(source)}
        for source in (left, right)
    ]
    keys = sorted({*sides[0], *sides[1]}, key=str)
    lines = tuple(
        (
            str(key[0]),
            str(key[1]),
            str(key[2]),
            *(str(side.get(key, "not called for")) for side in sides),
        )
        for key in keys
        if sides[0].get(key) != sides[1].get(key)
    )
    yield Heading(2, "Expected actions")
    if not lines:
        yield Paragraph("All that were called for came out alike.")
        return
    yield Grid("Only those that came out differently", ("Inject", "Who", "Expected", *_heads(left, right)), lines)


def _numbered(source: RunSource) -> Iterator[tuple[int, rows.Row]]:
    """Expected actions, each with how many of the same came before it."""
    seen: dict[tuple[Any, ...], int] = {}
    for row in rows.expected_actions(source):
        key = (row["inject_title"], row["who"], row["expected"])
        seen[key] = seen.get(key, 0) + 1
        yield seen[key], row


def _last(source: RunSource) -> dict[str, SeriesPoint]:
    """Each number at the last snapshot."""
    found = series(source).items()
    return {
        path: told[-1]
        for path, points in found
        if not path.startswith(BELIEF) and (told := [point for point in points if point.told_by == "snapshot"])
    }


def _numbers(left: RunSource, right: RunSource) -> Iterator[Block]:
    """The indicators that differ most at the last snapshot, in shares of their range."""
    last = [_last(source) for source in (left, right)]
    spread = {
        name: spec.range[1] - spec.range[0]
        for name, spec in (left.scenario.indicators if left.scenario else {}).items()
    }
    gaps = []
    for path in sorted({*last[0]} & {*last[1]}):
        a, b = last[0][path], last[1][path]
        width = spread.get(path.partition("[")[0], 2.0 if path.startswith("trust[") else 1.0) or 1.0
        gaps.append(
            (
                abs(a.value - b.value) / width,
                (path, f"{a.value:.3g} [#{a.seq}]", f"{b.value:.3g} [#{b.seq}]", f"{b.value - a.value:+.3g}"),
            )
        )
    largest = sorted(gaps, key=lambda gap: (-gap[0], gap[1]))[:NUMBERS]
    yield Heading(2, "Indicators at the end")
    lines = tuple(line for gap, line in largest if gap > 0)
    if not lines:
        yield Paragraph("The same in both.")
        return
    yield Grid("Those that differ most, for their range", ("Indicator", *_heads(left, right), "Difference"), lines)
