"""The plan of an inject, and the reason why it was skipped, in words."""

from __future__ import annotations

from wargame.journal import sentences
from wargame.journal.records import Record
from wargame.journal.records.run import CommandRecord
from wargame.journal.records.script import InjectSkippedRecord
from wargame.journal.wording import date_time
from wargame.language.expressions import ExpressionError, parse, threshold
from wargame.language.times import Time
from wargame.review.findings.commands_in_words import command_headline
from wargame.review.findings.source import RunSource
from wargame.scenario.model import Inject
from wargame.scenario.trigger_phrases import Phrase, Wording, trigger_phrase
from wargame.world.calendar import RunCalendar

LONGEST = 36
"""Characters of a condition that can be part of a sentence."""
PROVIDED = "its condition was not true: "
"""How the journal begins the reason of an inject whose `provided` condition was false."""


def plan(source: RunSource, inject: Inject, calendar: RunCalendar) -> Phrase:
    """Return the trigger of an inject."""
    wording = Wording(
        moment=lambda time: _moment(time, calendar),
        day=lambda time: _moment(time, calendar).replace(", 00:00", ""),
        inject=lambda name: f"'{source.inject_title(name)}'",
        option=lambda name: f"'{source.titles.option(name)}'",
        inline=_is_inline,
        government=source.titles.government,
    )
    return trigger_phrase(inject, wording)


def reason(source: RunSource, inject: Inject | None, recorded: str) -> Phrase:
    """Return why an inject was skipped, from the reason in the journal."""
    if recorded.startswith(PROVIDED):
        return _condition(PROVIDED, "its condition was false", recorded.removeprefix(PROVIDED))
    if inject is None or not inject.group or recorded != f"another inject of '{inject.group}' was released":
        return recorded, ""
    group = {each.id for each in source.injects if each.group == inject.group and each.id != inject.id}
    released = [r.about for r in source.since if r.kind == "inject.released" and r.about in group]
    return (f"released in its place: {source.inject_title(released[0])}" if released else recorded), ""


def headline(source: RunSource, record: Record) -> str:
    """Return what happened, in one line."""
    if isinstance(record, CommandRecord):
        return command_headline(source, record)
    if not isinstance(record, InjectSkippedRecord):
        return sentences.headline(record, source.index, source.titles)
    inject = next((each for each in source.injects if each.id == record.about), None)
    why, _ = reason(source, inject, record.reason)
    return f"Inject '{source.inject_title(record.about)}' is skipped: {why}"


def _condition(before: str, otherwise: str, formula: str) -> Phrase:
    return (f"{before}{formula}", "") if _is_inline(formula) else (otherwise, formula)


def _is_inline(formula: str) -> bool:
    """Return whether a formula can be part of a text: it is short and compares one indicator with a number."""
    if len(formula) > LONGEST or "_" in formula:
        return False
    try:
        return threshold(parse(formula)) is not None
    except ExpressionError:
        return False


def _moment(time: Time, calendar: RunCalendar) -> str:
    """`21 Jun 2017, 10:00`; a time that counts from STARTEX also as written: `1 Jun 2017, 00:00 (D+0)`."""
    when = date_time(calendar.at(calendar.seconds(time)).isoformat())
    return when if time.offset is None else f"{when} ({time.text})"
