"""Single values of the files: empty values, and numbers in place of formulas."""

from __future__ import annotations

from pathlib import Path

import pytest

from wargame.errors import Invalid
from wargame.scenario.loading.load import Loaded, load_files

SMALL = (Path(__file__).resolve().parents[1] / "data" / "small.yaml").read_text("utf-8")


def small(old: str, new: str) -> Loaded:
    """The small scenario with one change."""
    assert SMALL.count(old) == 1
    return load_files({"s.yaml": SMALL.replace(old, new).encode()})


@pytest.mark.parametrize("nothing", ["null", "~", ""])
def test_an_optional_key_without_a_value_has_its_default(nothing: str) -> None:
    """`audience:` followed by nothing, `~` or `null` means no audience."""
    assert small("{audience: approval}", f"{{audience: {nothing}}}").scenario.rules.audience is None


@pytest.mark.parametrize("text", ["null", "~"])
def test_a_quoted_null_is_a_text(text: str) -> None:
    """In quotes it is the id of an indicator, which does not exist."""
    with pytest.raises(Invalid, match=f"unknown indicator '{text}'"):
        small("{audience: approval}", f'{{audience: "{text}"}}')


@pytest.mark.parametrize("written", ["1", "1.00", "+1e0", "  1.0 "])
def test_a_number_in_place_of_a_formula_counts_by_its_value(written: str) -> None:
    """Scenario and hash do not depend on the notation of a constant rate."""
    rate, plain = "rate: 0.5 + tension,", small("rate: 0.5 + tension,", "rate: 1.0,")
    loaded = small(rate, f"rate: {written},")
    assert loaded.scenario.hazards["clash"].rate == "1.0"
    assert loaded.scenario_sha256 == plain.scenario_sha256


def test_a_formula_keeps_its_text() -> None:
    """So does a quoted number, which is a formula."""
    assert small("rate: 0.5 + tension,", 'rate: "1.50",').scenario.hazards["clash"].rate == "1.50"
    assert small("rate: 0.5 + tension,", "rate: 0.5 +  tension,").scenario.hazards["clash"].rate == "0.5 +  tension"
