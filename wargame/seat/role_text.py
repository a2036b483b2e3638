"""A role sheet in sentences: sections with a title, which the console, a printed page or a browser lays out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from wargame.journal.wording import called, joined, sentence
from wargame.language.plain_text import clean
from wargame.language.times import format_duration
from wargame.seat.interests import TRUST_IT, Interest
from wargame.seat.role import PolicyDemand, RoleSheet

STRONG = 0.5
"""Interests with at least this share of the strongest one are named first."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a role sheet: a title, paragraphs, and a list; paragraphs or the list may be empty."""

    title: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


def role_sections(sheet: RoleSheet, at: Callable[[int], datetime]) -> tuple[Section, ...]:
    """The sections of a role sheet, in the order in which players need them; `at` gives the local time of a second."""
    return tuple(each for each in _sections(sheet, at) if each.paragraphs or each.items)


def role_lines(sheet: RoleSheet, at: Callable[[int], datetime]) -> list[str]:
    """Return a role sheet for a screen."""
    lines = [f"ROLE SHEET for {sheet.name} ({sheet.government})"]
    for section in role_sections(sheet, at):
        lines += ["", f"{section.title}:", *(f"  {text}" for text in section.paragraphs)]
        lines += [f"  - {text}" for text in section.items]
    return [clean(line) for line in lines]


@cache
def _texts() -> Any:
    """Return the sentences, one macro for each."""
    from wargame.journal.template_cache import text_macros

    names = {"called": called, "joined": joined, "length": format_duration, "trust": TRUST_IT}
    return text_macros("wargame.seat", "role.txt.j2", **names)


def demand_sentence(demand: PolicyDemand) -> str:
    """Return what the policy demands of another government, promises and threatens."""
    return str(_texts().demand(demand))


def _sections(sheet: RoleSheet, at: Callable[[int], datetime]) -> Iterator[Section]:
    texts, policy = _texts(), sheet.policy
    yield Section("Who you are", (texts.identity(sheet), texts.span(sheet, at)))
    yield Section("The situation", (sheet.situation,) if sheet.situation else ())
    yield Section("What you want", (), sheet.wants or tuple(_weights(sheet.interests, "want a rise of", 1.0)))
    yield Section("What you fear", (), sheet.fears or tuple(_weights(sheet.interests, "fear a rise of", -1.0)))
    yield Section("Your tasks", (), sheet.tasks)
    yield Section("Objectives of the exercise", (), sheet.objectives)
    yield Section("What you decide", (texts.deadline(sheet),), tuple(map(texts.duty, sheet.duties)))
    yield Section("Your standing procedures", (texts.procedures(sheet.procedures),) if sheet.procedures else ())
    yield Section("Whom you can talk to", (texts.talk(),), tuple(map(texts.contact, sheet.contacts)))
    yield Section("Your policy", (texts.policy(policy), *map(demand_sentence, policy.demands)) if policy else ())
    yield Section("Agreements that you could conclude", (), tuple(sentence(texts.terms(each)) for each in sheet.terms))
    yield Section("Talks and councils to which you belong", (), tuple(map(texts.talks, sheet.talks)))
    if not sheet.situation:
        yield Section("What was reported before STARTEX", (), sheet.reports)


def _weights(interests: Sequence[Interest], verb: str, sign: float) -> Iterator[str]:
    """Interests of one sign: the strong ones first, then the others."""
    top = max((abs(each.weight) for each in interests), default=0.0)
    chosen = [each for each in interests if each.weight * sign > 0]
    strong = [each.title for each in chosen if abs(each.weight) >= STRONG * top]
    others = [each.title for each in chosen if abs(each.weight) < STRONG * top]
    if strong:
        yield f"Above all you {verb}: {joined(strong)}."
    if others:
        yield f"You also {verb}: {joined(others)}." if strong else f"You {verb}: {joined(others)}."
