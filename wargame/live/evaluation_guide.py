"""The evaluation guide on paper, as one HTML page: for each objective what to watch for, and room to write it down.

It follows the exercise evaluation guides of HSEEP: expected actions with their times, observations, a rating.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from html import escape

from wargame.language.plain_text import clean_lines
from wargame.language.times import Time, format_duration
from wargame.live.paper.page import left_out
from wargame.live.within import released_by_endex
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model import ExpectedAction, Inject, Scenario
from wargame.scenario.trigger_phrases import Wording, trigger_phrase
from wargame.seat.banner import BANNER
from wargame.simulation.control.adjudication import RATINGS
from wargame.world.calendar import RunCalendar

BOX, LINE = "&#9744;", '<div class="line"></div>'
STYLE = """
@page { size: A4 landscape; margin: 12mm }
body { font: 10.5pt/1.35 system-ui, sans-serif; color: #000; background: #fff; margin: 2em auto; max-width: 68em }
h1 { font-size: 16pt; margin: .3em 0 } h2 { font-size: 12pt; margin: .7em 0 .2em } p { margin: .4em 0 }
.banner { text-align: center; letter-spacing: .15em; font-weight: bold; margin: .4em 0 }
section { break-after: page; border-bottom: 1px dashed #888; padding-bottom: 1em; margin-bottom: 2em }
table { border-collapse: collapse; width: 100% } thead { display: table-header-group } tr { break-inside: avoid }
td, th { border: 1px solid #444; padding: .3em .4em; text-align: left; vertical-align: top; font-size: 8.5pt }
th { background: #eee } .boxes { white-space: nowrap } .write { width: 22% } .meta { font-size: 9pt; color: #333 }
.columns { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2em; break-inside: avoid }
.line { border-bottom: 1px solid #444; height: 1.8em } .blank { display: inline-block; min-width: 14em;
border-bottom: 1px solid #444 } code { font-family: ui-monospace, monospace }
@media print { body { margin: 0; max-width: none } section { border: 0; margin: 0 } }
"""

Watched = tuple[Inject, ExpectedAction]
"""An expected action with the inject after which it is expected."""


def evaluation_guide(loaded: Loaded, seats: Collection[str] = (), calendar: RunCalendar | None = None) -> str:
    """The whole document; with `seats`, only what is expected of these governments.

    `calendar` may have another ENDEX: injects that are due only after it are left out. The document loads nothing from
    any host; all text of the scenario is escaped.
    """
    scenario = loaded.scenario
    injects = released_by_endex(loaded.injects, calendar or RunCalendar(scenario.calendar))
    note = left_out(len(loaded.injects) - len(injects))
    loaded = replace(loaded, injects=injects)
    parts = [_objective(loaded, name, seats) for name in scenario.objectives]
    if _watched(loaded, None, seats) or not parts:
        parts.append(_objective(loaded, None, seats))
    body = "\n".join(f"<section>{_banner()}{part}{note}</section>" for part in parts)
    title = escape(f"{scenario.title}: evaluation guide")
    return clean_lines(
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body>\n{body}\n</body></html>\n"
    )


def _banner() -> str:
    return f'<p class="banner">{BANNER}</p><p class="meta">For evaluators. Players must not see this page.</p>'


def _watched(loaded: Loaded, objective: str | None, seats: Collection[str]) -> list[Watched]:
    """The expected actions that serve an objective, or none if it is None, in the order of their planned times."""
    calendar = RunCalendar(loaded.scenario.calendar)
    ordered = sorted(loaded.injects, key=lambda inject: (_due(inject, calendar), inject.id))
    return [
        (inject, action)
        for inject in ordered
        for action in inject.expected
        if (action.objective or inject.objective) == objective and (not seats or action.who in seats)
    ]


def _due(inject: Inject, calendar: RunCalendar) -> float:
    return calendar.seconds(inject.at) if inject.at else float("inf")


def _objective(loaded: Loaded, name: str | None, seats: Collection[str]) -> str:
    scenario = loaded.scenario
    spec = scenario.objectives[name] if name is not None else None
    lines = [f"<h1>{escape(spec.title if spec else 'Expected actions without an objective')}</h1>"]
    observed = ", ".join(scenario.governments[seat].name for seat in scenario.governments if seat in seats)
    about = f"{scenario.title}{f', objective {name}' if name else ''}"
    about += f", capability: {spec.capability}" if spec and spec.capability else ""
    lines.append(
        f'<p class="meta">{escape(about)}</p>'
        f"<p>Evaluator {_blank()} &ensp; Seats observed: {escape(observed) or _blank()} &ensp; Date {_blank()}</p>"
    )
    lines += _measures(loaded, name) if name is not None else ()
    watched = _watched(loaded, name, seats)
    lines.append("<h2>What to watch for</h2>")
    lines.append(_table(loaded, watched) if watched else "<p>No action is expected. Write down what you observe.</p>")
    lines += _others(loaded, name, watched) if name is not None else ()
    columns = "".join(f"<div><h2>{title}</h2>{LINE * 3}</div>" for title in ("Strengths", "Areas for improvement"))
    lines.append(f'<div class="columns">{columns}</div>')
    lines.append(_rating(name) if name is not None else "")
    return "".join(lines)


def _measures(loaded: Loaded, objective: str) -> Iterator[str]:
    """The measures of an objective in the exercise file, and who evaluates it."""
    plan = loaded.exercise
    planned = plan.objectives.get(objective) if plan else None
    if plan is None or planned is None:
        return
    for each in plan.evaluators:
        if not each.objectives or objective in each.objectives:
            watch = f" {each.watch}" if each.watch else ""
            yield f"<p>{escape(each.name)} ({escape(', '.join(each.seats) or 'all seats')}).{escape(watch)}</p>"
    if planned.measures:
        rows = "".join(
            f'<tr><td>{escape(each.title)}</td><td>{escape(each.standard)}</td><td class="write"></td></tr>'
            for each in planned.measures
        )
        head = "".join(f"<th>{title}</th>" for title in ("Measure", "Performed if", "Observed"))
        yield f"<h2>Measures</h2><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _blank() -> str:
    return '<span class="blank">&nbsp;</span>'


def _table(loaded: Loaded, watched: list[Watched]) -> str:
    head = ("When", "Inject", "Who", "Expected", "Counts at once", "In time, late", "Status", "Observed: when, what, #")
    cells = "".join(f"<th>{escape(name)}</th>" for name in head)
    rows = "".join(_row(loaded, inject, action) for inject, action in watched)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table>"


def _row(loaded: Loaded, inject: Inject, action: ExpectedAction) -> str:
    scenario = loaded.scenario
    times = f"within {format_duration(action.within)}; late for another {format_duration(action.late)}"
    texts = (
        _when(inject, RunCalendar(scenario.calendar)),
        f"{inject.title} ({inject.id})",
        scenario.governments[action.who].name,
        action.title or "An action of the next column",
        _options(scenario, action),
        times,
    )
    boxes = "<br>".join(f"{BOX} {status}" for status in ("met", "late", "missed"))
    cells = "".join(f"<td>{escape(text)}</td>" for text in texts)
    return f'<tr>{cells}<td class="boxes">{boxes}</td><td class="write"></td></tr>'


def _when(inject: Inject, calendar: RunCalendar) -> str:
    def moment(time: Time) -> str:
        return f"{calendar.at(calendar.seconds(time)):%Y-%m-%d %H:%M}"

    return trigger_phrase(inject, Wording(moment, lambda time: moment(time).removesuffix(" 00:00")))[0]


def _options(scenario: Scenario, action: ExpectedAction) -> str:
    """The listed options by their titles, and towards whom."""
    titles = "; ".join(scenario.options[option].title for option in action.any_of)
    towards = " or ".join(scenario.governments[name].name for name in action.towards)
    return f"{titles} (towards {towards})" if towards else titles


def _others(loaded: Loaded, objective: str, watched: list[Watched]) -> Iterator[str]:
    """Injects that serve the objective without an expected action in the table."""
    listed = {inject.id for inject, _ in watched}
    others = [each for each in loaded.injects if each.objective == objective and each.id not in listed]
    if others:
        calendar = RunCalendar(loaded.scenario.calendar)
        texts = (f"{escape(each.title)} ({escape(_when(each, calendar))})" for each in others)
        yield f'<p class="meta">Other injects for this objective: {"; ".join(texts)}.</p>'


def _rating(objective: str) -> str:
    boxes = " &nbsp; ".join(f"{BOX} {letter} {meaning}" for letter, meaning in RATINGS.items())
    return (
        f"<h2>Rating</h2><p>{boxes}</p><p>Why</p>{LINE}"
        '<p class="meta">At a terminal: <code>judge NUMBER met --by RECORD --why "..."</code> for an expected action '
        f'(<code>expected</code> lists the numbers), <code>rate {escape(objective)} P "why"</code>, '
        "<code>note</code>.</p>"
    )
