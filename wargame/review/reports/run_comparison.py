"""Runs side by side: how the set-up of two differs, where they diverge and what happened then; rooms of an exercise."""

import re
import shlex
from collections import Counter
from collections.abc import Iterator
from itertools import groupby, zip_longest
from typing import Any

from wargame.document.blocks import Block, to_repeat
from wargame.journal import wording
from wargame.journal.reader import first_difference
from wargame.journal.records import Record, encode_lines
from wargame.journal.wording import date, words
from wargame.review.findings.cohort import Cohort
from wargame.review.findings.finding_rows import REMARKS, Row
from wargame.review.findings.findings import Findings
from wargame.review.findings.headlines import headline
from wargame.review.findings.series import BELIEF, SeriesPoint
from wargame.review.findings.source import RunSource, is_fork
from wargame.review.findings.summary import OutcomeFinding, RunSummary
from wargame.review.findings.turning_points import turning_points
from wargame.review.reports.laid_out import blocks_of
from wargame.review.reports.report_header import fork
from wargame.review.reports.run_charts import severities
from wargame.seat.interests import indicator_title

TURNS = 16
"""Turning points of each run that are listed from the divergence on."""
NUMBERS = 20
"""Indicators that are listed."""
COMMANDS = 60
"""Commands and messages that are listed."""
PEOPLE = frozenset({"command", *REMARKS})
"""Kinds of records that people cause by typing."""
HASH = 12
"""Characters of a hash that are shown."""
CHANCE = re.compile(r"data\.(draw|(candidates\[\d+\]\.)?noise)")
"""Fields of a record that contain random draws."""


def comparison(left: Findings, right: Findings) -> list[Block]:
    """Return all blocks of the comparison."""
    pair = (left.source, right.source)
    records = divergence(*pair)
    first, scenarios = records[0] or records[1], {source.manifest.scenario for source in pair}
    sides = {"left": pair[0].folder.name, "right": pair[1].folder.name}
    return blocks_of(
        "comparison.txt.j2",
        {"severities": [severities(left, right)] if first else (), "commands": to_repeat(*map(_reproduction, pair))},
        **sides,
        notes=[f"{source.folder.name}: {note}" for source in pair for note in source.notes],
        scenarios_differ=len(scenarios) > 1,
        set_up=_set_up(*pair),
        forks=[f"{source.folder.name}: {text}" for source in pair if (text := fork(source))],
        first=first,
        same=sum(record.seq < first.seq for record in pair[0].records) if first else 0,
        differing=_differing(pair, records),
        people=any(True for source in pair for _ in _of_people(source)),
        typed=_typed(*pair),
        commands=COMMANDS,
        outcomes=list(_outcomes(left, right)),
        turning=_turning_points(pair, min(record.t for record in records if record)) if first else (),
        expected=_expected(left, right),
        missing=list(dict.fromkeys(each.source.folder.name for each in (left, right) if not _last(each))),
        indicators=_indicators(left, right),
        date=date,
    )


def _reproduction(source: RunSource) -> str:
    folder = source.folder
    return f"wargame verify {shlex.quote(folder.typed)}" if folder.is_live else source.manifest.command


# --- the set-up ---------------------------------------------------------------------------------------------------


def _set_up(left: RunSource, right: RunSource) -> list[tuple[str, str, str]]:
    """Return what differs in the set-up, and its value in each run."""
    ours, theirs = (_ingredients(source) for source in (left, right))
    rows = ((name, ours.get(name, ""), theirs.get(name, "")) for name in dict.fromkeys([*ours, *theirs]))
    return [*(row for row in rows if row[1] != row[2]), *_injects(left, right)]


def _ingredients(source: RunSource) -> dict[str, str]:
    """Return scenario, files, seed and settings of a run, by name."""
    manifest = source.manifest
    settings = {words(name): str(value) for name, value in manifest.settings.items()}
    files = source.loaded.files if source.loaded else ()
    return {
        "scenario": manifest.scenario,
        "scenario hash": manifest.scenario_sha256[:HASH],
        "inject files": ", ".join(name.removeprefix("injects/") for name in files if name.startswith("injects/")),
        "injects hash": manifest.injects_sha256[:HASH],
        "seed": str(manifest.seed),
        "STARTEX": manifest.startex,
        "version": manifest.versions.get("wargame", ""),
        "ended": manifest.ended,
        **settings,
    }


def _injects(left: RunSource, right: RunSource) -> Iterator[tuple[str, str, str]]:
    """Yield the titles of injects that only one run has, and of those that are written differently."""
    if left.loaded is None or right.loaded is None or left.manifest.scenario != right.manifest.scenario:
        return
    ours, theirs = ({each.id: each for each in source.injects} for source in (left, right))
    only = [[one[name].title for name in one if name not in other] for one, other in ((ours, theirs), (theirs, ours))]
    if any(only):
        yield "injects that only this run has", "; ".join(only[0]) or "none", "; ".join(only[1]) or "none"
    changed = [name for name in ours if name in theirs and ours[name] != theirs[name]]
    if changed:
        titles = ["; ".join(dict.fromkeys(side[name].title for name in changed)) for side in (ours, theirs)]
        yield "injects that are written differently", titles[0], titles[1]


# --- the divergence -----------------------------------------------------------------------------------------------


def divergence(left: RunSource, right: RunSource) -> tuple[Record | None, Record | None]:
    """Return the first records in which two runs differ in anything but their names; None for a run that has ended."""
    for a, b in zip_longest(left.records, right.records):
        if a is None or b is None or _content(a) != _content(b):
            return a, b
    return None, None


def _content(record: Record) -> tuple[Any, ...]:
    data = {} if record.kind == "run.start" else record.data
    return record.t, record.kind, record.who, record.about, data


def _differing(pair: tuple[RunSource, RunSource], records: tuple[Record | None, ...]) -> list[tuple[str, ...]]:
    """Return the first records that differ, and their difference if their headlines are the same."""
    lines = [tuple(map(_line, pair, records))]
    a, b = records
    if a is not None and b is not None and lines[0][0] == lines[0][1]:
        lines.append(_difference(a, b))
    return lines


def _line(source: RunSource, record: Record | None) -> str:
    if record is None:
        return "the run has ended"
    return f"#{record.seq} {wording.moment(record.at)}: {headline(source, record)}"


def _difference(a: Record, b: Record) -> tuple[str, str]:
    """Describe the difference of two records whose headlines are the same."""
    difference = first_difference([encode_lines([a])[:-1]], iter([encode_lines([b])[:-1]]), whole=True)
    if difference is None or CHANCE.fullmatch(difference.field):
        return ("the same event with another random draw",) * 2
    name = words(difference.field.removeprefix("data."))
    return f"{name}: {difference.on_disk}", f"{name}: {difference.re_run}"


# --- what people did ----------------------------------------------------------------------------------------------


def _typed(left: RunSource, right: RunSource) -> list[tuple[str, str, str]]:
    """Return the commands, messages and notes of people that only one of two live exercises has, by time."""
    ours, theirs = (Counter(map(_key, _of_people(source))) for source in (left, right))
    lines = [
        (record.t, side, record.seq, (wording.moment(record.at), f"{headline(source, record)} [#{record.seq}]"))
        for side, (source, others) in enumerate(((left, theirs), (right, ours)))
        for record in _without(source, others)
    ]
    return [(when, text, "") if side == 0 else (when, "", text) for _, side, _, (when, text) in sorted(lines)]


def _without(source: RunSource, others: Counter[str]) -> list[Record]:
    left_over = others.copy()
    unshared = []
    for record in _of_people(source):
        if left_over[_key(record)] > 0:
            left_over[_key(record)] -= 1
        else:
            unshared.append(record)
    return unshared


def _of_people(source: RunSource) -> Iterator[Record]:
    of_people = (r for r in source.records if r.kind in PEOPLE and not is_fork(r))
    return of_people if source.folder.is_live else iter(())


def _key(record: Record) -> str:
    return repr((record.t, record.kind, record.who, record.about, sorted(record.data.items(), key=str)))


# --- the results --------------------------------------------------------------------------------------------------


def _outcomes(*runs: Findings) -> Iterator[tuple[str, list[tuple[OutcomeFinding | None, RunSummary]]]]:
    """Yield the title of each outcome, and what came of it in each run."""
    summaries, titles = (
        [each.summary for each in runs],
        {**runs[1].source.titles.outcomes, **runs[0].source.titles.outcomes},
    )
    sides = [{o.id: o for o in summary.outcomes} for summary in summaries]
    names = sorted({**sides[0], **sides[1]}, key=lambda n: min(side[n].at or "9" for side in sides if n in side))
    for name in names:
        pair = [side.get(name) for side in sides]
        title = titles.get(name) or next(each.title for each in pair if each is not None)
        yield title, list(zip(pair, summaries, strict=True))


def _turning_points(pair: tuple[RunSource, RunSource], start: int) -> list[tuple[str, str, str]]:
    """Return the turning points of both runs from the divergence on, in one order of time."""
    lines = []
    for side, source in enumerate(pair):
        for point in turning_points(source, [record for record in source.since if record.t >= start], TURNS):
            text = f"{point.what} [#{point.seq}]"
            lines.append((point.at, (date(point.at), text, "") if side == 0 else (date(point.at), "", text)))
    return [line for _, line in sorted(lines)]


def _expected(left: Findings, right: Findings) -> list[tuple[str, ...]]:
    """Return the expected actions whose status differs, with their status in each run."""
    sides = [{key: row["status_text"] for key, row in _numbered(findings)} for findings in (left, right)]
    return [
        (*key[:3], *(str(side.get(key, "not called for")) for side in sides))
        for key in sorted({*sides[0], *sides[1]}, key=str)
        if sides[0].get(key) != sides[1].get(key)
    ]


def _numbered(findings: Findings) -> Iterator[tuple[tuple[str, str, str, int], Row]]:
    """Yield expected actions by inject, government, text, and a number among those that are otherwise the same."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for row in findings.expected_actions:
        key = (str(row["inject_title"]), findings.source.name(row["who"]), str(row["expected"]))
        seen[key] += 1
        yield (*key, seen[key]), row


def _indicators(left: Findings, right: Findings) -> list[tuple[str, ...]]:
    """Return the indicators that differ most at the last snapshot, in shares of their ranges."""
    ours, theirs, scenario = _last(left), _last(right), left.source.scenario
    ranges = {name: spec.range[1] - spec.range[0] for name, spec in (scenario.indicators if scenario else {}).items()}
    gaps = []
    for path in sorted({*ours} & {*theirs}):
        a, b = ours[path], theirs[path]
        width = ranges.get(path.partition("[")[0], 2.0 if path.startswith("trust[") else 1.0) or 1.0
        name, _, index = path.rstrip("]").partition("[")
        title = indicator_title(scenario, name, tuple(filter(None, index.split(", ")))) if scenario else path
        line = (title, f"{a.value:.3g} [#{a.seq}]", f"{b.value:.3g} [#{b.seq}]", f"{b.value - a.value:+.3g}")
        gaps.append((abs(a.value - b.value) / width, line))
    return [line for gap, line in sorted(gaps, key=lambda gap: (-gap[0], gap[1]))[:NUMBERS] if gap > 0]


def _last(findings: Findings) -> dict[str, SeriesPoint]:
    return {
        path: snapshots[-1]
        for path, points in findings.series.items()
        if not path.startswith(BELIEF) and (snapshots := [p for p in points if p.source_kind == "snapshot"])
    }


# --- rooms -----------------------------------------------------------------------------------------------------------


def cohort_report(found: Cohort, source: RunSource) -> list[Block]:
    """Return the blocks of the review; `source` is one of the rooms, for title and dates."""
    groups = [(title, list(rows)) for title, rows in groupby(found.occasions, key=lambda each: each["title"])]
    said = {
        title: {tuple((each["who"], each["what"]) for each in row["decisions"]) for row in rows}
        for title, rows in groups
    }
    differs = [title for title, rows in groups if rows[0]["inject"] and len(said[title]) > 1]
    content = {"groups": groups, "differs": differs, "title": source.manifest.title, "when": source.dates.at}
    return blocks_of("cohort.txt.j2", found=found, **content)
