"""Titles of options and injects, and names of targets, in place of their ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wargame.journal import sentences as phrases
from wargame.review.findings.source import RunSource


def title_of_option(source: RunSource, option: str) -> str:
    """The verb phrase of an option, or its id as words."""
    known = source.scenario.options if source.scenario else {}
    return known[option].title if option in known else phrases.words(option)


def title_of_choice(source: RunSource, candidate: Mapping[str, Any]) -> str:
    """The title of an option with its target: `offers talks (Brel)`."""
    return with_target(source, title_of_option(source, str(candidate.get("option", ""))), candidate.get("target"))


def with_target(source: RunSource, title: str, target: object) -> str:
    """A title with the name of its target, unless there is no target or the title contains the name."""
    name = source.name(target)
    return f"{title} ({name})" if target and name not in title else title


def title_of_inject(source: RunSource, inject: str) -> str:
    """The title of an inject, or its id as words."""
    return source.inject_titles.get(inject) or phrases.words(inject)


def any_of(source: RunSource, options: object) -> str:
    """The titles of options of which one is enough: `blockades the strait or fires on ships`."""
    titles = [title_of_option(source, str(option)) for option in options] if isinstance(options, list | tuple) else []
    return " or ".join(titles)
