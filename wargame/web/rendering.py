"""Templates into HTML, and addresses into QR codes. Every text is escaped unless it is already HTML."""

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any
from urllib.parse import quote

import segno
from jinja2 import Environment
from starlette.responses import Response

from wargame.document.html import asset
from wargame.journal.records.script import AttachedFile
from wargame.journal.template_cache import environment
from wargame.journal.wording import called, date, sentence
from wargame.language.plain_text import clean
from wargame.seat.messages import message_style
from wargame.sentence import BANNER
from wargame.tables import tables
from wargame.web.endpoints import PREFIX
from wargame.web.viewer import Viewer


@cache
def templates() -> Environment:
    """Return the templates of the package."""
    found = environment("wargame.web", "templates")
    found.filters |= {"clean": clean, "sentence": sentence, "called": called, "date": date}
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
    """Return the address as an SVG picture without a style, dark on light in both colour schemes."""
    out = BytesIO()
    picture = segno.make(address, error="m")
    picture.save(out, kind="svg", xmldecl=False, svgns=True, nl=False, omitsize=True, border=3, light="#fff")
    return out.getvalue().decode()


TYPES: Mapping[str, str] = tables("web/types.yaml")["files"]
"""The types of files that are served, by the end of their names."""
MESSAGE_STYLE = "message.css"
"""The style of messages of the script, which the review and the printed pages use as well."""


@cache
def static_files() -> dict[str, bytes]:
    """Return all static files by name."""
    folder = files("wargame.web") / "static"
    own = {
        each.name: each.read_bytes()
        for each in folder.iterdir()
        if each.is_file() and any(each.name.endswith(end) for end in TYPES)
    }
    return own | {MESSAGE_STYLE: message_style().encode(), "map.css": asset("map.css").encode()}


@cache
def static_url(name: str) -> str:
    """Return the address of a static file; it changes with the content, so that browsers may keep it."""
    return f"/static/{name}?v={static_hash(name)}"


@cache
def static_hash(name: str) -> str:
    """Return a hash of the content."""
    return hashlib.sha256(static_files()[name]).hexdigest()[:16]


def content_type(name: str) -> str:
    """Return the type of a static file."""
    return TYPES["." + name.rpartition(".")[2]]


_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


def attachment_url(attached: AttachedFile) -> str:
    """Return the address of an attachment; only those who have received the attachment get an answer there."""
    return f"{PREFIX}/attachments/{attached.sha256}"


def attachment_response(attached: AttachedFile, data: bytes, asked_range: str, known: str) -> Response:
    """Return the bytes, or the range of them that is asked for. `known` is the hash that the browser has already.

    Browsers ask again each time, so that nobody sees a file that is no longer theirs. Its content is not executed.
    """
    headers = {
        "Cache-Control": "private, no-cache",
        "ETag": f'"{attached.sha256}"',
        "Accept-Ranges": "bytes",
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(attached.file)}",
    }
    if known == headers["ETag"]:
        return Response(None, 304, headers)
    found = _RANGE.fullmatch(asked_range)
    if found is None or not (found[1] or found[2]):
        return Response(data, 200, headers, attached.media_type)
    first = int(found[1]) if found[1] else max(0, len(data) - int(found[2]))
    last = min(int(found[2]), len(data) - 1) if found[1] and found[2] else len(data) - 1
    if first > last:
        return Response(None, 416, headers | {"Content-Range": f"bytes */{len(data)}"})
    headers |= {"Content-Range": f"bytes {first}-{last}/{len(data)}"}
    return Response(data[first : last + 1], 206, headers, attached.media_type)
