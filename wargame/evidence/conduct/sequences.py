"""Kinds that are a sequence of two events: the classes of acts, and how two events can be related."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from wargame.evidence.conduct.chronicle import Chronicle, Event
from wargame.scenario.model import Scenario


@cache
def written() -> Mapping[str, Any]:
    """Return the content of `kinds.yaml`: `classes` and `kinds`."""
    content: Mapping[str, Any] = yaml.safe_load(files(__package__).joinpath("kinds.yaml").read_text("utf-8"))
    return content


def fits(event: Event, name: str) -> bool:
    """Return whether an event is an action of a class of `kinds.yaml`."""
    spec, option = written()["classes"][name], event.option
    move = option.forum or option.agreement
    if event.kind != "action" or spec.get("decided", event.decided) != event.decided:
        return False
    if spec.get("public") and not (event.decided and option.visibility == "public"):
        return False
    if option.rung < spec.get("rung", 0) or (spec.get("fail") and option.chance == 1.0):
        return False
    if move and "moves" in spec:
        return move.move in spec["moves"]
    coded = option.cameo in spec["codes"] if spec.get("exactly") else option.cameo.startswith(tuple(spec["codes"]))
    return coded and bool(event.whom or not spec.get("targeted"))


def _partners(scenario: Scenario, move: Event) -> frozenset[str]:
    """Return the governments with which an act of talks brings its actor together; none in a council."""
    forum, agreement = move.option.forum, move.option.agreement
    if forum:
        spec = scenario.forums[forum.name]
        return frozenset(() if spec.council else spec.members) - {move.who}
    return frozenset(scenario.agreements[agreement.name].parties if agreement else (move.whom,)) - {move.who, ""}


def _against_partner(scenario: Scenario, act: Event, move: Event) -> bool:
    others = _partners(scenario, move)
    return act.who == move.who and (act.whom in others or bool(others and not act.whom and fits(act, "test")))


def _took_part(scenario: Scenario, test: Event, talks: Event) -> bool:
    """Return whether the tester was in these talks, and its test offends them; a forum says what offends it."""
    if talks.kind != "forum":
        return bool(talks.whom) and test.who in talks.pair
    offences = scenario.forums[talks.what].offences
    return test.who in talks.named and any(each.fits(test.what, test.who, None) for each in offences)


def _offended(act: Event) -> list[str]:
    """Return the governments whose trust an act without a target, such as a vote, has changed."""
    return [path[6:].partition(",")[0] for path in act.effects if path.startswith("trust[")]


def _has_tests(scenario: Scenario, government: str) -> bool:
    return any(option.chance != 1.0 and government in option.by for option in scenario.options.values())


def _other_order(scenario: Scenario, one: Event, other: Event) -> bool:
    apart = abs(one.ordered - other.ordered) > scenario.rules.response_window / 30
    return one.who == other.who and one.what != other.what and apart


RELATIONS: dict[str, Callable[[Scenario, Event, Event], bool]] = {
    "same_actor": lambda _, e, f: e.who == f.who,
    "same_pair": lambda _, e, f: e.pair == f.pair,
    "elsewhere": lambda _, e, f: len(e.pair & f.pair) == 1 and "043" in (e.option.cameo, f.option.cameo),
    "same_address": lambda _, e, f: e.who == f.who and bool(e.whom) and e.whom in (f.whom or _offended(f)),
    "own_restraint": lambda s, e, f: e.who == f.who and (f.whom == e.whom if f.whom else _has_tests(s, e.who)),
    "repeated": lambda _, e, f: (e.who, e.what, e.whom) == (f.who, f.what, f.whom),
    "mutual": lambda _, e, f: (e.who, e.whom) == (f.whom, f.who),
    "between_them": lambda _, e, f: bool(e.whom) and f.who in e.pair,
    "other_order": _other_order,
    "took_part": _took_part,
    "against_partner": _against_partner,
    "hostile_answer": lambda _, e, f: f.who == e.whom != "" and f.whom in ("", e.who) and f.option.goldstein < 0,
    "friendly_answer": lambda _, e, f: f.who == e.whom != "" and f.whom in ("", e.who) and f.option.goldstein > 0,
    "new_leader": lambda _, e, f: f.kind == "leader" and f.who == e.who,
}
"""Relations of a later event e to an earlier one f, or to one between."""


def sequences(story: Chronicle, kind: Mapping[str, Any]) -> Iterator[tuple[Event, ...]]:
    """Yield the pairs of a later and an earlier event that a kind describes, each earlier event once."""
    related, unless = RELATIONS[kind["related"]], RELATIONS.get(kind.get("unless", ""))
    window, seen = float(Fraction(kind["within"])), set[int]()
    for event in story.events:
        if not fits(event, kind["later"]):
            continue
        for other in story.before(event, window):
            if unless and unless(story.scenario, event, other):
                break
            session = kind.get("session") and other.step == "convened"
            if (session or fits(other, kind["earlier"])) and related(story.scenario, event, other):
                if other.place not in seen:
                    yield event, other
                seen.add(other.place)
                break
