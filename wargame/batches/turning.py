"""A sign is tried: does it help to turn when it appears? On states and draws that did not show the sign."""

from typing import Any

import numpy as np

from wargame.batches.analysis.estimates import units, values_of
from wargame.batches.api import Batch, BatchOptions, open_batch, play
from wargame.batches.decision import DecisionNumbers
from wargame.batches.running.manifest import COMPLETE, read_manifest
from wargame.batches.running.store import store
from wargame.batches.study.design import make_points
from wargame.batches.study.prepared import PreparedStudy
from wargame.dataclasses import replace
from wargame.language.times import format_duration
from wargame.scenario.model.questions import Arm, CourseChange
from wargame.statistics.intervals import paired

Row = dict[str, Any]


def answered(batch: Batch, changes: Row, options: BatchOptions | None = None) -> tuple[DecisionNumbers, Row]:
    """Return the answers of a batch, with the trial of a sign if the question wants one (`holdout`).

    Its runs are a batch in the folder of this one; they are played with `options`, or only read. The row of the sign
    has the `gain` of turning on it, with `low` and `high`, and `turn`: the policy that it turns `to`, `at` what time,
    `provided` what, the `expected` gain by the first runs, the `batch` with its three `arms` (the policy, turning on
    the sign, always turning), their `failures`, its `runs`, those in which the sign appears (`turned`), those that
    `failed`, and the gain of `always` turning.
    """
    decision = DecisionNumbers(batch, batch.prepared.study.asked(changes))
    result = decision.answers()
    row, prepared = _trial(decision, result) if decision.question.holdout else (None, None)
    if row is not None and prepared is not None:
        place = f"{batch.path}/turns/{prepared.identity[:8]}"
        if options is not None:
            _compare(decision, row, play(prepared, replace(options, out=place, resume=True, summary=False)))
        elif store(place).exists() and read_manifest(store(place)).ended == COMPLETE:
            _compare(decision, row, open_batch(place))
    return decision, result


def _trial(decision: DecisionNumbers, result: Row) -> tuple[Row, PreparedStudy] | tuple[None, None]:
    """Return the strongest sign of the best policy that has one, with the study that tries it; None without one.

    The government turns to the policy that is best in the runs with the sign. Signs that count events are not tried,
    since conditions count events before STARTEX, too.
    """
    loaded, question = decision.batch.prepared.loaded, decision.question
    events = {*loaded.scenario.options, *loaded.scenario.outcomes, *(each.id for each in loaded.injects)}
    rank, arms = [each["name"] for each in result["policies"]], decision.batch.prepared.study.arms
    signs = [row for row in result["watch"] if question.government and row["observable"] not in events]
    for row in sorted(signs, key=lambda row: (rank.index(row["arm"]), -row["auc"])):
        moment = {"at": format_duration(question.watch.until)}
        moment["provided"] = f"{row['observable']} {'>' if row['rises'] else '<='} {row['threshold']!r}"
        goals = dict(zip(decision.arms, decision.goals, strict=True))
        shown = _shown(decision, row, decision.batch)[: decision.goals[0].size].reshape(decision.goals[0].shape)
        turns = {arm: _turns(arms[row["arm"]], arms[arm], str(question.government), moment) for arm in decision.arms}
        if to := max((arm for arm in turns if turns[arm]), key=lambda arm: np.nanmean(goals[arm][shown]), default=None):
            own, always = arms[row["arm"]], tuple(replace(turn, provided=None) for turn in turns[to])
            names = (row["arm"], f"{row['arm']}-turns", f"{row['arm']}-always-turns")
            expected = float(np.nanmean((goals[to] - goals[row["arm"]]) * shown))
            row["turn"] = {"to": to, **moment, "arms": names, "expected": expected}
            changed = (replace(own, turn=(*own.turn, *each)) for each in ((), turns[to], always))
            return row, _fresh(decision.batch.prepared, dict(zip(names, changed, strict=True)), question.holdout)
    return None, None


def _shown(decision: DecisionNumbers, row: Row, batch: Batch) -> Any:
    """Return the runs of a policy in which its sign appears."""
    seen = values_of(batch.table, batch.measure(decision.question.observables[row["observable"]]), row["arm"])
    return seen > row["threshold"] if row["rises"] else seen <= row["threshold"]


def _turns(own: Arm, other: Arm, who: str, moment: dict[str, str]) -> tuple[CourseChange, ...]:
    """Return how a government goes from one arm to another; empty if they differ in what it cannot change."""
    bans = tuple(text for text in other.forbid if text not in own.forbid and text.split()[0] == who)
    strategies = own.strategies | {name: each for name, each in other.strategies.items() if name == who}
    reached = replace(own, title=other.title, strategies=strategies, forbid=(*own.forbid, *bans))
    if replace(reached, forbid=other.forbid) != other or set(reached.forbid) != set(other.forbid):
        return ()
    changes = [{"strategy": strategies[who]}] if strategies != own.strategies else []
    changes += [{"forbid": ban.partition(" ")[2]} for ban in bans]
    return tuple(CourseChange(government=who, **moment, **each) for each in changes)


def _fresh(prepared: PreparedStudy, arms: dict[str, Arm], runs: int) -> PreparedStudy:
    """Return a study with these arms, on other states and draws."""
    study, points = prepared.study, prepared.points
    seed, design = (study.seed + 1) % 2**63, study.design
    if design is not None and points is not None:
        if design.kind == "latin_hypercube":
            design = replace(design, points=min(design.points, runs))
        points = points if design.kind == "points" else make_points(design, study.factors, seed)
        runs = len(points.values) * (1 if points.draws else max(1, runs // len(points.values)))
    study = replace(study, name=f"{study.name}-turn", arms=arms, seed=seed, design=design, baseline=None)
    study = replace(study, replications=runs, decision=None, game=None, search=None, stopping=None, thresholds=())
    loaded = dict.fromkeys(arms, prepared.arms[next(iter(arms))])
    return PreparedStudy(study, loaded, prepared.measures, points, prepared.target)


def _compare(decision: DecisionNumbers, row: Row, batch: Batch) -> None:
    """Add the gains of turning to the row of the sign."""
    table, turn = batch.table, row["turn"]
    goal, fails = (batch.measure(each.name) for each in (decision.goal, decision.fails) if each is not None)
    stay, *others = (units(batch.prepared, values_of(table, goal, arm)) for arm in turn["arms"])
    failed = (values_of(table, fails, arm) for arm in turn["arms"])
    on, always = ([gap.estimate, gap.low, gap.high] for gap in (paired(each, stay, share=False) for each in others))
    row["gain"], row["low"], row["high"] = on
    turn |= {"always": always, "failures": [float((each[~np.isnan(each)] > 0.0).mean()) for each in failed]}
    turn |= {"batch": batch.typed, "runs": int(table.ok[0].sum()), "turned": int(_shown(decision, row, batch).sum())}
    turn["failed"] = int((table.there & ~table.ok).sum())
