"""The cases of the white cell: what a program is asked about an item of the queue, and the commands that answer it."""

from collections.abc import Iterator
from typing import Any

import msgspec
import yaml

from wargame.brains import protocol
from wargame.brains.protocol import Case, Judgement
from wargame.brains.turn import options_of
from wargame.errors import TypedTextErrors, UsageFault
from wargame.executor.replay import NEWS
from wargame.journal.records import record_of
from wargame.journal.viewer_memory import CHANNELS
from wargame.language.plain_text import clean
from wargame.live.console.waiting import WaitingItem
from wargame.scenario.loading.amend import new_ids
from wargame.seat.feed import record_line
from wargame.seat.interests import indicator_title, level, value_range
from wargame.simulation.control.correspondence import WHITE_CELL
from wargame.simulation.control.improvised import improvised
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command

DRAFT = "draft"
"""The kind of a case that asks for an inject."""
ALLOWED = frozenset({"id", "title", "channel", "audience", "sender", "message", "notes", "objective"})
"""Fields of a draft: it has no time, no effects and no action, so that it does nothing but tell."""
NEWSWORTHY, MOST_NEWS = NEWS | {"ruling", "rfi.reply"}, 20
"""Kinds of records that a case repeats, and how many of them, the last ones."""
MOST_EFFECT, MOST_EFFECTS = 0.25, 5
"""Bounds of an improvised action: the share of the distance to the end of a range, and the effects. Judgement."""


def case_of(exercise: Exercise, item: WaitingItem, asked: dict[str, Any]) -> Case:
    """Return the message that asks about an item; `asked` has what is not of the exercise."""
    scenario = exercise.context.scenario
    told = [raw for raw in exercise.records() if raw[2] in NEWSWORTHY][-MOST_NEWS:]
    lines = (f"{exercise.calendar.instant(raw[1])} {record_line(exercise, record_of(raw, ''))}" for raw in told)
    return Case(
        **asked,
        format=protocol.FORMAT,
        exercise=clean(scenario.title),
        now=exercise.calendar.at(exercise.now).isoformat(timespec="minutes"),
        kind=item.kind,
        sender=item.sender,
        to=item.to,
        text=clean(item.text)[:4000],
        governments={name: scenario.governments[name].name for name in exercise.governments},
        choices=item.choices,
        options=tuple(options_of(exercise, item.sender)) if item.kind == "request" else (),
        indicators=tuple(_indicators(exercise, item.sender)),
        news=tuple(map(clean, lines)),
        channels=tuple(CHANNELS),
        taken=tuple(exercise.injector.lines),
        most_effect=MOST_EFFECT,
        most_effects=MOST_EFFECTS,
    )


def _indicators(exercise: Exercise, government: str) -> Iterator[protocol.Known]:
    """Yield the true values of the indicators of the world, and of a government."""
    scenario, world = exercise.context.scenario, exercise.context.world
    for slot, spec in enumerate(world.slots):
        if spec.name in scenario.indicators and spec.is_named and (not spec.index or spec.index[0] == government):
            value, (low, high) = world.value(slot), value_range(scenario, spec.name)
            title = clean(indicator_title(scenario, spec.name, tuple(spec.index)))
            how: dict[str, Any] = {"wanted": "", "trend": "", "source": "known", "deviation": 0.0}
            word = level(scenario, spec.name, value)
            yield protocol.Known(path=spec.path, title=title, value=value, level=word, low=low, high=high, **how)


def commands_of(exercise: Exercise, item: WaitingItem, judgement: Judgement) -> Iterator[Command]:
    """Yield the commands that a judgement stands for, checked; UsageFault for what the white cell may not do."""
    if item.kind != DRAFT:
        answer = _ruling(item, judgement) if item.kind == "request" else _answer(item, judgement)
        exercise.check(answer)
        if "effects" in answer.data:
            _check_bounds(exercise, {**answer.data, "government": item.sender})
        yield answer
    if item.kind == DRAFT or judgement.inject:
        if problems := draft_problems(exercise, judgement.inject):
            raise UsageFault(f"the inject: {'; '.join(problems)}")
        yield Command(kind="inject", data={"yaml": judgement.inject})
    if item.kind != DRAFT and judgement.inject:
        yield Command(kind="release", data={"inject": new_ids(judgement.inject)[0]})


def _check_bounds(exercise: Exercise, data: dict[str, Any]) -> None:
    effects = improvised(exercise.context, data).effects
    if len(effects) > MOST_EFFECTS:
        raise UsageFault(f"an action has at most {MOST_EFFECTS} effects, not {len(effects)}")
    for path, effect in effects.items():
        if not isinstance(effect.by, int | float) or abs(effect.by) > MOST_EFFECT:
            raise UsageFault(f"the effect on {path} is a share of at most {MOST_EFFECT}, such as {path} +0.1")


def draft_problems(exercise: Exercise, text: str) -> list[str]:
    """Return what is wrong with a draft: what the check of any inject finds, and fields that a draft may not have."""
    try:
        fields = yaml.load(text, yaml.BaseLoader)  # noqa: S506  # it makes texts alone
    except (yaml.YAMLError, RecursionError) as error:
        return [f"it is not YAML: {str(error).splitlines()[0]}"]
    if not isinstance(fields, dict):
        return ["it is not one YAML mapping"]
    if others := sorted(set(map(str, fields)) - ALLOWED):
        return [f"leave out {', '.join(others)}: a draft has {', '.join(sorted(ALLOWED))}"]
    try:
        exercise.check(Command(kind="inject", data={"yaml": text}))
    except TypedTextErrors as error:
        return [str(problem) for problem in error.problems]
    except UsageFault as error:
        return [str(error)]
    return []


def _ruling(item: WaitingItem, judgement: Judgement) -> Command:
    """Return the ruling on an order in free text."""
    data: dict[str, Any] = {"request": str(item.number), "how": judgement.how, "why": judgement.text}
    target = judgement.target or None
    if judgement.how == "order":
        data |= {"option": judgement.option, "target": target}
    elif judgement.how == "action":
        data |= {"title": judgement.title or f"has its order carried out: {item.text}", "target": target}
        named = {"as": judgement.option, "visibility": judgement.visibility, "effects": judgement.effects}
        data |= {name: value for name, value in named.items() if value}
        numbers = {name: getattr(judgement, name) for name in ("goldstein", "severity", "rung")}
        data |= {name: f"{value:g}" for name, value in numbers.items() if value is not None}
    return Command(kind="ruling", data=data)


def _answer(item: WaitingItem, judgement: Judgement) -> Command:
    """Return the answer to anything but an order."""
    declined = judgement.how == "decline"
    if item.kind == "rfi":
        status = "declined" if declined else "answered"
        data = {"government": item.sender, "number": str(item.number), "status": status, "text": judgement.text}
        return Command(kind="rfi.reply", data=data)
    if item.kind == "message":
        by = {} if item.to == WHITE_CELL else {"by": WHITE_CELL}
        reply = Command(kind="message", data={"who": item.to, "to": [item.sender], "text": judgement.text, **by})
        return Command(kind="dismiss", data={"message": str(item.number)}) if declined else reply
    data = {"who": item.to, "by": WHITE_CELL}
    if item.kind == "vote":
        return Command(kind="ballot", data={**data, "vote": str(item.number), "choice": judgement.choice})
    choice = "no" if declined else judgement.choice
    return Command(kind="answer", data={**data, "offer": str(item.number), "answer": choice, "text": judgement.text})


def in_words(judgement: Judgement) -> str:
    """Return a judgement as people read it before they approve it."""
    given = msgspec.to_builtins(judgement)
    parts = [f"{name} {given[name]}" for name in judgement.__struct_fields__[1:-2] if given[name] not in ("", None)]
    inject = f"; inject: {' '.join(judgement.inject.split())}" if judgement.inject else ""
    return clean(f"{judgement.how}{': ' if parts else ''}{', '.join(parts)}; {judgement.text}{inject}".rstrip("; "))
