"""A printed document: its sections, each in a template, on sheets that repeat their heading."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from wargame.dataclasses import dataclass, field
from wargame.journal.template_cache import environment
from wargame.journal.wording import called
from wargame.language.plain_text import clean_lines
from wargame.language.times import Time, format_duration
from wargame.live.timetable import clock_text
from wargame.scenario.journal_context import titles
from wargame.scenario.model import ExpectedAction, Inject, Scenario
from wargame.scenario.trigger_phrases import Wording, trigger_phrase
from wargame.seat.messages import Message, Showing, Source, message_html, message_style
from wargame.sentence import BANNER
from wargame.world.calendar import RunCalendar


@dataclass(frozen=True, slots=True)
class PaperSection:
    """A part of a pack that begins on a new sheet: whose it is, its title, its template and what that shows as `v`."""

    reader: str
    title: str
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What the head of each sheet says."""
        return self.title if self.title.startswith(self.reader) else f"{self.reader}: {self.title}"


def document(title: str, sections: Iterable[PaperSection], *, landscape: bool = False) -> str:
    """Return the whole page. It loads nothing from any host; the templates escape all text."""
    values = {"title": title, "sections": list(sections), "landscape": landscape}
    page = _templates().get_template("page.html")
    return clean_lines(page.render(**values, banner=BANNER, message_style=message_style()) + "\n")


@cache
def _templates() -> Environment:
    def card(message: Message, pictures: Source) -> str:
        return Markup(message_html(message, Showing(pictures, to_fill_in=True)))  # noqa: S704 - its template escapes

    templates = environment("wargame.live.paper", "templates")
    templates.filters |= {"duration": format_duration, "message_card": card, "paragraphs": _paragraphs}
    templates.filters |= {"breakable": _breakable, "called": called}
    templates.filters |= {"addressees": _addressees, "when": _released_when, "options": _options, "room": clock_text}
    return templates


def _paragraphs(text: str) -> list[str]:
    """Return paragraphs, which are separated by empty lines."""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def _addressees(inject: Inject) -> str:
    """Return who receives an inject, by codes."""
    return "white cell" if inject.kind == "facilitation" else ", ".join(inject.audience) or "all"


def _released_when(inject: Inject, scenario: Scenario) -> str:
    """Return the date of an inject, or what triggers it."""
    calendar = RunCalendar(scenario.calendar)

    def moment(time: Time, *, short: bool = False) -> str:
        return calendar.minute(calendar.seconds(time), short=short)

    names = titles(scenario)
    wording = Wording(moment, partial(moment, short=True), option=lambda option: f"'{names.option(option)}'")
    return trigger_phrase(inject, replace(wording, government=names.government))[0]


def _options(action: ExpectedAction, scenario: Scenario) -> list[str]:
    """Return the titles of the options that count as an expected action."""
    return [scenario.options[option].title for option in action.any_of]


def _breakable(cells: Markup) -> Markup:
    """Return cells whose names can be broken after each `_`, since columns are narrow."""
    return Markup(re.sub(r"_(?=[^<>]*<)", "_<wbr>", cells))  # noqa: S704 - between tags alone
