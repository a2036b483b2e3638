"""The policies that a search tries: arms that a Latin hypercube over the levers of a study makes."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from math import prod
from typing import Any

from wargame.batches.study.design import make_points
from wargame.batches.study.model import TRIED, Design, Measure, Search, Study, combined
from wargame.errors import UsageFault
from wargame.scenario.model.questions import Arm


def with_search(study: Study, changes: Mapping[str, Any] | None) -> Study:
    """Return the study with the policies to try as arms and its goals as measures, as long as the search needs.

    It has no search if `changes`, keys of `search` with their values, are None, unless its arms are laid out already.
    UsageFault if it has no search, or none that can be carried out.
    """
    search = study.search
    if search is None or search.split(study.arms)[0]:
        if changes is not None and (search is None or changes):
            message = "add `search: {levers: ...}`" if search is None else "its budget is fixed: leave out the options"
            raise UsageFault(f"{study.name} cannot be searched ({message})")
        return study
    if changes is None:
        return replace(study, search=None)
    if study.design is not None and study.design.kind != "latin_hypercube":
        raise UsageFault(f"a search needs states in no order: a latin_hypercube, not {study.design.kind}")
    goals = tuple(" ".join(each.split()) for each in search.goals) or (study.asked({}).measure,)
    search = replace(search, goals=goals, **changes)
    known = {" ".join(each.formula.split()) for each in study.measures}
    measures = (*study.measures, *(Measure(formula=goal) for goal in goals if goal not in known))
    arms = study.arms | {f"{TRIED}{i:03d}": _arm(search, row) for i, row in enumerate(_rows(search, study.seed), 1)}
    whole = study.design.points if study.design else 1
    runs = -(-(max(search.rounds(arms)) + search.holdout) // whole) * whole
    return replace(study, search=search, arms=arms, baseline=study.against, measures=measures, replications=runs)


def _rows(search: Search, seed: int) -> list[tuple[float, ...]]:
    """Return values of the levers: all combinations if there are few enough, else a hypercube without repetitions."""
    levels = [lever.levels for lever in search.levers.values()]
    if all(levels) and prod(map(len, levels)) <= search.policies:
        return list(product(*levels))
    hypercube = Design(kind="latin_hypercube", points=search.policies)
    return list(dict.fromkeys(make_points(hypercube, search.levers, seed).values))


def _arm(search: Search, values: tuple[float, ...]) -> Arm:
    """Return the arm with these values of the levers, which its title says."""
    changes, words = list[Arm](), list[str]()
    for (name, lever), value in zip(search.levers.items(), values, strict=True):
        if lever.choices:
            changes.append(lever.choices[int(value)])
        elif lever.set is not None:
            changes.append(Arm(set=(f"{lever.set}={value!r}",)))
        else:
            changes.append(Arm(parameters={lever.parameter or "": value}))
        words.append(f"{lever.title or name}: {lever.within(value, value)}")
    return replace(combined(changes), title="; ".join(words))
