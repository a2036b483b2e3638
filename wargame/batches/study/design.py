"""Designs: the points at which factors are varied, and the random draws of each run.

Draws are numbered by the replication that keys them. Where points are compared with one another (grids, one factor at
a time) they share their draws, as arms do. In a hypercube each run has its own. In Sobol's design the draws are one
more factor, so that their share of the variance is estimated next to the shares of the factors.
"""

import csv
import io
from collections.abc import Collection, Iterator
from itertools import count, product

from wargame.batches.study.model import BASELINE, Design, Factor, Search, Study, combined
from wargame.dataclasses import dataclass, replace
from wargame.errors import Invalid, Problem, UsageFault, needs, shortened
from wargame.language.plain_text import number_in
from wargame.scenario.model.questions import Arm

GRID_LEVELS = 3
DRAWS = "draws"
SHARED, OWN, LISTED = "shared", "own", "listed"
_PURPOSE = "design"


@dataclass(frozen=True, slots=True)
class DesignPoints:
    """The points of a design: `values[p]` are the values of `names` at point p.

    `sharing` says which draws a replication has: its `OWN`, those `SHARED` by all points, or those `LISTED` in `draws`.
    """

    names: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    sharing: str = OWN
    draws: tuple[int, ...] = ()

    def point(self, replication: int) -> int:
        """Return the index of the point of a replication."""
        return replication % len(self.values)

    def draws_of(self, replication: int) -> int:
        """Return the number of the draws of a replication."""
        if self.sharing == LISTED:
            return self.draws[replication]
        return replication // len(self.values) if self.sharing == SHARED else replication

    def text(self) -> str:
        """Return as a CSV file."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        listed = self.sharing == LISTED
        writer.writerow([*self.names, *([DRAWS] if listed else [])])
        for i, row in enumerate(self.values):
            writer.writerow([*map(repr, row), *([self.draws[i]] if listed else [])])
        return out.getvalue()


def read_points(text: str, sharing: str, where: str) -> DesignPoints:
    """Return the points of a CSV file: a column for each factor, a row for each point; Invalid with all faults.

    If draws are `LISTED`, the last column is their number; else no column may have its name.
    """
    lines = cells(text)
    if len(lines) < 2:
        raise Invalid.in_file(where, "a design needs a line of factors and at least one point")
    (head, header), *rows = lines
    names = [name.strip() for _, name in header]
    problems = list(_wrong_names(where, head, header, names, sharing))
    values: list[tuple[float, ...]] = []
    for number, row in rows:
        if len(row) != len(names):
            message = f"{len(row)} cell{'s' * (len(row) != 1)} in this line, but {len(names)} columns"
            problems.append(Problem(where, number, 1, message))
        read = [(column, cell, _number(cell)) for column, cell in row]
        bad = [(column, f"'{shortened(cell, 40)}' is not a number") for column, cell, value in read if value is None]
        remedy = "every cell is a number within ±1e9"
        problems += [Problem(where, number, column, message, remedy) for column, message in bad]
        values.append(tuple(value for _, _, value in read if value is not None))
    if problems:
        raise Invalid(problems)
    if sharing == LISTED:
        draws = tuple(int(row[-1]) for row in values)
        return DesignPoints(tuple(names[:-1]), tuple(row[:-1] for row in values), LISTED, draws)
    return DesignPoints(tuple(names), tuple(values), sharing)


def cells(text: str) -> list[tuple[int, list[tuple[int, str]]]]:
    """Return the lines of a CSV file that are not empty: the number of each, and its cells with their columns."""
    reader = csv.reader(io.StringIO(text))
    return [(reader.line_num, list(_placed(row))) for row in reader if row]


def _placed(row: list[str]) -> Iterator[tuple[int, str]]:
    column = 1
    for cell in row:
        yield column, cell
        column += len(cell) + 1


def _number(cell: str) -> float | None:
    value = number_in(cell)
    return value if abs(value) <= 1e9 else None


def _wrong_names(
    where: str, line: int, header: list[tuple[int, str]], names: list[str], sharing: str
) -> Iterator[Problem]:
    for i, (column, _) in enumerate(header):
        if names[i] in names[:i]:
            yield Problem(where, line, column, f"there are two columns '{shortened(names[i])}'")
        if sharing != LISTED and names[i] == DRAWS:
            message = f"no column can be named '{DRAWS}'"
            yield Problem(where, line, column, message, "points share their draws, as arms do")


def make_points(design: Design, factors: dict[str, Factor], seed: int) -> DesignPoints:
    """Return the points of a study's design; UsageFault if its size is impossible or a library is missing."""
    names = tuple(factors)
    if design.kind == "grid":
        levels = [_levels(factor, design.points or GRID_LEVELS) for factor in factors.values()]
        return DesignPoints(names, tuple(product(*levels)), SHARED)
    if design.kind == "one_at_a_time":
        middle = [sorted(f.levels)[len(f.levels) // 2] if f.levels else sum(ends(f)) / 2 for f in factors.values()]
        rows = [tuple(middle)]
        for i, factor in enumerate(factors.values()):
            rows += [tuple(end if j == i else value for j, value in enumerate(middle)) for end in ends(factor)]
        return DesignPoints(names, tuple(rows), SHARED)
    if design.kind == "latin_hypercube":
        if not design.points:
            raise UsageFault("a latin_hypercube needs `points`, at least two for each factor")
        from wargame.statistics.draws import Draws, latin_hypercube

        shares = latin_hypercube(factors, design.points, Draws(seed), _PURPOSE)
        columns = ([at(factor, share) for share in shares[name]] for name, factor in factors.items())
        return DesignPoints(names, tuple(zip(*columns, strict=True)), OWN)
    return _sobol(factors, design.points, seed)


def ends(factor: Factor) -> tuple[float, float]:
    """Return the smallest and the largest value of a factor."""
    if factor.range is not None:
        return factor.range
    return min(factor.levels), max(factor.levels)


def at(factor: Factor, share: float) -> float:
    """Return the value of a factor at a share in [0, 1) of its range or its levels."""
    if factor.levels:
        return factor.levels[min(int(share * len(factor.levels)), len(factor.levels) - 1)]
    low, high = ends(factor)
    return low + share * (high - low)


def _levels(factor: Factor, count: int) -> tuple[float, ...]:
    if factor.levels:
        return factor.levels
    low, high = ends(factor)
    return tuple(low + (high - low) * i / (count - 1) for i in range(count)) if count > 1 else ((low + high) / 2,)


def _sobol(factors: dict[str, Factor], base: int, seed: int) -> DesignPoints:
    """Return Saltelli's scheme over the factors and the draws, from scrambled Sobol points."""
    if base < 2 or base & (base - 1):
        near = 1 << max(1, base.bit_length() - 1)
        raise UsageFault(f"Sobol's design needs a power of two as `points`, not {base} (take {near} or {near * 2})")
    with needs("Sobol's design needs SALib", "sensitivity"):
        from SALib.sample import sobol
    count = len(factors) + 1
    problem = {"num_vars": count, "names": [*factors, DRAWS], "bounds": [[0.0, 1.0]] * count}
    shares = sobol.sample(problem, base, calc_second_order=False, scramble=True, seed=seed % 2**32)
    kinds = list(factors.values())
    values = tuple(tuple(at(kinds[i], float(row[i])) for i in range(len(kinds))) for row in shares)
    per = count + 2
    # In each block of rows A, AB1 .. ABn, B the last two have B's draws: B itself, and A with the draws of B.
    draws = tuple(2 * (row // per) + (row % per >= per - 2) for row in range(len(values)))
    return DesignPoints(tuple(factors), values, LISTED, draws)


# --- the policies that a search tries: arms that a Latin hypercube over the levers of a study makes --------

MOST_FOUND, LEAST = 4, 2


def with_search(study: Study) -> Study:
    """Return the study with the policies that its search tries as arms, unless they are; UsageFault for a grid."""
    search, own = study.search, study.arms or {BASELINE: Arm()}
    if search is None or search.tried:
        return study
    if study.design and study.design.kind != "latin_hypercube":
        raise UsageFault(f"a search needs states in no order: a latin_hypercube, not {study.design.kind}")
    rows = make_points(Design(kind="latin_hypercube", points=search.policies), search.levers, study.seed).values
    policies, free = dict.fromkeys(rows), (name for i in count(1) if (name := f"tried_{i:03d}") not in own)
    laid = {name: _arm(search.levers, row) for row, name in zip(policies, free, strict=False)}
    arms = own | laid
    goals = tuple(" ".join(each.split()) for each in search.goals)
    search, baseline = replace(search, goals=goals, tried=tuple(laid)), replace(study, arms=own).against
    runs = max(rounds(search, arms)) + search.holdout
    return replace(study, search=search, arms=arms, baseline=baseline, replications=runs).measuring(goals)


def _arm(levers: dict[str, Factor], values: tuple[float, ...]) -> Arm:
    """Return the arm with these values of the levers, which its title says."""
    changes, words = list[Arm](), list[str]()
    for (name, lever), value in zip(levers.items(), values, strict=True):
        number = Arm(set=(f"{lever.set}={value!r}",)) if lever.set else Arm(parameters={lever.parameter or "": value})
        changes.append(lever.choices[int(value)] if lever.choices else number)
        words.append(f"{lever.title or name}: {lever.range_text(value, value)}")
    return replace(combined(changes), title="; ".join(words))


def rounds(search: Search, arms: Collection[str]) -> dict[int, int]:
    """Return how many policies are left after how many replications: half of them after each round.

    Each round has the same share of the budget. UsageFault if that is less than two runs of each arm.
    """
    sizes, fewest = [len(search.tried)], MOST_FOUND if len(search.goals) > 1 else 1
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
