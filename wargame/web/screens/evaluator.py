"""The screen of an evaluator: what the seats observed see, what there is to judge, and the own notes and ratings."""

from collections.abc import Callable, Sequence
from functools import partial

from wargame.language.times import spoken_duration
from wargame.live.console.command_line import countdown
from wargame.live.console.status_bar import to_judge
from wargame.live.console.waiting import open_decisions
from wargame.web.rendering import MESSAGE_STYLE, render, render_for
from wargame.web.screens import evaluation
from wargame.web.screens.control_overview import control_bar
from wargame.web.screens.evaluation import expected_part, notes_part, objectives_part, questionnaires_part
from wargame.web.screens.hotwash import areas_part, hotwash_parts, review_parts, shared_parts
from wargame.web.screens.seat_views import screen_parts, seat_view_parts, shows_screen
from wargame.web.viewer import PageParts, Viewer

SCREEN = "evaluator"
STYLES = ("hotwash.css", "control.css", MESSAGE_STYLE)
SCRIPTS = ("control.js",)


def parts(viewer: Viewer) -> PageParts:
    """Return the parts of the screen, by key and in order."""
    if shows_screen(viewer):
        return screen_parts(viewer)
    view = viewer.query.get("view", "")
    view = view if view in VIEWS and (view != "review" or viewer.console.sees_all) else "watch"
    return {
        "bar.clock": render_for(viewer, "control/evaluator_clock.html", bar=control_bar(viewer.console)),
        "nav.views": render_for(viewer, "control/evaluator_views.html", judging=to_judge(viewer.console), current=view),
        **VIEWS[view](viewer),
    }


def _watch(viewer: Viewer) -> PageParts:
    console = viewer.console
    observed: Sequence[str] = console.observed
    seat = viewer.query.get("seat", "")
    seat = seat if seat in observed else ""
    chosen = [seat] if seat else list(observed)
    due = open_decisions(console.exercise, *observed) if observed else ()
    return {
        "view.watch-feed": render(
            "control/observed.html",
            lines=evaluation.observed_feed(console, chosen),
            seats=[(name, console.name(name)) for name in observed],
            seat=seat,
            heading=console.name(*chosen) if chosen else "the human seats",
            one=len(chosen) == 1,
            query=f"view=watch&seat={seat}" if seat else "view=watch",
        ),
        "view.watch-notes": notes_part(viewer),
        "view.watch-areas": areas_part(viewer),
        "view.watch-objectives": objectives_part(console),
        "view.watch-dues": render_for(
            viewer, "control/evaluator_due.html", due=due, countdown=partial(countdown, length=spoken_duration)
        ),
        **({"view.watch-questionnaires": asked} if (asked := questionnaires_part(viewer)) else {}),
    }


def _hotwash(viewer: Viewer) -> PageParts:
    if viewer.console.sees_all:
        return hotwash_parts(viewer)
    return shared_parts(viewer, "view") or {"view.hotwash-wait": render_for(viewer, "control/hotwash_wait.html")}


VIEWS: dict[str, Callable[[Viewer], PageParts]] = {
    "watch": _watch,
    "judge": lambda viewer: {
        "view.judge-expected": expected_part(viewer.console),
        "view.judge-objectives": objectives_part(viewer.console),
        "view.judge-notes": notes_part(viewer),
    },
    "seatview": lambda viewer: seat_view_parts(viewer, viewer.console.observed),
    "hotwash": _hotwash,
    "review": review_parts,
}
"""The renderer of the parts of each view."""
