"""Whether governments expect something from their acts, and get it: `nice python benchmarks/judgement.py`.

Three figures of korea-2017. Orders below waiting: decided orders that their government scored below waiting.
Acceptance: for proposals of talks and offers of terms, the chance of compliance in the record of the decision, beside
the share that another government (the target, if there is one) accepted within 120 days; for those with a target, also
the share whose first notable answer within 30 days was friendly, as governments count. Forks: at orders drawn from
several runs, the actor's mean welfare over the next 180 days, by what it knows and the interests of its leader at the
order, if it acts and if it lets the meeting pass; both futures of a pair have the same draws.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Any

import msgspec

from wargame.decision.menu import Candidate
from wargame.futures.continuation import Continuation, Future, Intervention, decide_or_wait, in_fork
from wargame.journal.records import RawRecord
from wargame.language.times import DAY
from wargame.numbers.signals import NOTABLE
from wargame.scenario.loading.load import Loaded, load
from wargame.scenario.model.scenario import Scenario
from wargame.seat.interests import Welfare
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings
from wargame.statistics.draws import name_key

SCENARIO = "korea-2017"
ANSWERED = 120 * DAY
"""The shortest time for which a proposal of talks stays open."""
AHEAD, STEP = 180 * DAY, 5 * DAY
BIN = 30
"""The least number of first moves in a bin."""
ROUNDS = {"propose_talks": "hold_bilateral_round"}
"""Proposals without a forum -> what accepts them."""


@dataclass(frozen=True, slots=True)
class FirstMove:
    """A proposal or an offer: its option, the chance of compliance that its government expected, and its answers."""

    option: str
    expected: float
    accepted: bool
    friendly: bool | None
    """Whether the first notable answer was friendly; None without a target."""


def played(loaded: Loaded, seed: int, journal: str = "full") -> Exercise:
    """A whole run."""
    exercise = Exercise(loaded, seed, Settings(journal=journal))
    exercise.advance(exercise.end)
    return exercise


def decided(exercise: Exercise) -> Iterator[RawRecord]:
    """The records of decisions to act."""
    return (r for r in exercise.records() if r[2] == "decision" and r[4] != "wait")


def chosen(data: dict[str, Any]) -> Any:
    """The candidate that a decision chose."""
    return next(c for c in data["candidates"] if (c.option, c.target) == (data["choice"], data["target"]))


# --- acceptance --------------------------------------------------------------------------------------


def accepting(scenario: Scenario, name: str) -> frozenset[str]:
    """The options that accept a first move; empty if the option is none."""
    option = scenario.options[name]
    if name in ROUNDS:
        return frozenset({ROUNDS[name]})
    if option.forum and option.forum.move == "propose" and not scenario.forums[option.forum.name].council:
        return _moves(scenario, "forum", option.forum.name)
    if option.agreement and option.agreement.move == "offer":
        return _moves(scenario, "agreement", option.agreement.name)
    return frozenset()


def _moves(scenario: Scenario, kind: str, name: str) -> frozenset[str]:
    """The options that accept in this forum or agreement."""
    moves = ((option, getattr(spec, kind)) for option, spec in scenario.options.items())
    return frozenset(option for option, move in moves if move and (move.name, move.move) == (name, "accept"))


def first_moves(exercise: Exercise) -> Iterator[FirstMove]:
    """The first moves that were carried out early enough for an answer."""
    scenario, records = exercise.context.scenario, exercise.records()
    actions = [r for r in records if r[2] == "action"]
    done = {cause: r for r in actions for cause in r[5]}
    heard = defaultdict(list)
    for r in records:
        if r[2] == "signal" and r[6]["target"] == r[3] and abs(r[6]["perceived"]) >= NOTABLE:
            heard[r[3], r[6]["actor"]].append((r[1], r[6]["perceived"]))
    for seq, *_, who, name, _, data in decided(exercise):
        accepts, act = accepting(scenario, name), done.get(seq)
        if not accepts or act is None or act[1] + ANSWERED > exercise.now:
            continue
        t, target = act[1], data["target"]
        answers = [r for r in actions if t < r[1] <= t + ANSWERED and r[3] != who and target in (None, r[3])]
        accepted = any(r[4] in accepts and (name not in ROUNDS or r[6]["target"] == who) for r in answers)
        window = t + scenario.rules.response_window
        answer = next((w for at, w in heard[who, target] if t < at <= window), 0.0)
        yield FirstMove(name, chosen(data).responses[0], accepted, answer > 0.0 if target else None)


def bins(moves: list[FirstMove], most: int = 6) -> Iterator[list[FirstMove]]:
    """First moves in ascending order of what was expected, in bins of at least 30; equal expectations stay together."""
    moves = sorted(moves, key=lambda m: m.expected)
    size, part = max(BIN, len(moves) // most), list[FirstMove]()
    for i, move in enumerate(moves):
        full = len(part) >= size and len(moves) - i >= BIN
        if full and move.expected != part[-1].expected:
            yield part
            part = []
        part.append(move)
    if part:
        yield part


def show_acceptance(moves: list[FirstMove]) -> None:
    """Prints a line for each bin and for each option."""
    print("acceptance: moves, expected, accepted in 120 days, first answer in 30 days friendly")
    options = sorted({m.option for m in moves})
    parts = [(f"{p[0].expected:.2f} to {p[-1].expected:.2f}", p) for p in bins(moves)]
    parts += [(name, [m for m in moves if m.option == name]) for name in options]
    for name, part in parts:
        friendly = [m.friendly for m in part if m.friendly is not None]
        shown = f"{fmean(friendly):.2f} ({len(friendly)})" if friendly else "-"
        expected, accepted = fmean(m.expected for m in part), fmean(m.accepted for m in part)
        print(f"  {name:32} {len(part):4} {expected:.2f} {accepted:.2f} {shown}")


# --- forks -------------------------------------------------------------------------------------------


def mean_welfare(exercise: Exercise, turn: Intervention, epoch: int, *, waits: bool) -> tuple[float, bool]:
    """The mean welfare of the actor after an order or without it, and whether the order was possible."""
    welfare, leader = Welfare(exercise, turn.who), exercise.context.offices.leader[turn.who]
    exercise.context.log.mute()
    decide_or_wait(exercise, turn, Future(turn, waits, epoch))
    possible = Candidate(turn.name, turn.target) in exercise.governments[turn.who].pending
    for command in Continuation(epoch).commands(exercise):
        exercise.apply(command)
    values = []
    while exercise.now < turn.t + AHEAD and not exercise.done:
        exercise.advance(exercise.now + STEP)
        values.append(welfare.now(exercise, leader))
    return fmean(values), possible


def gains(loaded: Loaded, seed: int, turns: list[Intervention], pairs: int) -> Iterator[tuple[float, bool]]:
    """For each order of a run the mean gain of acting over waiting, and whether the order was possible."""
    exercise = Exercise(loaded, seed, Settings())  # with all records: an order is judged by what they teach

    def future(turn: Intervention, epoch: int, *, waits: bool) -> tuple[float, bool]:
        task = lambda: msgspec.json.encode(mean_welfare(exercise, turn, epoch, waits=waits))  # noqa: E731
        return msgspec.json.decode(in_fork(task), type=tuple[float, bool])

    for turn in sorted(turns, key=lambda each: (each.t, each.seq)):
        exercise.advance(turn.t)
        both = [(future(turn, k, waits=False), future(turn, k, waits=True)) for k in range(1, pairs + 1)]
        yield fmean(acts[0] - waits[0] for acts, waits in both), both[0][0][1]


def show_forks(loaded: Loaded, seeds: range, orders: int, pairs: int) -> None:
    """Prints the mean gain of acting over waiting at orders drawn from some runs."""
    all_orders = [(seed, turn) for seed in seeds for turn in turns_of(played(loaded, seed))]
    drawn = sorted(all_orders, key=lambda each: name_key(f"{each[0]} {each[1].seq}"))[:orders]
    found = [g for s in seeds for g in gains(loaded, s, [turn for seed, turn in drawn if seed == s], pairs)]
    for name, values in (("all", [g for g, _ in found]), ("carried out", [g for g, possible in found if possible])):
        error = stdev(values) / len(values) ** 0.5
        print(
            f"forks, {name}: {len(values)} orders, acting less waiting {fmean(values):+.4f}, standard error {error:.4f}"
        )


def turns_of(exercise: Exercise) -> list[Intervention]:
    """The decided orders of a run that have 180 days after them."""
    return [
        Intervention(seq, t, "decision", who, name, data["target"])
        for seq, t, _, who, name, _, data in decided(exercise)
        if t + AHEAD <= exercise.end
    ]


def main() -> None:
    """Prints the three figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs=2, default=(701, 740), metavar=("FIRST", "LAST"))
    parser.add_argument("--forks", type=int, nargs=2, default=(1001, 1010), metavar=("FIRST", "LAST"))
    parser.add_argument("--orders", type=int, default=200, help="orders that are forked")
    parser.add_argument("--pairs", type=int, default=1, help="pairs of futures of an order")
    options = parser.parse_args()
    loaded = load(SCENARIO)
    uses, below, moves = Counter[str](), Counter[str](), list[FirstMove]()
    for seed in range(options.seeds[0], options.seeds[1] + 1):
        exercise = played(loaded, seed)
        for *_, name, _, data in decided(exercise):
            uses[name] += 1
            below[name] += chosen(data).score < data["wait"]
        moves += first_moves(exercise)
    print(f"below waiting: {below.total()} of {uses.total()} orders")
    often = [f"{name} {below[name]}/{n}" for name, n in uses.items() if n >= 10 and below[name] > n / 3]
    print(f"options with ten uses, more than a third below: {', '.join(often) or 'none'}")
    show_acceptance(moves)
    show_forks(loaded, range(options.forks[0], options.forks[1] + 1), options.orders, options.pairs)


if __name__ == "__main__":
    main()
