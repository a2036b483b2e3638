"""What a government knew of its indicators on the first of each month."""

from __future__ import annotations

from pathlib import Path

from support.live import console, output_of
from wargame.language.times import DAY
from wargame.seat.interests import KnownValue, monthly_values


def test_a_government_has_its_values_of_each_month(tmp_path: Path) -> None:
    """Those that it may know, and 0 for what is not among them."""
    there = console(tmp_path / "run")
    output_of(there, "stop at nothing", "advance 70d")
    months = monthly_values(there.session.exercise, "ARD", there.session.records)
    assert [month.t // DAY for month in months] == [31, 59]
    assert "trust[ARD, BRL]" in months[0].values
    assert "trust[BRL, ARD]" not in months[0].values
    known = KnownValue("tension", (), 0.9, estimated=False, deviation=0.0)
    assert [month.of(known) for month in months] == [month.values["tension"] for month in months]
    assert months[0].of(KnownValue("pressure", (), 0.9, estimated=False, deviation=0.0)) == 0.0
