"""Commands about people in browsers: join codes, the lobby, the reveal after ENDEX."""

from __future__ import annotations

from wargame.errors import UsageFault
from wargame.live.console.command_line import ParsedLine
from wargame.live.console.console import BrowserAccess, Console
from wargame.live.console.registry import CommandGroup
from wargame.live.console.reply import Reply

access = CommandGroup("browsers")


def _access(console: Console) -> BrowserAccess:
    if console.access is None:
        raise UsageFault("this exercise is not served in browsers (wargame play --serve, or wargame serve)")
    return console.access


@access.command(
    "code GOV|ROLE [new]",
    "Shows the join code of a seat, or of deputy, evaluator (evaluator:KOR,USA), screen or facilitator; "
    "new makes another one.",
    takes=("joinable", "new"),
    example="code KOR",
)
def _code(console: Console, line: ParsedLine) -> Reply:
    line.need(1)
    line.at_most(2)
    if line.args[1:] not in ([], ["new"]):
        raise line.fault()
    return _access(console).code(line.args[0], new=line.args[1:] == ["new"])


@access.command("people", "Lists the people in browsers, and who waits in the lobby.")
def _people(console: Console, line: ParsedLine) -> Reply:
    line.take(0)
    return _access(console).people()


@access.command("admit NUMBER|GOV|all", "Lets people of the lobby into the exercise.", takes=("person",))
def _admit(console: Console, line: ParsedLine) -> Reply:
    return _access(console).admit(line.text(0))


@access.command(
    "nudge INJECT [PERSON]",
    "Reminds the people who have not acknowledged a message, or answered its questions; or one person.",
    takes=("inject", "person"),
)
def _nudge(console: Console, line: ParsedLine) -> Reply:
    return _access(console).nudge(line.text(0).partition(" ")[0], line.text(1) if line.args[1:] else "")


@access.command("lock [off]", "Refuses new people in browsers; off accepts them again.", takes=("off",))
def _lock(console: Console, line: ParsedLine) -> Reply:
    return _access(console).lock(on=not _off(line))


@access.command(
    "reveal [off]",
    "After ENDEX, opens the views of all seats to everyone in a browser; off closes them.",
    takes=("off",),
)
def _reveal(console: Console, line: ParsedLine) -> Reply:
    return _access(console).reveal(on=not _off(line))


def _off(line: ParsedLine) -> bool:
    if line.args not in ([], ["off"]):
        raise line.fault()
    return bool(line.args)
