"""Names of governments in the built-in scenarios fit the verbs of sentences about them."""

from __future__ import annotations

import pytest

from support.engine import loaded
from wargame.journal.wording import Titles, sentence

ENDS_IN_S = frozenset({"United States", "Organisation of American States"})
"""Names that end in s and take a singular verb."""


@pytest.mark.parametrize("scenario", ["two-rivals", "korea-2017", "cuba-1962"])
def test_governments_are_singular(scenario: str) -> None:
    """Verb phrases are singular ('votes for measures'), so a name such as 'The American republics' does not fit."""
    names = {government.name for government in loaded(scenario).scenario.governments.values()}
    assert names
    assert {name for name in names if name.endswith("s")} <= ENDS_IN_S


def test_the_american_states_vote_as_one() -> None:
    """Their name takes an article within a sentence."""
    titles = Titles(governments={"LAT": loaded("cuba-1962").scenario.governments["LAT"].name})
    assert sentence(f"{titles.government('LAT')} votes") == "The Organisation of American States votes"
