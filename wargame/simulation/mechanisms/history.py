"""Events that nobody decides on: the rows of the history, hazards, chance events such as an incident, and minor acts.

The history is replayed without errors of perception and without chance. Minor acts are below the threshold of decision:
each week every government has Poisson(ν) towards each other one, consular, press, working level. Their weights follow
the stance s of the government, which moves with what it does and with surprises at what the other does. The other
perceives the mean of a week at a discount. Before STARTEX there are everyday acts that the history does not name.
`docs/explanation/optional-mechanisms.md` has the equations.
"""

from array import array
from functools import lru_cache, partial
from itertools import accumulate, permutations
from math import exp
from typing import Any

from wargame.decision.responses import rates_of
from wargame.language.times import DAY
from wargame.numbers.arithmetic import rounded
from wargame.numbers.arrays import doubles, longs
from wargame.numbers.minor_acts import MOST_ACTS, MinorActs
from wargame.scenario.model import Hazard, HistoryRow, Routine
from wargame.simulation.kernel.clock import INJECT, SIGNAL
from wargame.simulation.kernel.context import Decision, RunContext
from wargame.simulation.mechanisms.actions import Actions, Effects
from wargame.simulation.mechanisms.triggers import Thinning
from wargame.statistics.draws import name_key
from wargame.world.layout import Layout


class History:
    """Replays the rows. A row marked `decided` counts before STARTEX, and after it while the seat is `script`."""

    def __init__(self, context: RunContext, actions: Actions, effects: Effects) -> None:
        self._context, self._actions, self._effects = context, actions, effects

    def schedule(self) -> None:
        """Put every row on the clock, rows of one instant in the order of their ids."""
        replay, at = self._replay, self._context.clock.at
        for row, given in self._context.world.layout.memo("history", self._in_order):
            time = self._time(row, given)
            if time >= 0:
                at(time, INJECT, replay, row)

    def _in_order(self) -> list[tuple[HistoryRow, int]]:
        """Return the rows in the order of their ids with the seconds of their times, which are the same in all runs."""
        seconds = self._context.calendar.seconds
        return [(row, seconds(row.at)) for row in sorted(self._context.scenario.history, key=lambda r: r.id)]

    def _time(self, row: HistoryRow, time: int) -> int:
        """Return when a row happens: one that has a window, on a working day in it if it is after STARTEX."""
        calendar = self._context.calendar
        if row.window is None or row.mark == "decided" or time < calendar.startex or self._scripted(row):
            return time
        first, last = (calendar.seconds(moment) for moment in row.window)
        first = max(first, calendar.startex)
        days = max(0, last - first) // DAY + 1
        day = first + DAY * int(days * self._context.draws.uniform("history", row.id))
        return self._context.working_time(row.by[0], row.option, day) if row.by and row.option else day

    def _scripted(self, row: HistoryRow) -> bool:
        kinds = {} if self._context.open else dict(self._context.settings.seats)
        return bool(row.by) and all(kinds.get(n, self._context.governments[n].seat) == "script" for n in row.by)

    def _replay(self, row: HistoryRow) -> None:
        context = self._context
        if context.open and row.mark == "decided" and not self._scripted(row):
            return
        if row.id in context.settings.skip:
            return
        if row.when is not None and not context.world.compile(row.when)(context.world, context.events):
            return
        changed = self._effects.apply(("history", row.id), row.effects, {})
        data: dict[str, Any] = {"title": row.title, "mark": row.mark, "source": row.source}
        if changed:
            data["effects"] = changed
        seq = context.rows[row.id] = context.log.write("history", row.by[0] if row.by else "", row.id, (), data)
        if row.leader is not None:
            self._context.governments[context.scenario.leaders[row.leader].government].install(row.leader, seq)
        context.publish(row.id)
        if row.option is not None:
            self._act(row, row.option, seq)

    def _act(self, row: HistoryRow, option: str, seq: int) -> None:
        """Carry out the row's action, by each of its actors on each of its targets that the option allows."""
        spec = self._context.scenario.options[option]
        targets = [t for t in row.to if t in spec.to] if spec.to else [None]
        for actor in row.by:
            for target in targets:
                if target != actor:
                    self._actions.do(
                        actor, option, target, source="history", cause=(seq,), success=row.success, why=row.title
                    )


class Hazards:
    """One thinning process for each hazard, from STARTEX on."""

    def __init__(self, context: RunContext, actions: Actions, effects: Effects) -> None:
        self._context, self._actions, self._effects = context, actions, effects
        self._processes: list[Thinning] = []

    def begin(self) -> None:
        """Start the processes at STARTEX."""
        for name, spec in sorted(self._context.scenario.hazards.items()):
            occur = partial(self._occur, name, spec)
            self._processes.append(Thinning(self._context, name, spec.rate, spec.bound, occur))

    def redraw(self) -> None:
        """Draw the hazards that are still to come again, in a fork."""
        for process in self._processes:
            process.redraw()

    def _occur(self, name: str, spec: Hazard) -> bool:
        """Let the hazard occur; returns False if it cannot occur again."""
        data = {"title": spec.title, "effects": self._effects.apply(("hazard", name), spec.effects, {})}
        seq = self._context.log.write("hazard", "", name, self._context.log.just_changed(), data)
        if spec.action is not None:
            self._actions.do_unless_person(spec.action, "hazard", seq, spec.title)
        self._context.publish(name)
        return not spec.once


WEEK = 7 * DAY


class RoutineActs:
    """The minor acts of all pairs, from STARTEX on, and the stances, from the start of the scenario on."""

    def __init__(self, context: RunContext, rules: Routine) -> None:
        self._context = context
        self._week = 0
        pairs = context.world.layout.memo("minor acts", partial(_pairs, context.world.layout))
        self._pairs = tuple(pairs["stance_of"])
        self.minor_acts = MinorActs(
            **pairs,
            chances=_cumulated(rules.acts),
            lean=10.0 * rules.lean,
            spread=rules.spread,
            discount=rules.discount,
            step=rules.surprise,
            own=rules.own,
            rates=rates_of(context.rules),
            curves=context.world.curves,
        )

    def begin(self) -> None:
        """Plan the first acts a week after STARTEX."""
        self._context.clock.at(self._context.now + WEEK, SIGNAL, self._acts_of_a_week)

    def _acts_of_a_week(self) -> None:
        context = self._context
        context.clock.at(context.now + WEEK, SIGNAL, self._acts_of_a_week)
        purposes = ("routine number", ""), ("routine weight", "a"), ("routine weight", "b")
        number, one, other = (context.draws.key(*purpose, self._week) for purpose in purposes)
        self._week += 1
        acts_of_pairs = self.minor_acts.week(number, one, other, self._silent())
        shown: dict[str, dict[str, tuple[float, float]]] = {self._pairs[pair][0]: {} for pair, _, _ in acts_of_pairs}
        if context.log.keeps_any:
            for pair, count, total in acts_of_pairs:
                actor, receiver = self._pairs[pair]
                shown[actor][receiver] = (count, rounded(total))
        for actor, acts in shown.items():
            context.log.write("routine", actor, "", (), {"acts": acts})

    def _silent(self) -> set[int]:
        """Return the pairs whose actor has a person in its seat: the staff of a person acts only when asked."""
        people = {name for name, government in self._context.governments.items() if government.seat == "human"}
        return {i for i, (actor, _) in enumerate(self._pairs) if actor in people} if people else set()


class UnnamedActs:
    """Others notice what a government would have done before STARTEX, if its weight is at most `largest`.

    A chronology names only some everyday acts. Those without a name change nothing; they only add salience.
    """

    def __init__(self, context: RunContext, largest: float) -> None:
        self._context, self._largest = context, largest

    def dropped(self, dropped: Decision) -> None:
        """Note an order that fell due without an action of the history."""
        context, option = self._context, self._context.scenario.options[dropped.option]
        weight = option.goldstein * (1.0 + option.shock)
        if abs(weight) > self._largest:
            return
        hidden = option.visibility != "public"
        for name, government in self._context.governments.items():
            if name == dropped.actor or (hidden and name != dropped.target):
                continue
            dossier = context.scenario.governments[name].dossiers.get(option.dossier)
            if dossier is not None:
                share = 1.0 if name == dropped.target else dossier.stake
                surprise = weight - context.world.get("flow", name, dropped.actor)
                government.add_salience(option.dossier, abs(surprise) * share, None)


def _pairs(layout: Layout) -> dict[str, Any]:
    """Return what `MinorActs` has of all pairs of governments: their name keys, and slots."""
    stances = {pair: layout.slot("stance", pair) for pair in permutations(layout.governments, 2)}
    return {
        "names": [name_key(f"{actor}>{receiver}") for actor, receiver in stances],
        "stances": longs(stances.values()),
        "answers": longs([stances[receiver, actor] for actor, receiver in stances]),
        "regards": [layout.regard_slots[receiver, actor] for actor, receiver in stances],
        "stance_of": stances,
    }


@lru_cache(maxsize=64)
def _cumulated(mean: float) -> "array[float]":
    """Return P(n ≤ 0), P(n ≤ 1), … of the Poisson distribution, as far as `MOST_ACTS`."""
    chances, chance = [], exp(-mean)
    for number in range(MOST_ACTS):
        chances.append(chance)
        chance *= mean / (number + 1)
    return doubles(accumulate(chances))
