"""Checks of relations between the elements of a scenario, one module per subject.

References, types and bounds of single values are checked while the elements are built.
"""

from __future__ import annotations

from wargame.scenario.building.draft import Draft
from wargame.scenario.checks import actions as actions
from wargame.scenario.checks import (
    calendar,
    chronology,
    claims,
    conduct,
    exercise,
    formulas,
    indicators,
    knowledge,
    msel,
    people,
    questionnaires,
    talks,
    targets,
)

SUBJECTS = (
    calendar,
    people,
    indicators,
    knowledge,
    actions,
    talks,
    conduct,
    msel,
    questionnaires,
    chronology,
    targets,
    claims,
    exercise,
    formulas,
)


def check(draft: Draft) -> None:
    """Add all problems between elements to `draft`."""
    for subject in SUBJECTS:
        subject.check(draft)
