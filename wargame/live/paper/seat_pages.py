"""The pack of one seat: its role sheet, its options at STARTEX and an order form to copy, without secrets of others."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from wargame.journal.records import Stamps
from wargame.language.times import format_duration
from wargame.live.paper.page import Section, empty_table, fill, grid
from wargame.seat.options import DossierOptions, seat_options
from wargame.seat.role import role_sheet
from wargame.seat.role_text import role_sections

if TYPE_CHECKING:
    from wargame.simulation.exercise import Exercise

SEEN = {"public": "all", "private": "target", "covert": "few"}
"""Who learns of an option, in a table."""
OPEN = "●"
"""Mark of what can be ordered at STARTEX."""


def seat_sections(exercise: Exercise, seat: str) -> Iterator[Section]:
    """Yield the sections of the pack of a seat; the exercise is at STARTEX."""
    spec = exercise.context.scenario.governments[seat]
    reader = f"{spec.name} ({seat})"
    yield Section(reader, f"{reader}: role sheet", _role(exercise, seat))
    yield Section(reader, f"{reader}: options", _options(exercise, seat))
    yield Section(reader, f"{reader}: order form", _form(seat))


def _role(exercise: Exercise, seat: str) -> str:
    records = Stamps(exercise.calendar.at).records(exercise.records())
    parts = []
    for section in role_sections(role_sheet(exercise, seat, records), exercise.calendar.at):
        items = "".join(f"<li>{escape(text)}</li>" for text in section.items)
        parts.append(f"<h2>{escape(section.title)}</h2>")
        parts += [f"<p>{escape(text)}</p>" for text in section.paragraphs]
        parts += [f"<ul>{items}</ul>"] if items else []
    return "".join(parts)


def _options(exercise: Exercise, seat: str) -> str:
    intro = (
        f"<p>{OPEN} can be ordered at STARTEX; the others when their conditions hold: ask the white cell. An order "
        "names the option and its target by their codes. 'Seen by few' means that only governments that detect it "
        "learn of it. For anything that is not in the list, write a request in your own words.</p>"
    )
    rows = [row for dossier in seat_options(exercise, seat).dossiers for row in _dossier_rows(exercise, dossier)]
    return intro + grid(("", "What it is", "Code", "Targets", "Takes", "Seen by"), rows, (3, 35, 30, 17, 8, 7))


def _dossier_rows(exercise: Exercise, dossier: DossierOptions) -> Iterator[str]:
    yield f'<td colspan="6" class="group">{escape(dossier.title)} ({escape(dossier.dossier)})</td>'
    targets: dict[str, list[str]] = {}
    for entry in (*dossier.available, *dossier.blocked):
        targets.setdefault(entry.option, []).extend(entry.targets)
    available = {entry.option: entry.targets for entry in dossier.available}
    for option, names in sorted(targets.items(), key=lambda item: item[0] not in available):
        spec = exercise.context.scenario.options[option]
        now = set(available.get(option, ()))
        marked = ", ".join(f"{name}{OPEN}" if name in now and len(now) < len(names) else name for name in sorted(names))
        yield (
            f"<td>{OPEN if option in available else ''}</td><td>{escape(spec.title)}</td>"
            f"<td><code>{escape(option)}</code></td><td>{escape(marked)}</td>"
            f"<td>{format_duration(spec.lead[1]) if spec.lead[1] else 'at once'}</td><td>{SEEN[spec.visibility]}</td>"
        )


def _form(seat: str) -> str:
    line, code = '<div class="line"></div>', escape(seat)
    return (
        '<p class="meta">Copy this form: one for each move or decision. Hand it to the white cell.</p>'
        f"<p>{fill('Move', 18)} {fill('Game date and time', 44)} {fill('Dossier', 44)}</p><h2>Orders</h2>"
        + empty_table(("Option (code)", "Target", "Why, and what we expect of it"), 5, (30, 12, 58))
        + "<h2>Messages, offers, demands</h2>"
        + empty_table(("To", "Kind", "Text"), 4, (14, 14, 72))
        + f"<h2>Requests to the white cell, in our own words</h2>{line * 2}"
        f"<h2>What we know, what we assume, what we do not know</h2>{line * 3}"
        f"<p>&nbsp;</p><p>{fill('Signed', 60)} {fill('at (real time)', 30)}</p>"
        f"<p>{fill('White cell: received at', 26)} {fill('entered at', 26)} {fill('by', 40)}</p>"
        f'<p class="meta">To enter it: <code>order {code} OPTION TARGET --why "..."</code>, '
        f'<code>message {code} TO "..."</code>, <code>order {code} "in our own words"</code>.</p>'
    )
