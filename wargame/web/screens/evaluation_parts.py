"""Expected actions, objectives and notes as parts of a page, for evaluators and for the white cell."""

from __future__ import annotations

from wargame.live.console.console import Console
from wargame.web.rendering import render
from wargame.web.screens import evaluation
from wargame.web.screens.control_overview import news_line
from wargame.web.viewer import Viewer


def evaluation_parts(viewer: Viewer) -> dict[str, str]:
    """All parts of the evaluation."""
    return {
        "view.notes-notes": notes_part(viewer),
        "view.notes-objectives": objectives_part(viewer.console),
        "view.notes-expected": expected_part(viewer.console),
    }


def notes_part(viewer: Viewer) -> str:
    """The form of a note, about the record that the address names, and the notes so far."""
    console, about = viewer.console, viewer.look.get("about", "").lstrip("#")
    records, text = console.session.records, ""
    if about.isdecimal() and int(about) < len(records) and console.sees_all:
        text = news_line(console.session, records[int(about)]).text
    about = f"#{about}" if about.isdecimal() else about
    return render(
        "control/notes.html",
        notes=evaluation.notes(console),
        about=about,
        about_text=text,
        tags=evaluation.TAG_CHOICES,
    )


def objectives_part(console: Console) -> str:
    """The objectives with the form of a rating each."""
    objectives, ratings = evaluation.objectives(console), evaluation.RATING_CHOICES
    return render("control/objectives.html", objectives=objectives, ratings=ratings)


def expected_part(console: Console) -> str:
    """The expected actions with the form of a judgement each."""
    items = evaluation.expected_actions(console)
    judging = sum(each.to_judge for each in items)
    return render(
        "control/judged.html",
        items=items,
        statuses=evaluation.STATUS_CHOICES,
        heading=f"{judging} to judge, {len(items)} in all",
        evidence=lambda item: [(each.seq, each.text) for each in item.evidence],
    )
