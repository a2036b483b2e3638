"""What a seat may order, by dossier: each option with its description, its targets, and why it is not available."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wargame.journal.wording import sentence
from wargame.seat.brief import Brief
from wargame.seat.feed import reader_of
from wargame.seat.option_description import OptionDescription, describe_option
from wargame.seat.options import DossierOptions, OptionEntry, seat_options
from wargame.seat.role_text import demand_sentence
from wargame.web.screens.clocks import lead_of, length_of
from wargame.web.viewer import Viewer

VISIBLE_TO = {
    "public": "all governments",
    "private": "you and the target",
    "covert": "you, and the governments that detect it",
}
"""Visibility of an option -> who learns of the action."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option toward one or more targets.

    `targets` are codes with names, `towards` the names in a sentence; `why_not` says what prevents it. `example` is a
    condition for a standing order.
    """

    id: str
    option: str
    title: str
    targets: tuple[tuple[str, str], ...]
    towards: str
    takes: str
    facts: tuple[tuple[str, str], ...]
    example: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier: what can be ordered now, what cannot, and what has to wait for a stage of talks."""

    dossier: str
    title: str
    due: bool
    available: tuple[Choice, ...]
    late: tuple[Choice, ...]
    """What could be ordered, but would usually be carried out after ENDEX only."""
    blocked: tuple[Choice, ...]
    at_another_stage: tuple[str, ...]


def dossiers(viewer: Viewer, brief: Brief) -> tuple[Dossier, ...]:
    """Return all dossiers in the order of the scenario, so that their places on the page stay the same."""
    console = viewer.console
    options = seat_options(console.session.exercise, console.seat)
    conditions = {each.name: f"{each.path} > {(each.low + each.high) / 2:g}" for each in reversed(brief.values)}
    return tuple(_dossier(viewer, each, conditions) for each in options.dossiers)


def _dossier(viewer: Viewer, each: DossierOptions, conditions: Mapping[str, str]) -> Dossier:
    stage = [entry for entry in each.blocked if entry.obstacle and entry.obstacle.kind == "talks"]
    blocked = [entry for entry in each.blocked if entry not in stage]
    return Dossier(
        each.dossier,
        each.title,
        each.due and not viewer.console.session.exercise.done,
        tuple(_choice(viewer, entry, "now", conditions) for entry in each.available if not entry.too_late),
        tuple(_choice(viewer, entry, "now", conditions) for entry in each.available if entry.too_late),
        tuple(_choice(viewer, entry, f"later{place}", conditions) for place, entry in enumerate(blocked)),
        tuple(dict.fromkeys(sentence(entry.title) for entry in stage)),
    )


def _choice(viewer: Viewer, entry: OptionEntry, when: str, conditions: Mapping[str, str]) -> Choice:
    console = viewer.console
    exercise = console.session.exercise
    described = describe_option(exercise, console.seat, entry.option)
    titles = viewer.cached("titles", lambda: reader_of(exercise, console.seat).titles)
    return Choice(
        id=f"{entry.option}-{when}",
        option=entry.option,
        title=sentence(entry.title),
        targets=tuple((code, sentence(titles.government(code))) for code in entry.targets),
        towards=titles.listed(entry.targets) if entry.targets else "",
        takes=lead_of(entry.lead),
        facts=tuple(_facts(described)),
        example=next(
            (conditions[name] for name, _ in described.reads if name in conditions), f"count({entry.option}) > 0"
        ),
        why_not=sentence(entry.obstacle.text) if entry.obstacle else "",
    )


def _facts(option: OptionDescription) -> list[tuple[str, str]]:
    facts = [("Takes", lead_of(option.lead)), ("Visible to", VISIBLE_TO[option.visibility])]
    for label, titles in (("Raises", option.raises), ("Lowers", option.lowers), ("Changes", option.changes)):
        if titles:
            facts.append((label, "; ".join(titles)))
    facts.append(("Escalation", f"rung {option.rung} of the ladder" if option.rung else "not on the ladder"))
    if option.cool_down:
        facts.append(("Again", f"towards the same target after {length_of(option.cool_down)}"))
    if not option.certain:
        facts.append(("Success", "it may fail"))
    if option.move:
        facts.append(("Talks", option.move))
    facts += [("Your policy", demand_sentence(demand)) for demand in option.demands]
    if option.reads:
        facts.append(("Depends on", "; ".join(title for _, title in option.reads)))
    return facts
