"""The sections of a review about what happened: the timeline, what people did, figures, decisions."""

import shlex
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from wargame.document.blocks import Block, Bullets, Fold, Grid, Heading, Island, Paragraph, Picture, to_repeat
from wargame.document.formatting import Piece, Rich, record
from wargame.journal import wording
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.findings import Findings
from wargame.review.findings.source import RunSource
from wargame.review.reports import marks
from wargame.review.reports.report_header import Review, log, provenance

# --- figures -------------------------------------------------------------------------------------------------------


def timeline(review: Review) -> Iterator[Block]:
    """Yield the timeline, with a lane for each government."""
    data = {
        "live": review.live,
        "seat": review.seat,
        "legend": list(marks.legend(live=review.live)),
        "symbols": list(marks.symbols(review.seat)),
    }
    yield Island("timeline", lambda: data, partial(_picture, "timeline_picture", review.findings))


def relations(review: Review) -> Iterator[Block]:
    """Yield trust between governments by month."""
    if review.findings.relations:
        caption, hint = (
            "Trust of each government in each other government, by month",
            "Select a cell to go to that seat and month.",
        )
        yield _chart("relations", caption, partial(_picture, "relations_picture", review.findings), hint)


def escalation(review: Review) -> Iterator[Block]:
    """Yield the severity of actions, and the indicators."""
    severity = "Own actions: severity" if review.seat else "Severity of actions"
    caption = f"{severity} by week, and the highest rung"
    yield _chart("escalation", caption, partial(_picture, "escalation_picture", review.findings))
    yield Island("indicators")


def _chart(name: str, caption: str, paper: Callable[[], Iterator[Any]] | None = None, hint: str = "") -> Island:
    return Island("chart", lambda: {"name": name, "caption": caption, "hint": hint}, paper or tuple)


def _picture(make: str, findings: Findings) -> Iterator[Picture]:
    """Yield the figure of documents, if there is anything to draw; charts are only imported where they are drawn."""
    from wargame.review.reports import run_charts

    picture = getattr(run_charts, make)(findings)
    yield from [picture] if picture else ()


def attention(review: Review) -> Iterator[Block]:
    """Yield the working time of each leadership by dossier."""
    if not review.attention:
        return
    yield _chart("attention", "Working time of leaderships by dossier")
    rows = tuple(
        (review.source.name(r["who"]), wording.words(r["dossier"]), f"{r['hours']:,.0f}", f"{r['share']:.0%}")
        for r in review.attention
    )
    table = Grid("Working hours by dossier", ("Government", "Dossier", "Hours", "Share"), rows, (0.3, 0.4, 0.15, 0.15))
    yield Fold("Table", (table,))


def talks(review: Review) -> Iterator[Block]:
    """Yield the states of forums and agreements over time."""
    rows = [row for row in review.findings.talks if row["day"] >= 0]
    if not rows:
        return
    heads = ("When", "Forum or agreement", "Step", "From, to", "Who", "Progress", "Record")
    table = Grid("Steps of forums and agreements", heads, tuple(_step(review.source, row) for row in rows))
    yield _chart("talks", "States over time")
    yield Island("folded", lambda: {"summary": "All steps as a table", "block": table})


def _step(source: RunSource, row: Row) -> tuple[str, ...]:
    states = ", ".join(wording.words(str(row[side] or "")) for side in ("before", "after"))
    progress = "" if row["progress"] is None else f"{row['progress']:.0%}"
    event, who = wording.words(str(row["event"] or "")), source.name(row["who"])
    return source.dates.at(row["at"]), row["title"], event, states, who, progress, record(row["seq"])


# --- people --------------------------------------------------------------------------------------------------------


def decision_log(review: Review) -> Iterator[Block]:
    """Yield decisions of human seats, votes and messages."""
    source, findings = review.source, review.findings
    yield from log(
        source,
        "Decisions of human seats",
        ("Government", "Decision", "Reason given", "Result"),
        [(r, (sender(source, r), r["what"], r["reason"], r["result"])) for r in findings.seat_decisions],
    )
    yield from log(
        source,
        "Votes",
        ("Called by", "Question", "Ballots", "Result"),
        [(r, (sender(source, r), r["question"], r["ballots"], r["result"])) for r in findings.votes],
    )
    yield from log(
        source,
        "Messages, requests for information, offers and demands",
        ("From", "To", "Text", "Answer"),
        [(r, (sender(source, r), r["to"], _text(r), r["result"])) for r in findings.messages],
    )


def white_cell(review: Review) -> Iterator[Block]:
    """Yield adjudications, notes and ratings; of an unattended run, the settings that took effect."""
    source, findings = review.source, review.findings
    yield from log(
        source,
        "Adjudications of the white cell" if review.live else "Settings, when they took effect",
        ("What", "Reason given"),
        [(r, (r["what"], r["reason"])) for r in findings.adjudications],
    )
    yield from log(
        source,
        "Notes and ratings",
        ("By", "About", "Text"),
        [(r, (sender(source, r), r["about"], _remark(r))) for r in findings.remarks],
    )
    if source.left_behind:
        yield Heading(3, "Notes and ratings on abandoned branches, or undone")
        yield Bullets(tuple(source.left_behind))


def players_in_rows(findings: Findings) -> list[tuple[str, int, str]]:
    """Return orders, answers, messages and votes of people by time: (date, number of the record, sentence)."""
    source = findings.source
    lines = [(r["seq"], r["at"], f"{sender(source, r)}: {r['what']}{_because(r)}") for r in findings.seat_decisions]
    sent = ((r, f"{sender(source, r)} to {r['to']}: {_text(r)}{_after(r)}") for r in findings.messages)
    lines += [(r["seq"], r["at"], text) for r, text in sent]
    lines += [
        (r["seq"], r["at"], f"Vote called by {sender(source, r)}, '{r['question']}': {r['result']}")
        for r in findings.votes
    ]
    return [(at[:10], seq, wording.sentence(text)) for seq, at, text in sorted(lines)]


def _because(row: Row) -> str:
    return (f" ('{row['reason']}')" if row["reason"] else "") + _after(row)


def _after(row: Row) -> str:
    return f"; {row['result']}" if row["result"] else ""


def sender(source: RunSource, row: Mapping[str, Any]) -> str:
    """Name the sender or author: a government, the white cell, the facilitator, or the name given."""
    who, by = str(row["who"]), ", by the white cell" if row.get("by") else ""
    if who in source.governments:
        return source.name(who) + by
    return {"": "the facilitator", "EXCON": "the white cell"}.get(who, who)


def _text(row: Row) -> str:
    return row["text"] if row["sort"] == "message" else f"{str(row['sort']).capitalize()}: {row['text']}"


def _remark(row: Row) -> str:
    tag = f" ({row['tag']})" if row["tag"] else ""
    return f"{row['sort'].capitalize()}: {row['text']}{tag}"


# --- the model -----------------------------------------------------------------------------------------------------


def decisions(review: Review) -> Iterator[Block]:
    """Yield the decisions to act, with how each was decided; nothing if nobody decided to act."""
    if not _acts(review):
        return
    chance, how = (
        "Where chance decided, no reason is given. ",
        "Select a decision to see the terms of the scores, the noise and the probability of the choice.",
    )
    yield Paragraph(chance + how, screen=True)
    yield Island("decisions", paper=partial(_decisions, review))


def _acts(review: Review) -> list[Row]:
    return [row for row in review.findings.decisions if row["choice"] != "wait"]


def _decisions(review: Review) -> Iterator[Block]:
    yield Paragraph("Where chance decided, no reason is given. Meetings without an action are left out.", quiet=True)
    yield Grid(
        "Decisions to act",
        ("When", "Government", "Decision", "Dossier", "How it was decided, with probabilities", "Record"),
        tuple(_decision(review.source, row) for row in _acts(review)),
        (0.13, 0.12, 0.26, 0.11, 0.29, 0.09),
    )


def _decision(source: RunSource, row: Row) -> tuple[str, ...]:
    when, who, dossier = source.dates.at(row["at"]), source.name(row["who"]), wording.words(str(row["dossier"]))
    return when, who, source.titles.choice(row, "choice"), dossier, str(row["verdict"]), record(row["seq"])


# --- the journal ---------------------------------------------------------------------------------------------------


def reproduction(review: Review) -> Iterator[Block]:
    """Yield the commands that repeat the run, and the data that identify it."""
    source = review.source
    yield from to_repeat(source.manifest.command, f"wargame verify {shlex.quote(source.folder.call)}")
    if review.live:
        commands = (
            "The commands of participants are in commands.jsonl: ",
            Piece("code", "`wargame verify`", "wargame verify"),
        )
        yield Paragraph(Rich(*commands, " repeats them, ", Piece("code", "`play`", "play"), " does not."), quiet=True)
    rows = tuple((name, Piece("code", value)) for name, value in provenance(source))
    yield Grid("Provenance", ("", ""), rows, (0.25, 0.75))
    kinds = Counter(each.kind for each in source.records)
    if kinds:
        counts = tuple((kind, f"{number:,}") for kind, number in sorted(kinds.items()))
        yield Fold("Records by kind", (Grid("Records by kind", ("Kind", "Records"), counts),))
