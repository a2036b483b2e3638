"""The policies that a search tries: arms that a Latin hypercube over the levers of a study makes."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from wargame.batches.study.design import make_points
from wargame.batches.study.model import BASELINE, Design, Factor, Measure, Search, Study, combined
from wargame.errors import UsageFault
from wargame.scenario.model.questions import Arm

TRIED, MOST_FOUND, LEAST = "tried_", 4, 2


def with_search(study: Study) -> Study:
    """Return the study with the policies that its search tries as arms, unless they are; UsageFault for a grid."""
    search, own = study.search, study.arms or {BASELINE: Arm()}
    if search is None or tried(own):
        return study
    if study.design and study.design.kind != "latin_hypercube":
        raise UsageFault(f"a search needs states in no order: a latin_hypercube, not {study.design.kind}")
    rows = make_points(Design(kind="latin_hypercube", points=search.policies), search.levers, study.seed).values
    arms = own | {f"{TRIED}{i:03d}": _arm(search.levers, row) for i, row in enumerate(dict.fromkeys(rows), 1)}
    known = {" ".join(each.formula.split()) for each in study.measures}
    goals = tuple(" ".join(each.split()) for each in search.goals)
    measures = (*study.measures, *(Measure(formula=goal) for goal in goals if goal not in known))
    runs = max(rounds(search, arms)) + search.holdout
    search, baseline = replace(search, goals=goals), replace(study, arms=own).against
    return replace(study, search=search, arms=arms, baseline=baseline, measures=measures, replications=runs)


def _arm(levers: dict[str, Factor], values: tuple[float, ...]) -> Arm:
    """Return the arm with these values of the levers, which its title says."""
    changes, words = list[Arm](), list[str]()
    for (name, lever), value in zip(levers.items(), values, strict=True):
        number = Arm(set=(f"{lever.set}={value!r}",)) if lever.set else Arm(parameters={lever.parameter or "": value})
        changes.append(lever.choices[int(value)] if lever.choices else number)
        words.append(f"{lever.title or name}: {lever.within(value, value)}")
    return replace(combined(changes), title="; ".join(words))


def tried(arms: Iterable[str]) -> list[str]:
    """Return the names of the arms that a search tries."""
    return [name for name in arms if name.startswith(TRIED)]


def rounds(search: Search, arms: Collection[str]) -> dict[int, int]:
    """Return how many policies are left after how many replications: half of them after each round.

    Each round has the same share of the budget. UsageFault if that is less than two runs of each arm.
    """
    sizes, fewest = [len(tried(arms))], MOST_FOUND if len(search.goals) > 1 else 1
    others = len(arms) - sizes[0]
    while sizes[-1] > fewest:
        sizes.append(max(fewest, (sizes[-1] + 1) // 2))
    steps, done, left = max(1, len(sizes) - 1), 0, dict[int, int]()
    for size, after in zip(sizes[:steps], sizes[-steps:], strict=True):
        done += search.budget // steps // (size + others)
        left[done] = after
    if min(left) < LEAST:
        needed = LEAST * steps * (sizes[0] + others)
        raise UsageFault(f"a budget of {search.budget} runs is too small: {sizes[0]} policies need {needed}")
    return left
