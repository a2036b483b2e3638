"""What a government can choose when it has to act before a moment."""

from __future__ import annotations

from dataclasses import replace

from support.engine import changed, loaded
from wargame.language.times import DAY
from wargame.simulation.exercise import Exercise


def test_only_what_can_be_carried_out_before_a_deadline_is_feasible() -> None:
    """An action that takes at least five days to prepare is not feasible with four days left."""
    base = loaded()
    options = base.scenario.options
    march = replace(options["protest"], title="marches", lead=(5 * DAY, 6 * DAY, 7 * DAY))
    exercise = Exercise(changed(base, options={**options, "march": march}), 1)
    exercise.advance(exercise.calendar.startex + DAY)
    government = exercise.governments["ARD"]
    menu = government.menus["strait"]

    def feasible(days: int | None) -> set[str]:
        deadline = None if days is None else exercise.now + days * DAY
        return {menu.candidates[i].option for i in exercise.feasibility.feasible(government, menu, deadline)}

    assert {"march", "protest"} <= feasible(None)
    assert "march" in feasible(5)
    assert "march" not in feasible(4)
    assert "protest" in feasible(4)
