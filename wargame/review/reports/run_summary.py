"""The summary of a run on a terminal."""

from wargame.document.blocks import Block, Chain, Chains, Code, next_steps
from wargame.document.formatting import Piece, dates
from wargame.journal.records.script import STATUSES
from wargame.journal.wording import date
from wargame.review.findings.expected_actions import STATUSES as BY_RULE
from wargame.review.findings.expected_actions import UNDECIDED, judgement
from wargame.review.findings.summary import RunSummary
from wargame.review.reports.laid_out import blocks_of
from wargame.review.reports.report_header import ENDINGS


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
        statuses={status: STATUSES.get(status, status) for status in (*BY_RULE, UNDECIDED)},
        undecided=UNDECIDED,
        judgement=judgement,
        name=lambda who: Piece("strong", summary.governments.get(who, who)),
    )


def _dates(summary: RunSummary) -> tuple[str, str]:
    """Return the span of the run, and how it ended."""
    span = f"{date(summary.startex)} to {date(summary.reached)}" if summary.startex and summary.reached else ""
    ending = ENDINGS.get(summary.ended, summary.ended)
    if summary.reached and summary.reached < summary.startex:
        return f"STARTEX {date(summary.startex)}", f"{ending} on {date(summary.reached)}, in the history before STARTEX"
    return span, ending


def _next(summary: RunSummary, folder: str, report: str | None) -> Code:
    points = summary.turning_points
    top = max(points, key=lambda each: (bool(each.why), each.decided, each.score), default=None)
    rows = [(report, "the review; open it in a browser")] if report else []
    if top:
        what = top.chain[-1].name if top.kind == "outcome" else top.what
        rows.append((f"wargame why {folder} {top.seq}", f"what led to: {what}"))
    rows += [
        (f"wargame verify {folder}", "re-runs it and compares the journals"),
        (f"wargame show {folder}", "prints this summary again"),
    ]
    return next_steps(rows)
