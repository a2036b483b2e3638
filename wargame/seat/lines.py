"""What a seat knows, owes and may order as lines of text, and records as lines for the white cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from wargame.journal.notices import spans
from wargame.journal.sentences import for_control, sentence, words
from wargame.language.plain_text import clean
from wargame.language.times import format_duration
from wargame.seat.feed import reader_of

if TYPE_CHECKING:
    from wargame.journal.records import Record
    from wargame.seat.brief import Brief, KnownValue, Obligation, StandingOrderNote
    from wargame.seat.feed import FeedItem
    from wargame.seat.options import DossierOptions, OptionEntry, SeatOptions
    from wargame.seat.procedures import ProposedProcedure
    from wargame.simulation.exercise import Exercise

__all__ = [
    "answers_to",
    "brief_lines",
    "grouped",
    "indicator",
    "inject",
    "option_lines",
    "record_line",
    "spans",
    "together",
]

# --- for the white cell --------------------------------------------------------------------------------------


def indicator(exercise: Exercise, name: str) -> str:
    """The title of an indicator."""
    spec = exercise.context.scenario.indicators.get(name)
    return spec.title if spec else words(name)


def inject(exercise: Exercise, name: str) -> str:
    """The title of an inject."""
    item = exercise.injector.lines.get(name)
    return item.spec.title if item else name


def record_line(exercise: Exercise, record: Record) -> str:
    """What happened, in one line without its date."""
    return for_control(record, reader_of(exercise, "").titles)


def grouped(records: Iterable[Record]) -> Iterator[list[Record]]:
    """Records that are shown in one line together: acknowledgements of one seat, and what ENDEX left unreleased."""
    group: list[Record] = []
    for record in records:
        if group and not (_alike(record) and _alike(record) == _alike(group[0])):
            yield group
            group = []
        group.append(record)
    if group:
        yield group


def _alike(record: Record) -> tuple[str, str, int] | None:
    if record.kind == "command" and record.about == "ack":
        return "ack", record.who, 0
    return ("skipped", "", record.t) if record.kind == "inject.skipped" else None


def together(group: list[Record]) -> str:
    """Several records of one kind in one line."""
    first = group[0]
    if first.kind == "inject.skipped":
        return f"{len(group)} injects were not released (msel skipped lists them)"
    return f"{first.who} acknowledges {len(group)} messages: {', '.join(str(r.data['inject']) for r in group)}"


# --- the brief of a seat -------------------------------------------------------------------------------------

RECENT = 12
"""Messages that a brief ends with."""


def brief_lines(exercise: Exercise, brief: Brief, received: Iterable[FeedItem]) -> list[str]:
    """A brief, with the last of what the seat received; a section without content is left out."""
    lines = [f"BRIEF for {brief.name} ({brief.government}), {_moment(exercise, brief.now)}"]
    lines.append(f"In office: {brief.leader or 'vacant'}; the seat is played by: {brief.played_by}")
    if brief.strategy:
        lines.append(f"Strategy: {brief.strategy}")
    owed = [(each.kind, _obligation(exercise, brief.government, each)) for each in brief.obligations]
    for title, part in (
        ("Under way", list(brief.under_way)),
        ("Standing orders", [_standing_order(each) for each in brief.standing_orders]),
        ("Demands and promises", [line for kind, line in owed if kind in ("demand", "promise")]),
        ("Offers and votes to be answered", [line for kind, line in owed if kind in ("offer", "vote")]),
        ("Standing procedures", [_procedure(exercise, brief.government, each) for each in brief.procedures]),
        ("Dossiers", list(_dossiers(exercise, brief))),
        ("What we know and estimate", list(_values(brief.values))),
        ("Received", [item.line for item in list(received)[-RECENT:]]),
        ("Due", [line for kind, line in owed if kind == "decision"]),
    ):
        if part:
            lines += ["", f"{title}:", *(f"  {line}" for line in part)]
    return [clean(line) for line in lines]


def _standing_order(order: StandingOrderNote) -> str:
    return f"{order.number}: {f'{order.option} {order.target}'.rstrip()} once {order.when}"


def _procedure(exercise: Exercise, seat: str, each: ProposedProcedure) -> str:
    """What a standing procedure proposes or is about to do, and how the seat answers."""
    return f"{each.number}: {each.action}, {_moment(exercise, each.until)} ({answers_to(each, seat)})"


def answers_to(proposed: ProposedProcedure, seat: str = "") -> str:
    """The answer of a seat to a standing procedure, or what it can answer; `seat` as a facilitator has to name it."""
    if proposed.answer:
        return "accepted" if proposed.answer == "accept" else "refused"
    number = f"{seat} {proposed.number}".lstrip()
    without = "carried out" if proposed.mode == "act" else "not carried out"
    return f"accept {number} or refuse {number}; without an answer it is {without}"


def _moment(exercise: Exercise, t: int) -> str:
    """A game time: local date and time, days from STARTEX."""
    days = (t - exercise.calendar.origin) // 86400
    return f"{exercise.calendar.at(t):%Y-%m-%d %H:%M} (D{days:+d})"


def _obligation(exercise: Exercise, seat: str, owed: Obligation) -> str:
    name, by = reader_of(exercise, seat).titles.government, ""
    if owed.until is not None:
        by = f", by {_moment(exercise, owed.until)}"
    if owed.kind == "demand":
        return sentence(f"{name(owed.sender)} demands of us: {owed.text}{by}")
    if owed.kind == "promise":
        return f"we have announced to {name(owed.sender)}: {name(seat)} {owed.text}"
    if owed.kind == "offer":
        return f"{owed.form} {owed.number} from {name(owed.sender)}: {owed.text} (answer {seat} {owed.number} yes|no)"
    if owed.kind == "vote":
        return f"vote {owed.number}: {owed.text} (ballot {seat} {owed.number} {'|'.join(owed.choices)})"
    since = f", since {_moment(exercise, owed.since)}" if owed.since is not None else ""
    return f"a decision on {owed.text}{since}{by.replace('by', 'to be taken by')}"


def _dossiers(exercise: Exercise, brief: Brief) -> Iterator[str]:
    for each in brief.dossiers:
        meeting = "meetings begin at STARTEX"
        if each.meeting is not None:
            meeting = f"next meeting {_moment(exercise, each.meeting)}"
        yield f"{each.dossier:<12} {each.title}; {meeting}, salience {each.salience:.1f}"


def _values(values: Iterable[KnownValue]) -> Iterator[str]:
    """One line an indicator; `~` marks an estimate."""
    rows: dict[str, list[str]] = {}
    for each in values:
        doubt = f"±{each.deviation:.2f}" if each.deviation > 0 else ""
        index = f"{'>'.join(each.index)} " if each.index else ""
        rows.setdefault(each.name, []).append(f"{index}{'~' if each.estimated else ''}{each.value:.2f}{doubt}")
    for name, parts in rows.items():
        yield f"{words(name):<22} {'  '.join(parts)}"


# --- the options of a seat -----------------------------------------------------------------------------------

NAMES = 30
"""Width of the column of options."""
SCREEN = 20
"""Lines above which the options of a government are listed by their names alone: they would not fit on a screen."""


def option_lines(options: SeatOptions, only: str = "") -> list[str]:
    """What can be ordered now with its lead time, by dossier; with a dossier or an option also why the rest cannot."""
    one_option = bool(only) and only not in {each.dossier for each in options.dossiers}
    rows: list[str] = []
    for each in options.dossiers:
        rows += [] if one_option else [f"{each.dossier}:"]
        rows += _with_reasons(each, every=one_option) if only else _without_reasons(each)
    if not only and len(rows) > SCREEN:
        rows = [_by_name(each) for each in options.dossiers]
        rows.append("options DOSSIER explains each, how long it takes and why the rest are not available.")
    return [clean(row) for row in rows]


def _by_name(dossier: DossierOptions) -> str:
    """The available options of a dossier by name, and how many are not available."""
    names = ", ".join(f"{each.option} {'|'.join(each.targets)}".strip() for each in dossier.available)
    closed = len({each.option for each in dossier.blocked} - {each.option for each in dossier.available})
    return f"{dossier.dossier:<11}  {names or 'nothing available yet'}" + (
        f"; {closed} not available" if closed else ""
    )


def _without_reasons(dossier: DossierOptions) -> list[str]:
    names = sorted({each.option for each in dossier.blocked} - {each.option for each in dossier.available})
    closed = [f"  not available yet: {', '.join(names)} (options {dossier.dossier} explains why)"] if names else []
    return [*map(_row, dossier.available), *closed]


def _with_reasons(dossier: DossierOptions, *, every: bool) -> list[str]:
    """Options that wait for a stage of talks are listed together, unless `every` one is to be explained."""
    waiting = [] if every else [each for each in dossier.blocked if each.obstacle and each.obstacle.kind == "talks"]
    rows = [_row(each) for each in (*dossier.available, *dossier.blocked) if each not in waiting]
    names = ", ".join(dict.fromkeys(each.option for each in waiting))
    return [*rows, *([f"  not available at the present stage of talks or agreements: {names}"] if names else [])]


def _row(entry: OptionEntry) -> str:
    low, mode, high = (format_duration(seconds) for seconds in entry.lead)
    how = f"not available yet: {entry.obstacle.text}" if entry.obstacle else f"takes {mode} ({low} to {high})"
    return f"  {f'{entry.option} ' + '|'.join(entry.targets):<{NAMES}}  {entry.title}; {how}"
