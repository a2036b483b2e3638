"""The review as people write it: its texts as forms, and the areas for improvement that evaluators add on the spot."""

from wargame.errors import WargameError
from wargame.journal.wording import sentence, words
from wargame.language.plain_text import clean
from wargame.review.findings.review_texts import TextRow, read_texts
from wargame.review.findings.reviewer_notes import STATUS
from wargame.simulation.control.adjudication import RATINGS
from wargame.web.rendering import render, render_for
from wargame.web.viewer import Viewer


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
