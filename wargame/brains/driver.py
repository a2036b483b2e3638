"""Gives one program its turns: sends them, carries out its acts, and applies the rules for failures.

`take_turn` is a generator, so that whoever runs it decides how to wait for an answer: the loop of an unattended run
waits in place, a live exercise waits in a thread. It yields messages and is sent what `exchange` returns for them.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from wargame.brains import turn as turns
from wargame.brains.process import Failed, Notify, Program, ProgramProcess
from wargame.brains.protocol import Hello, Purpose, Refusal, Result, Turn
from wargame.brains.replies import Act, Answer, Message, Order, Ready
from wargame.brains.specification import BrainSpec, Players
from wargame.brains.transcript import FORMAT
from wargame.brains.turn import SeatState
from wargame.errors import UsageFault, WargameError
from wargame.executor.run import ending
from wargame.journal.records import Record
from wargame.language.plain_text import clean
from wargame.seat.feed import FeedReader, letters
from wargame.seat.options import answered, check
from wargame.simulation.control.correspondence import WHITE_CELL
from wargame.simulation.exercise import Exercise


class GameTable(Protocol):
    """The table at which a program plays: an exercise, and the log of its commands."""

    @property
    def exercise(self) -> Exercise:
        """The exercise as it is now."""

    def submit(self, kind: str, /, **data: Any) -> object:
        """Check a command, log it and apply it; after UsageFault nothing has changed."""

    def together(self) -> AbstractContextManager[None]:
        """Make the commands inside one command, which happens completely or not at all."""

    def given(self, by: str = "") -> AbstractContextManager[None]:
        """Write into the lines of the commands inside who gives them."""


def carry_out(table: GameTable, seat: str, act: Act, state: SeatState, by: str) -> tuple[int, tuple[Refusal, ...]]:
    """Carry out the parts of an act in one command of `by`; return how many were, and those that were refused."""
    accepted, refused = 0, []
    with table.given(by=by), table.together():
        for what, n, submit in _parts(table, seat, act, state):
            try:
                submit()
            except UsageFault as fault:
                refused.append(Refusal(what=what, n=n, because=clean(str(fault))))
            else:
                accepted += 1
    return accepted, tuple(refused)


def decline(table: GameTable, seat: str, by: str) -> None:
    """Decline the decisions that are still due."""
    if any(due.government == seat for due in table.exercise.commands.seats.dues.values()):
        with table.given(by=by):
            table.submit("pass", government=seat, dossier="", who=seat)


Part = tuple[str, int, Callable[[], object]]
"""The name of a part, the number of an order (0 for others), and what carries it out."""


def _parts(table: GameTable, seat: str, act: Act, state: SeatState) -> Iterator[Part]:
    submit = partial(table.submit, who=seat)
    kinds: dict[str, Callable[[Any], object]] = {
        "acknowledge": partial(_acknowledge, table, seat),
        "answers": partial(_answer, table, seat),
        "messages": partial(_message, table, seat),
        "offers": lambda offer: submit("offer", to=list(offer.to), text=offer.text, form=offer.form),
        "free_orders": lambda order: submit("request", text=order.text, why=order.why),
        "questions": lambda question: submit("rfi", text=question),
        "votes": lambda vote: submit("vote", to=list(vote.to), question=vote.question, choices=list(vote.choices)),
    }
    for name, carry_out_one in kinds.items():
        for i, part in enumerate(getattr(act, name)):
            yield f"{name}[{i}]", 0, partial(carry_out_one, part)
    for i, order in enumerate(act.orders):
        yield f"orders[{i}]", order.n, partial(_order, table, seat, order, state)


def _acknowledge(table: GameTable, seat: str, number: int) -> None:
    letter = next((each for each in letters(table.exercise, seat) if each.number == number), None)
    if letter is None:
        raise UsageFault(f"there is no message {number}")
    if seat in table.exercise.commands.msel.acknowledged.get((letter.inject, letter.release), ()):
        raise UsageFault(f"message {number} has been acknowledged")
    table.submit("ack", who=seat, inject=letter.inject, release=letter.release)


def _answer(table: GameTable, seat: str, answer: Answer) -> None:
    given = [name for name in ("offer", "vote", "procedure") if getattr(answer, name) is not None]
    if len(given) != 1:
        raise UsageFault("an answer has exactly one of offer, vote and procedure")
    if given == ["offer"]:
        table.submit("answer", who=seat, offer=answer.offer, answer=answer.answer, text=answer.text)
    elif given == ["vote"]:
        table.submit("ballot", who=seat, vote=answer.vote, choice=answer.answer)
    else:
        data = {"government": seat, "number": answer.procedure, "answer": answer.answer}
        table.submit("procedure.answer", **data, who=seat)


def _message(table: GameTable, seat: str, message: Message) -> None:
    if message.public and WHITE_CELL in message.to:
        raise UsageFault(f"a message to {WHITE_CELL} is not public")
    public = {"public": True} if message.public else {}
    table.submit("message", who=seat, to=list(message.to), text=message.text, **public)


def _order(table: GameTable, seat: str, order: Order, state: SeatState) -> None:
    candidate = state.choices.get(order.n)
    if candidate is None:
        last = len(state.choices)
        hint = f"the choices of this turn are 1 to {last}" if last else "this turn has no choices"
        raise UsageFault(f"there is no choice {order.n} ({hint})")
    check(table.exercise, seat, candidate.option, candidate.target)
    data = {"government": seat, "option": candidate.option, "target": candidate.target, "why": order.why}
    table.submit("order", **data, answers=answered(table.exercise, seat, candidate.option, ""), who=seat)


CORRECTIONS = 2
"""Replacements of a refused command that a program may give in one turn."""
FAILURES = 3
"""Failed turns in a row after which the model takes the seat."""
BY_RUNNER = "wargame"
"""Who gives the commands that follow from the rules for failures."""


class ProgramStopped(WargameError):
    """A program has failed, and the run is to stop then. It can be resumed."""

    exit_code = 4


class Brain(Program[Act]):
    """A program in a government's seat. `notify` writes to the facilitator; `active` until the model has the seat."""

    def __init__(
        self, spec: BrainSpec, players: Players, folder: Path | None, notify: Notify, purpose: Purpose
    ) -> None:
        name = f"{spec.government}{'' if purpose == 'seat' else f'.{purpose}'}"
        super().__init__(spec, players, name, folder, Act)
        self._conditions, self._purpose, self._notify = players.conditions, purpose, notify
        self.active = True
        self._hello: Hello  # made by `prepare`, which comes first
        self._state: SeatState | None = None
        self._exercise: Exercise | None = None

    @property
    def government(self) -> str:
        """The government whose seat it has."""
        return self.spec.government

    # --- the child process ---------------------------------------------------------------------

    def start(self) -> None:
        """Start the program and wait until it is ready; UsageFault if it does not become so."""
        try:
            self.greet()
        except Failed as failed:
            raise UsageFault(f"{self.government}={self.spec.source}: no answer to hello: {failed}") from None

    def prepare(self, exercise: Exercise, records: Sequence[Record]) -> None:
        """Build the greeting, should the program have to be started."""
        if not self.is_running:
            self._hello = turns.hello(exercise, records, self.government, self._conditions, self._purpose)

    def greet(self) -> ProgramProcess:
        """Return the running program; it is started, if it is not, and greeted. Failed if it does not become ready."""
        if self.is_running:
            return super().greet()
        process = super().greet()
        ready = process.ask(self._hello, Ready)
        if not self.usage.name:
            self.usage.name = clean(ready.name)
            who = {"format": FORMAT, "government": self.government, "source": self.spec.source}
            self.transcript.write("start", {**who, "name": self.usage.name, "sha256": self.usage.sha256})
        return process

    def forget(self) -> None:
        """End the program, so that the next turn begins with another greeting and the whole feed."""
        self._discard()
        self._exercise = None

    def reinstate(self) -> None:
        """Give the seat back to the program after the model had taken it."""
        self.active, self._in_a_row = True, 0
        self.usage.replaced = False

    def close(self, exercise: Exercise | None = None) -> None:
        """Tell the program why the exercise has ended, or that it stops; end it, and close the transcript."""
        reason = "" if exercise is None else ending(exercise) if exercise.done else "stopped"
        if self._process is not None:
            last = None
            if exercise is not None and self.active and self._process.alive:
                last = turns.end(exercise, self._following(exercise), reason)
            self._process.close(last)
            self._process = None
        if reason:
            self.transcript.write("end", {"reason": reason})
        self.transcript.close()

    # --- one turn ------------------------------------------------------------------------------

    def _following(self, exercise: Exercise) -> SeatState:
        """Return what has been sent so far; after a change of the past, the feed is read again from its beginning."""
        if self._state is None or self._exercise is not exercise:
            turns_before = self._state.turns if self._state else self.transcript.turns_before
            self._exercise = exercise
            self._state = SeatState(FeedReader(exercise, self.government), turns=turns_before)
        return self._state

    def turn(self, exercise: Exercise, epoch: int = 0) -> tuple[Turn, SeatState]:
        """Return the next turn of the seat."""
        state = self._following(exercise)
        self.usage.turns += 1
        turn = turns.turn(exercise, self.government, state, epoch)
        self.transcript.turn(turn)
        return turn, state

    def take_turn(self, table: GameTable, epoch: int = 0) -> Generator[Turn | Result, Act | Failed, None]:
        """Ask the program to act, carry out what it does, and let it correct what was refused."""
        turn, state = self.turn(table.exercise, epoch)
        answer = yield turn
        accepted, corrections = 0, 0
        while isinstance(answer, Act) and not answer.error:
            self.transcript.act(answer, state.choices)
            done, refused = carry_out(table, self.government, answer, state, self.by)
            accepted += done
            self.usage.accepted += done
            self.usage.refused += len(refused)
            again = bool(refused) and corrections < CORRECTIONS
            result = Result(id=turn.id, accepted=done, refused=refused, again=again)
            self.transcript.result(result)
            if not again:
                self._finish(table, answer, result, accepted)
                return
            corrections += 1
            answer = yield result
        failed = answer if isinstance(answer, Failed) else Failed(answer.cause, f"it could not decide: {answer.error}")
        self._fail(table, failed)

    @property
    def by(self) -> str:
        """The program as the command log names it."""
        return f"{self.usage.name} ({self.spec.source})"

    def _finish(self, table: GameTable, act: Act, result: Result, accepted: int) -> None:
        if self._process is not None:
            self._process.send(result)
        if result.refused and not accepted:
            because = result.refused[0].because
            self._fail(table, Failed("nonsense", f"everything that it did was refused, most recently: {because}"))
            return
        self._in_a_row = 0
        if act.pass_:
            decline(table, self.government, self.by)

    # --- failures ------------------------------------------------------------------------------

    def _fail(self, table: GameTable, failed: Failed) -> None:
        """Apply the default to what is due; after the third failure in a row, the model takes the seat."""
        self._count(failed)
        reason = f"the program has failed: {failed}"
        self.transcript.write("failed", {"kind": failed.kind, "reason": str(failed), "in_a_row": self._in_a_row})
        self._notify(f"{self.government}: {reason}")
        if self._conditions.failed == "stop":
            raise ProgramStopped(f"{self.government}={self.spec.source}: {reason} (--brain-failed stop)")
        dues = [due for due in table.exercise.commands.seats.dues.values() if due.government == self.government]
        with table.given(by=BY_RUNNER), table.together():
            for due in dues:
                data = {"government": self.government, "dossier": due.dossier, "reason": reason[:1000]}
                table.submit("decision.missed", **data, default=self._conditions.failed)
            if self._in_a_row >= FAILURES:
                table.submit("seat", government=self.government, kind="model")
        if self._in_a_row >= FAILURES:
            self.active, self.usage.replaced = False, True
            if self._process is not None and self._state is not None:
                self._process.send(turns.end(table.exercise, self._state, "replaced"))
            self._notify(f"{self.government}: {FAILURES} failures in a row; the model takes the seat")
