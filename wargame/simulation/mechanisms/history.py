"""What nobody decides on: the rows of the history, and hazards, chance events such as an incident at sea.

The history is replayed without errors of perception and without chance.
"""

from functools import partial
from typing import Any

from wargame.scenario.model import Hazard, HistoryRow
from wargame.simulation.kernel.clock import INJECT
from wargame.simulation.kernel.context import RunContext
from wargame.simulation.kernel.thinning import Thinning
from wargame.simulation.mechanisms.actions import Actions, Effects


class History:
    """Replays the rows. A row marked `decided` counts before STARTEX, and after it while the seat is `script`."""

    def __init__(self, context: RunContext, actions: Actions, effects: Effects) -> None:
        self._context, self._actions, self._effects = context, actions, effects

    def schedule(self) -> None:
        """Put every row on the clock, rows of one instant in the order of their ids."""
        for row in sorted(self._context.scenario.history, key=lambda r: r.id):
            time = self._context.calendar.seconds(row.at)
            if time >= 0:
                self._context.clock.at(time, INJECT, self._replay, row)

    def _replay(self, row: HistoryRow) -> None:
        context = self._context
        scripted = bool(row.by) and all(self._context.governments[name].seat == "script" for name in row.by)
        if context.open and row.mark == "decided" and not scripted:
            return
        if row.id in context.settings.skip:
            return
        if row.when is not None and not context.world.compile(row.when)(context.world, context.events):
            return
        changed = self._effects.apply(("history", row.id), row.effects, {})
        data: dict[str, Any] = {"title": row.title, "mark": row.mark, "source": row.source}
        if changed:
            data["effects"] = changed
        seq = context.log.write("history", row.by[0] if row.by else "", row.id, (), data)
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
        """STARTEX: starts the processes."""
        for name, spec in sorted(self._context.scenario.hazards.items()):
            occur = partial(self._occur, name, spec)
            self._processes.append(Thinning(self._context, name, spec.rate, spec.bound, occur))

    def redraw(self) -> None:
        """A fork: draws the hazards that are still to come again."""
        for process in self._processes:
            process.redraw()

    def _occur(self, name: str, spec: Hazard) -> bool:
        """Let the hazard occur; returns False if it cannot occur again."""
        changed = self._effects.apply(("hazard", name), spec.effects, {})
        data = {"title": spec.title, "effects": changed}
        seq = self._context.log.write("hazard", "", name, self._context.log.just_changed(), data)
        if spec.action is not None:
            self._actions.do_unless_person(spec.action, "hazard", seq, spec.title)
        self._context.publish(name)
        return not spec.once
