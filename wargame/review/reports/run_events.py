"""The sections of a review about what happened: the timeline, what people did, figures, decisions."""

import shlex
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from wargame.document.blocks import Block, Island, Paragraph, Picture, to_repeat
from wargame.journal import wording
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.findings import Findings
from wargame.review.findings.source import RunSource
from wargame.review.reports import marks, run_charts
from wargame.review.reports.laid_out import blocks_of
from wargame.review.reports.report_header import Review, provenance
from wargame.seat.ladder import ladders

# --- figures -------------------------------------------------------------------------------------------------------


def timeline(review: Review) -> Iterator[Block]:
    """Yield the timeline, with a lane for each government."""
    data = {
        "live": review.live,
        "seat": review.seat,
        "legend": list(marks.legend(live=review.live)),
        "symbols": list(marks.symbols(review.seat)),
    }
    yield Island("timeline", lambda: data, partial(_picture, run_charts.timeline_picture, review.findings))


def relations(review: Review) -> Iterator[Block]:
    """Yield trust between governments by month."""
    if review.findings.relations:
        caption, hint = (
            "Trust of each government in each other government, by month",
            "Select a cell to go to that seat and month.",
        )
        yield _chart("relations", caption, partial(_picture, run_charts.relations_picture, review.findings), hint)


def escalation(review: Review) -> Iterator[Block]:
    """Yield the severity of actions, and the indicators."""
    severity = "Own actions: severity" if review.seat else "Severity of actions"
    caption = f"{severity} by week, and the highest rung"
    yield _chart("escalation", caption, partial(_picture, run_charts.escalation_picture, review.findings))
    yield Island("indicators")


def _chart(name: str, caption: str, paper: Callable[[], Iterator[Any]] | None = None, hint: str = "") -> Island:
    return Island("chart", lambda: {"name": name, "caption": caption, "hint": hint}, paper or tuple)


def _picture(make: Callable[[Findings], Picture | None], findings: Findings) -> Iterator[Picture]:
    """Yield the figure of documents, if there is anything to draw."""
    picture = make(findings)
    yield from [picture] if picture else ()


def situation(review: Review) -> Iterator[Block]:
    """Yield the map of the scenario and the escalation ladder of each pair; documents have the ladders as a table."""
    source, scenario = review.source, review.source.scenario
    found = ladders((each for each in source.records if each.t >= source.startex), scenario) if scenario else []
    if scenario and found:
        content = {"end": source.records[-1].t, "when": source.dates.at, "name": source.name, "titles": source.titles}
        table = partial(blocks_of, "ladders.txt.j2", ladders=found, **content)
        yield Island("situation", lambda: {"map": scenario.map}, table)


def attention(review: Review) -> Iterator[Block]:
    """Yield the working time of each leadership by dossier."""
    if not review.attention:
        return
    yield _chart("attention", "Working time of leaderships by dossier")
    yield from blocks_of("working_hours.txt.j2", rows=review.attention, name=review.source.name)


def talks(review: Review) -> Iterator[Block]:
    """Yield the states of forums and agreements over time."""
    source, rows = review.source, [row for row in review.findings.talks if row["day"] >= 0]
    if not rows:
        return
    (table,) = blocks_of("talks.txt.j2", rows=rows, when=source.dates.at, name=source.name)
    yield _chart("talks", "States over time")
    yield Island("folded", lambda: {"summary": "All steps as a table", "block": table})


# --- people --------------------------------------------------------------------------------------------------------


def decision_log(review: Review) -> list[Block]:
    """Return decisions of human seats, votes and messages."""
    return _log("decision_log.txt.j2", review)


def white_cell(review: Review) -> list[Block]:
    """Return adjudications, notes and ratings; of an unattended run, the settings that took effect."""
    return _log("white_cell.txt.j2", review)


def _log(template: str, review: Review) -> list[Block]:
    source = review.source
    content = {"findings": review.findings, "live": review.live, "left_behind": source.left_behind}
    return blocks_of(template, **content, when=source.dates.at, sender=partial(sender, source), said=_text)


def players_in_rows(findings: Findings) -> list[tuple[str, int, str]]:
    """Return orders, answers, messages and votes of people by time: (date, number of the record, sentence)."""
    source = findings.source
    lines = [(r["seq"], r["at"], f"{_author(source, r)}: {r['what']}{_because(r)}") for r in findings.seat_decisions]
    sent = (
        (r, f"{_author(source, r)} to {', '.join(map(wording.called, r['to']))}: {_said(r)}") for r in findings.messages
    )
    lines += [(r["seq"], r["at"], text) for r, text in sent]
    lines += [
        (r["seq"], r["at"], f"Vote called by {_author(source, r)}, '{r['question']}': {r['result']}")
        for r in findings.votes
    ]
    return [(at[:10], seq, wording.sentence(text)) for seq, at, text in sorted(lines)]


def _author(source: RunSource, row: Row) -> str:
    """Name the sender within a sentence: `the United States, by the white cell`."""
    return sender(source, row, wording.called)


def _because(row: Row) -> str:
    return (f" ('{row['reason']}')" if row["reason"] else "") + _after(row)


def _after(row: Row) -> str:
    return f"; {row['result']}" if row["result"] else ""


def sender(source: RunSource, row: Mapping[str, Any], called: Callable[[str], str] = str) -> str:
    """Name the sender or author: a government as it is `called`, the white cell, the facilitator, or the name given."""
    who, by = str(row["who"]), ", by the white cell" if row.get("by") else ""
    if who in source.governments:
        return called(source.name(who)) + by
    return {"": "the facilitator", "EXCON": "the white cell"}.get(who) or called(who)


def _text(row: Row) -> str:
    return str(row["text"]) if row["sort"] == "message" else f"{str(row['sort']).capitalize()}: {row['text']}"


def _said(row: Row) -> str:
    """Return a text as it was sent, then its result: as a sentence if the text ends as one."""
    text = _text(row)
    ends = row["result"] and text.endswith((".", "!", "?"))
    return f"{text} {wording.sentence(row['result'])}" if ends else text + _after(row)


# --- the model -----------------------------------------------------------------------------------------------------


def decisions(review: Review) -> Iterator[Block]:
    """Yield the decisions to act, with how each was decided; nothing if nobody decided to act."""
    source, acts = review.source, [row for row in review.findings.decisions if row["choice"] != "wait"]
    if not acts:
        return
    how = "Select a decision to see the terms of the scores, the noise and the probability of the choice."
    yield Paragraph(f"Where chance decided, no reason is given. {how}", screen=True)
    content = {"acts": acts, "when": source.dates.at, "name": source.name, "choice": source.titles.choice}
    yield Island("decisions", paper=partial(blocks_of, "decisions.txt.j2", **content))


# --- the journal ---------------------------------------------------------------------------------------------------


def reproduction(review: Review) -> list[Block]:
    """Return the commands that repeat the run, and the data that identify it."""
    source = review.source
    return blocks_of(
        "reproduction.txt.j2",
        {"commands": to_repeat(source.manifest.command, f"wargame verify {shlex.quote(source.folder.typed)}")},
        live=review.live,
        provenance=provenance(source),
        kinds=Counter(each.kind for each in source.records),
    )
