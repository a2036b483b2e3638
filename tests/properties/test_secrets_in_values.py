"""A secret changes nothing that a government which may not know it receives: no value, text, count, number or time.

Each exercise is played twice by a fixed script, with and without the secret; all views of all other seats are compared
until what the secret changed is published (`support.differential`).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from support.differential import GAMES, Secret, Shown, differences, play, secrets, together

PLAIN: dict[str, Shown] = {}
"""What was shown without a secret, by scenario."""


def noticed(folder: Path, scenario: str, secret: Secret) -> list[str]:
    """Where others notice a secret. Those who know it have to be shown something, so that the secret is one."""
    game = GAMES[scenario]
    if scenario not in PLAIN:
        PLAIN[scenario] = play(folder / "plain", game)
    without, shown = PLAIN[scenario], play(folder / "secret", game, secret)
    known = [key for key in shown if key[1] in secret.known_to and shown[key] != without[key]]
    assert known or not secret.known_to
    return differences(shown, without, secret)


@lru_cache(maxsize=4)
def by_knower(scenario: str) -> dict[frozenset[str], list[Secret]]:
    """The secrets of a scenario by who knows them."""
    groups: dict[frozenset[str], list[Secret]] = {}
    for secret in secrets(GAMES[scenario]):
        groups.setdefault(secret.known_to, []).append(secret)
    return groups


@pytest.mark.slow
@pytest.mark.parametrize("who", ["ARD", "BRL", ""])
def test_two_rivals_notice_no_secret_of_each_other(tmp_path: Path, who: str) -> None:
    """All secrets of one government at once, and those of the white cell."""
    assert noticed(tmp_path, "two-rivals", together(by_knower("two-rivals")[frozenset({who} - {""})])) == []


@pytest.mark.slow
@pytest.mark.parametrize("who", ["CHN", pytest.param("CHN JPN", marks=pytest.mark.exhaustive)])
def test_six_governments_notice_no_secret_of_others(tmp_path: Path, who: str) -> None:
    """All secrets of Beijing at once, and all that pass between Beijing and Tokyo."""
    assert noticed(tmp_path, "korea-2017", together(by_knower("korea-2017")[frozenset(who.split())])) == []


EACH = [(name, secret) for name, game in GAMES.items() for secret in secrets(game)]


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("scenario", "secret"), [pytest.param(name, secret, id=f"{name} {secret.name}") for name, secret in EACH]
)
def test_nobody_else_notices_a_secret(tmp_path: Path, scenario: str, secret: Secret) -> None:
    """Each kind of secret of each government and pair, by itself."""
    assert noticed(tmp_path, scenario, secret) == []
