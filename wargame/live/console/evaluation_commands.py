"""Commands of those who evaluate: expected actions with their candidates, and judgements of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wargame.errors import UsageFault
from wargame.journal.sentences import STATUSES as STATUS_WORDS
from wargame.journal.sentences import author, sentence
from wargame.language.plain_text import clean
from wargame.language.times import format_duration
from wargame.live.console.command_line import ParsedLine
from wargame.live.console.console import Console
from wargame.live.console.news import record_line
from wargame.live.console.registry import CommandGroup
from wargame.live.console.roles import FACILITATOR, SCRIBE, WHITE_CELL
from wargame.simulation.control.adjudication import STATUSES
from wargame.simulation.mechanisms.expected_actions import AWAITED, UNDECIDED, ExpectedItem

evaluation = CommandGroup("evaluation")


def author_of(console: Console) -> dict[str, str]:
    """The author of a note or a rating, as data of the command; empty for the facilitator."""
    return {} if console.role == FACILITATOR else {"who": SCRIBE}


# --- expected actions --------------------------------------------------------------------------------


@evaluation.command(
    "expected [NUMBER|INJECT|all]",
    "Lists the expected actions that are open or to be judged, or all; with a number, its candidates and how to judge.",
    WHITE_CELL,
    ("expected",),
)
def _expected(console: Console, line: ParsedLine) -> list[str]:
    line.at_most(1)
    items = observed_items(console)
    which = line.args[0] if line.args else ""
    if which.isdecimal():
        return _details(console, expected_item(console, which))
    if which and which != "all" and not any(item.inject == which for item in items):
        raise UsageFault(f"there is no expected action of '{which[:40]}' so far (expected all lists all)")
    shown = [
        item for item in items if which in ("all", item.inject) or (not which and item.status in (AWAITED, UNDECIDED))
    ]
    left = len(items) - len(shown)
    more = f"{left} more: expected all lists them." if left and not which else ""
    lines = [expected_line(console, item) for item in shown]
    return [*(lines or ["No expected action is open."]), *([more] if more else [])]


@evaluation.command(
    f"judge NUMBER {'|'.join(STATUSES)}",
    "Judges an expected action [--by SEQ] [--why TEXT]; this replaces the automatic status, and both are kept.",
    WHITE_CELL,
    ("expected", "judgement"),
    example='judge 3 met --by 512 --why "warned its ally"',
)
def _judge(console: Console, line: ParsedLine) -> list[str]:
    line.need(2)
    number, status, *rest = line.args
    item = expected_item(console, number)
    why = line.options.get("why", " ".join(rest))
    data: dict[str, Any] = {"about": item.inject, "government": item.spec.who, "number": item.number}
    if "by" in line.options:
        data["evidence"] = line.options["by"].lstrip("#")
    console.session.submit("rating", **data, rating=status.lower(), why=why, **author_of(console))
    return [expected_line(console, console.session.exercise.expected.items[item.number])]


def observed_items(console: Console) -> list[ExpectedItem]:
    """The expected actions that this console may see, by number."""
    return list(console.session.exercise.expected.items.values())


def expected_item(console: Console, number: str) -> ExpectedItem:
    """The expected action of this number; UsageFault if this console has none."""
    for item in observed_items(console):
        if number.lstrip("#") == str(item.number):
            return item
    raise UsageFault(f"there is no expected action {number[:20]} (expected all lists them)")


def expected_line(console: Console, item: ExpectedItem) -> str:
    """An expected action in one line: number, who and what, status, candidates."""
    status = _status(console, item)
    found = f"; candidates {_numbers(item.candidates)}" if item.candidates and item.open else ""
    return clean(f"{item.number:>3}  {sentence(console.name(item.spec.who))}: {_title(console, item)}  {status}{found}")


def _title(console: Console, item: ExpectedItem) -> str:
    """What is expected, and after which inject."""
    title = item.spec.title or console.titles.any_of(item.spec.any_of)
    return f"{title} (after {item.inject})"


def _status(console: Console, item: ExpectedItem) -> str:
    instant = console.session.instant
    if item.status == AWAITED:
        return f"expected by {instant(item.deadline)}"
    words = f"{STATUS_WORDS.get(item.status, item.status)} [#{item.last}]"
    if not item.judged:
        return words
    record = next(r for r in reversed(console.session.records) if r.seq == item.last)
    automatic = f" (automatic: {STATUS_WORDS.get(item.automatic, item.automatic)})" if item.automatic else ""
    why = f": {record.data['why']}" if record.data.get("why") else ""
    return f"{words}, judged by {author(record.data.get('judged_by'))}{automatic}{why}"


def _details(console: Console, item: ExpectedItem) -> list[str]:
    """An expected action with what is listed, its times, its candidates and its records so far."""
    spec, instant = item.spec, console.session.instant
    records = {record.seq: record for record in console.session.records}
    own = [r for r in records.values() if r.kind == "expected" and item.seq in r.cause and _is_of(r.data, item)]
    towards = f" towards {console.name(*spec.towards)}" if spec.towards else ""
    lines = [
        expected_line(console, item),
        f"  counts at once: {', '.join(spec.any_of)}{towards}",
        f"  released {instant(item.released)}; in time until {instant(item.deadline)}"
        + (f", late for another {format_duration(spec.late)}" if spec.late else ""),
    ]
    lines += [f"  objective: {spec.objective}"] if spec.objective else []
    lines += ["  candidates:"] if item.candidates else []
    lines += [f"    {record_line(console.session, records[seq])}" for seq in item.candidates if seq in records]
    lines += [f"  {record_line(console.session, record)}" for record in own]
    lines.append(f'  judge {item.number} {"|".join(STATUSES)} [--by SEQ] [--why "TEXT"]')
    return [clean(each) for each in lines]


def _is_of(data: dict[str, Any], item: ExpectedItem) -> bool:
    """Whether a record of kind `expected` is about this one; those of model seats bear no number."""
    listed = data.get("who"), data.get("title"), data.get("any_of")
    return data.get("number") == item.number or (
        "number" not in data and listed == (item.spec.who, item.spec.title, list(item.spec.any_of))
    )


def _numbers(seqs: Iterable[int]) -> str:
    return ", ".join(f"#{seq}" for seq in seqs)


def hot_wash_lines(console: Console) -> list[str]:
    """Expected actions by their present status: those to be judged first."""
    lines: list[str] = []
    for status in (UNDECIDED, "missed", "late", "met"):
        items = [item for item in observed_items(console) if item.status == status]
        if items:
            lines += [f"{STATUS_WORDS.get(status, status)}: {len(items)}"]
            lines += [f"  {expected_line(console, item)}" for item in items]
    return lines
