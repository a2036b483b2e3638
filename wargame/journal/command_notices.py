"""What a seat, or the public screen, reads of a command that it may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.journal.notices import MESSAGE, NOT_ORDERED, OWN, REPORT, Notice, Reader, spans, written
from wargame.sentence import Name

if TYPE_CHECKING:
    from wargame.journal.records.run import CommandRecord

_MODES = {
    "act": ("acts unless you refuse", "act unless you refuse"),
    "propose": ("is proposed to you", "are proposed to you"),
    "off": ("is off", "are off"),
}
"""What one procedure does, and what all do."""
_SEATS = {"human": "a person", "model": "the model", "script": "the script"}
_ANNOUNCED = {
    "noplay": "NO PLAY NO PLAY NO PLAY: the exercise is stopped.",
    "playon": "The exercise continues.",
    "endex": "ENDEX ENDEX ENDEX",
}
"""Commands that everyone hears."""


def _deadline(record: CommandRecord) -> str:
    data = record.data
    game, wall = data.get("game"), data.get("wall")
    if not game and not wall:
        return "Decisions have no deadline from now on"
    limit = f"{game} of game time" if game else f"{wall} of real time"
    then = "your staff decides" if data.get("default") == "model" else "nothing is done"
    return f"Deadline for decisions: {limit}, for open ones from now on (then {then})"


def command_notice(record: CommandRecord, reader: Reader) -> Notice | None:
    """Return the notice of a command; None for one that is not reported."""
    data, kind = record.data, record.about
    by = "" if record.who == reader.seat else f", {NOT_ORDERED['adjudicated']}"
    if kind == "deadline" or kind in _ANNOUNCED:
        text = _deadline(record) if kind == "deadline" else f"{_ANNOUNCED[kind]} {data.get('text', '')}"
        return written("Exercise", REPORT, text.rstrip())
    if kind == "ack":
        numbers = ", ".join(spans(data["numbers"]))
        plural = "" if numbers.isdigit() else "s"
        return written("Acknowledged", OWN, Name(numbers, f"Message{plural} {numbers}"), lead=None) if numbers else None
    if kind == "seat":
        seat = reader.titles.government(data["government"])
        return written("Seat", REPORT, f"The seat of {seat} is now played by {_SEATS.get(data['kind'], data['kind'])}")
    if kind == "procedures":
        one, every = _MODES[data["mode"]]
        title = reader.titles.procedures.get(str(data.get("procedure")))
        mode = f"Standing procedure '{title}' {one}" if title else f"Your standing procedures {every}"
        return written("Standing procedures", MESSAGE, mode)
    if kind == "order":
        return written("Ordered", OWN, f"{reader.titles.choice(data)}{by}", lead=None)
    if kind == "standing_order":
        choice = f"{reader.titles.choice(data)}, once {data['when']}{by}"
        return written("Standing order", OWN, choice, lead="Ordered: ")
    what = reader.dossier(data["dossier"]) if data.get("dossier") else "all decisions that are due"
    return written("Passed", OWN, what, by, lead=None) if kind == "pass" else None
