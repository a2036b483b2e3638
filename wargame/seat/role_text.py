"""A role sheet in sentences: sections with a title, which the console, a printed page or a browser lays out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from wargame.journal.wording import called, joined, sentence
from wargame.language.plain_text import clean
from wargame.language.times import format_duration
from wargame.seat.interests import TRUST_IT, Interest
from wargame.seat.role import Contact, Duty, Policy, PolicyDemand, RoleSheet, Terms

STRONG = 0.5
"""Interests with at least this share of the strongest one are named first."""
GIVEN_UP = 2
"""Options of one party that the text of an agreement names."""


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


def _sections(sheet: RoleSheet, at: Callable[[int], datetime]) -> Iterator[Section]:
    yield Section("Who you are", (_identity(sheet), _span(sheet, at)))
    yield Section("The situation", (sheet.situation,) if sheet.situation else ())
    yield Section("What you want", (), sheet.wants or tuple(_weights(sheet.interests, "want a rise of", 1.0)))
    yield Section("What you fear", (), sheet.fears or tuple(_weights(sheet.interests, "fear a rise of", -1.0)))
    yield Section("Your tasks", (), sheet.tasks)
    yield Section("Objectives of the exercise", (), sheet.objectives)
    yield Section("What you decide", (_deadline(sheet),), tuple(map(_duty, sheet.duties)))
    yield Section("Your standing procedures", tuple(_procedures(sheet.procedures)))
    yield Section("Whom you can talk to", (TALK,), tuple(map(_contact, sheet.contacts)))
    yield Section("Your policy", tuple(_policy(sheet.policy)) if sheet.policy else ())
    yield Section("Agreements that you could conclude", (), tuple(map(_terms, sheet.terms)))
    talks = (f"{each.title}, with {joined(each.partners)}: {each.state}" for each in sheet.talks)
    yield Section("Talks and councils to which you belong", (), tuple(talks))
    if not sheet.situation:
        yield Section("What was reported before STARTEX", (), sheet.reports)


TALK = (
    "You can send messages, offers and demands to any government, and call a vote. The white cell (EXCON) rules on "
    "orders in your own words, and answers requests for information (rfi) and for everyone who is not in the room."
)


def _identity(sheet: RoleSheet) -> str:
    leader = f" In office: {sheet.leader}." if sheet.leader else " Nobody is in office at present."
    return f"You are the leadership of {called(sheet.name)}.{leader} You decide and speak for your government."


def _span(sheet: RoleSheet, at: Callable[[int], datetime]) -> str:
    first, last = at(sheet.startex), at(sheet.end)
    return f"The exercise '{sheet.exercise}' runs from {_date(first)} (STARTEX) to {_date(last)} (ENDEX) at the latest."


def _date(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y, %H:%M}"


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


def _policy(policy: Policy) -> Iterator[str]:
    yield f"Your government follows this policy: {policy.title}. You may depart from it."
    yield from map(demand_sentence, policy.demands)


def demand_sentence(demand: PolicyDemand) -> str:
    """Return what the policy demands of another government, promises and threatens."""
    inducement = f"; in return it {demand.inducement}" if demand.inducement else ""
    threat = f"; if not, it {demand.threat}" if demand.threat else ""
    return f"It demands that {demand.government} {demand.wants}{inducement}{threat}."


def _terms(terms: Terms) -> str:
    gives_up = "; ".join(f"{called(party)} {_few(options)}" for party, options in terms.gives_up if options)
    rules_out = f". It rules out that {gives_up}" if gives_up else ""
    return sentence(f"{terms.title}, with {joined(terms.partners)}: {terms.state}{rules_out}.")


def _few(options: Sequence[str]) -> str:
    shown = " or ".join(options[:GIVEN_UP])
    return f"{shown}, and {len(options) - GIVEN_UP} more" if len(options) > GIVEN_UP else shown


def _duty(duty: Duty) -> str:
    options = "1 option" if duty.options == 1 else f"{duty.options} options"
    return f"{duty.title} ({duty.dossier}): {options}; a meeting about every {format_duration(duty.every)}"


def _deadline(sheet: RoleSheet) -> str:
    due = "A decision falls due at each meeting on a dossier, and earlier when events call for it. "
    if sheet.time_limit is None:
        return f"{due}It has no deadline unless the white cell sets one."
    then = "your staff decides" if sheet.default == "model" else "nothing is done"
    return f"{due}You have {format_duration(sheet.time_limit)} of game time; after that {then}."


def _procedures(titles: Sequence[str]) -> Iterator[str]:
    if titles:
        count = "a standing procedure:" if len(titles) == 1 else f"{len(titles)} standing procedures, such as"
        yield f"Your staff has {count} '{titles[0]}'. When one applies, it is put to you (procedures lists them)."


def _contact(contact: Contact) -> str:
    leader = f", {contact.leader}" if contact.leader else ""
    ally = "an ally by treaty; " if contact.ally else ""
    return f"{contact.name} ({contact.government}){leader}: {ally}you {TRUST_IT[contact.trust]}"
