"""Records in the words of the white cell: by titles, with the ids that a facilitator must type beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from wargame.journal import sentences as phrases
from wargame.journal.sentences import words

if TYPE_CHECKING:
    from wargame.journal.records import Record
    from wargame.simulation.exercise import Exercise

FEW = 2
"""Options that are named one by one where any of them will do."""


def option(exercise: Exercise, name: object, target: object = None) -> str:
    """An option by its title, with its target."""
    spec = exercise.context.scenario.options.get(str(name))
    return (spec.title if spec else words(str(name))) + (f" ({target})" if target else "")


def indicator(exercise: Exercise, name: str) -> str:
    """An indicator by its title."""
    spec = exercise.context.scenario.indicators.get(name)
    return spec.title if spec else words(name)


def inject(exercise: Exercise, name: str) -> str:
    """An inject by its title."""
    line = exercise.injector.lines.get(name)
    return line.spec.title if line else name


def said(exercise: Exercise, record: Record) -> str:
    """What happened, in one line without its date."""
    teller = _TELLERS.get(record.kind)
    return teller(exercise, record) if teller else phrases.headline(record)


def grouped(records: Iterable[Record]) -> Iterator[list[Record]]:
    """Records that are told in one line together: acknowledgements of one seat, and what ENDEX left unreleased."""
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
    """Several records of one kind in a line."""
    first = group[0]
    if first.kind == "inject.skipped":
        return f"{len(group)} injects were not released (msel skipped lists them)"
    return f"{first.who} acknowledges {len(group)} messages: {', '.join(str(r.data['inject']) for r in group)}"


def spans(numbers: Iterable[int]) -> str:
    """Numbers in order, runs of them drawn together: `1 to 4, 7`."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(low) if low == high else f"{low} to {high}" for low, high in runs)


def _released(exercise: Exercise, record: Record) -> str:
    to = ", ".join(record.data.get("audience") or ()) or "all"
    to = "the white cell" if record.data.get("kind") == "facilitation" else to
    what = "inject" if record.kind == "inject.released" else "DISREGARD inject"
    return f"{what} {record.about} to {to}: {record.data.get('title') or inject(exercise, record.about)}"


def _skipped(exercise: Exercise, record: Record) -> str:
    title = inject(exercise, record.about)
    return f"inject {record.about} is not released: {title} ({record.data.get('reason', '')})"


def _expected(exercise: Exercise, record: Record) -> str:
    """An expected action by its title; without one by its options if they are few, else by its inject."""
    data = record.data
    wanted = data.get("any_of") or ()
    of = inject(exercise, str(data.get("inject", record.about)))
    what = data.get("title") or (
        " or ".join(option(exercise, name) for name in wanted) if 0 < len(wanted) <= FEW else f"an answer to '{of}'"
    )
    return f"expected of {data.get('who', record.who)}: {what}: {data.get('status', '')}"


def _ask(exercise: Exercise, record: Record) -> str:
    wants = " or ".join(option(exercise, name) for name in record.data.get("wants") or ())
    return f"{record.who} asks {record.data.get('of', '')}: {wants}"


def _lapsed(exercise: Exercise, record: Record) -> str:
    did = _of(exercise, record.data)
    return f"{record.who} gives up what it had decided, {did}: {record.data.get('reason', '')}"


def _standing(exercise: Exercise, record: Record) -> str:
    return f"standing order of {record.who} takes hold: {_of(exercise, record.data)}"


def _of(exercise: Exercise, data: dict[str, Any]) -> str:
    return option(exercise, data.get("option", ""), data.get("target"))


_TELLERS: dict[str, Callable[[Exercise, Record], str]] = {
    "inject.released": _released,
    "inject.retracted": _released,
    "inject.skipped": _skipped,
    "expected": _expected,
    "demand": _ask,
    "order.cancelled": _lapsed,
    "standing_order": _standing,
}
