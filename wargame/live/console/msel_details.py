"""One inject in full, as `msel ID` shows it: its fields by the names that `edit` takes, with values in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from wargame.journal.wording import Titles, words
from wargame.language.plain_text import clean
from wargame.language.times import Time, format_duration
from wargame.live.console.acting_for_people import acts_note
from wargame.live.console.msel_view import human_recipients, receipts, status, when
from wargame.live.session.session import Session
from wargame.scenario.model import Attachment, Effect, ExpectedAction, Inject, Install, Questionnaire
from wargame.scenario.trigger_phrases import Wording, trigger_phrase
from wargame.seat.feed import reader_of
from wargame.simulation.mechanisms.msel_item import MselItem

OMITTED = frozenset({"id", "source", "enabled", *Inject.ONE_OF})
"""Fields that the first lines show, or that do not matter to people in the room."""


def details(session: Session, item: MselItem) -> list[str]:
    """State, receipt, trigger, and every field that does not have its default."""
    spec, titles = item.spec, reader_of(session.exercise, "").titles
    state = f"{status(session, item)}, {when(session, item, session.exercise.injector.due_of(item))}".rstrip(", ")
    lines = [f"{spec.id}: {state}"]
    if human_recipients(session, item):
        lines += [f"{kind}: {', '.join(names) or 'none yet'}" for kind, names in receipts(session, item).items()]
    if note := acts_note(session, item):
        lines.append(f'{note}: skip {spec.id} prevents it; edit {spec.id} action "" keeps the inject without it')
    lines += [f"title: {spec.title}", f"{spec.trigger_kind}: {_trigger(session, spec, titles)}"]
    lines += [] if spec.enabled else ["enabled: not before another inject enables it"]
    return [clean(line) for line in [*lines, *_fields(session, spec, titles)]]


def _trigger(session: Session, spec: Inject, titles: Titles) -> str:
    calendar = session.exercise.calendar

    def moment(time: Time) -> str:
        return session.instant(calendar.seconds(time))

    def inject(name: str) -> str:
        return f"{name} ('{titles.injects.get(name, name)}')"

    wording = Wording(moment, moment, inject, lambda option: f"'{titles.option(option)}'", government=titles.government)
    text, rate = trigger_phrase(spec, wording)
    return f"{text}: {rate}" if rate else text


def _fields(session: Session, spec: Inject, titles: Titles) -> Iterator[str]:
    """`name: value` of each field that is not empty and not its default; one line for each expected action."""
    scenario = session.exercise.context.scenario
    for each in fields(spec):
        value = getattr(spec, each.name)
        if each.name in OMITTED or each.name == "title" or value == each.default or value in (None, "", (), {}):
            continue
        if each.name == "expected":
            yield from (f"expected: {_expected(action, titles)}" for action in spec.expected)
        elif each.name == "action" and spec.action is not None:
            yield f"action: {_action(spec, titles)}"
        elif each.name in ("effects", "reports"):
            yield f"{each.name}: {', '.join(_change(path, change) for path, change in value.items())}"
        elif each.name == "salience":
            yield f"salience: {', '.join(f'{titles.dossier(name)} +{number:g}' for name, number in value.items())}"
        elif each.name == "installs":
            leaders = {name: leader.title for name, leader in scenario.leaders.items()}
            yield f"installs: {'; '.join(_install(install, leaders, titles) for install in spec.installs)}"
        elif each.name == "attachments":
            yield f"attachments: {'; '.join(map(_attachment, spec.attachments))}"
        elif each.name == "questionnaire" and spec.questionnaire is not None:
            yield from _questionnaire(spec.questionnaire)
        elif each.name == "audience":
            yield f"audience: {', '.join(f'{titles.government(name)} ({name})' for name in spec.audience)}"
        elif each.name == "objective":
            yield f"objective: {value} ({scenario.objectives[value].title})"
        else:
            yield f"{each.name}: {_plain(session, each.name, value)}"


def _attachment(attachment: Attachment) -> str:
    """A file with its kind and size: `map.png (picture, 120 kB)`."""
    content = attachment.content
    size = f" ({content.kind}, {max(1, round(content.size / 1000)):,} kB)" if content else ""
    return f"{attachment.file}{size}"


def _questionnaire(questionnaire: Questionnaire) -> Iterator[str]:
    until = f", closes {format_duration(questionnaire.within)} later" if questionnaire.within else ""
    yield f"questionnaire: to each {questionnaire.each}{until}"
    for question in questionnaire.questions:
        kind = " / ".join(question.choices) if question.choices else "in words"
        scale = f"{question.scale[0]} to {question.scale[1]}" if question.scale else ""
        yield f"  {question.id}: {question.text} ({scale or kind})"


def _plain(session: Session, name: str, value: object) -> str:
    if isinstance(value, Time):
        return session.instant(session.exercise.calendar.seconds(value))
    if name in ("every", "cool_down") and isinstance(value, int):
        return format_duration(value)
    if name == "chance" and isinstance(value, float):
        return f"{value:.0%}"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _action(spec: Inject, titles: Titles) -> str:
    assert spec.action is not None
    did = titles.toward(titles.option(spec.action.option), spec.action.to)
    return f"{titles.government(spec.action.by)} {did} ({spec.action.option})"


def _change(path: str, change: Effect | float) -> str:
    if not isinstance(change, Effect):
        return f"{path} (variance {change:g})"
    if change.by is not None:
        return f"{path} {change.by:+g}" if isinstance(change.by, float | int) else f"{path} by {change.by}"
    return f"{path} = {change.to}"


def _install(install: Install, leaders: dict[str, str], titles: Titles) -> str:
    who = leaders.get(install.leader or "", "") or titles.government(install.government)
    strategy = install.strategy and f"strategy '{titles.strategies.get(install.strategy) or words(install.strategy)}'"
    return f"{who}, {strategy}" if strategy else who


def _expected(action: ExpectedAction, titles: Titles) -> str:
    to = f" toward {titles.listed(action.towards)}" if action.towards else ""
    late = f", late until {format_duration(action.within + action.late)}" if action.late else ""
    title = f" ({action.title})" if action.title else ""
    options = titles.any_of(action.any_of)
    return f"{titles.government(action.who)} {options}{to}, within {format_duration(action.within)}{late}{title}"
