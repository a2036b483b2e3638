"""Whether a valid scenario is playable: workload of leaderships, stability, unused options.

Stability is that of a branching process. Responses to an action occur with its prior probabilities
(`Option.responses`): retaliation by one of the hostile options within reach on the ladder, compliance by one of the
friendly options, all equally likely, plus the procedures that the action sets off. The spectral radius of this
next-generation matrix is the long-run number of actions caused by one action. From 1 on, reactions never end.
"""

from functools import cache
from operator import mul, truediv

from wargame.dataclasses import dataclass
from wargame.errors import Problem
from wargame.scenario.building.draft import Draft
from wargame.scenario.building.yaml_nodes import fault
from wargame.scenario.model import Option, Procedure, Scenario

MOST_LOAD = 0.8
"""Share of a leadership's time above which routine meetings leave no room for a crisis."""
ROUNDS = 200

Key = tuple[str, ...]
"""A node of the process: (`hostile`, actor, target, highest rung), (`kind`, actor, target) or (`action`, …)."""
Row = dict[Key, float]


@dataclass(frozen=True, slots=True)
class Sanity:
    """Results that `validate` prints in addition to problems."""

    load: dict[str, float]
    """Share of time that each government's leadership spends in routine meetings, at least 0."""
    radius: float
    """Expected reactions per action in the long run, at least 0."""
    idle: tuple[str, ...]
    """Options that no government can choose and no other element carries out, sorted."""
    refusal: Problem | None
    """The error of `validate` for a radius of 1 or more; a run only warns."""


UNEXAMINED = Sanity({}, 0.0, (), None)
"""The results for a scenario that was examined when its run was made."""


def examine(draft: Draft) -> Sanity:
    """Compute the results and add warnings to `draft`, which has no problems."""
    scenario = draft.scenario
    desks = {name: each.dossiers for name, each in sorted(scenario.governments.items())}
    load = {name: sum(desk.work / desk.every for desk in dossiers.values()) for name, dossiers in desks.items()}
    for name, share in load.items():
        if share > MOST_LOAD:
            message = f"routine meetings take {100 * share:.0f} % of the leadership's time in {name}"
            draft.warn(("governments", name, "dossiers"), message, "less work, or more time between meetings")
    off_menu = [name for name, each in scenario.options.items() if not any(each.dossier in desks[by] for by in each.by)]
    made = {procedure.does for procedure in scenario.procedures.values()}
    made.update(hazard.action.option for hazard in scenario.hazards.values() if hazard.action)
    made.update(row.option for row in scenario.history if row.option)
    made.update(inject.action.option for inject in draft.injects if inject.action)
    idle = tuple(name for name in off_menu if name not in made)
    for name in idle:
        who, dossier = ", ".join(scenario.options[name].by), scenario.options[name].dossier
        draft.warn(("options", name), f"'{name}' can never be chosen: none of {who} has the dossier '{dossier}'")
    moves = [option.forum for option in scenario.options.values() if option.forum is not None]
    proposed = {each.name for each in moves if each.move == "propose"}
    for name in scenario.forums:
        if name not in proposed:
            draft.warn(("forums", name), f"no option proposes the forum '{name}'")
    radius = _radius(draft)
    return Sanity(load, radius, idle, _refusal(draft, radius) if radius >= 1 else None)


def _radius(draft: Draft) -> float:
    """Return the spectral radius, as found before if all that it follows from is the same.

    Under an overlay only one thing is used: whether it is less than 1.
    """
    scenario, known = draft.scenario, draft.reading.known.radii if draft.reading.known else []
    acts = {name: (o.by, o.to, o.goldstein, o.rung, o.responses) for name, o in scenario.options.items()}
    steps = [(leader.government, leader.step) for leader in scenario.leaders.values()]
    content = (acts, steps, scenario.procedures, scenario.rules.violent_rung)
    found = next((radius for before, radius in known if before == content), None)
    if found is None:
        known.append((content, found := _Reactions(scenario).radius(exact=not known)))
    return found


def _refusal(draft: Draft, radius: float) -> Problem:
    def share(item: tuple[str, Option]) -> tuple[float, str]:
        responses = item[1].responses
        total = responses.comply + responses.ignore + responses.retaliate
        return (responses.retaliate / total if total else 0.0), item[0]

    worst = max(draft.scenario.options.items(), key=share)[0]
    message = f"reactions never end: each action causes {radius:.2f} more; this must be less than 1"
    node = draft.locate(("options", worst, "responses"), key=True)
    return fault(node, message, "lower `retaliate`, or raise `ignore`")


class _Reactions:
    """The next-generation matrix, explored from all actions that governments can carry out."""

    def __init__(self, scenario: Scenario) -> None:
        self.options = scenario.options
        self.procedures: dict[str, list[Procedure]] = {}
        for _, procedure in sorted(scenario.procedures.items()):
            for name in procedure.on.options:
                self.procedures.setdefault(name, []).append(procedure)
        self.violent = scenario.rules.violent_rung
        self.steps: dict[str, int] = {}
        for leader in scenario.leaders.values():
            self.steps[leader.government] = max(leader.step, self.steps.get(leader.government, 0))
        self.able: dict[tuple[str, str], list[str]] = {}
        for name, option in self.options.items():
            for actor in option.by:
                for target in option.to:
                    self.able.setdefault((actor, target), []).append(name)
        self.rows: dict[Key, Row] = {}
        self._answering = cache(self._answers)

    def radius(self, *, exact: bool = True) -> float:
        """Return spectral radius by power iteration, shifted by 1 because reactions alternate.

        Unless it must be `exact`, an upper bound below 1 is enough (Collatz and Wielandt).
        """
        starts = {self._shape(*pair): (*pair, names) for pair, names in self.able.items() if pair[0] != pair[1]}
        alone = ((by, "", [name]) for name, option in self.options.items() if not option.to for by in option.by)
        for actor, target, names in (*starts.values(), *alone):
            keys = [key for name in names for key in self._action(actor, name, target)]
            while keys:
                key = keys.pop()
                if key not in self.rows:
                    self.rows[key] = self._row(key)
                    keys.extend(self.rows[key])
        place = {key: number for number, key in enumerate(self.rows)}
        rows = [([place[key] for key in row], list(row.values())) for row in self.rows.values()]
        vector, growth = [1.0] * len(rows), 1.0
        for _ in range(ROUNDS if rows else 0):
            fresh = [
                own + sum(map(mul, weights, map(vector.__getitem__, places)))
                for own, (places, weights) in zip(vector, rows, strict=True)
            ]
            if not exact and (most := float(max(map(truediv, fresh, vector)))) < 2:
                return most - 1.0
            before, growth = growth, max(fresh)
            vector = [value / growth for value in fresh]
            if abs(growth - before) < 1e-6:
                break
        return max(growth - 1.0, 0.0)

    def _shape(self, actor: str, target: str) -> tuple[object, ...]:
        """Return what the reactions between two governments follow from; one of the pairs that are alike is enough."""
        sides = [(self.steps.get(a, 0), *self.able.get((a, b), ())) for a, b in ((actor, target), (target, actor))]
        return (actor, target) if any(name in self.procedures for side in sides for name in side) else tuple(sides)

    def _row(self, key: Key) -> Row:
        if key[0] == "action":
            return self._action(*key[1:])
        names = self._answering(key)
        row: Row = {}
        for name in names:
            for after, weight in self._action(key[1], name, key[2]).items():
                row[after] = row.get(after, 0.0) + weight / len(names)
        return row

    def _answers(self, key: Key) -> list[str]:
        able = self.able.get((key[1], key[2]), [])
        if key[0] == "kind":
            return [name for name in able if self.options[name].goldstein > 0]
        return [name for name in able if self.options[name].goldstein < 0 and self.options[name].rung <= int(key[3])]

    def _action(self, actor: str, name: str, target: str) -> Row:
        """Return the reactions to one action, with weights that sum to their expected number."""
        option, row = self.options[name], Row()
        total = option.responses.comply + option.responses.ignore + option.responses.retaliate
        if target and total:
            cap = option.rung + self.steps.get(target, 0)
            highest = cap if option.rung >= self.violent else min(cap, self.violent - 1)
            row[("hostile", target, actor, str(highest))] = option.responses.retaliate / total
            row[("kind", target, actor)] = option.responses.comply / total
            row = {key: weight for key, weight in row.items() if weight and self._answering(key)}
        for procedure in self.procedures.get(name, ()):
            if procedure.on.fits(name, actor, target) and procedure.government != actor:
                back = actor if procedure.to == "actor" else procedure.to or ""
                key = ("action", procedure.government, procedure.does, back)
                row[key] = row.get(key, 0.0) + procedure.chance
        return row
