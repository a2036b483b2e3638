"""The runs of relations: each is run once and stored as the weekly series of its pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wargame.batches.study.prepared import PreparedStudy
from wargame.evidence.relations.autoregression import LAGS, Relations, Series, fitted, stakes_of, weekly
from wargame.evidence.targets.conditions import RunCondition, check_conditions, declared, plan_of, prepared
from wargame.evidence.targets.runs import Cell, EvaluationOptions, failures_of, history_of, observed, run_plan
from wargame.evidence.targets.stored_runs import StoredRun
from wargame.evidence.targets.tallies import Tally
from wargame.executor.campaign import each_cell
from wargame.executor.executors import Job
from wargame.language.times import Time
from wargame.scenario.model.questions import Arm

if TYPE_CHECKING:
    from wargame.evidence.targets.conditions import TargetPlan
    from wargame.scenario.loading.load import Loaded


@dataclass(frozen=True, slots=True)
class RelationsWorker:
    """A worker: the condition, ready to run, and the stakes of the scenario."""

    ready: PreparedStudy
    stakes: dict[str, dict[str, float]]


def prepare(plan: TargetPlan) -> RelationsWorker:
    """Read the files, once per worker."""
    from wargame.scenario.loading.load import load_files

    loaded = load_files(dict(plan.files))
    return RelationsWorker(prepared(loaded, plan.conditions[0], plan.seed), stakes_of(loaded.scenario))


def run(worker: RelationsWorker, cell: Cell) -> dict[str, Tally]:
    """Run one cell and return its series, by `ACTOR TARGET`."""
    _, replication = cell
    series = weekly(history_of(observed(worker.ready, replication)), worker.stakes)
    return {" ".join(pair): numbers.tolist() for pair, numbers in series.items()}


def relate(
    loaded: Loaded, how: EvaluationOptions, startex: str | None = None, until: str | None = None, lags: int = LAGS
) -> Relations:
    """Run one condition and estimate the relations of all pairs and triangles."""
    end = Time(until) if until else loaded.scenario.calendar.end  # used as text only
    plan = plan_of(loaded, how.seed, (RunCondition(startex, end, Arm(), (), "relations"),), how.n)
    check_conditions(loaded, plan)
    runs = run_plan(plan, declared(loaded, plan), how, Job(prepare, each_cell(run), plan))
    series = [_series(each) for each in runs if not each.error]
    return fitted(loaded.scenario, series, failures_of(plan, runs), lags)


def _series(run: StoredRun) -> Series:
    series: Series = {}
    for name, numbers in run.tallies.items():
        actor, target = name.split(" ")
        series[actor, target] = np.array(numbers)
    return series
