"""What a verdict is worth: how often its sign appears under other numbers, and when nobody means what they do.

Each claim is played at points drawn from the whole plausible ranges of the scenario's numbers (`evidence.uncertainty`,
a Latin hypercube), and at as many with random policies:

- *ranges*: numbers are drawn, governments decide as ever;
- *chance*: besides, every leader's rationality is 0, so that who acts takes anything on the menu alike;
- *whims*: besides, every leader's interests, leanings and regards are dealt anew among the same subjects, with a coin's
  sign: governments pursue ends with all their skill, but any ends.

At each point the contrast has a mean over a few paired runs. How much of the points has an effect as found is told by
empirical Bayes (Efron and Morris 1973): the true effects of points are taken as normal, with the variance between
points that is left when that within them is taken off, and the share is the mean chance of being as found. So noise
counts neither for nor against. Where it explains all of the variance, the share is the chance that the one mean of
all points is as found; where no run differs between the arms there is no share. Labels:

- *by construction*: the share is at least `CONSTRUCTED` under chance and under whims alike;
- *robust*: it is not so, and the share over the ranges is at least `ROBUST`;
- *tuned*: all else: the verdict holds near the chosen numbers only.

An undecided measure has none, nor has one of which nothing was seen over the ranges. A claim is tuned if any of its
measures is, by construction if all are, and robust else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import inf, isnan, nan
from typing import Any

import msgspec
import numpy as np

from wargame.batch.api import Batch
from wargame.batch.running import worker as working
from wargame.batch.running.observer import Looks, Observer
from wargame.batch.study.parameters import with_parameters
from wargame.batch.study.prepared import Prepared
from wargame.errors import Interrupted, Invalid, Problem
from wargame.evidence.claims.experiment import ClaimPlan, Tested, arms_of, contrast, formula, horizon
from wargame.evidence.claims.verdicts import CONTRADICTED, UNDECIDED, ClaimQuestion
from wargame.executor.stretches import stoppable
from wargame.executor.work import Chunk, Executor, Job
from wargame.scenario.building.canonical import digest
from wargame.scenario.building.numbers import ScenarioNumber, at, numbers, plausible
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model.questions import Expectation
from wargame.simulation.exercise import Exercise
from wargame.statistics import intervals as statistics
from wargame.statistics.distributions import normal_cdf
from wargame.statistics.draws import Draws
from wargame.statistics.intervals import Floats

CONSTRUCTED = 0.9
ROBUST = 0.75
BY_CONSTRUCTION, STABLE, TUNED = "by construction", "robust", "tuned"
RANGES, CHANCE, WHIMS = "ranges", "chance", "whims"
KINDS = (RANGES, CHANCE, WHIMS)
FILE = "labels.jsonl"
LUCK = 10_000_000
"""Replications from here up are those of labels: no verdict rests on the same draws."""
CHUNK = 4
KEEP_EVERY = 64
"""Cells that a kill may cost at most, besides those in work."""
Tell = Callable[[int, int], None]


# --- points ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LabelPoints:
    """Points at which claims are tried: `draws` with numbers drawn, as many again with random policies."""

    draws: int
    each: int
    seed: int

    @property
    def count(self) -> int:
        """All of them."""
        return 2 * self.draws

    def kind(self, point: int) -> str:
        """The kind of a point; chance and whims take turns."""
        return RANGES if point < self.draws else (CHANCE, WHIMS)[(point - self.draws) % 2]

    def of(self, kind: str) -> list[int]:
        """The points of a kind."""
        return [point for point in range(self.count) if self.kind(point) == kind]


@dataclass
class Numbers:
    """The numbers of a scenario at each point."""

    loaded: Loaded
    points: LabelPoints
    known: dict[str, ScenarioNumber] = field(init=False)
    _orders: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.known = numbers(self.loaded.scenario, self.loaded.injects)
        self._spreads = plausible(self.loaded.scenario.evidence.uncertainty, self.known)
        self._draws = Draws(self.points.seed)

    def at(self, point: int) -> dict[str, float]:
        """All numbers that are other than written, by path."""
        row = point % self.points.draws
        found = {
            path: at(self.known[path], spread, self._share(name, row)) for path, (name, spread) in self._spreads.items()
        }
        kind = self.points.kind(point)
        if kind == CHANCE:
            found |= {f"leaders.{leader}.rationality": 0.0 for leader in self.loaded.scenario.leaders}
        elif kind == WHIMS:
            found |= self._dealt(point, found)
        return {path: value for path, value in found.items() if value != self.known[path].value}

    def _share(self, name: str, row: int) -> float:
        """Where in its spread a number lies: each of the equal strata once, in an order of its own."""
        count = self.points.draws
        if name not in self._orders:
            self._orders[name] = sorted(range(count), key=lambda i: self._draws.key("labels", name, i))
        return (self._orders[name][row] + self._draws.uniform("stratum", name, row)) / count

    def _dealt(self, point: int, drawn: dict[str, float]) -> dict[str, float]:
        """Each leader's weights dealt anew among the same subjects, each with a coin's sign."""
        made: dict[str, float] = {}
        for leader, profile in sorted(self.loaded.scenario.leaders.items()):
            for part in ("interests", "leanings", "regard"):
                paths = [f"leaders.{leader}.{part}.{key}" for key in sorted(getattr(profile, part))]
                order = sorted(paths, key=lambda path: self._draws.key("whims", path, point))
                for path, source in zip(paths, order, strict=True):
                    weight = drawn.get(source, self.known[source].value)
                    made[path] = weight if self._draws.uniform("sign", path, point) < 0.5 else -weight
        return made


# --- playing ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LabelPayload:
    """What a worker needs: the batch folder, whose inputs hold the scenario, and the points."""

    address: str
    points: LabelPoints


@dataclass
class LabelWorker:
    """A worker with the scenarios of the point in hand."""

    prepared: Prepared
    numbers: Numbers
    point: int = -1
    made: dict[Any, Loaded] = field(default_factory=dict)

    def scenario(self, point: int, arm: str) -> Loaded:
        """The scenario of an arm at a point; what the arm itself changes stays so."""
        if point != self.point:
            self.point, self.made = point, {}
        base, own = self.prepared.arms[arm], self.prepared.own(arm)
        key = id(base), tuple(own.items())
        if key not in self.made:
            self.made[key] = with_parameters(base, self.numbers.at(point) | own)
        return self.made[key]


def prepare(payload: LabelPayload) -> LabelWorker:
    """Reads the frozen inputs of the batch."""
    prepared = working.prepare((payload.address, "labels")).prepared
    return LabelWorker(prepared, Numbers(prepared.loaded, payload.points))


def work(worker: LabelWorker, chunk: Chunk) -> list[tuple[int, list[list[float | None]], str]]:
    """Plays the runs of each cell, a point and an arm: their measures, or the error of the first that failed."""
    return [_play(worker, cell) for cell in chunk]


def _play(worker: LabelWorker, cell: int) -> tuple[int, list[list[float | None]], str]:
    prepared = worker.prepared
    point, place = divmod(cell, len(prepared.names))
    arm, each = prepared.names[place], worker.numbers.points.each
    rows = []
    try:
        for i in range(each):
            settings = prepared.settings(arm, LUCK + point * each + i)
            exercise = Exercise(worker.scenario(point, arm), prepared.study.seed, settings)
            observer = Observer(exercise, prepared.measures, Looks(prepared.study.every))
            observer.play()
            rows.append([None if isnan(value) else value for value in observer.values()])
    except Exception as error:  # noqa: BLE001 - numbers from afar may break a run: the point is told and left out
        return cell, [], f"{type(error).__name__}: {error}"[: working.LONGEST_ERROR]
    return cell, rows, ""


class _LabelsHead(msgspec.Struct):
    """The first line of the file of labels."""

    key: str


class Cells:
    """The runs of labels, kept beside the batch as one line a cell, in the order in which they came until all are."""

    def __init__(self, plan: ClaimPlan, batch: Batch, points: LabelPoints) -> None:
        self._plan, self._batch, self.points = plan, batch, points
        self.count = points.count * len(plan.prepared.names)
        self.rows: dict[int, tuple[list[list[float | None]], str]] = {}
        self._key = digest([plan.prepared.identity, plan.fixed, points.draws, points.each])

    def play(self, executor: Executor, tell: Tell | None = None) -> None:
        """Plays what is missing; Interrupted, with what is done kept, if the user stops it."""
        self._read()
        missing = [cell for cell in range(self.count) if cell not in self.rows]
        if not missing:
            return
        executor.start(Job(prepare, work, LabelPayload(self._batch.path, self.points)))
        try:
            self._hand_out(executor, missing, tell)
        finally:
            self._write()
        if len(self.rows) < self.count:
            told = f"{len(self.rows):,} of {self.count:,} cells of the labels are kept in {self._batch.path}"
            raise Interrupted(f"stopped; {told}; go on with the same command and --resume")

    def _hand_out(self, executor: Executor, missing: list[int], tell: Tell | None) -> None:
        kept = len(self.rows)
        with stoppable() as stop:
            for result in executor.results(_chunks(missing, lambda: stop.asked)):
                found = result[1] if isinstance(result, tuple) else [(c, [], result.reason) for c in result.chunk]
                self.rows |= {cell: (rows, error) for cell, rows, error in found}
                if len(self.rows) - kept >= KEEP_EVERY:
                    self._write()
                    kept = len(self.rows)
                if tell:
                    tell(len(self.rows), self.count)

    def _read(self) -> None:
        try:
            first, *lines = self._batch.place.read(FILE).splitlines() or [b""]
            key = msgspec.json.decode(first, type=_LabelsHead).key
        except FileNotFoundError:
            return
        except msgspec.DecodeError:
            raise self._fault(1, "this is no head of labels") from None
        except OSError as error:
            raise self._fault(0, f"cannot be read: {error.strerror or error}") from None
        if key != self._key:
            raise self._fault(0, "holds labels of other claims, numbers or draws")
        for number, line in enumerate(lines, start=2):
            try:
                cell, rows, failed = msgspec.json.decode(line, type=tuple[int, list[list[float | None]], str])
            except msgspec.DecodeError:
                raise self._fault(number, "this line is no cell of labels") from None
            if not self._fits(cell, rows, failed):
                raise self._fault(number, f"cell {cell} is none of these labels")
            self.rows[cell] = rows, failed

    def _fits(self, cell: int, rows: list[list[float | None]], error: str) -> bool:
        """Whether a cell has the runs and measures that it should."""
        width, count = len(self._plan.parsed), 0 if error else self.points.each
        return 0 <= cell < self.count and len(rows) == count and all(len(row) == width for row in rows)

    def _fault(self, line: int, told: str) -> Invalid:
        place = (line, 1) if line else (0, 0)
        remedy = "remove the file: labels are played anew; or choose another folder"
        return Invalid([Problem(f"{self._batch.path}/{FILE}", *place, told, remedy)])

    def _write(self) -> None:
        """The whole file, sorted and at once: the same bytes whoever played, and never half a line."""
        lines = [msgspec.json.encode({"key": self._key, "draws": self.points.draws, "each": self.points.each})]
        lines += [msgspec.json.encode([cell, *self.rows[cell]]) for cell in sorted(self.rows)]
        self._batch.place.write(FILE, b"\n".join(lines) + b"\n")

    def values(self, arm: str, point: int, place: int) -> Floats:
        """A measure of an arm at a point, run by run; NaN for a time that did not come. Empty if a run failed."""
        rows, _ = self.rows[point * len(self._plan.prepared.names) + self._plan.prepared.names.index(arm)]
        return np.array([nan if row[place] is None else row[place] for row in rows], dtype=np.float64)

    @property
    def failures(self) -> list[str]:
        """What went wrong, each error once."""
        return sorted({error for _, error in self.rows.values() if error})


def _chunks(cells: Sequence[int], stopped: Callable[[], bool]) -> Iterator[Chunk]:
    for start in range(0, len(cells), CHUNK):
        if stopped():
            return
        yield tuple(cells[start : start + CHUNK])


# --- shares ----------------------------------------------------------------------------------------


def share_as(values: Floats, goals: Floats) -> float:
    """How much of the points has an effect between the goals, by empirical Bayes.

    NaN without points, and where no effect at all was seen of one that should be on one side of 0. `values` is points ×
    runs, `goals` points × 2: the lower and the upper end at each point.
    """
    count = len(values)
    if count == 0 or (not values.any() and bool((goals == 0.0).any(axis=1).all())):
        return nan
    means = values.mean(axis=1)
    runs = values.shape[1]
    noise = float(values.var(axis=1, ddof=1).mean()) / runs if runs > 1 else 0.0
    total = float(means.var(ddof=1)) if count > 1 else 0.0
    between = max(0.0, total - noise)
    if between == 0.0:
        centres, variance = np.full(count, means.mean()), noise / count
    else:
        kept = between / (between + noise)
        centres, variance = means.mean() + kept * (means - means.mean()), kept * noise
    chances = [_chance(m, variance, low, high) for m, (low, high) in zip(centres, goals, strict=True)]
    return float(np.mean(chances))


def _chance(mean: float, variance: float, low: float, high: float) -> float:
    """The chance that a normal number lies between two ends."""
    if variance <= 1e-18 * (1.0 + mean * mean):
        return float(low < mean < high)
    spread = variance**0.5
    return normal_cdf((high - mean) / spread) - normal_cdf((low - mean) / spread)


def goals(question: ClaimQuestion, references: Floats | None, count: int) -> Floats:
    """Between which ends the effect lies at each point if it is as expected: points × 2."""
    bound = np.full(count, question.bound or 0.0)
    if question.relative and references is not None:
        bound = bound * references
    edge = np.full(count, inf)
    ends = {
        "positive": (np.zeros(count), edge),
        "negative": (-edge, np.zeros(count)),
        "below": (-edge, bound),
        "above": (bound, edge),
        "none": (-np.abs(bound), np.abs(bound)),
    }
    return np.stack(ends[question.expect], axis=1)


OPPOSITE = {"positive": "negative", "negative": "positive", "below": "above", "above": "below"}


def label_of(shares: dict[str, float]) -> str:
    """The label of shares by kind, each of points at which the effect is as found."""
    seen = {kind: 0.0 if isnan(share) else share for kind, share in shares.items()}
    if min(seen[CHANCE], seen[WHIMS]) >= CONSTRUCTED:
        return BY_CONSTRUCTION
    return STABLE if seen[RANGES] >= ROBUST else TUNED


def weakest(labels: Sequence[str | None]) -> str | None:
    """The label of a claim with these measures; None if one of them has none."""
    if not labels or None in labels:
        return None
    return next(label for label in (TUNED, STABLE, BY_CONSTRUCTION) if label in labels)


# --- labels ----------------------------------------------------------------------------------------


def label(
    plan: ClaimPlan, batch: Batch, tested: list[Tested], executor: Executor, tell: Tell | None = None
) -> dict[str, Any]:
    """Plays the points and labels each claim that is supported or contradicted; shares are told for all."""
    evidence = plan.loaded.scenario.evidence
    points = LabelPoints(evidence.draws, evidence.runs_each, plan.prepared.study.seed)
    cells = Cells(plan, batch, points)
    cells.play(executor, tell)
    claims = {each.id: _claim(plan, cells, each) for each in tested}
    varied = len(plausible(evidence.uncertainty, numbers(plan.loaded.scenario, plan.loaded.injects)))
    how = {"draws": points.draws, "runs_each": points.each, "numbers": varied, "constructed": CONSTRUCTED}
    return {"how": how | {"robust": ROBUST, "failures": cells.failures}, "claims": claims}


def _claim(plan: ClaimPlan, cells: Cells, tested: Tested) -> dict[str, Any]:
    names: list[str | None] = []
    measures = []
    for each, measured in zip(tested.claim.measures, tested.measures, strict=True):
        question = plan.question(each)
        expected = {kind: _share(plan, cells, tested.id, each, kind, question) for kind in KINDS}
        found = expected
        verdict = measured.judged.verdict
        if verdict == CONTRADICTED:
            found = {kind: _against(plan, cells, tested.id, each, kind, question, expected[kind]) for kind in KINDS}
        names.append(None if verdict == UNDECIDED or isnan(found[RANGES]) else label_of(found))
        shares = {kind: None if isnan(value) else value for kind, value in expected.items()}
        mean = statistics.mean(_values(plan, cells, tested.id, each, RANGES)[0].mean(axis=1))
        over = [None if isnan(x) else x for x in (mean.estimate, mean.low, mean.high)]
        measures.append({"label": names[-1], "shares": shares, "over_ranges": over})
    return {"label": weakest(names), "measures": measures}


def _against(
    plan: ClaimPlan, cells: Cells, claim: str, each: Expectation, kind: str, question: ClaimQuestion, expected: float
) -> float:
    """How much of the points has an effect against what is expected."""
    if question.expect == "none":
        return 1.0 - expected
    return _share(plan, cells, claim, each, kind, replace(question, expect=OPPOSITE[question.expect]))


def _share(plan: ClaimPlan, cells: Cells, claim: str, each: Expectation, kind: str, question: ClaimQuestion) -> float:
    values, references = _values(plan, cells, claim, each, kind)
    return share_as(values, goals(question, references, len(values)))


def _values(plan: ClaimPlan, cells: Cells, claim: str, each: Expectation, kind: str) -> tuple[Floats, Floats]:
    """The contrast at each point of a kind, points × runs, and the mean of the arm that a bound is a share of."""
    place = list(plan.parsed).index(formula(each))
    limit = horizon(plan, claim, each)
    values, references = [], []
    for point in cells.points.of(kind):
        columns = {arm: cells.values(plan.arms[claim, arm], point, place) for arm in arms_of(each)}
        if any(len(column) == 0 for column in columns.values()):
            continue
        if limit is not None:
            columns = {arm: np.minimum(np.nan_to_num(column, nan=limit), limit) for arm, column in columns.items()}
        found = contrast(each, columns)
        if not np.isnan(found).any():
            values.append(found)
            references.append(columns[each.share_of].mean() if each.share_of is not None else 0.0)
    made = np.array(values, dtype=np.float64).reshape(len(values), cells.points.each)
    return made, np.array(references, dtype=np.float64)
