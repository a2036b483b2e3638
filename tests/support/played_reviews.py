"""A live exercise of two-rivals with two human seats and a white cell, opened for review."""

from __future__ import annotations

from pathlib import Path

from support.live import console, output_of
from support.terminals import seat
from wargame.journal.folder import Folder
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


def played_findings(folder: Path, *lines: str) -> Findings:
    """The findings of a new exercise after these lines, by default after `LINES`; seats type their own commands."""
    there = console(folder, seats=SEATS)
    seats = {name: seat(there, name) for name, _ in SEATS}
    for line in lines or LINES:
        command, who, *_ = [*line.split(), ""]
        human = there.session.exercise.commands.seats.of(who) == "human" if who in seats else False
        output_of(seats[who] if command in OF_SEATS and human and "--force" not in line else there, line)
    there.session.close()
    return open_findings(Folder(folder))
