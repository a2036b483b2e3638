"""History: dated rows of what happened before STARTEX, replayed without errors of perception and without chance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wargame.scenario.model import HistoryRow
from wargame.simulation.kernel.actor import Actor
from wargame.simulation.kernel.clock import INJECT
from wargame.simulation.kernel.context import RunContext
from wargame.simulation.mechanisms.actions import Actions, Effects


class History:
    """Replays the rows. A row marked `decided` counts before STARTEX, and after it while the seat is `script`."""

    def __init__(
        self, context: RunContext, governments: Mapping[str, Actor], actions: Actions, effects: Effects
    ) -> None:
        self._context, self._governments = context, governments
        self._actions, self._effects = actions, effects

    def schedule(self) -> None:
        """Put every row on the clock, rows of one instant in the order of their ids."""
        for row in sorted(self._context.scenario.history, key=lambda r: r.id):
            time = self._context.calendar.seconds(row.at)
            if time >= 0:
                self._context.clock.at(time, INJECT, self._replay, row)

    def _replay(self, row: HistoryRow) -> None:
        context = self._context
        scripted = bool(row.by) and all(self._governments[name].seat == "script" for name in row.by)
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
            self._governments[context.scenario.leaders[row.leader].government].install(row.leader, seq)
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
