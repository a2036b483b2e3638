"""The effects of a run's moments: each is compared with its alternative over many runs.

Searching and estimating are separate. A first round tests all candidates and, in the same way, ordinary moments
(placebos): whatever those seem to change is noise. Candidates above all of the noise are estimated again on fresh
draws, for the one outcome that the first round pointed at, so that the draws that selected them do not count. Both
runs of a pair share their draws.
"""

import shlex
from collections.abc import Callable, Sequence
from statistics import fmean
from time import perf_counter

from wargame.errors import UsageFault
from wargame.executor.campaign import Campaign, Results
from wargame.executor.executors import Job
from wargame.executor.processes import cores, on_cores
from wargame.futures.continuation import TOGETHER, Future, Intervention, Past, play
from wargame.journal import wording
from wargame.journal.records import Record
from wargame.journal.records.governments import DecisionRecord
from wargame.journal.records.run import CommandRecord
from wargame.journal.records.script import InjectReleasedRecord
from wargame.review.findings.finding_rows import day
from wargame.review.findings.headlines import headline
from wargame.review.findings.moment_effects import EffectEstimate, EffectsPlan, MomentEffects, RunMoment
from wargame.review.findings.source import RunSource
from wargame.review.findings.turning_points import turning_points
from wargame.statistics.distributions import CONFIDENCE
from wargame.statistics.intervals import agresti_min

Progress = Callable[[int, int], None]
FRESH = 100_000
"""The first draw number of the second round, which therefore repeats no draw of the first round."""
SLOWER = 1.15
"""The factor by which a run takes longer on several workers of one machine than on a single worker."""
PLANS = {"quick": EffectsPlan(5, 4, 12, 2, 32), "full": EffectsPlan(12, 12, 60, 6, 240)}


def measure(
    source: RunSource,
    depth: str,
    progress: Progress | None = None,
    jobs: int | None = None,
    results: Results | None = None,
) -> MomentEffects:
    """Test the candidate turning points of a run; `depth` is `quick` or `full`.

    `progress` is called with the number of runs done and due. Futures in `results` are not run again; new
    ones are added to it. Raises Invalid if the frozen inputs differ from the inputs of the run, UsageFault if it has no
    journal.
    """
    if not source.since:
        raise UsageFault("this run has no journal since its STARTEX: there are no moments to test")
    plan = PLANS[depth]
    turns = candidates(source, plan.candidates)
    ordinary = placebos(source, plan.placebos, {turn.seq for turn in turns})
    results = Results() if results is None else results
    before = 0

    def report(done: int, _: int) -> None:
        if progress:
            progress(before + done, max(plan.runs, before + done))

    with on_cores(jobs)() as executor:
        job = Job(Past, play, source.folder.path.resolve())
        campaign = Campaign(executor, job, results, report)
        tested = [*turns, *ordinary]
        first = _round(campaign, results, tested, range(1, plan.first + 1))
        before = 2 * plan.first * len(tested)
        seemed = {turn: _largest(pairs) for turn, pairs in first.items()}
        noise = max((seemed[turn][1] for turn in ordinary), default=0.0)
        ranked = sorted(turns, key=lambda turn: (-seemed[turn][1], turn.seq))
        chosen = [turn for turn in ranked if seemed[turn][1] > noise][: plan.kept]
        second = _round(campaign, results, chosen, range(FRESH, FRESH + plan.second))
    if progress:
        progress(plan.runs, plan.runs)
    estimates = {turn: estimate(second[turn], seemed[turn][0], len(chosen)) for turn in chosen if second[turn]}
    moments = [_moment(source, turn, len(first[turn]), seemed[turn][1], estimates.get(turn)) for turn in ranked]
    ordered = sorted(moments, key=lambda m: (not (m.estimate and m.estimate.shown), m.estimate is None, -m.seemed))
    known = source.scenario.outcomes if source.scenario else {}
    titles = {name: spec.title for name, spec in known.items()}
    runs = before + 2 * plan.second * len(chosen)
    untested = sum(_turn(record) is not None for record in source.since) - len(tested)
    failed = ((each, each.cell) for each in results.failures)
    of_these = [each for each, cell in failed if cell.turn in (first if cell.epoch < FRESH else second)]
    failures = sorted(of_these, key=lambda each: (each.cell.turn.seq, each.cell.epoch, each.cell.otherwise))
    return MomentEffects(tuple(ordered), noise, plan, depth, titles, runs, untested, tuple(failures))


def forecast(source: RunSource, depth: str, jobs: int | None = None) -> tuple[int, float]:
    """Return the most runs that a depth may take, and about how many seconds.

    As many futures as a fork plays are run twice, and the second time counts; others are assumed to take as long for
    each simulated day. Raises what `measure` raises for a run that cannot be forked.
    """
    plan = PLANS[depth]
    turns = candidates(source, plan.candidates) if source.since else []
    if not turns:
        return 0, 0.0
    past, first = Past(source.folder.path.resolve()), turns[0]
    start = 0.0
    for _ in range(2):
        start = perf_counter()
        play(past, [Future(first, otherwise=False, epoch=epoch) for epoch in range(1, TOGETHER + 1)])
    seconds = (perf_counter() - start) / TOGETHER
    lengths = [past.at(first.t, 1)[0].end - turn.t for turn in turns]
    workers = jobs or cores()
    each = seconds * fmean(lengths) / lengths[0] * (SLOWER if workers > 1 else 1.0)
    return plan.runs, each * plan.runs / workers


Pairs = list[tuple[dict[str, bool], dict[str, bool]]]
"""Outcomes as it was and otherwise, with the same draws."""


def _round(
    campaign: Campaign, results: Results, turns: Sequence[Intervention], epochs: range
) -> dict[Intervention, Pairs]:
    """Run both futures of each moment with each number of draws; a pair with a failed run is left out."""
    in_order = sorted(turns, key=lambda turn: turn.t)  # a worker goes on to a later moment, and back to none
    campaign.run(Future(turn, otherwise, k) for turn in in_order for k in epochs for otherwise in (False, True))
    values = results.values
    pairs: dict[Intervention, Pairs] = {}
    for turn in turns:
        both = ((Future(turn, otherwise=False, epoch=k), Future(turn, otherwise=True, epoch=k)) for k in epochs)
        pairs[turn] = [(values[was], values[other]) for was, other in both if was in values and other in values]
    return pairs


def _largest(pairs: Pairs) -> tuple[str, float]:
    """Return the outcome that seems to change most, and by how much; an outcome met before the turn cannot."""
    if not pairs:
        return "", 0.0
    changes = {name: abs(sum(a[name] - b[name] for a, b in pairs)) / len(pairs) for name in sorted(pairs[0][0])}
    return max(changes.items(), key=lambda item: item[1], default=("", 0.0))


def estimate(pairs: Pairs, outcome: str, of: int = 1) -> EffectEstimate:
    """Return the paired difference of an outcome's chance, with Agresti and Min's interval.

    `of` estimates are reported together: their intervals are wide enough to hold all at once (Bonferroni).
    """
    n = len(pairs)
    was, other = sum(a[outcome] for a, _ in pairs), sum(b[outcome] for _, b in pairs)
    only_was = sum(a[outcome] and not b[outcome] for a, b in pairs)
    only_other = sum(b[outcome] and not a[outcome] for a, b in pairs)
    low, high = agresti_min(only_was, only_other, n, 1 - (1 - CONFIDENCE) / of)
    return EffectEstimate(outcome, n, was / n, other / n, (was - other) / n, low, high)


def _moment(
    source: RunSource, turn: Intervention, pairs: int, seemed: float, effect: EffectEstimate | None
) -> RunMoment:
    record = source.index[turn.seq]
    alternative, words = _alternative(source, turn)
    command = shlex.join(["wargame", "fork", source.folder.typed, "--at", str(turn.seq), *words, "-n", "100"])
    return RunMoment(
        turn=turn,
        what=_what(source, turn, record),
        why=source.because(record),
        at=record.at,
        day=day(source, record.t),
        alternative=alternative,
        command=command,
        pairs=pairs,
        seemed=seemed,
        estimate=effect,
    )


def _what(source: RunSource, turn: Intervention, record: Record) -> str:
    if turn.kind not in ("decision", "order"):
        return headline(source, record)
    who = wording.sentence(source.titles.government(turn.who))
    verb = "decides" if turn.kind == "decision" else "orders"
    return f"{who} {verb}: {source.titles.ordered(turn.name, turn.target)}"


def _alternative(source: RunSource, turn: Intervention) -> tuple[str, list[str]]:
    """Return the alternative as text, and as options of `wargame fork`."""
    if turn.kind == "inject":
        return f"the inject '{source.inject_title(turn.name)}' is skipped", ["--skip", turn.name]
    if turn.kind == "hazard":
        return "it does not happen then", []
    who = source.titles.government(turn.who)
    if turn.kind == "order":
        return f"the model decides for {who}", []
    if turn.other is None:
        return f"{wording.sentence(who)} waits", []
    order = " ".join(part for part in (turn.who, turn.other, turn.other_target) if part)
    choice = source.titles.ordered(turn.other, turn.other_target)
    return f"{wording.sentence(who)} decides: {choice}", ["--order", order]


def candidates(source: RunSource, most: int) -> list[Intervention]:
    """Return the interventions behind the turning points, by score: decisions, injects, orders, chance events."""
    points = sorted(turning_points(source, most=3 * most), key=lambda p: (-p.score, p.seq))
    turns: dict[int, Intervention] = {}
    for point in points:
        record = source.index[point.seq]
        while (turn := _turn(record)) is None and record.cause and record.cause[0] in source.index:
            record = source.index[record.cause[0]]
        if turn is not None and record.t >= source.startex:
            turns.setdefault(turn.seq, turn)
    return list(turns.values())[:most]


def _turn(record: Record) -> Intervention | None:
    if isinstance(record, DecisionRecord) and record.about != "wait":
        others = [each for each in record.candidates if not each.is_chosen(record)]
        best = max(others, key=lambda each: each.chance, default=None)
        other = (best.option, best.target) if best else (None, None)
        return Intervention(record.seq, record.t, "decision", record.who, record.choice, record.target, *other)
    if isinstance(record, InjectReleasedRecord) and record.trigger != "manual":
        return Intervention(record.seq, record.t, "inject", record.who, record.about)
    if record.kind == "hazard":
        return Intervention(record.seq, record.t, "hazard", "", record.about)
    if isinstance(record, CommandRecord) and record.about == "order" and not record.data.get("forced"):
        data = record.data
        order = (str(data["government"]), str(data["option"]))
        return Intervention(record.seq, record.t, "order", *order, data.get("target"))
    return None


def placebos(source: RunSource, most: int, taken: set[int]) -> list[Intervention]:
    """Return ordinary moments, spread evenly over the decisions to act that are not candidates."""
    ordinary = [turn for record in source.since if record.seq not in taken and record.kind == "decision"
                if (turn := _turn(record)) is not None]  # fmt: skip
    step = max(1, len(ordinary) // (most + 1))
    return ordinary[step // 2 :: step][:most]
