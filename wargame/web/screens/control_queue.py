"""What waits for the white cell, each item with what its answer needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from wargame.journal.wording import sentence
from wargame.language.plain_text import clean
from wargame.live.console.console import Console
from wargame.live.console.queue_view import queue
from wargame.simulation.control.correspondence import WHITE_CELL

TITLES = {
    "request": "Order in free text",
    "rfi": "Request for information",
    "message": "Message",
    "offer": "Offer",
    "demand": "Demand",
    "vote": "Vote",
}
"""Kind of item -> its title."""
LONG = 150
"""Characters that four lines of the list have at least."""


class Choice(NamedTuple):
    """Something that a form offers: what is typed, and what people read."""

    value: str
    title: str


@dataclass(frozen=True, slots=True)
class QueueItem:
    """Something that waits. `answers_as` is the government in whose name the white cell answers, or EXCON."""

    kind: str
    title: str
    number: int
    seq: int
    at: str
    sender: str
    sender_name: str
    answers_as: str
    answers_name: str
    text: str
    choices: tuple[str, ...]
    options: tuple[Choice, ...] = ()
    """The options of the sender, for a ruling."""

    @property
    def is_long(self) -> bool:
        """Whether the text may be longer than four lines of the list, so that its end is shown on demand."""
        return len(self.text) > LONG or self.text.count("\n") > 3

    @property
    def to_white_cell(self) -> bool:
        """Whether it is addressed to EXCON."""
        return self.answers_as == WHITE_CELL


def queue_items(console: Console) -> list[QueueItem]:
    """Return all that waits, oldest first; after ENDEX, what was not answered."""
    session = console.session
    items = []
    for item in sorted(queue(session), key=lambda each: each.seq):
        at = session.exercise.calendar.at(session.records[item.seq].t)
        items.append(
            QueueItem(
                item.kind,
                TITLES[item.kind],
                item.number,
                item.seq,
                f"{at:%Y-%m-%d %H:%M}",
                item.sender,
                sentence(console.name(item.sender)),
                item.to,
                "EXCON" if item.to == WHITE_CELL else console.name(item.to),
                clean(item.text, lines=True),
                item.choices,
                tuple(options_of(console, item.sender)) if item.kind == "request" else (),
            )
        )
    return items


def options_of(console: Console, government: str) -> list[Choice]:
    """Return the options that a government has, by title."""
    exercise = console.session.exercise
    titles = exercise.context.scenario.options
    menus = exercise.governments[government].menus.values()
    names = dict.fromkeys(candidate.option for menu in menus for candidate in menu.candidates[1:])
    return sorted((Choice(name, clean(titles[name].title)) for name in names), key=lambda each: each.title)


def options(console: Console) -> list[Choice]:
    """Return all options of the scenario, by title."""
    titles = console.session.exercise.context.scenario.options
    return sorted((Choice(name, clean(spec.title)) for name, spec in titles.items()), key=lambda each: each.title)


def governments(console: Console) -> list[Choice]:
    """Return all governments by name."""
    return [Choice(name, sentence(console.name(name))) for name in console.session.exercise.governments]


def without_person(console: Console) -> list[Choice]:
    """Return the governments that no person plays, in whose name the white cell can write."""
    played = console.session.exercise.commands.correspondence.played
    return [each for each in governments(console) if not played(each.value)]
