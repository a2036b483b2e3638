"""The summary of a run on a terminal or in a plain text."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, Group, RenderableType
from rich.text import Text

from wargame.document.formatting import Dates, dates
from wargame.document.terminal import bar, grid, indented, print_sections
from wargame.journal import wording
from wargame.journal.records.script import STATUSES
from wargame.journal.wording import date
from wargame.language.plain_text import clean
from wargame.review.findings.expected_actions import UNDECIDED
from wargame.review.findings.summary import ExpectedFinding, OutcomeFinding, RunSummary
from wargame.review.reports.report_header import ENDINGS

STATUS_STYLES = {"met": "bold", "late": "yellow", "missed": "bold magenta", UNDECIDED: "bold cyan"}

TO_JUDGE = {UNDECIDED: "to judge"}
"""The short form of a status, for a narrow column."""


def render(summary: RunSummary, path: str, folder: str, console: Console, report: str | None = None) -> None:
    """Print the summary of the run at `path`; `folder` is its name in the commands at the end.

    `report` is the file of its review, if one was written.
    """
    when = dates(summary.startex, summary.reached)
    unicode = console.encoding.lower().startswith("utf")
    table = grid("whole", "left", "right")
    for point in summary.turning_points:
        text = Text(clean(point.what), style="bold")
        if point.why:
            text.append(f"\n{clean(point.why)}", style="not bold dim")
        table.add_row(when.at(point.at), text, Text(f"#{point.seq}", style="dim"))
    sections = [
        ("Outcomes", _outcomes(summary.outcomes, when, summary.absence)),
        ("Turning points", table if table.row_count else None),
        ("Expected actions", _expected(summary, when)),
        ("Actions since STARTEX", _actions(summary)),
        ("Attention", _attention(summary, console.width, unicode=unicode)),
        ("Where to look next", _next(summary, folder, console.width, report)),
    ]
    print_sections(console, _header(summary, path), sections)


def _header(summary: RunSummary, path: str) -> RenderableType:
    lines = [Text(clean(summary.title), style="bold")]
    span = f"{date(summary.startex)} to {date(summary.reached)}" if summary.startex and summary.reached else ""
    ending = ENDINGS.get(summary.ended, summary.ended)
    if summary.reached and summary.reached < summary.startex:
        span = f"STARTEX {date(summary.startex)}"
        ending = f"{ending} on {date(summary.reached)}, in the history before STARTEX"
    facts = [summary.scenario, f"seed {summary.seed}", span, ending, summary.decisions_in_words]
    lines.append(Text(", ".join(fact for fact in facts if fact)))
    if summary.changes:
        lines.append(Text(clean(f"with {'; '.join(summary.changes)}")))
    lines.append(Text(path, style="dim"))
    lines += [Text(clean(note), style="bold yellow") for note in summary.notes]
    return Group(*lines)


def _outcomes(outcomes: Iterable[OutcomeFinding], when: Dates, absence: str) -> RenderableType | None:
    occurred = [o for o in outcomes if o.at is not None and not o.inherited]
    revoked, inherited = [o for o in outcomes if o.at is None and o.ruling], [o for o in outcomes if o.inherited]
    absent = [o for o in outcomes if o.at is None and not o.ruling]
    if not occurred and not absent and not inherited and not revoked:
        return None
    table = grid("whole", "right", "left")
    for o in occurred:
        assert o.at is not None
        title = Text(clean(o.title), style="bold") + Text("  ends the run" if o.ends else "", style="dim")
        table.add_row(when.at(o.at), Text(when.since(o.day or 0), style="dim"), title)
    parts: list[RenderableType] = [table] if occurred else []
    for what, listed in (
        ("already true at STARTEX", inherited),
        ("occurred, and then revoked", revoked),
        (absence, absent),
    ):
        if listed:
            parts.append(Text(f"{what}: {clean('; '.join(o.title for o in listed))}", style="dim"))
    return Group(*parts)


def _expected(summary: RunSummary, when: Dates) -> RenderableType | None:
    """Return the counts, then a row for each government and status with the first injects."""
    expected, still_open = summary.expected, summary.still_open
    if not expected and not still_open:
        return None
    counts = {status: sum(e.status == status for e in expected) for status in STATUS_STYLES}
    whose = " of model governments" if counts[UNDECIDED] else ""  # what people left open is to judge
    left = f", {still_open}{whose} still open at the end" if still_open else ""
    shown = {status: count for status, count in counts.items() if count or status != UNDECIDED}
    total = Text(", ".join(f"{count} {STATUSES.get(status, status)}" for status, count in shown.items()) + left)
    table = grid("whole", "whole", "left")
    for who in sorted({e.who for e in expected}):
        label = Text(_name(summary, who), style="bold")
        for status, style in STATUS_STYLES.items():
            same = [e for e in expected if e.who == who and e.status == status]
            if same:
                table.add_row(label, Text(TO_JUDGE.get(status, status), style=style), _named(same, when))
                label = Text()
        judged = [e for e in expected if e.who == who and e.judged_by]
        if judged:
            text = Text()
            for place, each in enumerate(judged):
                automatic = f"; automatic: {each.automatic}" if each.automatic else ""
                why = f": {each.why}" if each.why else ""
                line = f"{each.inject_title}: {each.status}, judged by {each.judged_by}{why}{automatic}"
                text.append(("\n" if place else "") + clean(line), style="dim")
            table.add_row(label, Text("judged", style="dim"), text)
    return Group(total, table)


def _named(expected: list[ExpectedFinding], when: Dates, most: int = 4) -> Text:
    """Return the first injects, each with the time that the response took; the others are counted."""
    titles = list(dict.fromkeys(e.inject_title for e in expected))
    parts = [title + _times([e for e in expected if e.inject_title == title], when) for title in titles[:most]]
    text = Text(clean("; ".join(parts)))
    if len(titles) > most:
        text.append(f" and {len(titles) - most} more", style="dim")
    return text


def _times(same: list[ExpectedFinding], when: Dates) -> str:
    """Return how long the responses to one inject took, and their number if there are several."""
    took = sorted(e.days for e in same if e.days is not None)
    span = [f"{when.took(took[0])} to {when.took(took[-1])}"] if took else []
    if took and when.took(took[0]) == when.took(took[-1]):
        span = [when.took(took[0])]
    details = ", ".join([*span, *([f"{len(same)} times"] if len(same) > 1 else [])])
    return f" ({details})" if details else ""


def _name(summary: RunSummary, who: str) -> str:
    return clean(summary.governments.get(who, who))


def _actions(summary: RunSummary) -> RenderableType | None:
    table = grid("whole", "right", "left")
    for actions in summary.actions:
        commonest = Text()
        for place, (title, count) in enumerate(actions.commonest):
            commonest.append(", " if place else "").append(clean(title)).append(f" {count}", style="dim")
        table.add_row(Text(_name(summary, actions.who), style="bold"), str(actions.total), commonest)
    return table if table.row_count else None


def _attention(summary: RunSummary, width: int, *, unicode: bool) -> RenderableType | None:
    """Return one row a government: its dossiers with a bar each, as many as fit."""
    names = [_name(summary, item.who) for item in summary.attention]
    most = max(2, (width - 2 - max(map(len, names), default=0)) // 24)
    table = grid("whole", *["whole"] * most)
    for item in summary.attention:
        cells = [
            Text(f"{clean(wording.words(name))[:10]:<10} {share:>4.0%} ") + bar(share, 6, unicode=unicode)
            for name, share in item.shares[:most]
        ]
        table.add_row(Text(_name(summary, item.who), style="bold"), *cells)
    return table if table.row_count else None


def _next(summary: RunSummary, folder: str, width: int, report: str | None) -> RenderableType:
    """Commands with explanations, beside them if there is room, else below them."""
    top = max(summary.turning_points, key=lambda point: (bool(point.why), point.score), default=None)
    rows = [(report, "the review; open it in a browser")] if report else []
    what = clean(top.what).removeprefix("Outcome: ") if top else ""
    rows += [(f"wargame why {folder} {top.seq}", f"what led to: {what}")] if top else []
    rows += [
        (f"wargame verify {folder}", "re-runs it and compares the journals"),
        (f"wargame show {folder}", "prints this summary again"),
    ]
    longest = max(len(command) for command, _ in rows)
    if all(longest + len(text) + 4 <= width for _, text in rows):
        return Group(*(Text(f"{command:<{longest}}  ").append(text, style="dim") for command, text in rows))
    below = [(Text(command, overflow="fold"), indented(Text(text, style="dim"), 4)) for command, text in rows]
    return Group(*(part for pair in below for part in pair))
