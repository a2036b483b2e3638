"""The summary of a run on a terminal."""

from collections.abc import Sequence

from wargame.document.blocks import Block, Chain, Chains, Code, next_steps
from wargame.document.formatting import Dates, Piece, dates
from wargame.journal.records.script import STATUSES
from wargame.journal.wording import date
from wargame.review.findings.expected_actions import STATUSES as BY_RULE
from wargame.review.findings.expected_actions import UNDECIDED, judgement
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.summary import RunSummary
from wargame.review.reports.laid_out import blocks_of
from wargame.review.reports.report_header import ENDINGS

TO_JUDGE = {UNDECIDED: "to judge"}
"""The short form of a status, for a narrow column."""


def run_summary(summary: RunSummary, path: str, folder: str, report: str | None = None) -> list[Block]:
    """Return the summary of the run at `path`, called `folder` in commands. `report` is its review, if there is one."""
    when = dates(summary.startex, summary.reached)
    chains = (Chain(each.what, when.at(each.at), each.seq, remarks=(each.why,)) for each in summary.turning_points)
    absent = [each for each in summary.outcomes if each.at is None]
    return blocks_of(
        "run_summary.txt.j2",
        {"turning points": [Chains(tuple(chains))], "next": [_next(summary, folder, report)]},
        summary=summary,
        path=path,
        facts=[summary.scenario, f"seed {summary.seed}", *_dates(summary), summary.decisions_in_words],
        when=when,
        occurred=[each for each in summary.outcomes if each.at is not None and not each.inherited],
        others=(
            ("already true at STARTEX", [each for each in summary.outcomes if each.inherited]),
            ("occurred, and then revoked", [each for each in absent if each.ruling]),
            (summary.absence, [each for each in absent if not each.ruling]),
        ),
        expected=_counts(summary),
        judged=_expected(summary, when),
        name=lambda who: Piece("strong", summary.governments.get(who, who)),
    )


def _dates(summary: RunSummary) -> tuple[str, str]:
    """Return the span of the run, and how it ended."""
    span = f"{date(summary.startex)} to {date(summary.reached)}" if summary.startex and summary.reached else ""
    ending = ENDINGS.get(summary.ended, summary.ended)
    if summary.reached and summary.reached < summary.startex:
        return f"STARTEX {date(summary.startex)}", f"{ending} on {date(summary.reached)}, in the history before STARTEX"
    return span, ending


def _counts(summary: RunSummary) -> str:
    """Return the expected actions by status, in one line; empty if there are none."""
    counts = {status: sum(e["status"] == status for e in summary.expected) for status in (*BY_RULE, UNDECIDED)}
    whose = " of model governments" if counts[UNDECIDED] else ""  # what people left open is to judge
    left = f", {summary.still_open}{whose} still open at the end" if summary.still_open else ""
    shown = [f"{n} {STATUSES.get(status, status)}" for status, n in counts.items() if n or status != UNDECIDED]
    return ", ".join(shown) + left if summary.expected or summary.still_open else ""


def _expected(summary: RunSummary, when: Dates) -> list[tuple[str, str, str]]:
    """Return a row for each government and status with the first injects, and one for each judgement."""
    rows = list[tuple[str, str, str]]()
    for who in sorted({e["who"] for e in summary.expected}):
        theirs = [e for e in summary.expected if e["who"] == who]
        lines = [
            (Piece("status", TO_JUDGE.get(status, status), name=status), _named(same, when))
            for status in (*BY_RULE, UNDECIDED)
            if (same := [e for e in theirs if e["status"] == status])
        ]
        judged = [
            (each, judgement(each["judged_by"], each["judged_why"], each["automatic"]))
            for each in theirs
            if each["judged_by"]
        ]
        lines += [(Piece("quiet", "judged"), f"{each['inject_title']}: {each['status']}, {by}") for each, by in judged]
        name = Piece("strong", summary.governments.get(who, who))
        rows += [("" if place else name, *line) for place, line in enumerate(lines)]
    return rows


def _named(expected: Sequence[Row], when: Dates, most: int = 4) -> str:
    """Return the first injects, each with the time that the response took; the others are counted."""
    titles = list(dict.fromkeys(e["inject_title"] for e in expected))
    parts = [title + _times([e for e in expected if e["inject_title"] == title], when) for title in titles[:most]]
    return "; ".join(parts) + (f" and {len(titles) - most} more" if len(titles) > most else "")


def _times(same: Sequence[Row], when: Dates) -> str:
    """Return how long the responses to one inject took, and their number if there are several."""
    took = [when.took(days) for days in sorted(e["latency_days"] for e in same if e["latency_days"] is not None)]
    details = [" to ".join(dict.fromkeys((took[0], took[-1])))] if took else []
    details += [f"{len(same)} times"] if len(same) > 1 else []
    return f" ({', '.join(details)})" if details else ""


def _next(summary: RunSummary, folder: str, report: str | None) -> Code:
    points = summary.turning_points
    top = max(points, key=lambda each: (bool(each.why), each.decided, each.score), default=None)
    rows = [(report, "the review; open it in a browser")] if report else []
    rows += [(f"wargame why {folder} {top.seq}", f"what led to: {top.what.removeprefix('Outcome: ')}")] if top else []
    rows += [
        (f"wargame verify {folder}", "re-runs it and compares the journals"),
        (f"wargame show {folder}", "prints this summary again"),
    ]
    return next_steps(rows)
