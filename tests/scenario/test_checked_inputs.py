"""Inputs of a run, which were checked when it was made, and what of them may have changed since."""

from __future__ import annotations

import pytest

from wargame.errors import Invalid
from wargame.scenario.loading.load import load, load_files

MAP = b"\nmap: {area: [10, 10, 10, 10], places: {a: {title: A, at: [1, 2], seat: ARD}}}\n"


def test_a_map_that_cannot_be_drawn_is_reported_for_a_run_too() -> None:
    """The map is no part of the hash of a scenario, so that an equal hash does not say that it was checked."""
    loaded = load("two-rivals")
    files = {name: data + MAP * name.startswith("scenario/") for name, data in loaded.files.items()}
    with pytest.raises(Invalid, match="the area is empty"):
        load_files(files, (loaded.scenario_sha256, loaded.injects_sha256))
