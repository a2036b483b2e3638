"""A live exercise of two-rivals with two human seats and a white cell, opened for review."""

from __future__ import annotations

from pathlib import Path

from support.live import console, output_of
from support.terminals import seat
from wargame.journal.folder import Folder
from wargame.live.console.console import Console
from wargame.review.findings.findings import Findings, open_findings

SEATS = (("ARD", "human"), ("BRL", "human"))
LINES = (
    "stop at nothing",
    "next",
    "advance 5d",
    'order ARD talk BRL --why "to keep the fishermen calm"',
    'message ARD BRL "We do not want this to grow."',
    'edit collision title "A collision in fog"',
    "delay collision 2d",
    "skip night_drill",
    'offer BRL ARD "Joint patrols"',
    'answer ARD 1 yes "With observers"',
    'vote ARD ARD,BRL "Do we invite the neighbours?" --choices yes,no',
    "ballot ARD 1 yes",
    "ballot BRL 1 no",
    'order BRL "invite the neighbours to mediate" --why "to gain time"',
    'rule 1 refuse "there are no neighbours"',
    "advance 30d",
    'inject news "Fishermen block the harbour" --to ARD --id harbour --now',
    'action BRL "detains a crew" --goldstein -5 --to ARD --why "as the red cell asked"',
    'adjudicate "tension=0.4" --why "the detention"',
    'outcome blockade_laid occurred --why "agreed in the room"',
    "advance 10d",
    "pass BRL",
    'note "ARD asked for the law of the sea" --tag sustain',
    'endex "time is up"',
    'rate signals S "answered, but late"',
)
"""Commands of an exercise of 45 days."""


OF_SEATS = frozenset(
    {
        "order",
        "standing",
        "cancel",
        "pass",
        "message",
        "offer",
        "demand",
        "answer",
        "vote",
        "ballot",
        "accept",
        "refuse",
    }
)
"""Commands that people in seats give at their own terminals."""


def type_lines(there: Console, *lines: str) -> None:
    """Types lines at the facilitator's console; human seats type their own commands."""
    for line in lines:
        command, who, *_ = [*line.split(), ""]
        of_seat = command in OF_SEATS and there.session.exercise.commands.seats.of(who) == "human"
        output_of(seat(there, who) if of_seat and "--force" not in line else there, line)


def played_findings(folder: Path, *lines: str) -> Findings:
    """The findings of a new exercise after these lines, by default after `LINES`; seats type their own commands."""
    there = console(folder, seats=SEATS)
    type_lines(there, *(lines or LINES))
    there.session.close()
    return open_findings(Folder(folder))
