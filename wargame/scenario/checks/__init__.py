"""What must hold between the elements of a scenario; each module checks one subject and reports all it finds.

References, types and bounds are checked as the elements are built; here is what takes several of them.
"""

from __future__ import annotations

from wargame.scenario.building.draft import Draft
from wargame.scenario.checks import actions as actions
from wargame.scenario.checks import calendar, events, formulas, indicators, msel, people, questions, talks, targets


def check(draft: Draft) -> None:
    """Adds every problem between elements to `draft`."""
    for subject in (calendar, people, indicators, actions, talks, msel, events, targets, questions, formulas):
        subject.check(draft)
