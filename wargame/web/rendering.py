"""Templates into HTML, and addresses into QR codes. Every text is escaped unless it is already HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

import segno
from jinja2 import Environment

from wargame.journal.template_cache import environment
from wargame.journal.wording import sentence
from wargame.language.plain_text import clean
from wargame.sentence import BANNER
from wargame.web.static_files import static_url
from wargame.web.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Page:
    """The page of a screen with all of its parts.

    `hashes` are those that the answer to `/api/1/parts` compares. `k` counts the entries sent to the viewer; `person`
    is the id of who looks, empty for the page on which one joins. `styles` and `scripts` are further static files.
    `unprotected` is whether the page is sent through a network without TLS.
    """

    screen: str
    title: str
    parts: Mapping[str, str]
    hashes: Mapping[str, str]
    epoch: int = 0
    k: int = 0
    person: str = ""
    styles: Sequence[str] = ()
    scripts: Sequence[str] = ()
    unprotected: bool = False

    @property
    def groups(self) -> Mapping[str, Sequence[str]]:
        """The keys of the parts by group, which is what precedes the point in a key."""
        groups: dict[str, list[str]] = {}
        for key in self.parts:
            groups.setdefault(key.partition(".")[0], []).append(key)
        return groups


@cache
def templates() -> Environment:
    """Return the templates of the package."""
    found = environment("wargame.web", "templates")
    found.filters |= {"clean": clean, "sentence": sentence}
    found.globals["static"] = static_url
    return found


def render(template: str, **context: Any) -> str:
    """Render a template of the package with these values."""
    return templates().get_template(template).render(context)


def render_for(viewer: Viewer, template: str, **context: Any) -> str:
    """Render a template of the control room or an evaluator: it also has the viewer, and `over` after ENDEX."""
    return render(template, viewer=viewer, over=viewer.console.session.exercise.done, **context)


def render_page(page: Page) -> str:
    """Return the HTML of a page."""
    return render("page.html", page=page, banner=BANNER)


def qr_svg(address: str) -> str:
    """The address as an SVG picture, without a style of its own, so that it is dark on light in both colour schemes."""
    out = BytesIO()
    picture = segno.make(address, error="m")
    picture.save(out, kind="svg", xmldecl=False, svgns=True, nl=False, omitsize=True, border=3, light="#fff")
    return out.getvalue().decode()
