"""The summary of a run on a terminal or in a plain text."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, Group, RenderableType
from rich.text import Text

from wargame.journal import sentences as phrases
from wargame.journal.sentences import date
from wargame.review.document.terminal import bar, grid, indented, print_sections
from wargame.review.findings.summary import AttentionFinding, ExpectedFinding, OutcomeFinding, RunSummary
from wargame.review.findings.turning_points import TurningPoint
from wargame.review.formatting import Dates, clean, dates
from wargame.review.reports.report_header import ENDINGS

STATUS_STYLES = {"met": "bold", "late": "yellow", "missed": "bold magenta"}


def render(summary: RunSummary, path: str, folder: str, console: Console, report: str | None = None) -> None:
    """Prints the summary of the run at `path`; `folder` is its name in the commands at the end.

    `report` is the file of its review, if one was written.
    """
    when = dates(summary.startex, summary.reached)
    unicode = console.encoding.lower().startswith("utf")
    sections = [
        ("Outcomes", _outcomes(summary.outcomes, when, summary.absence)),
        ("Turning points", _turning_points(summary.turning_points, when)),
        ("Expected actions", _expected(summary.expected, summary.still_open, when)),
        ("Actions since STARTEX", _actions(summary)),
        ("Attention", _attention(summary.attention, console.width, unicode=unicode)),
        ("Where to look next", _next(summary, folder, console.width, report)),
    ]
    print_sections(console, _header(summary, path), sections)


def _header(summary: RunSummary, path: str) -> RenderableType:
    lines = [Text(clean(summary.title), style="bold")]
    span = f"{date(summary.startex)} to {date(summary.reached)}" if summary.startex and summary.reached else ""
    ending = ENDINGS.get(summary.ended, summary.ended)
    facts = [summary.scenario, f"seed {summary.seed}", span, ending, f"{summary.decisions:,} decisions"]
    lines.append(Text(", ".join(fact for fact in facts if fact)))
    lines.append(Text(path, style="dim"))
    lines += [Text(clean(note), style="bold yellow") for note in summary.notes]
    return Group(*lines)


def _outcomes(outcomes: Iterable[OutcomeFinding], when: Dates, absence: str) -> RenderableType | None:
    occurred = [o for o in outcomes if o.at is not None and not o.inherited]
    absent, held = [o for o in outcomes if o.at is None], [o for o in outcomes if o.inherited]
    if not occurred and not absent and not held:
        return None
    table = grid("whole", "right", "left")
    for o in occurred:
        assert o.at is not None
        title = Text(clean(o.title), style="bold") + Text("  ends the run" if o.ends else "", style="dim")
        table.add_row(when.at(o.at), Text(when.since(o.day or 0), style="dim"), title)
    parts: list[RenderableType] = [table] if occurred else []
    for what, found in (("held at STARTEX already", held), (absence, absent)):
        if found:
            parts.append(Text(f"{what}: {clean('; '.join(o.title for o in found))}", style="dim"))
    return Group(*parts)


def _turning_points(points: Iterable[TurningPoint], when: Dates) -> RenderableType | None:
    table = grid("whole", "left", "right")
    for point in points:
        told = Text(clean(point.what), style="bold")
        if point.why:
            told.append(f"\n{clean(point.why)}", style="not bold dim")
        table.add_row(when.at(point.at), told, Text(f"#{point.seq}", style="dim"))
    return table if table.row_count else None


def _expected(expected: tuple[ExpectedFinding, ...], still_open: int, when: Dates) -> RenderableType | None:
    """The tally, then a row for each government: what it met, did late and missed, as many as are readable."""
    if not expected and not still_open:
        return None
    counts = {status: sum(e.status == status for e in expected) for status in STATUS_STYLES}
    left = f", {still_open} still open at the end" if still_open else ""
    tally = Text(", ".join(f"{count} {status}" for status, count in counts.items()) + left)
    table = grid("whole", "whole", "left")
    for who in sorted({e.who for e in expected}):
        label = Text(who, style="bold")
        for status, style in STATUS_STYLES.items():
            found = [e for e in expected if e.who == who and e.status == status]
            if found:
                table.add_row(label, Text(status, style=style), _named(found, when))
                label = Text()
    return Group(tally, table)


def _named(expected: list[ExpectedFinding], when: Dates, most: int = 4) -> Text:
    """Injects and the time that the answers took; the first few, the others counted."""
    titles = list(dict.fromkeys(e.inject_title for e in expected))
    told = [title + _times([e for e in expected if e.inject_title == title], when) for title in titles[:most]]
    text = Text(clean("; ".join(told)))
    if len(titles) > most:
        text.append(f" and {len(titles) - most} more", style="dim")
    return text


def _times(same: list[ExpectedFinding], when: Dates) -> str:
    """How long the answers to one inject took, and how many there are if not one."""
    took = sorted(e.days for e in same if e.days is not None)
    span = [f"{when.took(took[0])} to {when.took(took[-1])}"] if took else []
    if took and when.took(took[0]) == when.took(took[-1]):
        span = [when.took(took[0])]
    said = ", ".join([*span, *([f"{len(same)} times"] if len(same) > 1 else [])])
    return f" ({said})" if said else ""


def _actions(summary: RunSummary) -> RenderableType | None:
    table = grid("whole", "right", "left")
    for actions in summary.actions:
        commonest = Text()
        for place, (title, count) in enumerate(actions.commonest):
            commonest.append(", " if place else "").append(clean(title)).append(f" {count}", style="dim")
        table.add_row(Text(actions.who, style="bold"), str(actions.total), commonest)
    return table if table.row_count else None


def _attention(attention: Iterable[AttentionFinding], width: int, *, unicode: bool) -> RenderableType | None:
    """One row a government: its dossiers with a bar each, as many as fit."""
    most = max(2, (width - 5) // 23)
    table = grid("whole", *["whole"] * most)
    for given in attention:
        cells = [_bar(phrases.words(name), share, unicode=unicode) for name, share in given.shares[:most]]
        table.add_row(Text(given.who, style="bold"), *cells)
    return table if table.row_count else None


def _bar(name: str, share: float, *, unicode: bool, cells: int = 6) -> Text:
    return Text(f"{clean(name)[:10]:<10} {share:>4.0%} ") + bar(share, cells, unicode=unicode)


def _next(summary: RunSummary, folder: str, width: int, report: str | None) -> RenderableType:
    """Commands with what they show, beside them if there is room and below them if not."""
    top = max(summary.turning_points, key=lambda point: (bool(point.why), point.score), default=None)
    rows = [(report, "the review, with pictures: open it in a browser")] if report else []
    what = clean(top.what).removeprefix("outcome: ") if top else ""
    rows += [(f"wargame why {folder} {top.seq}", f"what led to: {what}")] if top else []
    rows += [
        (f"wargame verify {folder}", "makes the run again and compares"),
        (f"wargame show {folder}", "prints this again"),
    ]
    longest = max(len(command) for command, _ in rows)
    beside = all(longest + len(told) + 4 <= width for _, told in rows)
    if beside:
        return Group(*(Text(f"{command:<{longest}}  ").append(told, style="dim") for command, told in rows))
    return Group(*(part for command, told in rows for part in (Text(command, overflow="fold"), _under(told))))


def _under(told: str) -> RenderableType:
    """What a command shows, on lines of its own under it."""
    return indented(Text(told, style="dim"), 4)
