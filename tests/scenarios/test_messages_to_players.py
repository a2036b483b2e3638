"""Injects that are meant for the players reach them."""

from __future__ import annotations

import re

import pytest

from wargame.scenario.loading.load import load


@pytest.mark.parametrize("scenario", ["korea-2017", "cuba-1962"])
def test_what_addresses_the_players_reaches_them(scenario: str) -> None:
    """The text of STARTEX, and questions to each cell; what remains with the white cell addresses nobody else."""
    injects = {inject.id: inject for inject in load(scenario).injects}
    assert injects["startex"].kind == "information"
    for inject in injects.values():
        if inject.kind == "facilitation":
            assert not re.search(r"\b(you|your|each cell)\b", inject.message, re.IGNORECASE), inject.id
            assert inject.title.startswith("Facilitator:")
