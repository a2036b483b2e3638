"""A scenario that is too large for the machine says so before it is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.in_process import inside
from wargame.scenario.loading.load import load
from wargame.world import size


def test_a_run_that_does_not_fit_into_memory_is_refused_before_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says how much it needs, how much there is and how to run it all the same, which then works."""
    monkeypatch.setattr(size, "memory", lambda: 50_000)
    monkeypatch.delenv(size.VARIABLE, raising=False)
    refused = inside("run", "toy/two.yaml", "--until", "10d", "--out", "run", "--no-report", cwd=_copy(tmp_path))
    monkeypatch.setenv(size.VARIABLE, "1")
    asked = inside("run", "toy/two.yaml", "--until", "10d", "--out", "asked", "--no-report", cwd=tmp_path)

    assert refused.returncode != 0
    assert "a run with 2 governments needs about 0 MB of memory, and this machine has 0 MB" in refused.stderr
    assert "WARGAME_LARGE=1 runs it anyway" in refused.stderr
    assert not (tmp_path / "run").exists()
    assert asked.returncode == 0, asked.stderr


@pytest.mark.parametrize(
    ("written", "expected"), [("1000000\n", 1_000_000), ("max\n", None), (f"{2**63 - 4096}\n", None)]
)
def test_the_memory_is_that_of_the_container_if_it_has_less(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, expected: int | None
) -> None:
    """A container without a limit has the memory of the machine; so has a system without control groups."""
    monkeypatch.setattr(size, "LIMITS", (tmp_path / "nowhere",), raising=False)
    machine = size.memory()
    (tmp_path / "memory.max").write_text(written, "utf-8")
    monkeypatch.setattr(size, "LIMITS", (tmp_path / "nowhere", tmp_path / "memory.max"), raising=False)

    assert size.memory() == (machine if expected is None else expected)


def _copy(place: Path) -> Path:
    """Copy a scenario that no other test in this process has run: what was built once is not checked again."""
    (place / "toy").mkdir()
    text = load("two-rivals").files["scenario/two-rivals.yaml"].decode()
    (place / "toy" / "two.yaml").write_text(text, "utf-8")
    return place


def test_the_built_in_scenarios_need_little_memory() -> None:
    """So that no machine refuses them."""
    for name in ("korea-2017", "cuba-1962", "standoff", "two-rivals"):
        assert size.bytes_needed(load(name).scenario) < 20_000_000
