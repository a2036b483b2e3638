"""Explanations of decisions: the terms of a candidate sum to its score, and the journal has the terms that decided."""

from __future__ import annotations

from math import isclose

import pytest

from support.engine import loaded, run
from wargame.language.times import DAY
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

ROUNDING = 5e-5
"""Each term is rounded to four decimals, and left out below half of the last one."""


@pytest.mark.parametrize("name", ["two-rivals", "cuba-1962", "korea-2017"])
def test_the_terms_of_a_candidate_sum_to_its_score(name: str) -> None:
    """At a meeting of each government, for every candidate of every dossier, with all extra terms."""
    exercise = Exercise(loaded(name), 1, Settings())
    exercise.advance(exercise.calendar.startex + 20 * DAY)
    compared = 0
    for government in exercise.governments.values():
        leadership = government.leadership
        assert leadership is not None
        for dossier, menu in government.menus.items():
            everything = list(range(1, len(menu.candidates)))
            appraisal = leadership.appraise(dossier, everything)
            for i in everything:
                terms = appraisal.explain(i)
                assert sum(terms.values()) == pytest.approx(appraisal.scores[i], abs=ROUNDING * 12)
                compared += 1
    assert compared > 5


@pytest.mark.slow
def test_the_terms_in_the_journal_sum_to_the_score_beside_them() -> None:
    """The terms of each listed candidate sum to its listed score."""
    decisions = [r[6] for r in run(loaded("korea-2017"), days=700).records() if r[2] == "decision"]
    best = [candidate for data in decisions for candidate in data.get("candidates", ())]
    assert len(best) > 100
    for candidate in best:
        assert isclose(sum(candidate.terms.values()), candidate.score, abs_tol=ROUNDING * 12)
