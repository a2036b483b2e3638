"""Plans of injects, commands of the white cell and records as sentences, for tables and for the log of an exercise."""

from wargame.journal import sentences, wording
from wargame.journal.command_words import WHATEVER, Data, done, orderer
from wargame.journal.records import Record
from wargame.journal.records.correspondence import RequestRecord, RulingRecord
from wargame.journal.records.run import CommandRecord
from wargame.journal.records.script import InjectSkippedRecord
from wargame.journal.template_cache import Macros
from wargame.journal.wording import date, date_time
from wargame.language.expressions import ExpressionError, parse, threshold
from wargame.language.times import Time
from wargame.review.findings.source import RunSource
from wargame.scenario.model import Inject
from wargame.scenario.trigger_phrases import Phrase, Wording, trigger_phrase
from wargame.world.calendar import RunCalendar

MSEL_COMMANDS = frozenset(
    {"release", "hold", "unhold", "skip", "delay", "postpone", "edit", "inject", "reset", "retract"}
)
"""Commands on the MSEL. The table of the MSEL as executed shows them as amendments."""
TEXTS = Macros(
    "wargame.review",
    "findings.txt.j2",
    **{name: getattr(wording, name) for name in ("count", "number_word", "percent", "sentence", "words")},
    orderer=orderer,
)
"""The sentences of findings."""


def command_in_words(source: RunSource, record: Record) -> str:
    """Return what the white cell did, as a sentence without its subject; an unknown command as it was given."""
    if isinstance(record, RulingRecord):
        return wording.sentence(_ruling(source, record))
    return wording.sentence(_done(source, record)) or sentences.headline(record, source.index, source.titles)


def _done(source: RunSource, command: Record) -> str:
    """Return what a command did; indicators have their titles here, and orders their government."""
    if command.about == "set":
        data = command.data
        return f"sets {indicator_in_words(source, str(data.get('path', '')))} to {data.get('value', '')}"
    if command.about in ("order", "standing_order"):
        return _order(source, command.data)
    return done(command.about, command.data, source.titles)


OF_SEATS = frozenset({"pass", "cancel", "ack"})
"""Commands by which a seat does something besides ordering."""


def indicator_in_words(source: RunSource, path: str) -> str:
    """Return `Trust (South Korea in the United States)` for `trust[KOR, USA]`; without a title, the path."""
    name, _, index = path.partition("[")
    spec = source.scenario.indicators.get(name) if source.scenario else None
    if spec is None:
        return path
    of = " → ".join(source.name(part.strip()) for part in index.rstrip("]").split(",") if part.strip())
    return f"'{spec.title}'" + (f" ({of})" if of else "")


def _ruling(source: RunSource, ruling: RulingRecord) -> str:
    request = source.index.get(ruling.cause[0]) if ruling.cause else None
    text = f": '{request.text}'" if isinstance(request, RequestRecord) else ""
    of = f"the request of {source.titles.government(ruling.about)}{text}"
    if ruling.how == "refuse":
        return f"refuses {of}"
    if ruling.how == "order":
        return f"enters {of} as the order '{source.titles.order(ruling)}'"
    return f"enters {of} as an action" + (f": '{ruling.title}'" if ruling.title else "")


def _order(source: RunSource, data: Data) -> str:
    who = source.titles.government(data.get("government"))
    forced = WHATEVER if data.get("forced") or data.get("override") else ""
    fork = ", as a change of the fork" if data.get("fork") else ""
    return f"orders for {who}: {source.titles.choice(data)}{forced}{fork}"


LONGEST = 36
"""Characters of a condition that can be part of a sentence."""


def plan(source: RunSource, inject: Inject, calendar: RunCalendar) -> Phrase:
    """Return the trigger of an inject."""
    wording = Wording(
        moment=lambda time: _moment(time, calendar),
        day=lambda time: _moment(time, calendar, short=True),
        inject=lambda name: f"'{source.inject_title(name)}'",
        option=lambda name: f"'{source.titles.option(name)}'",
        inline=_is_inline,
        government=source.titles.government,
    )
    return trigger_phrase(inject, wording)


def reason(source: RunSource, inject: Inject | None, recorded: str) -> Phrase:
    """Return why an inject was skipped, from the reason in the journal."""
    formula = inject.provided if inject else None
    if formula and recorded == f"its condition was not true: {formula}":
        return (recorded, "") if _is_inline(formula) else ("its condition was false", formula)
    if inject is None or not inject.group or recorded != f"another inject of '{inject.group}' was released":
        return recorded, ""
    group = {each.id for each in source.injects if each.group == inject.group and each.id != inject.id}
    released = [r.about for r in source.since if r.kind == "inject.released" and r.about in group]
    return (f"released in its place: {source.inject_title(released[0])}" if released else recorded), ""


def headline(source: RunSource, record: Record) -> str:
    """Return what happened, in one line."""
    if isinstance(record, CommandRecord):
        data = record.data
        if record.about in ("order", "standing_order") and not (data.get("forced") or data.get("override")):
            when = f", as soon as {data['when']}" if data.get("when") else ""
            kind = "Order" if record.about == "order" else "Standing order"
            return f"{kind} for {source.titles.government(data.get('government'))}: {source.titles.choice(data)}{when}"
        words = _done(source, record)
        if not words:
            return sentences.headline(record, source.index, source.titles)
        if record.about in OF_SEATS:
            return f"{wording.sentence(source.titles.government(data.get('government')))} {words}"
        return f"{'The white cell' if source.folder.is_live else 'Setting:'} {words}"
    if not isinstance(record, InjectSkippedRecord):
        return sentences.headline(record, source.index, source.titles)
    inject = next((each for each in source.injects if each.id == record.about), None)
    why, _ = reason(source, inject, record.reason)
    return f"Inject '{source.inject_title(record.about)}' is skipped: {why}"


def _is_inline(formula: str) -> bool:
    """Return whether a formula can be part of a text: it is short and compares one indicator with a number."""
    if len(formula) > LONGEST or "_" in formula:
        return False
    try:
        return threshold(parse(formula)) is not None
    except ExpressionError:
        return False


def _moment(time: Time, calendar: RunCalendar, *, short: bool = False) -> str:
    """Return a time: `21 Jun 2017, 10:00`, in short without 00:00; one that counts from STARTEX as written, too."""
    at = calendar.at(calendar.seconds(time))
    when = (date if short and not (at.hour or at.minute) else date_time)(at.isoformat())
    return when if time.offset is None else f"{when} ({time.text})"
