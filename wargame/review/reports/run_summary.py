"""The summary of a run on a terminal."""

from collections.abc import Iterable, Iterator

from wargame.document.blocks import Block, Chain, Chains, Grid, Heading, Paragraph, next_steps
from wargame.document.formatting import Dates, Piece, dates
from wargame.journal import wording
from wargame.journal.records.script import STATUSES
from wargame.journal.wording import date
from wargame.review.findings.expected_actions import STATUSES as BY_RULE
from wargame.review.findings.expected_actions import UNDECIDED, judgement
from wargame.review.findings.summary import ExpectedFinding, RunSummary
from wargame.review.reports.report_header import ENDINGS

TO_JUDGE = {UNDECIDED: "to judge"}
"""The short form of a status, for a narrow column."""


def run_summary(summary: RunSummary, path: str, folder: str, report: str | None = None) -> Iterator[Block]:
    """Yield the summary of the run at `path`; `folder` is its name in the commands at the end.

    `report` is the file of its review, if one was written.
    """
    when = dates(summary.startex, summary.reached)
    chains = [Chain(each.what, when.at(each.at), each.seq, remarks=(each.why,)) for each in summary.turning_points]
    yield from _head(summary, path)
    sections: dict[str, Iterable[Block]] = {
        "Outcomes": _outcomes(summary, when),
        "Turning points": [Chains(tuple(chains))] if chains else [],
        "Expected actions": _expected(summary, when),
        "Actions since STARTEX": [_actions(summary)],
        "Attention": [_attention(summary)],
        "Where to look next": [_next(summary, folder, report)],
    }
    for title, section in sections.items():
        if blocks := [block for block in section if not isinstance(block, Grid) or block.rows]:
            yield from (Heading(2, title), *blocks)


def _head(summary: RunSummary, path: str) -> Iterator[Block]:
    span = f"{date(summary.startex)} to {date(summary.reached)}" if summary.startex and summary.reached else ""
    ending = ENDINGS.get(summary.ended, summary.ended)
    if summary.reached and summary.reached < summary.startex:
        span = f"STARTEX {date(summary.startex)}"
        ending = f"{ending} on {date(summary.reached)}, in the history before STARTEX"
    facts = [summary.scenario, f"seed {summary.seed}", span, ending, summary.decisions_in_words]
    yield Heading(1, summary.title)
    yield Paragraph(", ".join(fact for fact in facts if fact))
    if summary.changes:
        yield Paragraph(f"with {'; '.join(summary.changes)}")
    yield Paragraph(path, quiet=True)
    yield from (Paragraph(note, alarm=True) for note in summary.notes)


def _outcomes(summary: RunSummary, when: Dates) -> Iterator[Block]:
    occurred = [
        (when.at(o.at), Piece("quiet", when.since(o.day or 0)), o.title + (", ends the run" if o.ends else ""))
        for o in summary.outcomes
        if o.at is not None and not o.inherited
    ]
    yield _rows(occurred)
    for what, listed in (
        ("already true at STARTEX", [o for o in summary.outcomes if o.inherited]),
        ("occurred, and then revoked", [o for o in summary.outcomes if o.at is None and o.ruling]),
        (summary.absence, [o for o in summary.outcomes if o.at is None and not o.ruling]),
    ):
        if listed:
            yield Paragraph(f"{what}: {'; '.join(o.title for o in listed)}", quiet=True)


def _rows(rows: Iterable[tuple[str, ...]]) -> Grid:
    """Return a table without a caption and heads."""
    return Grid("", (), tuple(rows))


def _expected(summary: RunSummary, when: Dates) -> Iterator[Block]:
    """Yield the counts, then a row for each government and status with the first injects."""
    expected, still_open = summary.expected, summary.still_open
    if not expected and not still_open:
        return
    counts = {status: sum(e.status == status for e in expected) for status in (*BY_RULE, UNDECIDED)}
    whose = " of model governments" if counts[UNDECIDED] else ""  # what people left open is to judge
    left = f", {still_open}{whose} still open at the end" if still_open else ""
    shown = [f"{n} {STATUSES.get(status, status)}" for status, n in counts.items() if n or status != UNDECIDED]
    yield Paragraph(", ".join(shown) + left)
    rows: list[tuple[str, ...]] = []
    for who in sorted({e.who for e in expected}):
        theirs = [e for e in expected if e.who == who]
        lines = [
            (Piece("status", TO_JUDGE.get(status, status), name=status), _named(same, when))
            for status in counts
            if (same := [e for e in theirs if e.status == status])
        ]
        judged = [(each, judgement(each.judged_by, each.why, each.automatic)) for each in theirs if each.judged_by]
        lines += [(Piece("quiet", "judged"), f"{each.inject_title}: {each.status}, {by}") for each, by in judged]
        rows += [("" if place else _name(summary, who), *line) for place, line in enumerate(lines)]
    yield _rows(rows)


def _named(expected: list[ExpectedFinding], when: Dates, most: int = 4) -> str:
    """Return the first injects, each with the time that the response took; the others are counted."""
    titles = list(dict.fromkeys(e.inject_title for e in expected))
    parts = [title + _times([e for e in expected if e.inject_title == title], when) for title in titles[:most]]
    return "; ".join(parts) + (f" and {len(titles) - most} more" if len(titles) > most else "")


def _times(same: list[ExpectedFinding], when: Dates) -> str:
    """Return how long the responses to one inject took, and their number if there are several."""
    took = [when.took(days) for days in sorted(e.days for e in same if e.days is not None)]
    details = [" to ".join(dict.fromkeys((took[0], took[-1])))] if took else []
    details += [f"{len(same)} times"] if len(same) > 1 else []
    return f" ({', '.join(details)})" if details else ""


def _actions(summary: RunSummary) -> Grid:
    return _rows(
        (_name(summary, each.who), str(each.total), ", ".join(f"{title} {n}" for title, n in each.commonest))
        for each in summary.actions
    )


def _attention(summary: RunSummary) -> Grid:
    return _rows(
        (_name(summary, each.who), ", ".join(f"{wording.words(name)} {share:.0%}" for name, share in each.shares))
        for each in summary.attention
    )


def _name(summary: RunSummary, who: str) -> str:
    return Piece("strong", summary.governments.get(who, who))


def _next(summary: RunSummary, folder: str, report: str | None) -> Block:
    top = max(summary.turning_points, key=lambda point: (bool(point.why), point.score), default=None)
    rows = [(report, "the review; open it in a browser")] if report else []
    rows += [(f"wargame why {folder} {top.seq}", f"what led to: {top.what.removeprefix('Outcome: ')}")] if top else []
    rows += [
        (f"wargame verify {folder}", "re-runs it and compares the journals"),
        (f"wargame show {folder}", "prints this summary again"),
    ]
    return next_steps(rows)
