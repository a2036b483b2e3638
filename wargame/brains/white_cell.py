"""A program in the white cell: its cases, and the answer that it proposes to each item of the queue.

It rules on orders in free text, replies to questions, and answers in the name of governments that nobody plays. What it
proposes are commands. A person approves them; without a person they are given at once. Each is checked like a command
of a person, and within bounds that a person does not have.
"""

import asyncio
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import msgspec
import yaml

from wargame.brains import protocol
from wargame.brains.driver import CORRECTIONS, FAILURES, GameTable
from wargame.brains.process import Failed, Notify, Program
from wargame.brains.protocol import Case
from wargame.brains.replies import Judgement, Ruling
from wargame.brains.specification import BrainSpec, Players, brain_of
from wargame.brains.turn import options_of
from wargame.dataclasses import dataclass
from wargame.errors import TypedTextErrors, UsageFault, WargameError, shortened
from wargame.executor.replay import NEWS, finish
from wargame.journal.records import record_of
from wargame.journal.viewer_memory import CHANNELS
from wargame.language.plain_text import clean
from wargame.live.console.reply import Reply
from wargame.live.console.waiting import WaitingItem, queue
from wargame.live.terminals.shared_session import SharedSession
from wargame.scenario.loading.amend import new_ids
from wargame.seat.feed import record_line
from wargame.seat.interests import indicator_title, level, value_range
from wargame.simulation.control.adjudication import improvised
from wargame.simulation.control.correspondence import WHITE_CELL
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
            effects = improvised(exercise.context, {**answer.data, "government": item.sender}).effects
            if len(effects) > MOST_EFFECTS:
                raise UsageFault(f"an action has at most {MOST_EFFECTS} effects, not {len(effects)}")
            for path, effect in effects.items():
                if not isinstance(effect.by, int | float) or abs(effect.by) > MOST_EFFECT:
                    raise UsageFault(f"the effect on {path} is a share of at most {MOST_EFFECT}, such as {path} +0.1")
        yield answer
    if item.kind == DRAFT or judgement.inject:
        if problems := draft_problems(exercise, judgement.inject):
            raise UsageFault(f"the inject: {'; '.join(problems)}")
        yield Command(kind="inject", data={"yaml": judgement.inject})
    if item.kind != DRAFT and judgement.inject:
        yield Command(kind="release", data={"inject": new_ids(judgement.inject)[0]})


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


CELL_FILE = f"{WHITE_CELL}.white_cell"
"""The name of its transcript."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal of a program for an item of the queue: commands, and their description for people.

    `doubt` says how many of its other answers differ much, if these are at least half; a person then decides if there
    is one.
    """

    item: WaitingItem
    commands: tuple[Command, ...]
    text: str
    doubt: str = ""


class WhiteCell(Program[Ruling]):
    """A program in the white cell of one exercise; `proposals` wait for a person, by the record of their item."""

    def __init__(
        self, table: GameTable, spec: BrainSpec, players: Players, folder: Path | None, notify: Notify
    ) -> None:
        super().__init__(spec, players, CELL_FILE, folder, Ruling)
        self._table, self._notify = table, notify
        self.proposals: dict[int, Proposal] = {}
        self._tried: set[int] = set()

    def next(self) -> WaitingItem | None:
        """Return the oldest item that it has not been asked about; None also after three failures in a row."""
        items = list(queue(self._table.exercise)) if self._in_a_row < FAILURES else []
        return min((each for each in items if each.seq not in self._tried), key=lambda each: each.seq, default=None)

    def propose(self, item: WaitingItem) -> Generator[Case, Ruling | Failed, Proposal | str]:
        """Ask about an item until an answer passes the check; returns a proposal, or why there is none."""
        self._tried.add(item.seq)
        self.usage.turns += 1
        before, problem = "", ""
        for attempt in range(CORRECTIONS + 1):
            asked = {"id": f"{item.seq}.{attempt}", "timeout": self._timeout, "before": before, "problem": problem}
            case = case_of(self._table.exercise, item, asked)
            self.transcript.write("case", {"id": case.id, "kind": case.kind, "text": case.text, "problem": problem})
            answer = yield case
            if isinstance(answer, Failed):
                return self._failed(answer)
            given = msgspec.to_builtins(answer.judgement or answer)
            counted = answer.usage.samples if answer.usage else {}
            said = {"id": answer.id, **given, "samples": counted}
            self.transcript.write("ruling", {name: each for name, each in said.items() if each not in ("", None, {})})
            if answer.judgement is None:
                return self._failed(Failed(answer.cause, clean(answer.error)))
            try:
                commands = tuple(commands_of(self._table.exercise, item, answer.judgement))
            except (UsageFault, TypedTextErrors) as fault:
                before, problem = msgspec.json.encode(answer.judgement).decode(), clean(str(fault))
                self.usage.refused += 1
                continue
            self._in_a_row = 0
            others, differ = sum(counted.values()) - 1, counted.get("differ", 0)
            doubt = f"{differ} of {others} other answers differ{'s' if differ == 1 else ''} much"
            doubt = doubt if differ and 2 * differ >= others else ""
            return Proposal(item, commands, in_words(answer.judgement) + (f" ({doubt})" if doubt else ""), doubt)
        return self._failed(Failed("nonsense", f"all its answers were refused, most recently: {problem}"))

    def _failed(self, failed: Failed) -> str:
        self._count(failed)
        more = f"; {FAILURES} failures in a row: it is asked about no others" if self._in_a_row >= FAILURES else ""
        return f"{WHITE_CELL}: {self.usage.source} has no answer: {failed}{more}"

    def carry_out(self, proposal: Proposal) -> None:
        """Give the commands of a proposal; UsageFault if the answer is not possible any more."""
        more = f"; {proposal.doubt}" if proposal.doubt else ""
        with self._table.given(by=f"{self.usage.source} (white cell{more})"), self._table.together():
            for command in proposal.commands:
                self._table.submit(command.kind, **command.data)
        self.proposals.pop(proposal.item.seq, None)
        self.usage.accepted += 1

    def work(self) -> bool:
        """Answer everything that waits, without a person; returns whether anything did."""
        worked = False
        while item := self.next():
            worked = True
            self.give(finish(self.propose(item), self.exchange))
        return worked

    def give(self, found: Proposal | str) -> None:
        """Carry out what was proposed for an item; what fails is shown, and the item waits."""
        try:
            if isinstance(found, Proposal):
                self.carry_out(found)
                return
        except UsageFault as fault:
            found = f"{WHITE_CELL}: {fault}"
        self._notify(found)

    def forget(self) -> None:
        """Forget what was asked and proposed, after a change of the past."""
        self.proposals.clear()
        self._tried.clear()

    def close(self) -> None:
        """End the program, and close the transcript."""
        self._discard()
        self.transcript.close()


def white_cell_of(
    table: GameTable, players: Players, folder: Path | None = None, notify: Notify = lambda _: None
) -> WhiteCell | None:
    """Return the white cell of a run; None if nobody is there."""
    kind = players.conditions.white_cell
    return WhiteCell(table, brain_of(WHITE_CELL, kind), players, folder, notify) if kind else None


class LiveWhiteCell:
    """The white cell of a live exercise: it is asked in the background, and a person approves what it proposes.

    `answers` says that it is asked about the queue, not for drafts alone; `unattended` that nobody approves, but for
    what its own answers disagree about.
    """

    def __init__(self, shared: SharedSession, cell: WhiteCell, *, answers: bool, unattended: bool) -> None:
        self._shared, self.cell, self._answers, self._unattended = shared, cell, answers, unattended
        self._task: asyncio.Task[None] | None = None
        self._wanted: list[WaitingItem] = []
        self._asked = 0
        self._made: list[tuple[str, str]] = []
        """The request and the YAML of each draft that has passed the check."""

    def ask(self, request: str) -> list[str]:
        """Ask for a draft of an inject."""
        self._asked += 1
        self._wanted.append(WaitingItem(DRAFT, self._asked, WHITE_CELL, WHITE_CELL, request, -self._asked))
        self.call()
        return [f"The drafter ({self.cell.usage.source}) works on it; the draft is shown when it is ready."]

    def lines(self) -> list[str]:
        """Return the drafts, by number."""
        lines = [f"{number}  {shortened(clean(text), 80)}" for number, (text, _) in enumerate(self._made, start=1)]
        return lines or ['There are no drafts (draft "TEXT" asks for one).']

    def yaml(self, number: str) -> str:
        """Return the YAML of a draft."""
        if not number.isdecimal() or not 1 <= int(number) <= len(self._made):
            raise UsageFault(f"there is no draft {shortened(number)} (there are {len(self._made)})")
        return self._made[int(number) - 1][1]

    def waiting(self) -> dict[int, str]:
        """Return a sentence for each proposal that waits for a person, by the record of its item."""
        return {seq: each.text for seq, each in self.cell.proposals.items() if self._waits(each.item)}

    def _waits(self, item: WaitingItem) -> bool:
        return item in queue(self._shared.session.exercise)

    def approve(self, number: int) -> str:
        """Carry out the proposal for the item of a record; UsageFault if there is none."""
        waiting = self.waiting()
        if number not in waiting:
            raise UsageFault(f"there is no proposal {number} ({', '.join(map(str, waiting)) or 'there are none'})")
        self.cell.carry_out(self.cell.proposals[number])
        return waiting[number]

    def call(self) -> None:
        """Ask about what waits, unless it is being asked."""
        if (self._task is None or self._task.done()) and (self._wanted or (self._answers and self.cell.next())):
            self._task = asyncio.get_running_loop().create_task(self._work())

    async def settled(self) -> None:
        """Wait until nothing is being asked."""
        while self._task is not None and not self._task.done():
            await asyncio.gather(self._task, return_exceptions=True)

    async def close(self) -> None:
        """Stop asking, and end the program."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await asyncio.to_thread(self.cell.close)

    async def _work(self) -> None:
        await asyncio.sleep(0)  # after the commands of this instant
        while item := self._wanted.pop(0) if self._wanted else self.cell.next() if self._answers else None:
            try:
                await self._propose(item)
            except (WargameError, OSError) as error:  # such as a full disk: it is asked again after the next command
                self._shared.announce(f"! the white cell: {error}")
                self._wanted.insert(0, item)
                return

    async def _propose(self, item: WaitingItem) -> None:
        steps = self.cell.propose(item)
        message = next(steps)
        try:
            while True:
                message = steps.send(await asyncio.to_thread(self.cell.exchange, message))
        except StopIteration as end:
            if item.kind == DRAFT or self._waits(item):  # the past may have changed, or a person may have answered
                self._found(item, end.value)

    def _found(self, item: WaitingItem, found: Proposal | str) -> None:
        if isinstance(found, str) or (self._unattended and item.kind != DRAFT and not found.doubt):
            self.cell.give(found)
        elif item.kind == DRAFT:
            self._made.append((item.text, str(found.commands[0].data["yaml"])))
            number, source = len(self._made), self.cell.usage.source
            then = f"draft add {number} adds it to the MSEL, release ID releases it:"
            lines = (clean(f"  {line}") for line in self._made[-1][1].splitlines())
            self._shared.show_facilitator(Reply([f"Draft {number} of {source}, checked; {then}", *lines]))
        else:
            self.cell.proposals[item.seq] = found
            head = f"PROPOSAL of the white cell for {item.sender} ({item.kind}: {clean(item.text)}):"
            self._shared.show_facilitator(Reply([head, f"  {found.text}", f"  approve {item.seq} carries it out"]))
