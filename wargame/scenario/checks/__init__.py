"""Checks of relations between the elements of a scenario, one module per subject.

References, types and bounds of single values are checked while the elements are built.
"""

from wargame.scenario.building.draft import Draft
from wargame.scenario.checks.actions import check_actions, check_chronology
from wargame.scenario.checks.calendar import check_calendar, check_exercise
from wargame.scenario.checks.claims import check_claims, check_targets
from wargame.scenario.checks.conduct import check_conduct
from wargame.scenario.checks.formulas import check_formulas
from wargame.scenario.checks.indicators import check_indicators, check_knowledge
from wargame.scenario.checks.msel import check_msel, check_questionnaires
from wargame.scenario.checks.people import check_governments, check_map, check_roles, check_strategies

CHECKS = (
    check_calendar, check_governments, check_strategies, check_roles, check_map, check_indicators, check_knowledge,
    check_actions, check_conduct, check_msel, check_questionnaires, check_chronology, check_targets, check_claims,
    check_exercise, check_formulas,
)  # fmt: skip


def check(draft: Draft) -> None:
    """Add all problems between elements to `draft`."""
    for check_subject in CHECKS:
        check_subject(draft)
