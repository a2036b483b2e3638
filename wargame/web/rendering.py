"""Templates into HTML, and addresses into QR codes. Every text is escaped unless it is already HTML."""

from collections.abc import Mapping
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


def render_page(screen: str, title: str, parts: Mapping[str, str], **more: Any) -> str:
    """Return the page of a screen with all of its parts; those whose keys share what precedes the point are a group.

    `hashes` are those that the answer to `/api/1/parts` compares. `k` counts the entries sent to the viewer; `person`
    is the id of who looks, empty for the page on which one joins. `styles` and `scripts` are further static files.
    `unprotected` is whether the page is sent through a network without TLS.
    """
    groups: dict[str, list[str]] = {}
    for key in parts:
        groups.setdefault(key.partition(".")[0], []).append(key)
    usual = {"epoch": 0, "k": 0, "person": "", "styles": (), "scripts": (), "unprotected": False}
    shown = {"screen": screen, "title": title, "parts": parts, "groups": groups, "banner": BANNER}
    return render("page.html", **shown, **usual | more)


def qr_svg(address: str) -> str:
    """The address as an SVG picture, without a style of its own, so that it is dark on light in both colour schemes."""
    out = BytesIO()
    picture = segno.make(address, error="m")
    picture.save(out, kind="svg", xmldecl=False, svgns=True, nl=False, omitsize=True, border=3, light="#fff")
    return out.getvalue().decode()
