"""Governments, leaders, strategies, pacts and the map: references between them, and options that can be carried out."""

from wargame.errors import shortened
from wargame.scenario.building.draft import Draft, PathStep
from wargame.scenario.checks.formulas import users
from wargame.scenario.model import Demand
from wargame.scenario.model.governments import WEEKDAYS
from wargame.scenario.model.indicators import RESERVED, ROLES


def check_governments(draft: Draft) -> None:
    """Report inconsistencies between governments, their leaders and pacts."""
    scenario = draft.scenario
    for name, government in scenario.governments.items():
        if name in RESERVED:
            message = f"a government cannot be called '{name}': formulas use the word"
            draft.fault(("governments", name), message, key=True)
        if name.lower() in ROLES:
            message = f"a government cannot be called '{name}': the console uses it for somebody else"
            draft.fault(("governments", name), message, key=True)
        leads(draft, government.leader, name, ("governments", name, "leader"))
        if not set(WEEKDAYS).difference(government.weekend):
            draft.fault(("governments", name, "weekend"), "no working day is left", "leave one day of the week out")
        if not government.dossiers:
            draft.fault(("governments", name, "dossiers"), f"{name} has no dossier")
    if len(draft.reading.ids["government"]) == 1:
        draft.fault(("governments",), "a scenario needs at least two governments", key=True)
    for first, second in scenario.pacts:
        if first == second:
            draft.fault(("pacts",), f"{first} cannot have a pact with itself")
    for name, leader in scenario.leaders.items():
        if leader.government in leader.regard:
            draft.fault(("leaders", name, "regard", leader.government), "regard is for other governments", key=True)
        for option in leader.leanings:
            can(draft, leader.government, option, ("leaders", name, "leanings", option), key=True)


def check_roles(draft: Draft) -> None:
    """Report role sheets without text, or with leaders of others."""
    for name, role in draft.scenario.roles.items():
        path: tuple[PathStep, ...] = ("roles", name)
        if not (role.situation.strip() or role.tasks or role.leaders):
            remedy = "write `situation`, `tasks` or `leaders`, or remove it"
            draft.fault(path, f"the role of {name} has no text", remedy)
        for place, task in enumerate(role.tasks):
            check_sentence(draft, task, (*path, "tasks", place))
        for leader, motives in role.leaders.items():
            leads(draft, leader, name, (*path, "leaders", leader), key=True)
            for field in ("wants", "fears"):
                for place, text in enumerate(getattr(motives, field)):
                    check_sentence(draft, text, (*path, "leaders", leader, field, place))


def check_sentence(draft: Draft, text: str, path: tuple[PathStep, ...]) -> None:
    """Report a sentence of a role or a task without words."""
    if not text.strip():
        draft.fault(path, "this sentence is empty", "write it or remove it")


def check_strategies(draft: Draft) -> None:
    """Report strategies without stages, and what they favour or demand in vain."""
    followers = users(draft)
    for name, strategy in draft.scenario.strategies.items():
        if not strategy.stages:
            draft.fault(("strategies", name, "stages"), "a strategy needs at least one stage")
        for place, stage in enumerate(strategy.stages):
            path = ("strategies", name, "stages", place)
            for key in stage.favours:
                _check_favour(draft, key, (*path, "favours", key))
            for number, demand in enumerate(stage.demands):
                _check_demand(draft, demand, (*path, "demands", number), followers[name])


def _check_favour(draft: Draft, key: str, path: tuple[PathStep, ...]) -> None:
    words = key.split()
    if not 1 <= len(words) <= 2:
        draft.fault(path, f"'{shortened(key)}' must be `option` or `option TARGET`", key=True)
    elif draft.knows(path, "option", words[0], key=True):
        for target in words[1:]:
            if draft.knows(path, "government", target, key=True):
                aims(draft, words[0], target, path, key=True)


def _check_demand(draft: Draft, demand: Demand, path: tuple[PathStep, ...], senders: tuple[str, ...]) -> None:
    if demand.of in senders and len(senders) == 1:
        draft.fault((*path, "of"), f"{demand.of} cannot make a demand to itself")
    if not demand.wants:
        draft.fault((*path, "wants"), "a demand needs at least one option")
    for option in demand.wants:
        can(draft, demand.of, option, (*path, "wants", option))
    for field in ("inducement", "threat"):
        name = getattr(demand, field)
        option_spec = draft.scenario.options.get(name) if name else None
        if option_spec and option_spec.to:
            aims(draft, str(name), demand.of, (*path, field))
        # A strategy without a leader may be used by any government: it is enough that one of them can do it.
        if option_spec and senders and not set(senders) & set(option_spec.by):
            can(draft, senders[0], name, (*path, field))


def leads(draft: Draft, leader: str, government: str, path: tuple[PathStep, ...], *, key: bool = False) -> None:
    """Report, at `path`, a leader of another government."""
    profile = draft.scenario.leaders.get(leader)
    if profile and profile.government != government:
        draft.fault(path, f"'{leader}' leads {profile.government}, not {government}", key=key)


def can(draft: Draft, government: str, option: str, path: tuple[PathStep, ...], *, key: bool = False) -> None:
    """Report, at `path`, an option that this government does not have."""
    option_spec = draft.scenario.options.get(option)
    if option_spec and draft.has("government", government) and government not in option_spec.by:
        remedy = f"it is an option of {', '.join(option_spec.by)}" if option_spec.by else "no government can do it"
        draft.fault(path, f"{government} cannot do '{option}'", remedy, key=key)


def aims(draft: Draft, option: str, target: str, path: tuple[PathStep, ...], *, key: bool = False) -> None:
    """Report, at `path`, an option that cannot have this target."""
    option_spec = draft.scenario.options.get(option)
    if option_spec and draft.has("government", target) and target not in option_spec.to:
        remedy = f"possible targets: {', '.join(option_spec.to)}" if option_spec.to else "it has no target"
        draft.fault(path, f"{target} cannot be the target of '{option}'", remedy, key=key)


def check_map(draft: Draft) -> None:
    """Report an area that is empty, and what is at two places."""
    found = draft.scenario.map
    if found is None:
        return
    west, south, east, north = found.area
    if not (west < east <= west + 360 and south < north and all(found.size)):
        message = "the area is empty, too small, or larger than the world"
        draft.fault(("map", "area"), message, "write west, south, east and north, in this order")
    places: dict[str, str] = {}
    for name, place in found.places.items():
        for key, each in (("seat", place.seat), *(("options", option) for option in place.options)):
            if each is not None and places.setdefault(each, name) != name:
                draft.fault(("map", "places", name, key), f"'{each}' is already at '{places[each]}'", "name one place")
