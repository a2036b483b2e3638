"""The points of a label experiment: the numbers of the scenario at each point, and the runs there.

Points are drawn from the plausible ranges of the scenario's numbers (`evidence.uncertainty`, a Latin hypercube):

- *ranges*: the numbers are drawn, governments decide as usual;
- *ablations*: in addition, a variant of the scenario switches off a feature (of `evidence.variants` those that change
  numbers only and are not wrong on purpose);
- *random policy*: in addition, the rationality of every leader is 0, so that all options are chosen equally often;
- *random preferences*: in addition, the interests, leanings and regards of every leader are permuted among the same
  subjects, with random signs: governments pursue goals with full skill, but arbitrary ones;
- *nothing written*: in addition, what the author wrote about the worth of single options is random, too: what
  strategies favour, what options and agreements are worth, the appeal of strategies, what demands put at stake, and how
  much a government has at stake in a dossier (`written_worth`).

A cell is an arm of a batch of claims at a point. The measures of its runs are stored next to the batch, one line per
cell.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import partial
from math import isnan, nan
from typing import Any

import msgspec
import numpy as np

from wargame.batches.api import Batch
from wargame.batches.running import worker as working
from wargame.batches.running.observer import Observer, Sampling
from wargame.batches.study.parameters import expanded, with_parameters
from wargame.batches.study.prepared import PreparedStudy
from wargame.dataclasses import dataclass, field, replace
from wargame.errors import Invalid
from wargame.evidence.claims.experiment import ClaimPlan
from wargame.executor.campaign import RESUME, Campaign, CellFailure, Progress, Results, each_cell
from wargame.executor.executors import Chunk, Executor, Job
from wargame.scenario.building.numbers import ScenarioNumber, at, digest, numbers, plausible
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model import Scenario
from wargame.simulation.exercise import Exercise
from wargame.statistics.draws import Draws, latin_hypercube
from wargame.statistics.intervals import Floats

RANGES, RANDOM_POLICY, RANDOM_PREFERENCES = "ranges", "random_policy", "random_preferences"
NOTHING_WRITTEN, ABLATIONS = "nothing_written", "ablations"
RANDOM = (RANDOM_POLICY, RANDOM_PREFERENCES, NOTHING_WRITTEN)
KINDS = (RANGES, ABLATIONS, *RANDOM)
MOST_RANDOM = 12
"""The most points of a random kind."""
OF_ABLATION = 2
"""Points of each ablation."""


@dataclass(frozen=True, slots=True)
class LabelPoints:
    """The points: `draws` of the kind `ranges`, half as many, at most 12, of each random kind, two of each ablation."""

    draws: int
    each: int
    """Runs of each arm at a point."""
    seed: int
    ablations: tuple[str, ...] = ()
    """The variants that switch off a feature."""

    @property
    def _first_ablation(self) -> int:
        return self.draws + len(RANDOM) * min((self.draws + 1) // 2, MOST_RANDOM)

    @property
    def count(self) -> int:
        """Number of all points."""
        return self._first_ablation + OF_ABLATION * len(self.ablations)

    def kind(self, point: int) -> str:
        """Return the kind of a point; the random kinds alternate."""
        if point >= self._first_ablation:
            return ABLATIONS
        return RANGES if point < self.draws else RANDOM[(point - self.draws) % len(RANDOM)]

    def ablation(self, point: int) -> str:
        """Return the variant at a point of the kind `ablations`; they alternate."""
        return self.ablations[(point - self._first_ablation) % len(self.ablations)]

    def of(self, kind: str) -> list[int]:
        """Return the points of a kind."""
        return [point for point in range(self.count) if self.kind(point) == kind]


@dataclass
class PointNumbers:
    """The numbers of a scenario at each point."""

    loaded: Loaded
    points: LabelPoints
    known: dict[str, ScenarioNumber] = field(init=False)
    """All numbers of the scenario by path."""
    _shares: dict[str, list[float]] = field(default_factory=dict)
    _ablated: dict[str, dict[str, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.known = numbers(self.loaded.scenario, self.loaded.injects)
        self._spreads = plausible(self.loaded.scenario.evidence.uncertainty, self.known)
        self._draws = Draws(self.points.seed)

    def at(self, point: int) -> dict[str, float]:
        """Return the numbers at a point that differ from the scenario, by path."""
        row = point % self.points.draws
        values = {
            path: at(self.known[path], spread, self._share(name, row)) for path, (name, spread) in self._spreads.items()
        }
        kind = self.points.kind(point)
        if kind == RANDOM_POLICY:
            values |= {f"leaders.{leader}.rationality": 0.0 for leader in self.loaded.scenario.leaders}
        elif kind in (RANDOM_PREFERENCES, NOTHING_WRITTEN):
            values |= self._permuted(point, values)
        elif kind == ABLATIONS:
            name, variants = self.points.ablation(point), self.loaded.scenario.evidence.variants
            self._ablated[name] = self._ablated.get(name) or expanded(variants[name].parameters, self.loaded)
            values |= self._ablated[name]
        if kind == NOTHING_WRITTEN:
            values |= written_numbers(self.known, values, point, self._draws)
        return {path: v for path, v in values.items() if path not in self.known or v != self.known[path].value}

    def rewritten(self, loaded: Loaded, point: int) -> Loaded:
        """Return the scenario with random formulas of worth, at points where nothing written counts; else itself."""
        if self.points.kind(point) != NOTHING_WRITTEN:
            return loaded
        return replace(loaded, scenario=written_formulas(loaded.scenario, point, self._draws))

    def _share(self, name: str, row: int) -> float:
        if name not in self._shares:
            self._shares |= latin_hypercube([name], self.points.draws, self._draws, "labels")
        return self._shares[name][row]

    def _permuted(self, point: int, drawn: dict[str, float]) -> dict[str, float]:
        """Return the weights of each leader, permuted among the same subjects and with random signs."""
        weights: dict[str, float] = {}
        for leader, profile in sorted(self.loaded.scenario.leaders.items()):
            for part in ("interests", "leanings", "regard"):
                paths = [f"leaders.{leader}.{part}.{key}" for key in sorted(getattr(profile, part))]
                # "whims" is a key of random draws; such keys never change, so that results stay the same.
                order = sorted(paths, key=lambda path: self._draws.key("whims", path, point))
                for path, source in zip(paths, order, strict=True):
                    weight = drawn.get(source, self.known[source].value)
                    weights[path] = weight if self._draws.uniform("sign", path, point) < 0.5 else -weight
        return weights


SIGNED = (
    "strategies.*.stages.*.favours.*",
    "strategies.*.stages.*.interests.*",
    "strategies.*.stages.*.demands.*.stakes.*.by",
    "agreements.*.benefits.*",
)
UNSIGNED = ("governments.*.dossiers.*.stake",)
"""Numbers of worth by the patterns of their paths."""


def written_numbers(
    known: Mapping[str, ScenarioNumber], drawn: Mapping[str, float], point: int, draws: Draws
) -> dict[str, float]:
    """Return other values for the numbers of worth at a point, by path: permuted among the same kind."""
    values: dict[str, float] = {}
    for pattern in (*SIGNED, *UNSIGNED):
        paths = sorted(path for path in known if fnmatchcase(path, pattern))
        for path, source in zip(paths, _order(paths, point, draws), strict=True):
            value = drawn.get(source, known[source].value)
            values[path] = _sign(path, point, draws) * value if pattern in SIGNED else value
    return values


def written_formulas(scenario: Scenario, point: int, draws: Draws) -> Scenario:
    """Return the scenario with other formulas for the worth of options and agreements and the appeal of strategies.

    A formula may read only what its government knows, so formulas are permuted among options of the same governments,
    and among agreements for the same party. All except stakes in dossiers get random signs.
    """
    formulas = partial(_formulas, point=point, draws=draws)
    values = {k: each.value for k, each in scenario.options.items() if each.value is not None}
    options = formulas({k: (text, (*sorted(scenario.options[k].by), "target" in text)) for k, text in values.items()})
    appeals = formulas({k: (each.appeal, k) for k, each in scenario.strategies.items() if each.appeal is not None})
    benefits = ((k, party, text) for k, each in scenario.agreements.items() for party, text in each.benefits.items())
    worth = formulas({f"{k}.{party}": (text, party) for k, party, text in benefits if isinstance(text, str)})
    return replace(
        scenario,
        options={k: replace(each, value=options.get(k, each.value)) for k, each in scenario.options.items()},
        strategies={k: replace(each, appeal=appeals.get(k, each.appeal)) for k, each in scenario.strategies.items()},
        agreements={
            k: replace(each, benefits={party: worth.get(f"{k}.{party}", text) for party, text in each.benefits.items()})
            for k, each in scenario.agreements.items()
        },
    )


def _formulas(written: Mapping[str, tuple[str, Hashable]], point: int, draws: Draws) -> dict[str, str]:
    """Return formulas by name, each with its group: permuted within groups, with random signs."""
    found: dict[str, str] = {}
    for group in dict.fromkeys(group for _, group in written.values()):
        names = sorted(name for name, (_, its) in written.items() if its == group)
        for name, source in zip(names, _order(names, point, draws), strict=True):
            text = written[source][0]
            found[name] = text if _sign(name, point, draws) > 0 else f"-({text})"
    return found


def _order(names: Sequence[str], point: int, draws: Draws) -> list[str]:
    return sorted(names, key=lambda name: draws.key("worth", name, point))


def _sign(name: str, point: int, draws: Draws) -> float:
    return 1.0 if draws.uniform("sign of worth", name, point) < 0.5 else -1.0


FILE = "labels.jsonl"
FIRST_REPLICATION = 10_000_000
"""Replications of label runs start here, so that they share no random draws with the runs behind verdicts."""
SAVE_EVERY = 64
"""Cells between two writes of the file."""
Measures = list[list[float | None]]
"""The measures of the runs of a cell, as runs × measures; None: the outcome does not occur."""


@dataclass
class LabelWorker:
    """A worker, which caches the scenarios of the current point."""

    prepared: PreparedStudy
    numbers: PointNumbers
    point: int = -1
    scenarios: dict[Any, Loaded] = field(default_factory=dict)

    def scenario(self, point: int, arm: str) -> Loaded:
        """Return the scenario of an arm at a point. Numbers that the arm itself sets take precedence."""
        if point != self.point:
            self.point, self.scenarios = point, {}
        base, own = self.prepared.arms[arm], self.prepared.own(arm)
        key = id(base), tuple(own.items())
        if key not in self.scenarios:
            self.scenarios[key] = self.numbers.rewritten(with_parameters(base, self.numbers.at(point) | own), point)
        return self.scenarios[key]


def prepare(payload: tuple[str, LabelPoints]) -> LabelWorker:
    """Read the frozen inputs of the batch in a folder, to run it at these points."""
    address, points = payload
    prepared = working.prepare((address, "labels")).prepared
    return LabelWorker(prepared, PointNumbers(prepared.loaded, points))


def run_cell(worker: LabelWorker, cell: int) -> tuple[Measures, str]:
    """Run a cell: an arm at a point. Its number is point × number of arms + place of the arm. The error is empty."""
    prepared = worker.prepared
    point, place = divmod(cell, len(prepared.names))
    arm, each = prepared.names[place], worker.numbers.points.each
    rows: Measures = []
    for i in range(each):
        settings = prepared.settings(arm, FIRST_REPLICATION + point * each + i, programs=False)
        exercise = Exercise(worker.scenario(point, arm), prepared.study.seed, settings)
        observer = Observer(exercise, prepared.measures, Sampling(prepared.study.every))
        observer.play()
        rows.append([None if isnan(value) else value for value in observer.values()])
    return rows, ""


class _LabelsHead(msgspec.Struct):
    """The first line of the file."""

    key: str


class LabelRuns(Results):
    """The results of a campaign over all cells, stored next to the batch: the measures of the runs, and the error."""

    def __init__(self, plan: ClaimPlan, batch: Batch, points: LabelPoints, arms: Collection[str]) -> None:
        super().__init__()
        self._plan, self._batch, self.points = plan, batch, points
        self.address = f"{batch.path}/{FILE}"
        names = plan.prepared.names
        self.count = points.count * len(names)
        self.cells = [cell for cell in range(self.count) if names[cell % len(names)] in arms]
        self._saved = 0
        known = [points.draws, points.each, points.count, points.ablations]
        self._key = digest([plan.prepared.identity, plan.fixed, *known])

    def run(self, executor: Executor, progress: Progress | None = None) -> None:
        """Run the missing cells; Interrupted if the user stops, with completed cells stored."""
        self._read()
        if all(cell in self.values for cell in self.cells):
            return
        job = Job(prepare, partial(each_cell, run_cell), (self._batch.path, self.points))
        try:
            Campaign(executor, job, self, progress).run(self.cells)
        finally:
            self._write()

    def add(self, chunk: Chunk, value: Any, /) -> None:
        """Store the measures, or the failure, of each cell of a chunk."""
        super().add(chunk, value)
        if len(self.values) - self._saved >= SAVE_EVERY:
            self._write()

    def fail(self, failure: CellFailure, /) -> None:
        """Store a cell that was lost with its worker."""
        self.values[failure.cell] = [], failure.reason

    def kept_message(self) -> str:
        """Return the number of stored cells and how to resume."""
        done = f"{len(self.values):,} of {len(self.cells):,}"
        return f"{done} cells of the labels are stored in {self._batch.path}; {RESUME}"

    def _read(self) -> None:
        try:
            first, *lines = self._batch.place.read(FILE).splitlines() or [b""]
            key = msgspec.json.decode(first, type=_LabelsHead).key
        except FileNotFoundError:
            return
        except msgspec.DecodeError:
            raise self._fault(1, "this is not the first line of a labels file") from None
        except OSError as error:
            raise self._fault(0, f"cannot be read: {error.strerror or error}") from None
        if key != self._key:
            raise self._fault(0, "its labels are of other claims, numbers or draws")
        for number, line in enumerate(lines, start=2):
            try:
                cell, rows, error_text = msgspec.json.decode(line, type=tuple[int, Measures, str])
            except msgspec.DecodeError:
                raise self._fault(number, "this line is not a cell of labels") from None
            width, count = len(self._plan.prepared.measured), 0 if error_text else self.points.each
            if not (0 <= cell < self.count and len(rows) == count and all(len(row) == width for row in rows)):
                raise self._fault(number, f"cell {cell} does not belong to these labels")
            self.values[cell] = rows, error_text
        self._saved = len(self.values)

    def _fault(self, line: int, message: str) -> Invalid:
        remedy = "delete the file to run the labels again, or choose another folder"
        return Invalid.in_file(self.address, message, remedy, line=line)

    def _write(self) -> None:
        """Write the whole file, sorted by cell, so that its bytes do not depend on the executor."""
        lines = [msgspec.json.encode({"key": self._key, "draws": self.points.draws, "each": self.points.each})]
        lines += [msgspec.json.encode([cell, *self.values[cell]]) for cell in sorted(self.values)]
        self._batch.place.write(FILE, b"\n".join(lines) + b"\n")
        self._saved = len(self.values)

    def measured(self, arm: str, point: int, place: int) -> Floats:
        """Return the values of a measure in the runs of an arm at a point; NaN: no such time. Empty without runs."""
        cell = point * len(self._plan.prepared.names) + self._plan.prepared.names.index(arm)
        rows, _ = self.values.get(cell, ([], ""))
        return np.array([nan if row[place] is None else row[place] for row in rows], dtype=np.float64)

    @property
    def failure_rows(self) -> list[dict[str, Any]]:
        """A row for each cell that failed or was lost: its arm, point and error."""
        names = self._plan.prepared.names
        return [
            {"condition": f"arm {names[cell % len(names)]}", "point": cell // len(names), "error": error}
            for cell, (_, error) in sorted(self.values.items())
            if error
        ]
