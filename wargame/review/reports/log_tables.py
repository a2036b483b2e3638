"""What people did, as tables that the page and the documents share: decisions, votes, messages, the white cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from wargame.journal import wording
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.findings import Findings
from wargame.review.findings.source import RunSource

SAID = ("what", "reason", "result")


class LogRow(NamedTuple):
    """The cells of a row and the records that it is based on."""

    cells: tuple[str, ...]
    evidence: tuple[int, ...]


class LogTable(NamedTuple):
    """A table with its caption; the writers add a column for the records."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[LogRow, ...]


def log_tables(findings: Findings) -> list[LogTable]:
    """Decisions of human seats, votes and messages; tables without rows are left out."""
    source = findings.source
    tables = (
        _table(
            "Decisions of human seats",
            ("When", "Government", "Decision", "Reason given", "Result"),
            [_row(source, r, sender(source, r), r["what"], r["reason"], r["result"]) for r in findings.seat_decisions],
        ),
        _table(
            "Votes",
            ("When", "Called by", "Question", "Ballots", "Result"),
            [_row(source, r, sender(source, r), r["question"], r["ballots"], r["result"]) for r in findings.votes],
        ),
        _table(
            "Messages, requests for information, offers and demands",
            ("When", "From", "To", "Text", "Answer"),
            [_row(source, r, sender(source, r), r["to"], _text(r), r["result"]) for r in findings.messages],
        ),
    )
    return [table for table in tables if table.rows]


def white_cell_tables(findings: Findings) -> list[LogTable]:
    """Adjudications, notes and ratings; tables without rows are left out."""
    source = findings.source
    tables = (
        _table(
            "Adjudications of the white cell" if source.folder.is_live else "Settings, when they took effect",
            ("When", "What", "Reason given"),
            [_row(source, r, r["what"], r["reason"]) for r in findings.adjudications],
        ),
        _table(
            "Notes and ratings",
            ("When", "By", "About", "Text"),
            [_row(source, r, sender(source, r), r["about"], _remark(r)) for r in findings.remarks],
        ),
    )
    return [table for table in tables if table.rows]


def players_in_lines(findings: Findings) -> list[str]:
    """What people ordered, answered, wrote and voted, one line each, in order of time."""
    source = findings.source
    lines = [(r["seq"], r["at"], _decision(source, r)) for r in findings.seat_decisions]
    lines += [
        (r["seq"], r["at"], f"{sender(source, r)} to {r['to']}: {_text(r)}" + _after(r)) for r in findings.messages
    ]
    lines += [
        (r["seq"], r["at"], f"Vote called by {sender(source, r)}, '{r['question']}': {r['result']}")
        for r in findings.votes
    ]
    return [f"{at[:10]}  #{seq:<5} {wording.sentence(text)}" for seq, at, text in sorted(lines)]


def _decision(source: RunSource, row: Row) -> str:
    reason = f" ('{row['reason']}')" if row["reason"] else ""
    return f"{sender(source, row)}: {row['what']}{reason}{_after(row)}"


def _after(row: Row) -> str:
    return f"; {row['result']}" if row["result"] else ""


def _table(caption: str, heads: tuple[str, ...], rows: list[LogRow]) -> LogTable:
    return LogTable(caption, heads, tuple(rows))


def _row(source: RunSource, row: Row, *cells: str) -> LogRow:
    return LogRow((source.dates.at(row["at"]), *map(str, cells)), tuple(row["evidence"]))


def sender(source: RunSource, row: Mapping[str, Any]) -> str:
    """Who sent or wrote something: a government by name, the white cell, the facilitator, or the name given."""
    who, by = str(row["who"]), ", by the white cell" if row.get("by") else ""
    if who in source.governments:
        return source.name(who) + by
    return {"": "the facilitator", "EXCON": "the white cell"}.get(who, who)


def _text(row: Row) -> str:
    return row["text"] if row["sort"] == "message" else f"{str(row['sort']).capitalize()}: {row['text']}"


def _remark(row: Row) -> str:
    tag = f" ({row['tag']})" if row["tag"] else ""
    return f"{row['sort'].capitalize()}: {row['text']}{tag}"
