"""An exercise in which every command of the console is given, by people at terminals and in browsers.

Three people hold the seats of `tests/data/small.yaml`: one in a browser of Aland, one at a terminal of Beland, one in a
browser of Celand. A facilitator is at the console and another in a browser; an evaluator and a scribe take part.
"""

from __future__ import annotations

import asyncio
from math import inf
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch

from support.terminals import Screen
from support.web import Client, Served, serving
from wargame.executor.run import Destination
from wargame.live.console.console import Console
from wargame.live.console.roles import SCRIBE, SEAT
from wargame.live.session.session import Session
from wargame.scenario.loading.load import load
from wargame.simulation.kernel.settings import Settings

DATA = Path(__file__).resolve().parent.parent / "data"
INJECTS = """format: wargame-injects/1
scenario: small
injects:
  - {id: cable, title: A cable, at: D+1 H+6, channel: Cable, audience: [AAA], message: Ships leave.}
  - {id: paper, title: A newspaper, at: D+2 H+6, message: The border is quiet.}
  - {id: parade, title: A parade, at: D+26, message: Tanks on the square.}
  - {id: fair, title: A fair, at: D+28, message: Crowds at the border.}
  - {id: drill, title: A drill, at: D+9, action: {option: test, by: BBB}, message: A missile flies.}
  - {id: bulletin, title: A bulletin, at: D+3, every: 6d, repeat: 3, message: The weather at the border.}
  - id: survey
    title: A survey
    manual: true
    channel: Email
    audience: [AAA, BBB]
    questionnaire:
      questions:
        - {id: sure, text: "How sure are you?", scale: [1, 5]}
        - {id: next, text: "What comes next?", choices: [talks, tests]}
"""
EXERCISE = """format: wargame-exercise/1
name: everything
title: A whole exercise
scenario: small
injects: [more.yaml]
scenario_injects: false
seed: 4
wall: 2h
moves: [{game: 10d, wall: 20m}, {game: 10d, wall: 20m}, {game: 40d, wall: 20m}]
stops: [nothing]
seats: {AAA: {persons: [{role: Head of government, person: Ann}]}, BBB: {}, CCC: {}}
objectives: {answer: {measures: [{title: Protests, standard: at most 2, formula: count(protest)}]}}
"""
LINES = (
    # before STARTEX: who is there, and what they read
    "main: help",
    "main: people",
    "main: code AAA",
    "main: lock",
    "main: lock off",
    "main: admit all",
    "main: terminals",
    "main: seats",
    "main: programs",
    'main: draft "a storm"',
    "main: draft add 1",
    "main: approve",
    "AAA: role",
    "AAA: advice",
    "BBB: brief",
    "BBB: options",
    "main: sit BBB",
    "main: stand",
    "main: pace 1d=5s",
    "main: pace --moves",
    "main: stop at nothing",
    'main: timer 10m "briefing"',
    "main: moves",
    "main: msel",
    "main: objectives",
    # the first move
    "main: deadline 20d game nothing",
    "main: advance 1d 12h",
    "AAA: inbox",
    "AAA: ack",
    "BBB: ack 1",
    'AAA: message BBB "We want a quiet border."',
    'BBB: message AAA,CCC "So do we."',
    'CCC: message public "Celand is neutral."',
    'AAA: message EXCON "Who is the general?"',
    'main: tell AAA "A man of sixty."',
    'main: message CCC BBB "Written for Celand."',
    'BBB: message EXCON "A question without an answer."',
    "main: dismiss 2",
    'main: notice "Lunch is at noon."',
    'CCC: rfi "How many tests have there been?"',
    'main: reply CCC 1 "One." --status answered',
    'AAA: rfi "How many tanks has Beland?"',
    'AAA: offer BBB "Halt, and we pay."',
    'BBB: answer 1 yes "If you pay first."',
    'BBB: demand AAA "Leave the border."',
    'AAA: vote AAA,BBB,CCC "Shall we meet?" --choices yes,no,later',
    "AAA: ballot 1 yes",
    "BBB: ballot 1 no",
    "main: ballot CCC 1 yes",
    'BBB: vote AAA,CCC "Do you agree?"',
    "AAA: ballot 2 no",
    "main: tally 2",
    "AAA: channel BBB",
    'AAA: order aid BBB --why "they are near"',
    'AAA: change "aid BBB" "aid CCC" --why "they are poor"',
    'BBB: order test --why "to be feared"',
    'CCC: standing protest BBB --when "tension > 0.9" --why "if it gets worse"',
    'CCC: standing protest BBB --when "tension > 0.95"',
    "CCC: cancel 2",
    'AAA: order "close the road to the border" --why "to win time"',
    'BBB: order "arrest the smugglers"',
    'main: rule 1 action "closes the road" --goldstein -3 --to BBB --why "they have police"',
    'main: rule 2 refuse --why "there are no smugglers"',
    'main: order AAA protest BBB --why "a mistake"',
    "main: undo",
    "main: next",
    "main: until 2030-02-03 18:00",
    "CCC: procedures",
    "CCC: accept 1",
    "main: move",
    # the second move
    "main: procedures CCC propose",
    "main: advance 6d",
    "main: release survey",
    "main: advance 1d",
    "AAA: questions",
    "AAA: respond 11.1 4",
    "AAA: respond 11.2 talks",
    "BBB: respond 10.1 2",
    "main: results survey",
    "main: publish survey",
    "main: close survey",
    "main: hold parade",
    "main: unhold parade",
    "main: delay parade 2d",
    "main: skip fair",
    'main: edit spare title "Another spare"',
    "main: reset spare",
    "main: postpone 1d",
    'main: inject news "Fishermen block the harbour." --to AAA --id harbour --now',
    "main: nudge harbour Ann",
    "main: moretime",
    "main: retract harbour",
    "control: release spare",
    'main: action BBB "detains a crew" --goldstein -5 --to AAA --why "as the red cell asked"',
    "main: pass AAA",
    'main: order AAA protest BBB --force --why "the plan asks for it"',
    'main: adjudicate "tension=0.6" --why "the detention"',
    'main: outcome calm occurred --why "agreed in the room"',
    'main: outcome calm revoked --why "nobody felt it"',
    'main: noplay "fire alarm"',
    "main: playon",
    'eva: note "Aland asked first." --tag sustain',
    "eva: expected",
    'scribe: note "The road was Aland\'s idea."',
    "scribe: queue",
    "main: seat CCC model",
    "main: until D+22",
    "main: seat CCC human",
    # back in time
    "main: advance 1d",
    'main: message AAA BBB "From another past."',
    "main: advance 4d",
    "main: branch aside",
    "main: advance 3d",
    'main: note "Only here."',
    "main: switch main",
    "main: branches",
    "main: rewind D+22 H+12",
    "main: advance 12h",
    'BBB: order test --why "once more"',
    "main: advance 2d",
    "CCC: refuse",
    "main: advance 10d",
    "main: pass BBB",
    "CCC: pass",
    'CCC: order protest BBB --why "too late"',
    # what one looks at, and the end
    "main: status",
    "main: log 20",
    "main: why 20",
    "main: summary",
    "main: forecast 5d -n 1",
    "main: whatif order AAA aid CCC --over 5d -n 1",
    "main: where -n 1",
    "main: resume",
    "main: wait 0",
    "main: pause",
    "main: grant Eva everything",
    'eva: judge 1 met --why "their test answers it"',
    'main: endex "time is up"',
    'eva: rate answer S "in time, but alone"',
    "main: hotwash",
    "main: reveal",
    "main: kick scribe",
    "BBB: quit",
)
"""Who gives which line: `main` is the facilitator's console, `control` a facilitator in a browser."""
UNLIMITED = 1e6
"""Commands a second of one person, instead of what people need."""


class Programs:
    """An adviser and a drafter that answer at once."""

    seats: ClassVar[dict[str, str]] = {}
    deciding: ClassVar[list[str]] = []
    proposals: ClassVar[dict[int, str]] = {}

    def halt(self) -> None:
        """Has nothing to stop."""

    def advice(self, government: str) -> list[str]:
        """Return a proposal."""
        return [f"{government} waits."]

    @property
    def drafter(self) -> Programs:
        """The same, as drafter."""
        return self

    def next_midnight(self) -> float:
        """Return that there is no mechanism."""
        return inf

    def ask(self, request: str) -> list[str]:
        """Take a request."""
        return [f"Asked for {request}."]

    def lines(self) -> list[str]:
        """Return the list of drafts."""
        return ["1 a storm"]

    def yaml(self, number: str) -> str:
        """Return the YAML of the only draft."""
        assert number == "1"
        return "{id: storm, title: A storm, at: D+15, message: A storm is near.}"


def played(folder: Path, lines: tuple[str, ...] = LINES) -> Path:
    """Plays the lines and returns the run folder, which is `run` in this folder."""
    (folder / "small.yaml").write_text((DATA / "small.yaml").read_text("utf-8"), "utf-8")
    scripts = (DATA / "small-injects.yaml").read_text("utf-8") + INJECTS.partition("injects:\n")[2]
    (folder / "more.yaml").write_text(scripts, "utf-8")
    (folder / "exercise.yaml").write_text(EXERCISE, "utf-8")
    loaded = load(str(folder / "exercise.yaml"))
    seats = tuple((name, "human") for name in ("AAA", "BBB", "CCC"))
    session = Session.create(loaded, 4, Settings(seats=seats), Destination(out=folder / "run"))
    with patch("wargame.web.room_commands.RATE", UNLIMITED):
        asyncio.run(_play(session, lines))
    return folder / "run"


async def _play(session: Session, lines: tuple[str, ...]) -> None:
    async with serving(session) as there:
        there.shared.main.wall.programs = Programs()  # type: ignore[assignment]
        terminals = {
            "main": there.shared.main,
            "BBB": there.shared.attach(SEAT, "BBB", Screen().show),
            "scribe": there.shared.attach(SCRIBE, "", Screen().show),
        }
        browsers = {
            "AAA": await there.joined("AAA", "Ann"),
            "CCC": await there.joined("CCC", "Cem"),
            "eva": await there.joined("evaluator", "Eva"),
            "control": await there.joined("facilitator", "Fay"),
        }
        for line in lines:
            who, _, typed = line.partition(": ")
            await _give(there, terminals.get(who), browsers.get(who), typed)
    session.close()


async def _give(there: Served, terminal: Console | None, browser: Client | None, line: str) -> None:
    if browser is not None:
        await browser.lines("", line=line)
    elif terminal is not None:
        there.shared.run(terminal, line)
