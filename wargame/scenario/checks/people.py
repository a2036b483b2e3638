"""Governments, leaders, strategies and pacts: who belongs to whom and can do what is asked of them."""

from __future__ import annotations

from wargame.scenario.building.draft import Draft, Step
from wargame.scenario.checks.formulas import users
from wargame.scenario.model import Demand, Stage
from wargame.scenario.model.names import RESERVED


def check(draft: Draft) -> None:
    """Reports what does not fit between governments, their leaders and their strategies."""
    _check_governments(draft)
    _check_leaders(draft)
    _check_strategies(draft)
    for first, second in draft.scenario.pacts:
        if first == second:
            draft.fault(("pacts",), f"a pact of {first} with itself")


def _check_governments(draft: Draft) -> None:
    scenario = draft.scenario
    for name, government in scenario.governments.items():
        if name in RESERVED:
            draft.fault(("governments", name), f"no government can be called '{name}': formulas use the word", key=True)
        leader = scenario.leaders.get(government.leader)
        if leader and leader.government != name:
            draft.fault(("governments", name, "leader"), f"'{government.leader}' leads {leader.government}, not {name}")
        if not government.dossiers:
            draft.fault(("governments", name, "dossiers"), f"{name} has no dossier on its desk")
    if len(draft.reading.ids["government"]) == 1:
        draft.fault(("governments",), "a scenario needs at least two governments", key=True)


def _check_leaders(draft: Draft) -> None:
    for name, leader in draft.scenario.leaders.items():
        if leader.government in leader.regard:
            draft.fault(("leaders", name, "regard", leader.government), "regard is for other governments", key=True)
        for option in leader.leanings:
            can(draft, leader.government, option, ("leaders", name, "leanings", option), key=True)


def _check_strategies(draft: Draft) -> None:
    followers = users(draft)
    for name, strategy in draft.scenario.strategies.items():
        if not strategy.stages:
            draft.fault(("strategies", name, "stages"), "a strategy needs at least one stage")
        for place, stage in enumerate(strategy.stages):
            path = ("strategies", name, "stages", place)
            _check_favours(draft, stage, path)
            for number, ask in enumerate(stage.demands):
                _check_ask(draft, ask, (*path, "demands", number), followers[name])


def _check_favours(draft: Draft, stage: Stage, path: tuple[Step, ...]) -> None:
    ids = draft.reading.ids
    for key in stage.favours:
        place = (*path, "favours", key)
        words = key.split()
        if len(words) > 2 or not words:
            draft.fault(place, f"'{key[:60]}' must be `option` or `option TARGET`", key=True)
        elif words[0] not in ids["option"]:
            draft.unknown(place, "option", words[0], key=True)
        elif words[1:] and words[1] not in ids["government"]:
            draft.unknown(place, "government", words[1], key=True)
        elif words[1:]:
            aims(draft, words[0], words[1], place, key=True)


def _check_ask(draft: Draft, ask: Demand, path: tuple[Step, ...], askers: tuple[str, ...]) -> None:
    if ask.of in askers and len(askers) == 1:
        draft.fault((*path, "of"), f"{ask.of} asks itself")
    if not ask.wants:
        draft.fault((*path, "wants"), "an ask wants at least one option")
    for wanted in ask.wants:
        can(draft, ask.of, wanted, (*path, "wants", wanted))
    for field in ("inducement", "threat"):
        option = getattr(ask, field)
        made = draft.scenario.options.get(option) if option else None
        # A strategy that no leader has yet may be anybody's: it is enough that one government can keep its word.
        if made and askers and not set(askers) & set(made.by):
            can(draft, askers[0], option, (*path, field))


def can(draft: Draft, government: str, option: str, path: tuple[Step, ...], *, key: bool = False) -> None:
    """Reports, at `path`, an option that this government cannot do."""
    made = draft.scenario.options.get(option)
    if made and draft.has("government", government) and government not in made.by:
        draft.fault(path, f"{government} cannot do '{option}'", f"it is for {', '.join(made.by) or 'nobody'}", key=key)


def aims(draft: Draft, option: str, target: str, path: tuple[Step, ...], *, key: bool = False) -> None:
    """Reports, at `path`, an option that cannot be done to this government."""
    made = draft.scenario.options.get(option)
    if made and draft.has("government", target) and target not in made.to:
        remedy = f"it can be done to {', '.join(made.to)}" if made.to else "it has no target"
        draft.fault(path, f"'{option}' cannot be done to {target}", remedy, key=key)
