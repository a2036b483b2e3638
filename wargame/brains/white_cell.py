"""A program in the white cell: it proposes an answer to each item of the queue.

It rules on orders in free text, replies to questions, and answers in the name of governments that nobody plays. What it
proposes are commands. A person approves them; without a person they are given at once. Each is checked like a command
of a person, and within bounds that a person does not have.
"""

import asyncio
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from wargame.brains.cases import DRAFT, case_of, commands_of, in_words
from wargame.brains.driver import CORRECTIONS, FAILURES, Table
from wargame.brains.process import Failed, Program
from wargame.brains.protocol import Case, Ruling
from wargame.brains.specification import BrainSpec, Players, brain_of
from wargame.brains.transcript import FOLDER, Transcript
from wargame.errors import TypedTextErrors, UsageFault, shortened
from wargame.language.plain_text import clean
from wargame.live.console.reply import Reply
from wargame.live.console.waiting import WaitingItem, waiting_items
from wargame.live.terminals.shared_session import SharedSession
from wargame.simulation.control.correspondence import WHITE_CELL
from wargame.simulation.kernel.settings import Command

CELL_FILE = f"{WHITE_CELL}.white_cell"
"""The name of its transcript."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a program proposes for an item of the queue: commands, and what people read of them."""

    item: WaitingItem
    commands: tuple[Command, ...]
    text: str


class WhiteCell(Program[Ruling]):
    """A program in the white cell of one exercise; `proposals` wait for a person, by the record of their item."""

    def __init__(
        self,
        table: Table,
        spec: BrainSpec,
        players: Players,
        folder: Path | None = None,
        notify: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Start nothing yet; UsageFault for a program that cannot be started here. `folder` is that of the run."""
        transcript = Transcript(folder / FOLDER / f"{CELL_FILE}.jsonl" if folder else None)
        super().__init__(spec, players.llm, players.conditions.timeout, transcript, Ruling)
        self._table, self._notify = table, notify
        self.proposals: dict[int, Proposal] = {}
        self._tried: set[int] = set()

    def next(self) -> WaitingItem | None:
        """Return the oldest item that it has not been asked about; None also after three failures in a row."""
        items = list(waiting_items(self._table.exercise)) if self._in_a_row < FAILURES else []
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
            self.transcript.write(
                "ruling", {"id": answer.id, **{k: v for k, v in given.items() if v not in ("", None)}}
            )
            if answer.judgement is None:
                return self._failed(Failed(answer.cause, clean(answer.error)))
            try:
                commands = tuple(commands_of(self._table.exercise, item, answer.judgement))
            except (UsageFault, TypedTextErrors) as fault:
                before, problem = msgspec.json.encode(answer.judgement).decode(), clean(str(fault))
                self.usage.refused += 1
                continue
            self._in_a_row = 0
            return Proposal(item, commands, in_words(answer.judgement))
        return self._failed(Failed("nonsense", f"all its answers were refused, at last: {problem}"))

    def _failed(self, failed: Failed) -> str:
        self._count(failed)
        more = f"; {FAILURES} failures in a row: it is asked about no others" if self._in_a_row >= FAILURES else ""
        return f"{WHITE_CELL}: {self.usage.source} has no answer: {failed}{more}"

    def carry_out(self, proposal: Proposal) -> None:
        """Give the commands of a proposal; UsageFault if the answer is not possible any more."""
        with self._table.given(by=f"{self.usage.source} (white cell)"), self._table.together():
            for command in proposal.commands:
                self._table.submit(command.kind, **command.data)
        self.proposals.pop(proposal.item.seq, None)
        self.usage.accepted += 1

    def work(self) -> bool:
        """Answer everything that waits, without a person; returns whether anything did."""
        worked = False
        while item := self.next():
            worked = True
            self.give(self.drive(self.propose(item)))
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
        """After a change of the past, forget what was asked and proposed."""
        self.proposals.clear()
        self._tried.clear()

    def close(self) -> None:
        """End the program, and close the transcript."""
        self._discard()
        self.transcript.close()


def white_cell_of(
    table: Table, players: Players, folder: Path | None = None, notify: Callable[[str], None] = lambda _: None
) -> WhiteCell | None:
    """Return the white cell of a run; None if nobody is there."""
    kind = players.conditions.white_cell
    return WhiteCell(table, brain_of(WHITE_CELL, kind), players, folder, notify) if kind else None


class LiveWhiteCell:
    """The white cell of a live exercise: it is asked in the background, and a person approves what it proposes.

    `answers` says that it is asked about the queue, not for drafts alone; `unattended` that nobody approves.
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
        return item in waiting_items(self._shared.session.exercise)

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
            steps = self.cell.propose(item)
            message = next(steps)
            try:
                while True:
                    message = steps.send(await asyncio.to_thread(self.cell.exchange, message))
            except StopIteration as end:
                if item.kind == DRAFT or self._waits(item):  # the past may have changed, or a person may have answered
                    self._found(item, end.value)

    def _found(self, item: WaitingItem, found: Proposal | str) -> None:
        if isinstance(found, str) or (self._unattended and item.kind != DRAFT):
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
