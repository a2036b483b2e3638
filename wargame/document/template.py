"""HTML templates: autoescape for everything, a strict content security policy, and the assets that pages include."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from wargame.document.formatting import date_time
from wargame.journal import wording
from wargame.journal.template_cache import TemplateCache
from wargame.language.plain_text import clean_lines

_NUMBER = re.compile(r"\[#(\d+)\]")


@cache
def asset(name: str) -> str:
    """An asset of the pages, as text."""
    return (resources.files("wargame.document") / "assets" / name).read_text(encoding="utf-8")


def policy(style: str, script: str = "", *, pictures: bool = False) -> str:
    """The content security policy: only this style and this script run, and nothing is loaded."""
    rules = ["default-src 'none'", f"style-src '{_hash(style)}'"]
    rules += [f"script-src '{_hash(script)}'"] if script else []
    rules += ["img-src data:"] if pictures else []
    return "; ".join([*rules, "base-uri 'none'", "form-action 'none'"])


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("wargame.document", "assets"),
        autoescape=True,
        bytecode_cache=TemplateCache(),
        undefined=StrictUndefined,
        finalize=lambda value: clean_lines(value) if type(value) is str else value,
    )
    environment.filters |= {
        "words": lambda text: wording.words(str(text or "")),
        "linked": linked,
        "exact": date_time,
        "breakable": breakable,
        "sentence": wording.sentence,
        "without": without,
    }
    return environment


def template(name: str) -> Any:
    """A template by its file name."""
    return _environment().get_template(name)


def without(text: str, label: str) -> str:
    """A text without the label that it begins with, where the label is shown beside it."""
    for prefix in (f"{label}: ", f"{label} '"):
        if text.lower().startswith(prefix):
            return wording.sentence(text[len(prefix) - prefix.endswith("'") :])
    return text


def linked(text: str) -> Markup:
    """Text in which `[#12]` is a link to record 12."""
    parts = _NUMBER.split(text)
    return Markup("").join(
        Markup('<a class="record" href="#r{0}">#{0}</a>').format(part) if place % 2 else clean_lines(part)
        for place, part in enumerate(parts)
    )


def breakable(text: str) -> Markup:
    """An id or a formula, which may be broken after each underscore."""
    return Markup("_<wbr>").join(clean_lines(part) for part in text.split("_"))
