"""When an inject was to come, and why one did not: in words, with titles in place of ids."""

from __future__ import annotations

from wargame.journal import sentences as phrases
from wargame.journal.records import Record
from wargame.language.expressions import ExpressionError, parse, threshold
from wargame.language.times import Time, format_duration
from wargame.review.findings.source import RunSource
from wargame.review.findings.titles import title_of_inject, title_of_option
from wargame.review.formatting import date_time
from wargame.scenario.model import ActionPattern, After, Inject, RandomTime
from wargame.world.calendar import RunCalendar

LONGEST = 36
"""Characters of a condition that can be part of a sentence."""
PROVIDED = "its condition was not true: "
"""How the journal begins the reason of an inject whose condition did not hold."""

Told = tuple[str, str]
"""A text in words, and the condition that is too long to stand in it (empty if there is none)."""


def plan(source: RunSource, inject: Inject, calendar: RunCalendar) -> Told:
    """The trigger of an inject."""
    if inject.at is not None:
        return _moment(inject.at, calendar) + (f", every {format_duration(inject.every)}" if inject.every else ""), ""
    if inject.after is not None:
        return _after(source, inject.after), ""
    if inject.when is not None:
        return _condition("when ", "when its condition holds", str(inject.when))
    return _random(inject.random, calendar) if inject.random is not None else ("manually", "")


def reason(source: RunSource, inject: Inject | None, told: str) -> Told:
    """Why an inject was skipped, from what the journal says of it."""
    if told.startswith(PROVIDED):
        return _condition(PROVIDED, "its condition did not hold", told.removeprefix(PROVIDED))
    if inject is None or not inject.group or told != f"another inject of '{inject.group}' was released":
        return told, ""
    group = {each.id for each in source.injects if each.group == inject.group and each.id != inject.id}
    came = [r.about for r in source.since if r.kind == "inject.released" and r.about in group]
    return (f"released in its place: {title_of_inject(source, came[0])}" if came else told), ""


def headline(source: RunSource, record: Record) -> str:
    """What happened in one line, with titles where the journal has only ids."""
    if record.kind != "inject.skipped":
        return phrases.headline(record, source.index, source.titles)
    inject = next((each for each in source.injects if each.id == record.about), None)
    why, _ = reason(source, inject, str(record.data.get("reason", "")))
    return f"Inject '{title_of_inject(source, record.about)}' is skipped: {why}"


def _condition(before: str, otherwise: str, formula: str) -> Told:
    """In the sentence, if it compares one indicator with a number and reads well; else beside it."""
    plain = len(formula) <= LONGEST and "_" not in formula and _compares_one_number(formula)
    return (f"{before}{formula}", "") if plain else (otherwise, formula)


def _compares_one_number(formula: str) -> bool:
    try:
        return threshold(parse(formula)) is not None
    except ExpressionError:
        return False


def _moment(time: Time, calendar: RunCalendar) -> str:
    """`21 Jun 2017, 10:00`; with how it is written if that is from STARTEX: `1 Jun 2017, 00:00 (D+0)`."""
    when = date_time(calendar.at(calendar.seconds(time)).isoformat())
    return when if time.offset is None else f"{when} ({time.text})"


def _after(source: RunSource, after: After) -> str:
    delay = f"{format_duration(after.delay)} after" if after.delay else "after"
    if after.inject is not None:
        return f"{delay} the inject '{title_of_inject(source, after.inject)}'"
    what, pattern = ("action", after.action) if after.action is not None else ("decision", after.decision)
    return f"{delay} the {what} {_pattern(source, pattern)}" if pattern else delay


def _pattern(source: RunSource, pattern: ActionPattern) -> str:
    options = " or ".join(f"'{title_of_option(source, option)}'" for option in pattern.options)
    by = f" by {' or '.join(pattern.by)}" if pattern.by else ""
    return f"{options}{by}" + (f" to {' or '.join(pattern.to)}" if pattern.to else "")


def _random(random: RandomTime, calendar: RunCalendar) -> Told:
    if random.between is not None:
        first, last = (_moment(time, calendar).replace(", 00:00", "") for time in random.between)
        return f"at random between {first} and {last}", ""
    rate = str(random.rate)
    plain = rate.replace(".", "", 1).isdecimal()
    return (f"at random, {rate} a year", "") if plain else ("at random, at a rate that changes", f"{rate} a year")
