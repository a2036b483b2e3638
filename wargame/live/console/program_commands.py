"""Commands about programs in a live exercise: which there are, the advice to a seat, drafts of injects."""

from __future__ import annotations

from wargame.errors import UsageFault
from wargame.live.console.command_line import ParsedLine
from wargame.live.console.console import Console
from wargame.live.console.msel_view import added_sentence
from wargame.live.console.registry import CommandGroup
from wargame.live.console.reply import Reply
from wargame.live.console.roles import PLAYERS
from wargame.live.session.program_seats import ProgramSeats
from wargame.simulation.control.lookup import valid_name

programs = CommandGroup("programs")


def _programs(console: Console) -> ProgramSeats:
    if console.wall.programs is None:
        raise UsageFault("no programs take part (start with --seat GOV=program:FILE, --adviser or --drafter)")
    return console.wall.programs


@programs.command("programs", "Lists the programs and language models in seats.")
def _list(console: Console, line: ParsedLine) -> Reply:
    line.take(0)
    there = _programs(console)
    rows = [
        f"{name:<6} {source}{', has its turn' if name in there.deciding else ''}"
        for name, source in there.seats.items()
    ]
    return Reply(rows or ["No program has a seat now (seat GOV human gives it back to its program)."])


@programs.command(
    "advice GOV",
    "Shows the latest proposal of the adviser of a seat. Nothing of it happens unless a person orders it.",
    PLAYERS,
    ("government",),
    only_reads=True,
)
def _advice(console: Console, line: ParsedLine) -> Reply:
    line.at_most(1)
    name = valid_name("government", line.args[0] if line.args else "", console.session.exercise.governments)
    return Reply(_programs(console).advice(name))


@programs.command(
    'draft "TEXT"|add N|show N',
    "Asks the drafter for an inject; draft alone lists the drafts. A draft is checked like any inject: draft add N "
    "adds it to the MSEL, and release ID releases it.",
    example='draft "a cyberattack on the power grid of South Korea"',
)
def _draft(console: Console, line: ParsedLine) -> Reply:
    there = _programs(console)
    if not line.args:
        return Reply(there.drafts())
    if line.args[0].lower() in ("add", "show") and len(line.args) == 2 and line.args[1].isdecimal():
        yaml = there.drafted(line.args[1])
        if line.args[0].lower() == "show":
            return Reply([f"  {row}" for row in yaml.splitlines()])
        before = set(console.session.exercise.injector.lines)
        console.session.submit("inject", yaml=yaml)
        added = sorted(set(console.session.exercise.injector.lines) - before)
        return Reply([added_sentence(console, added)])
    return Reply(there.draft(line.text(0)))
