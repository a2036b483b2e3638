"""What the programs of a run took, as lines for people."""

from __future__ import annotations

from typing import Any

import pytest

from wargame.brains.transcript import usage_lines

QUIET: dict[str, Any] = {
    "source": "program bot.py",
    "turns": 1200,
    "refused": 0,
    "failed": {},
    "replaced": 0,
    "calls": 0,
    "recorded": 0,
    "tokens_in": 0,
    "tokens_out": 0,
    "cost": None,
    "seconds": {"median": 0.2, "most": 0.9},
}


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({}, "ARD  program bot.py: 1,200 turns"),
        ({"refused": 2}, "ARD  program bot.py: 1,200 turns, 2 refused"),
        ({"failed": {"late": 2, "dead": 1}}, "ARD  program bot.py: 1,200 turns, 3 failed (dead, late)"),
        ({"replaced": 1}, "ARD  program bot.py: 1,200 turns, replaced by the model"),
        ({"replaced": 3}, "ARD  program bot.py: 1,200 turns, replaced by the model in 3 runs"),
        (
            {"calls": 4, "tokens_in": 12_000, "tokens_out": 800},
            "ARD  program bot.py: 1,200 turns, 4 calls, 12,000 + 800 tokens, cost unknown",
        ),
        (
            {"recorded": 5, "cost": 0.25},
            "ARD  program bot.py: 1,200 turns, 0 calls, 0 + 0 tokens, 5 answers from the cassette, $0.2500",
        ),
        ({"seconds": {}}, "ARD  program bot.py: 1,200 turns"),
        (
            {"seconds": {"median": 0.4, "most": 2.25}},
            "ARD  program bot.py: 1,200 turns, median 0.4 s, longest 2.2 s",
        ),
    ],
)
def test_a_line_has_what_is_worth_knowing(change: dict[str, Any], line: str) -> None:
    """Counts of 0 and short times are left out; tokens and cost are those of calls."""
    assert usage_lines({"ARD": QUIET | change}) == [line]
