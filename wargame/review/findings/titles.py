"""Titles of options and injects, in place of their ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wargame.journal import sentences as phrases
from wargame.review.findings.source import RunSource

ANY_OF = "any of:"
"""How the text of an expected action begins that accepts several options and has no title of its own."""


def title_of_option(source: RunSource, option: str) -> str:
    """The verb phrase of an option, or its id as words."""
    known = source.scenario.options if source.scenario else {}
    return known[option].title if option in known else phrases.words(option)


def title_of_choice(source: RunSource, candidate: Mapping[str, Any]) -> str:
    """The title of an option with its target: `offers talks (BRL)`."""
    target = candidate.get("target")
    return title_of_option(source, str(candidate.get("option", ""))) + (f" ({target})" if target else "")


def title_of_inject(source: RunSource, inject: str) -> str:
    """The title of an inject, or its id as words."""
    return source.inject_titles.get(inject) or phrases.words(inject)


def any_of(source: RunSource, options: object) -> str:
    """The titles of options of which one is enough: `any of: ...` if there are several."""
    titles = [title_of_option(source, str(option)) for option in options] if isinstance(options, list | tuple) else []
    return f"{ANY_OF} {', '.join(titles)}" if len(titles) > 1 else "".join(titles)
