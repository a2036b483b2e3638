"""The control room: the screen of the facilitator and of deputies.

The bar with both clocks, the navigation and the command line are always there. Of the views, only the one that the
address of the page names is rendered: `?view=why&seq=512`.
"""

import os
import sys
import traceback
from collections.abc import Callable

from wargame.errors import UsageFault
from wargame.language.plain_text import clean
from wargame.live.console import consent
from wargame.live.console.command_line import time_of
from wargame.live.console.dispatch import commands_of
from wargame.live.console.public_screen import public_items
from wargame.live.console.status_bar import to_judge
from wargame.live.console.view_commands import to_endex
from wargame.live.console.waiting import queue
from wargame.live.session.pace import pace_text
from wargame.live.session.wall_clock import ClockState
from wargame.seat.feed import PUBLIC
from wargame.simulation.control.correspondence import WHITE_CELL
from wargame.web.access import DEPUTY
from wargame.web.rendering import MESSAGE_STYLE, qr_svg, render, render_for
from wargame.web.screens import control_branches as branches
from wargame.web.screens import control_knowledge as knowledge
from wargame.web.screens import control_overview as overview
from wargame.web.screens import control_people as people
from wargame.web.screens.control_ahead import charts
from wargame.web.screens.control_import import import_parts
from wargame.web.screens.control_msel import ORDER, gantt, msel_detail, msel_rows, receipt_rows
from wargame.web.screens.control_overview import control_bar, governments, options, without_person
from wargame.web.screens.evaluation import evaluation_parts, questionnaires_part
from wargame.web.screens.hotwash import hotwash_parts, review_parts
from wargame.web.screens.public import news_part
from wargame.web.screens.seat_views import screen_parts, seat_view_parts, shows_screen
from wargame.web.viewer import PageParts, Viewer

SCREEN = "control"
STYLES = ("hotwash.css", "control.css", MESSAGE_STYLE)
SCRIPTS = ("control.js",)
NEXT = 6
"""Injects that the overview lists."""


def parts(viewer: Viewer) -> PageParts:
    """Return the parts of the screen, by key and in order: the view that the address names, or the usual one."""
    if shows_screen(viewer):
        return screen_parts(viewer)
    console, exercise = viewer.console, viewer.console.session.exercise
    usual = "hotwash" if exercise.done else "now"
    view = viewer.query.get("view", usual)
    view = view if view in VIEWS else usual
    bar, queued = control_bar(console), 0 if exercise.done else len(list(queue(exercise)))
    counts = {"now": queued, "people": len(people.lobby(viewer)), "notes": to_judge(console)}
    current = "msel" if view == "import" else view
    return {
        "bar.clock": render("control/clock.html", bar=bar),
        "bar.controls": render("control/controls.html", bar=bar),
        "nav.views": render_for(viewer, "control/views.html", counts=counts, current=current),
        **_view(viewer, view),
        "line.console": render("control/line.html", verbs=sorted(commands_of(console))),
    }


def _view(viewer: Viewer, view: str) -> PageParts:
    """Return the parts of a view; a view that cannot be shown does not take the clocks and the command line away."""
    try:
        return VIEWS[view](viewer)
    except Exception as error:
        if os.environ.get("WARGAME_TRACEBACK"):
            raise
        traceback.print_exc(file=sys.stderr)
        return {"view.fault": render("control/fault.html", error=f"{type(error).__name__}: {error}")}


def _now(viewer: Viewer) -> PageParts:
    console, session = viewer.console, viewer.console.session
    rows = [row for row in msel_rows(console) if row.part in ("due", "held")]
    ready = console.wall.state == ClockState.READY
    move, waiting = overview.move_part(console), overview.queue_part(viewer)
    left = (
        ready_part(viewer) if ready else "",
        *([move, waiting] if ready or console.wall.ended_move else [waiting, move]),
        overview.due_part(viewer),
        render("control/seats.html", rows=people.seat_rows(viewer)),
    )
    right = (
        questionnaires_part(viewer),
        render("control/upcoming.html", rows=rows[:NEXT]),
        render_for(viewer, "control/world.html", levels=overview.levels(session)),
    )
    return {
        "view.now-queue": "".join(left),
        "view.now-news": render("control/news.html", lines=overview.latest_news(session)),
        "view.now-next": "".join(right),
    }


def ready_part(viewer: Viewer) -> str:
    """Return what is to be done before the clock is started for the first time."""
    session, pace = viewer.console.session, viewer.console.wall.pace
    items = session.exercise.injector.lines.items()
    notes = [(name, clean(item.spec.title), consent.consent_note(session, item)) for name, item in items]
    acting, warnings = [each for each in notes if each[-1]], consent.chance_lines(session)
    shown = {"rows": people.seat_rows(viewer), "lobby": people.lobby(viewer), "pace": pace_text(pace) if pace else ""}
    return render_for(viewer, "control/ready.html", acting=acting, warnings=warnings, **shown)


def _msel(viewer: Viewer) -> PageParts:
    console, query, over = viewer.console, viewer.query, viewer.console.session.exercise.done
    part, selected = query.get("part", ""), query.get("inject", "")
    rows = msel_rows(console, selected)
    counts = [(part, sum(row.part == part for row in rows)) for part in ORDER]
    part = part if part in dict(counts) else ""
    shown = [row for row in rows if part in ("", row.part)]
    composer = {"governments": governments(console), "options": overview.options(console)}
    detail, receipts = msel_detail(console, selected), receipt_rows(viewer, selected)
    return {
        **({} if over else {"view.msel-new": render_for(viewer, "control/msel_new.html", **composer)}),
        "view.msel-table": render_for(viewer, "control/msel.html", rows=rows, shown=shown, part=part, counts=counts),
        "view.msel-detail": render_for(viewer, "control/msel_detail.html", detail=detail, receipts=receipts),
    }


def _people(viewer: Viewer) -> PageParts:
    rows = people.seat_rows(viewer)
    missing = people.missing_codes(viewer, rows)
    return {
        "view.people-lobby": render_for(viewer, "control/lobby.html", lobby=people.lobby(viewer)),
        "view.people-seats": render_for(viewer, "control/people.html", seats=rows),
        "view.people-codes": render_for(viewer, "control/codes.html", qr=qr_svg, missing=missing, rows=rows),
    }


def _white(viewer: Viewer) -> PageParts:
    console = viewer.console
    exercise = console.session.exercise
    scenario, everyone = exercise.context.scenario, governments(console)
    own = [each for each in everyone if exercise.procedures.of(each.value)]
    single = [(name, f"{console.name(spec.government)}: {spec.title}") for name, spec in scenario.procedures.items()]
    context = {
        "governments": everyone,
        "unplayed": without_person(console),
        "played": exercise.commands.seats.human,
        "recipients": [*everyone, ("all", "all governments"), (WHITE_CELL, "EXCON")],
        "told": [*everyone, ("all", "all governments"), ("screen", "all, and the public screen")],
        "options": options(console),
        "outcomes": [(name, spec.title) for name, spec in scenario.outcomes.items()],
        "paths": [spec.path for spec in exercise.context.world.slots if spec.is_named],
        "procedures": [*own, *single],
    }
    return {
        "view.white-act": render("control/white.html", steps=overview.steps(console), **context),
        "view.white-world": render("control/white_world.html", **context)
        + render("control/feed.html", feed=news_part(viewer, public_items(console)[::-1], {})),
    }


def _ahead(viewer: Viewer) -> PageParts:
    console = viewer.console
    items = console.session.exercise.injector.lines
    to_come = [(name, item.spec.title) for name, item in items.items() if item.alive]
    offered = {"injects": to_come, "governments": governments(console), "options": options(console)}
    shown = {"charts": charts, "titles": console.titles}
    return {
        "view.ahead-ask": render("control/ahead.html", horizon=to_endex(console.session.exercise), **offered),
        "view.ahead-answers": render("control/answers.html", answers=viewer.answers, **shown),
    }


def _why(viewer: Viewer) -> PageParts:
    console, fault, found, seq = viewer.console, "", None, None
    try:
        seq = knowledge.asked_about(viewer.query)
        found = viewer.cached(("why", seq), lambda: knowledge.why(console, seq)) if seq is not None else None
    except UsageFault as error:
        fault = str(error)
    offered = () if found else knowledge.suggestions(console)
    past = found is not None and console.session.records[found.seq].t > console.session.exercise.calendar.startex
    rewinds = past and viewer.role != DEPUTY
    return {
        "view.why-ask": render("control/why.html", seq=seq, why=found, fault=fault, suggestions=offered),
        "view.why-graph": render("control/why_graph.html", why=found) if found else "",
        "view.why-text": render("control/why_text.html", why=found, rewinds=rewinds) if found else "",
    }


def _knew(viewer: Viewer) -> PageParts:
    console, fault, until, only = viewer.console, "", None, None
    at, governed = viewer.query.get("at", ""), console.session.exercise.governments
    try:
        only = knowledge.asked_about(viewer.query)
        until = time_of(console.session, at) if at else None
        fault = "type a game time, such as D+12" if at and until is None else ""
    except UsageFault as error:
        fault = str(error)
    return {
        "view.knew": render(
            "control/knew.html",
            events=knowledge.known_events(console, until, only),
            seats=[*((name, console.name(name)) for name in governed), (PUBLIC, "the public")],
            at=at,
            only=only,
            fault=fault,
        )
    }


def _branches(viewer: Viewer) -> PageParts:
    lines = viewer.cached("branches", lambda: branches.branch_lines(viewer.console.session))
    commands = branches.last_commands(viewer.console, {each.id: each.name for each in viewer.people})
    height, undo = lines[-1]["y"] + branches.LEFT, branches.undo_offer(viewer)
    return {
        "view.branches-tree": render_for(viewer, "control/branches.html", branches=lines, height=height),
        "view.branches-rewind": render_for(viewer, "control/rewind.html", commands=commands, undo=undo),
    }


VIEWS: dict[str, Callable[[Viewer], PageParts]] = {
    "now": _now,
    "msel": _msel,
    "import": import_parts,
    "gantt": lambda viewer: {
        "view.gantt-chart": render("control/gantt.html", chart=gantt(viewer.console, viewer.query.get("window", "all")))
    },
    "people": _people,
    "seatview": lambda viewer: seat_view_parts(viewer, list(viewer.console.session.exercise.governments)),
    "white": _white,
    "ahead": _ahead,
    "why": _why,
    "knew": _knew,
    "branches": _branches,
    "notes": evaluation_parts,
    "hotwash": hotwash_parts,
    "review": review_parts,
}
"""The renderer of the parts of each view."""
