"""After ENDEX: the hot wash, the views of all sides once revealed, and the review as people write it.

Evaluators add areas for improvement on the spot.
"""

from collections.abc import Sequence
from dataclasses import replace
from weakref import WeakKeyDictionary

from wargame.errors import WargameError
from wargame.journal.judgements import present_judgements
from wargame.journal.records.run import RATINGS
from wargame.journal.wording import sentence, words
from wargame.language.plain_text import clean
from wargame.live.console.console import Console, ReviewLine
from wargame.live.console.evaluation_commands import judged_groups, unrated_objectives
from wargame.live.console.view_commands import QUESTIONS
from wargame.review.findings.review_texts import TextRow, read_texts
from wargame.review.findings.reviewer_notes import STATUS
from wargame.seat.feed import feed
from wargame.simulation.exercise import Exercise
from wargame.web.rendering import render, render_for
from wargame.web.screens.control_overview import NewsLine, news_line
from wargame.web.screens.evaluation import questionnaires_part
from wargame.web.viewer import Viewer

MOST_DAYS = 150
"""Days of the comparison of all sides; of more, the last ones are shown."""


Sent = list[tuple[str, str]]
SideRow = tuple[str, Sent, list[Sent]]
"""A day of the exercise, what all seats were sent then, and what else each was by column: (time, text)."""
ReviewLines = tuple[int, Sequence[ReviewLine], Sequence[ReviewLine]]
"""The number of events, the turning points, and the acts of players."""
_KEPT: WeakKeyDictionary[Exercise, ReviewLines] = WeakKeyDictionary()


def review_lines(console: Console) -> ReviewLines:
    """Return the lines of the review, computed again after each event, but not while the clock runs."""
    session, review = console.session, console.review
    records = sum(record.kind not in ("note", "rating", "expected") for record in session.records)
    kept = _KEPT.get(session.exercise, (-1, (), ()))
    if review is not None and kept[0] != records and not console.wall.running:
        kept = _KEPT[session.exercise] = records, review.turning_points(), review.players()
    return kept


def hotwash_parts(viewer: Viewer, prefix: str = "view.") -> dict[str, str]:
    """Return the hot wash as white cell and evaluators with its view see it; links to causes are for them alone."""
    console = viewer.console
    session, (_, moments, players) = console.session, review_lines(console)
    unrated = [title for _, title in unrated_objectives(session)]
    judged = {"judged": judged_groups(console), "remarks": _remarks(viewer), "unrated": unrated}
    seats = [(name, console.name(name)) for name in session.exercise.governments]
    return {
        f"{prefix}hotwash": render_for(viewer, "control/hotwash.html", questions=QUESTIONS, moments=moments),
        f"{prefix}hotwash-players": render_for(viewer, "control/hotwash_players.html", players=players),
        f"{prefix}hotwash-judged": render("control/hotwash_judged.html", **judged),
        **({f"{prefix}hotwash-reading": reading_part(viewer)} if viewer.receipts is not None else {}),
        f"{prefix}hotwash-reveal": render_for(viewer, "control/reveal.html", seats=seats),
        f"{prefix}hotwash-asked": questionnaires_part(viewer),
        **({f"{prefix}hotwash-sides": sides_part(viewer)} if viewer.revealed else {}),
    }


def _remarks(viewer: Viewer) -> list[NewsLine]:
    """Return notes and ratings, without the judgements that the expected actions show."""
    session = viewer.console.session
    elsewhere = present_judgements(session.records)
    chosen = [each for each in session.records if each.kind in ("note", "rating") and each.seq not in elsewhere]
    return [news_line(session, each) for each in chosen]


def reading_part(viewer: Viewer) -> str:
    """Return how many messages of the script each person has received, opened, acknowledged and answered."""
    items = viewer.console.session.exercise.injector.lines
    found = [
        each for name, item in items.items() if item.released and viewer.receipts for each in viewer.receipts(name)
    ]
    return render("control/hotwash_reading.html", receipts=found)


def shared_parts(viewer: Viewer, group: str) -> dict[str, str]:
    """Return the parts of the hot wash for others than the white cell: none before the facilitator reveals them."""
    if not viewer.revealed:
        return {}
    parts = hotwash_parts(viewer, f"{group}.")
    return {key: html for key, html in parts.items() if not key.endswith(("-reveal", "-judged", "-asked"))}


_SIDES: WeakKeyDictionary[Exercise, tuple[int, list[SideRow]]] = WeakKeyDictionary()


def sides_part(viewer: Viewer) -> str:
    """Return what each seat was sent, side by side, computed once for each number of records."""
    session = viewer.console.session
    names = list(session.exercise.governments)
    number, rows = _SIDES.get(session.exercise, (-1, []))
    if number != len(session.records):
        rows = side_rows(viewer, names)
        _SIDES[session.exercise] = len(session.records), rows
    return render("control/revealed.html", seats=[(name, viewer.console.name(name)) for name in names], rows=rows)


def side_rows(viewer: Viewer, names: list[str]) -> list[SideRow]:
    """Return the days since STARTEX on which a seat was sent something: what all were sent, then the rest by seat."""
    session = viewer.console.session
    startex = session.exercise.calendar.startex
    days: dict[str, dict[int, Sent]] = {}
    for column, name in enumerate(names):
        for item in feed(session.exercise, name, session.records):
            if item.notice is not None and item.record.t >= startex:
                day, time = item.record.at[:10], item.record.at[11:16]
                text = clean(replace(item.notice, letter=0).line())  # each seat counts its own
                days.setdefault(day, {}).setdefault(column, []).append((time, text))
    rows = []
    for day, cells in sorted(days.items())[-MOST_DAYS:]:
        sent = [cells.get(column, []) for column in range(len(names))]
        shared = [line for line in sent[0] if all(line in each for each in sent)] if len(sent) > 1 else []
        rows.append((day, shared, [[line for line in each if line not in shared] for each in sent]))
    return rows


def _choices(viewer: Viewer) -> dict[str, list[tuple[str, str]]]:
    console = viewer.console
    objectives = console.session.exercise.context.scenario.objectives.items()
    governments = [(name, sentence(console.name(name))) for name in console.observed]
    return {"objectives": [(name, clean(spec.title)) for name, spec in objectives], "governments": governments}


def review_parts(viewer: Viewer) -> dict[str, str]:
    """Return the texts of the review as forms; nothing for those without the view of the white cell."""
    desk = viewer.review
    if not viewer.console.sees_all:
        return {}
    rows, texts, fault = list[TextRow](), dict[str, str](), ""
    try:
        rows, texts = (desk.rows(), read_texts(desk.content)) if desk else (rows, texts)
    except WargameError as error:
        fault = str(error)
    shown = [{c: texts.get(row.place_of(c), "") or clean(d) for c, d in row.drafts.items()} for row in rows]
    page = render_for(
        viewer,
        "control/review.html",
        rows=zip(rows, shown, strict=True),
        fault=fault,
        outside=bool(desk and not fault and desk.changed_outside),
        words=words,
        ratings=[(letter, f"{letter}: {meaning}") for letter, meaning in RATINGS.items()],
        states=[(each, each) for each in STATUS],
        **_choices(viewer),
    )
    return {"view.review-texts": page, "view.review-areas": areas_part(viewer)}


def areas_part(viewer: Viewer) -> str:
    """Return the form of an area for improvement, and those written so far: for an evaluator, the own ones."""
    console, by = viewer.console, viewer.console.evaluator.id if viewer.console.evaluator is not None else ""
    lines = [each for each in (viewer.review.lines if viewer.review else ()) if console.sees_all or each.by == by]
    texts = {place: text for line in lines for place, text in line.texts.items()}
    named = (place for place in texts if place.startswith("more_observations/") and place.endswith("/observation"))
    areas = [clean(texts[place], lines=True) for place in named]
    return render("control/areas.html", areas=areas, **_choices(viewer))
