"""The record: dated rows of what happened, replayed before the hand-over without noise or chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wargame.simulation.kernel.clock import INJECT

if TYPE_CHECKING:
    from wargame.scenario.model import RecordRow
    from wargame.simulation.actors.government import Government
    from wargame.simulation.kernel.context import Theatre
    from wargame.simulation.mechanisms.actions import Deeds, Effects


class History:
    """Schedules the rows. Decided ones replay before the hand-over, or while their government's seat is `script`."""

    def __init__(self, theatre: Theatre, governments: dict[str, Government], deeds: Deeds, effects: Effects) -> None:
        self._theatre, self._governments = theatre, governments
        self._deeds, self._effects = deeds, effects

    def schedule(self) -> None:
        """Puts every row on the clock, rows of one instant in the order of their ids."""
        for row in sorted(self._theatre.scenario.record, key=lambda r: r.id):
            time = self._theatre.calendar.seconds(row.at)
            if time >= 0:
                self._theatre.clock.at(time, INJECT, self._happen, row)

    def _happen(self, row: RecordRow) -> None:
        theatre = self._theatre
        if theatre.open and row.mark == "decided" and not self._scripted(row):
            return
        if row.id in theatre.settings.skip or (row.when is not None and not self._holds(row.when)):
            return
        changed = self._effects.apply(("record", row.id), row.effects, {})
        data: dict[str, Any] = {"title": row.title, "mark": row.mark, "source": row.source}
        if changed:
            data["effects"] = changed
        seq = theatre.log.write("record", row.by[0] if row.by else "", row.id, (), data)
        if row.leader is not None:
            self._governments[theatre.scenario.leaders[row.leader].government].install(row.leader, seq)
        theatre.publish(row.id)
        if row.option is not None:
            self._do(row, row.option, seq)

    def _scripted(self, row: RecordRow) -> bool:
        return bool(row.by) and all(self._governments[name].seat == "script" for name in row.by)

    def _holds(self, text: str) -> bool:
        formula = self._theatre.world.compile(text)
        return formula(self._theatre.world, self._theatre.events) != 0.0

    def _do(self, row: RecordRow, option: str, seq: int) -> None:
        """The row's deed, by each of its actors to each of its targets that the option allows."""
        spec = self._theatre.scenario.options[option]
        targets = [t for t in row.to if t in spec.to] if spec.to else [None]
        for actor in row.by:
            for target in targets:
                if target != actor:
                    self._deeds.do(
                        actor, option, target, source="record", cause=(seq,), success=row.success, why=row.title
                    )
