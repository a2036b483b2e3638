"""Hazards of a scenario: chance events with draws of their own."""

from __future__ import annotations

from collections import Counter

from support.engine import changed, loaded, run
from wargame.scenario import model

MANY = 1_000
"""Hazards whose first events are within a few days: some of them fall into the same second."""


def test_the_order_of_hazards_in_a_file_does_not_matter() -> None:
    """Also of those that occur in the same second."""
    rain = {"tension": model.Effect(by=0.001)}
    storm = model.Hazard(title="Storm", rate="1000.0", bound=1000.0, once=True, effects=rain)
    hazards = {f"storm_{number}": storm for number in range(MANY)}
    one = run(changed(loaded(), hazards=hazards), days=3).records()
    other = run(changed(loaded(), hazards=dict(reversed(hazards.items()))), days=3).records()
    seconds = Counter(record[1] for record in one if record[2] == "hazard")
    assert max(seconds.values()) > 1
    assert one == other
