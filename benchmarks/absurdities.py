"""Counts conduct that a reader of the region would not believe: `nice python benchmarks/absurdities.py [-n RUNS]`.

Each entry is a share of runs, with the interval of Wilson at 95 %; the bound is one run in twenty. Only what happens
after STARTEX counts, and of offers and detentions only those that a decision causes and no mechanism explains.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from wargame.batches.study.parameters import under
from wargame.journal.records import RawRecord
from wargame.language.times import DAY
from wargame.scenario.loading.load import Loaded, load
from wargame.simulation.exercise import Exercise
from wargame.statistics.intervals import wilson

SCENARIO = "korea-2017"
LAUNCHES = frozenset({"medium_range_launch", "overfly_japan", "icbm_test", "satellite_launch", "nuclear_test"})
"""What counts as a launch here: of medium range and above, and tests."""
OFFERS = frozenset({"propose_talks", "propose_usa_prk_outside", "propose_usa_prk_inside", "propose_six_party"})
VISITS = frozenset({"host_leader_visit", "summit_third_location", "send_envoy"})
WITHIN = 7 * DAY
"""'Within days'."""
STAY = 3 * DAY
"""How long a visit or summit lasts at least."""
NAMES = (
    "Tokyo and Seoul pledge collective defence to each other",
    "A Moon government demands denuclearisation first",
    "A coal halt that only the expiry of a scripted date made possible",
    "A detention within days of a launch",
    "An offer of talks by Pyongyang within days of its launch",
    "An offer of talks to Pyongyang within days of its launch",
    "A launch while Pyongyang hosts, visits or has an envoy abroad",
)
PLEDGE, DEMAND, COAL, DETENTION, OFFER_BY, OFFER_TO, TOGETHER = NAMES


@dataclass(slots=True)
class Reader:
    """Reads the actions of one run in order, and notes what is absurd: name -> lines."""

    zero: int
    found: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in NAMES})
    office: str = ""
    """The leader in Seoul."""
    completed: bool = False
    """Whether Pyongyang has completed its programme, which explains its offers."""
    expired: bool = False
    """Whether the scripted end of the coal suspension is the only reason why coal is traded."""
    launched: int = -(10**9)
    together: int = -(10**9)
    pledges: set[str] = field(default_factory=set)

    def read(self, record: RawRecord) -> None:
        """Takes one record."""
        _, t, kind, who, about, _, data = record
        if kind == "leader" and who == "KOR":
            self.office = about
        elif kind == "strategy" and who == "PRK":
            self.completed = data["stage"] == "harvest"
        elif kind == "inject.released" and about == "coal_ban_expires":
            self.expired = True
        elif kind == "action":
            if about == "resume_coal_imports":
                self.expired = False
            if t >= self.zero:
                self._judge(record)

    def _judge(self, record: RawRecord) -> None:
        seq, t, _, who, about, _, data = record
        target, decided = data["target"], data["from"] == "decision"
        for name in self._absurd(t, who, about, target, decided=decided):
            day = (t - self.zero) / DAY
            self.found[name].append(f"day {day:.0f}: {who} {about} {target or ''} ({data['from']}, record {seq})")
        if about in LAUNCHES and who == "PRK":
            self.launched = t
        if about in VISITS and "PRK" in (who, target):
            self.together = t

    def _absurd(self, t: int, who: str, about: str, target: str | None, *, decided: bool) -> list[str]:
        after_launch = decided and t - self.launched < WITHIN
        if about == "declare_collective_defence" and {who, target} == {"JPN", "KOR"}:
            self.pledges.add(who)
        return [
            name
            for name, applies in (
                (PLEDGE, about == "declare_collective_defence" and len(self.pledges) > 1),
                (DEMAND, about == "demand_denuclearisation_first" and who == "KOR" and self.office == "moon"),
                (COAL, about == "halt_coal_imports" and self.expired),
                (DETENTION, about == "detain_foreigner" and after_launch),
                (OFFER_BY, about in OFFERS and who == "PRK" and after_launch and not self.completed),
                (OFFER_TO, about in OFFERS and who != "PRK" and after_launch),
                (TOGETHER, about in LAUNCHES and who == "PRK" and t - self.together < STAY),
            )
            if applies
        ]


def count(loaded: Loaded, n: int, first: int, *, show: bool) -> Counter[str]:
    """In how many of n runs each occurs at least once."""
    runs: Counter[str] = Counter()
    for seed in range(first, first + n):
        exercise = Exercise(loaded, seed)
        exercise.advance(exercise.end)
        reader = Reader(exercise.calendar.startex)
        for record in exercise.records():
            reader.read(record)
        for name, lines in reader.found.items():
            runs[name] += bool(lines)
            for line in lines if show else ():
                print(f"  seed {seed}: {name}: {line}")
    return runs


def main() -> None:
    """Prints the share of runs for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=100)
    parser.add_argument("--first", type=int, default=1, help="first seed")
    parser.add_argument("--variant", default="-", help="- for the scenario itself")
    parser.add_argument("--show", action="store_true", help="print each occurrence")
    options: Any = parser.parse_args()
    loaded = under(load(SCENARIO), None if options.variant == "-" else options.variant)
    runs = count(loaded, options.n, options.first, show=options.show)
    print(f"{options.variant}, {options.n} runs from seed {options.first}")
    for name in NAMES:
        low, high = wilson(runs[name] / options.n, options.n)
        print(f"  {name}: {runs[name]}/{options.n} ({low:.2f} to {high:.2f})")


if __name__ == "__main__":
    main()
