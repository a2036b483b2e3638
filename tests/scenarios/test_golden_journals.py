"""The built-in scenarios have the expected history from STARTEX; the first different record is reported."""

from __future__ import annotations

import difflib

import pytest

from support.golden_journals import DAYS, FOLDER, journal

REWRITE = "if the change is intended: python tests/support/golden_journals.py"


@pytest.mark.parametrize("scenario", sorted(DAYS))
def test_the_history_of_a_scenario_equals_its_golden_journal(scenario: str) -> None:
    """Kind, government, causes and data of each record, without free texts, are compared."""
    expected = (FOLDER / f"{scenario}.jsonl").read_text("utf-8").splitlines()
    today = journal(scenario).decode().splitlines()
    assert len(expected) > 50
    for number, (old, new) in enumerate(zip(expected, today, strict=False), start=1):
        assert old == new, f"{scenario}.jsonl:{number} differs; {REWRITE}\n{_difference(old, new)}"
    lengths = f"{scenario}.jsonl has {len(expected)} lines, today's run {len(today)}"
    assert len(expected) == len(today), f"{lengths}; {REWRITE}"


def _difference(old: str, new: str) -> str:
    """The fields that differ between two records, one per line."""
    before, after = (text.replace(',"', ',\n"').splitlines() for text in (old, new))
    return "\n".join(line for line in difflib.ndiff(before, after) if line[:2] in ("- ", "+ "))


def test_the_difference_of_two_records_has_only_different_fields() -> None:
    """So that a long record is readable."""
    assert _difference('{"a":1,"b":2,"c":3}', '{"a":1,"b":5,"c":3}') == '- "b":2,\n+ "b":5,'
