"""The exercise on paper, as one HTML page: a guide for the facilitator, turn sheets for the seats, inject cards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from wargame.language.plain_text import clean_lines
from wargame.language.times import Time
from wargame.live.console.dispatch import COMMANDS
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model import Inject, Scenario
from wargame.scenario.trigger_phrases import Wording, trigger_phrase
from wargame.seat.banner import BANNER
from wargame.world.calendar import RunCalendar

MOST_MOVES = 12
"""Moves with turn sheets; for more moves, copy the last sheet."""
GUIDE = ("next", "advance", "until", "pause", "release", "hold", "skip", "delay", "inject", "order", "message", "rule",
        "action", "adjudicate", "note", "noplay", "endex")  # fmt: skip
STYLE = """
body { font: 11pt/1.35 sans-serif; color: #000; background: #fff; margin: 2em auto; max-width: 52em; }
h1 { font-size: 18pt } h2 { font-size: 14pt } .banner { text-align: center; letter-spacing: .15em; font-weight: bold }
section { page-break-after: always; break-after: page; border-bottom: 1px dashed #888; padding-bottom: 1em }
table { border-collapse: collapse; width: 100% } td, th { border: 1px solid #444; padding: .25em .4em;
text-align: left; vertical-align: top; font-size: 9.5pt } .card { border: 2px solid #000; padding: 1em; margin: 1em 0;
break-inside: avoid } .line { border-bottom: 1px solid #444; height: 1.9em } code { font-family: monospace }
@media print { body { margin: 0; max-width: none } section { border: 0 } }
"""


def paper(loaded: Loaded) -> str:
    """The whole document. It loads nothing from any host; all text of the scenario is escaped."""
    scenario = loaded.scenario
    parts = [*_guide(loaded), *_turn_sheets(scenario), *_cards(loaded)]
    body = "\n".join(f"<section>{_banner()}{part}{_banner()}</section>" for part in parts)
    title = escape(f"{scenario.title}: on paper")
    return clean_lines(
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body>\n{body}\n</body></html>\n"
    )


def _banner() -> str:
    return f'<p class="banner">{BANNER}</p>'


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    cells = "".join(f"<th>{escape(name)}</th>" for name in head)
    lines = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table>"


# --- the facilitator's guide -------------------------------------------------------------------------


def _guide(loaded: Loaded) -> Iterator[str]:
    scenario, calendar = loaded.scenario, RunCalendar(loaded.scenario.calendar)
    lines = [f"<h1>{escape(scenario.title)}: facilitator's guide</h1>", f"<p>{escape(scenario.summary)}</p>"]
    first, last = calendar.at(calendar.startex), calendar.at(calendar.end)
    lines.append(f"<p>STARTEX {first:%Y-%m-%d %H:%M}, ENDEX {last:%Y-%m-%d %H:%M}. NO PLAY stops the exercise.</p>")
    lines.append("<h2>Objectives</h2>")
    lines.append(_table(("Id", "Objective"), [(name, spec.title) for name, spec in scenario.objectives.items()]))
    lines.append("<h2>After a power failure</h2><p>Run <code>wargame resume RUN</code>, then enter what happened on "
                 "paper, in order: <code>until DATE</code>, <code>release ID</code>, <code>order GOV OPTION TARGET "
                 '--why "..."</code>, <code>note "..."</code>. The ids are on the cards and sheets.</p>')  # fmt: skip
    yield "".join(lines)
    rows = [(f"{i.id}", _when(i, calendar), i.channel, ", ".join(i.audience) or "all", i.title, _expected(i), i.notes)
            for i in sorted(loaded.injects, key=lambda i: (_due(i, calendar), i.id))]  # fmt: skip
    head = ("Id", "When", "Channel", "To", "Title", "Expected", "Notes")
    yield f"<h1>MSEL</h1>{_table(head, rows)}"
    commands = [(COMMANDS[name].usage, COMMANDS[name].help) for name in GUIDE]
    yield f"<h1>Commands</h1>{_table(('Command', 'What it does'), commands)}"


def _due(inject: Inject, calendar: RunCalendar) -> float:
    return calendar.seconds(inject.at) if inject.at else float("inf")


def _when(inject: Inject, calendar: RunCalendar) -> str:
    def moment(time: Time) -> str:
        return f"{calendar.at(calendar.seconds(time)):%Y-%m-%d %H:%M}"

    return trigger_phrase(inject, Wording(moment, lambda time: moment(time).removesuffix(" 00:00")))[0]


def _expected(inject: Inject) -> str:
    return "; ".join(f"{e.who}: {e.title or ' or '.join(e.any_of)}" for e in inject.expected)


# --- turn sheets and cards ---------------------------------------------------------------------------


def _turn_sheets(scenario: Scenario) -> Iterator[str]:
    calendar = RunCalendar(scenario.calendar)
    length = scenario.calendar.move
    moves = min(-(-(calendar.end - calendar.startex) // length), MOST_MOVES)
    for name, spec in sorted(scenario.governments.items()):
        yield f"<h1>{escape(spec.name)} ({escape(name)}): options</h1>{_options(scenario, name)}"
        for number in range(moves):
            start = calendar.startex + number * length
            span = f"{calendar.at(start):%Y-%m-%d} to {calendar.at(min(start + length, calendar.end)):%Y-%m-%d}"
            blank = '<div class="line"></div>'
            yield (
                f"<h1>{escape(spec.name)} ({escape(name)}), move {number + 1}</h1><p>{span}</p>"
                f"<h2>What we know and do not know</h2>{blank * 6}<h2>Orders: option, target, why</h2>{blank * 6}"
                f"<h2>Messages: to whom, what</h2>{blank * 4}<h2>Signed, at</h2>{blank}"
            )


def _options(scenario: Scenario, name: str) -> str:
    rows = [
        (option, spec.title, ", ".join(target for target in spec.to if target != name), spec.dossier)
        for option, spec in sorted(scenario.options.items())
        if name in spec.by
    ]
    return _table(("Option", "Description", "Targets", "Dossier"), rows)


def _cards(loaded: Loaded) -> Iterator[str]:
    """One card for each inject sent to players, with nothing on it that its readers may not know."""
    governments = loaded.scenario.governments
    cards = []
    for inject in loaded.injects:
        if inject.kind != "facilitation":
            audience = ", ".join(governments[name].name for name in inject.audience) or "all"
            sender = f" from {escape(inject.sender)}" if inject.sender else ""
            cards.append(
                f'<div class="card"><p><strong>{escape(inject.channel)}</strong> to {escape(audience)}{sender} '
                f"<code>{escape(inject.id)}</code></p><p>{escape(inject.message or inject.title)}</p></div>"
            )
    for place in range(0, len(cards), 4):
        yield "<h1>Inject cards</h1>" + "".join(cards[place : place + 4])
