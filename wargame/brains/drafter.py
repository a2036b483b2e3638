"""The drafter of injects for the white cell: a draft is checked like any inject, and released only by a person."""

import asyncio

import yaml

from wargame.brains.process import Failed, ProgramProcess
from wargame.brains.protocol import FORMAT, Draft, Drafted
from wargame.brains.specification import BrainSpec, Players, command_of, environment_of
from wargame.errors import TypedTextErrors, UsageFault, shortened
from wargame.journal.viewer_memory import CHANNELS
from wargame.language.plain_text import clean
from wargame.live.console.reply import Reply
from wargame.live.terminals.shared_session import SharedSession
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command

ALLOWED = frozenset({"id", "title", "channel", "audience", "sender", "message", "notes", "objective"})
"""Fields of a draft: it has no time, no effects and no action, so that nothing happens but what a person releases."""
CORRECTIONS = 2


class Drafter:
    """Asks a program for drafts, one at a time, in the background."""

    def __init__(self, shared: SharedSession, spec: BrainSpec, players: Players) -> None:
        self._shared, self._session, self._spec = shared, shared.session, spec
        self._timeout = players.conditions.timeout
        self._command, self._environment = command_of(spec, players.llm), environment_of(spec)
        self._made: list[tuple[str, str]] = []
        """The request and the YAML of each draft that has passed the check."""
        self._task: asyncio.Task[None] | None = None
        self._asked = 0
        self._process: ProgramProcess | None = None

    @property
    def source(self) -> str:
        """The program."""
        return self._spec.source

    def ask(self, request: str) -> list[str]:
        """Ask for a draft; UsageFault while another one is being made."""
        if self._task is not None and not self._task.done():
            raise UsageFault("a draft is being made; wait for it")
        self._task = asyncio.get_running_loop().create_task(self._draft(request))
        return [f"The drafter ({self.source}) works on it; the draft is shown when it is ready."]

    def lines(self) -> list[str]:
        """Return the drafts, by number."""
        lines = [f"{number}  {shortened(clean(text), 80)}" for number, (text, _) in enumerate(self._made, start=1)]
        return lines or ['There are no drafts (draft "TEXT" asks for one).']

    def yaml(self, number: str) -> str:
        """Return the YAML of a draft."""
        if not number.isdecimal() or not 1 <= int(number) <= len(self._made):
            raise UsageFault(f"there is no draft {shortened(number)} (there are {len(self._made)})")
        return self._made[int(number) - 1][1]

    async def settled(self) -> None:
        """Wait until the draft that was asked for is there."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def close(self) -> None:
        """Stop the work on a draft, and end the program."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._process is not None:
            await asyncio.to_thread(self._process.close)

    async def _draft(self, request: str) -> None:
        before, problems = "", tuple[str, ...]()
        for _ in range(CORRECTIONS + 1):
            self._asked += 1
            message = self._message(request, before, problems)
            try:
                drafted = await asyncio.to_thread(self._exchange, message)
                fault = clean(drafted.error)
            except Failed as failed:
                fault = str(failed)
            if fault:
                self._shared.announce(f"! no draft: {fault}")
                return
            before, problems = drafted.yaml, tuple(draft_problems(self._session.exercise, drafted.yaml))
            if not problems:
                self._made.append((request, drafted.yaml))
                number = len(self._made)
                then = f"draft add {number} adds it to the MSEL, release ID releases it:"
                head = f"Draft {number} of {self.source}, checked; {then}"
                lines = (clean(f"  {line}") for line in drafted.yaml.splitlines())
                self._shared.show_facilitator(Reply([head, *lines]))
                return
        still = f"after {CORRECTIONS} corrections it still has problems: {'; '.join(problems)}"
        self._shared.announce(f"! no draft: {still}")

    def _exchange(self, message: Draft) -> Drafted:
        if self._process is None or not self._process.alive:
            self._process = ProgramProcess(self._command, self._environment, self._timeout)
        try:
            return self._process.ask(message, Drafted)
        except Failed:
            self._process.kill()
            self._process = None
            raise

    def _message(self, request: str, before: str, problems: tuple[str, ...]) -> Draft:
        exercise = self._session.exercise
        governments = exercise.context.scenario.governments
        return Draft(
            id=str(self._asked),
            format=FORMAT,
            exercise=clean(exercise.context.scenario.title),
            now=exercise.calendar.at(exercise.now).isoformat(timespec="minutes"),
            request=request,
            governments={name: governments[name].name for name in exercise.governments},
            channels=tuple(CHANNELS),
            taken=tuple(exercise.injector.lines),
            before=before,
            problems=problems,
        )


def draft_problems(exercise: Exercise, text: str) -> list[str]:
    """Return what is wrong with a draft: what the check of any inject finds, and fields that a draft may not have."""
    try:
        fields = yaml.safe_load(text)
    except yaml.YAMLError as error:
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
