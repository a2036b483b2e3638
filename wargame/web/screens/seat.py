"""The screen of a seat. What it shows comes from the package `seat` and from what the console offers."""

from functools import lru_cache, partial

from wargame.journal.wording import phrases, sentence
from wargame.seat.brief import Brief, brief, information_requests
from wargame.seat.interests import TRUST_IT
from wargame.seat.obligations import standing_procedures
from wargame.seat.options import Answerable, answerable
from wargame.seat.role import RoleSheet, demand_sentence, role_sections, role_sheet
from wargame.web.rendering import MESSAGE_STYLE, render
from wargame.web.screens.clocks import clocks, lead_of, length_of, moment
from wargame.web.screens.hotwash import shared_parts
from wargame.web.screens.seat_inbox import blocks, by_day, in_threads, items_of, open_numbers
from wargame.web.screens.seat_knowledge import concerns, number_of, past, scrubber
from wargame.web.screens.seat_tasks import SOON, DossierChoices, dossiers, orders_under_way, summary, tasks, to_be_done
from wargame.web.screens.seat_views import screen_parts, shows_screen
from wargame.web.viewer import Viewer

STYLES = ("seat.css", "hotwash.css", MESSAGE_STYLE)
"""Static files of this screen besides the common ones."""
OPEN_AT_MOST = 2
"""So many dossiers are open at first; more would be a long page."""
WRITTEN_AT_MOST = 40
"""So many messages of others the page knows when it counts those that a person has not seen."""
MESSAGES_TO_ANSWER = 5
"""Messages of the script, the newest, that an order form offers as what the order answers."""
PLAYED_BY = {"model": "The model holds this seat", "script": "The script holds this seat"}


def parts(viewer: Viewer) -> dict[str, str]:
    """Return the parts of the screen, by key and in order; after the reveal, also of the seat in the address."""
    if viewer.revealed and shows_screen(viewer):
        return screen_parts(viewer)
    console = viewer.console
    exercise, seat = console.session.exercise, console.seat
    now = brief(exercise, seat)
    shown = {"clocks": clocks(console), "brief": now, "watching": PLAYED_BY.get(now.played_by, "")}
    answers = not (shown["watching"] or exercise.done)
    found, unread, items = tasks(console, now), open_numbers(viewer), in_threads(items_of(viewer))
    team = viewer.team(seat) if viewer.team is not None else None
    names = {each.id: each.name for each in viewer.people}
    due = to_be_done(found) + bool(unread) + (len(team["proposals"]) if team is not None else 0)
    under_way = orders_under_way(viewer, now)
    times = {"moment": partial(moment, console), "length": length_of, "now": console.session.clock}
    governments = [(code, sentence(console.name(code))) for code in exercise.governments if code != seat]
    recent, older = blocks(items)
    asked = reversed(information_requests(exercise, seat))
    return {
        "top.bar": render("seat/bar.html", **shown, code=seat),
        "top.nav": render("seat/nav.html", due=due, unread=len(unread), revealed=viewer.revealed),
        "todo.proposals": render("seat/proposals.html", team=team, names=names, over=exercise.done),
        "todo.tasks": render(
            "seat/tasks.html",
            **shown,
            **times,
            tasks=found,
            soon=SOON,
            default=exercise.commands.seats.default,
            due=due,
            unread=unread,
            oldest=next((each.id for each in items if each.open), "inbox"),
            written=[(each.id, each.writer) for each in items if each.writer][-WRITTEN_AT_MOST:],
            begins=console.at_startex,
        ),
        "todo.summary": render("seat/summary.html", summary=summary(console)),
        "todo.under_way": render("seat/under_way.html", **shown, **times, orders=under_way),
        "todo.people": render("seat/people.html", people=viewer.people, team=team, names=names, code=seat),
        "inbox.recent": render("seat/inbox.html", **shown, days=by_day(recent, answers), unread=unread),
        "inbox.older": render(
            "seat/older.html", **shown, blocks=[(by_day(each, answers), len(each)) for each in older]
        ),
        "orders.head": render("seat/orders_head.html", **shown),
        **_options(viewer, now, can_order=answers),
        "orders.free": render("seat/free_order.html", **shown),
        "write.compose": render("seat/compose.html", **shown, governments=governments),
        "write.requests": render(
            "seat/requests.html", requests=[(each, moment(console, each.since)) for each in asked]
        ),
        "know.brief": _knowledge(viewer, now),
        "know.past": render("seat/scrubber.html", scrubber=scrubber(viewer)),
        "role.sheet": _role(viewer, now),
        **shared_parts(viewer, "hotwash"),
    }


def _knowledge(viewer: Viewer, now: Brief) -> str:
    return render(
        "seat/knowledge.html",
        brief=now,
        concerns=concerns(viewer, now),
        trust_words=[*reversed(TRUST_IT)],
        dossiers=sorted(now.dossiers, key=lambda each: (each.meeting or 0, each.dossier)),
        moment=partial(moment, viewer.console),
        number_of=number_of,
    )


def past_at(viewer: Viewer, at: int) -> str:
    """Return what the seat had been sent and knew at second `at`, as HTML for the scrubber."""
    console = viewer.console
    now = viewer.cached("brief", lambda: brief(console.session.exercise, console.seat))
    return render("seat/past.html", past=past(viewer, now, at))


def _options(viewer: Viewer, now: Brief, *, can_order: bool) -> dict[str, str]:
    """Return a part for each dossier, so that only those that change are sent again."""
    every = list(dossiers(viewer, now))
    due = sum(each.due for each in every)
    few = len(every) <= OPEN_AT_MOST
    opened = {each.of.dossier for each in every if few or (each.due and due <= OPEN_AT_MOST)}
    listed = answerable(viewer.console.session.exercise, viewer.console.seat) if can_order else ()
    messages = [each for each in listed if each.name.isdecimal()][:MESSAGES_TO_ANSWER]
    answers = (*(each for each in listed if not each.name.isdecimal()), *messages)
    parts = {each.of.dossier: _dossier(each, each.of.dossier in opened, can_order, answers) for each in every}
    return {f"orders.dossier-{dossier}": part for dossier, part in parts.items()}


@lru_cache(maxsize=256)
def _dossier(dossier: DossierChoices, opened: bool, can_order: bool, answers: tuple[Answerable, ...]) -> str:
    """Return the part of a dossier; most do not change while the clock runs."""
    words = {"lead": lead_of, "length": length_of, "demand": demand_sentence}
    return render("seat/options.html", dossier=dossier, open=opened, can_order=can_order, answers=answers, **words)


def _role(viewer: Viewer, now: Brief) -> str:
    session, seat = viewer.console.session, viewer.console.seat
    calendar = session.exercise.calendar
    sheet: RoleSheet = role_sheet(session.exercise, seat, session.records)
    notes = standing_procedures(session.exercise, seat)
    return render(
        "seat/role.html",
        brief=now,
        sections=role_sections(sheet, calendar.at),
        procedures=[(each, length_of(each.after)) for each in notes],
        modes=phrases("modes"),
    )
