"""Measures over windows, first events and what a government knew early, against the events and series of the runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import wargame
from support.in_process import inside

if TYPE_CHECKING:
    import pandas as pd

MEASURES = (
    *("count(patrol)", "count(patrol, until: 40d)", "count(patrol, ARD, after: 40d)", "count(patrol, after: 900d)"),
    *("actions(until: 40d)", "actions(BRL, after: 10d, until: 40d)", "first(patrol)", "first(patrol, BRL)"),
    *(
        "mean(tension, until: 40d)",
        "highest(tension, after: 40d)",
        "p(war, until: 40d)",
        "seen(patrol, BRL, until: 40d)",
    ),
    *("seen(tension, until: 35d)", "seen(tension, ARD, until: 35d)", "seen(tension, until: 900d)", "p(calm)"),
)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Runs, actions and tension over time of a small batch."""
    out = tmp_path_factory.mktemp("windows") / "batch"
    batch = wargame.batch(
        "two-rivals", 12, measures=MEASURES, until="100d", events=True, series="tension", out=out, progress=False
    )
    return batch.frame().set_index("replication"), batch.events(), batch.series()


def days(events: pd.DataFrame, replication: int, who: str = "", option: str = "") -> list[float]:
    """The days of the actions of a run."""
    rows = events[events["replication"] == replication]
    kept = rows[((rows["who"] == who) | (who == "")) & ((rows["option"] == option) | (option == ""))]
    return sorted(kept["day"])


@pytest.mark.parametrize(
    ("measure", "who", "option", "after", "until"),
    [
        ("count(patrol)", "", "patrol", 0, 1000),
        ("count(patrol, until: 40d)", "", "patrol", 0, 40),
        ("count(patrol, ARD, after: 40d)", "ARD", "patrol", 40, 1000),
        ("count(patrol, after: 900d)", "", "patrol", 900, 1000),
        ("actions(until: 40d)", "", "", 0, 40),
        ("actions(BRL, after: 10d, until: 40d)", "BRL", "", 10, 40),
    ],
)
def test_events_of_a_window(
    tables: tuple[pd.DataFrame, ...], measure: str, who: str, option: str, after: float, until: float
) -> None:
    """The number is that of the events between the two days."""
    runs, events, _ = tables
    expected = [sum(after <= day < until for day in days(events, i, who, option)) for i in runs.index]
    assert list(runs[measure]) == expected


def test_the_first_event(tables: tuple[pd.DataFrame, ...]) -> None:
    """It is the smallest day, none for a run without such an event."""
    runs, events, _ = tables
    for measure, who in (("first(patrol)", ""), ("first(patrol, BRL)", "BRL")):
        expected = [min(days(events, i, who, "patrol"), default=float("nan")) for i in runs.index]
        assert list(runs[measure]) == pytest.approx(expected, nan_ok=True)


def test_indicators_of_a_window(tables: tuple[pd.DataFrame, ...]) -> None:
    """They are the mean and the maximum of the times of observation inside; what is seen is the value on the day."""
    runs, _, series = tables
    for i, rows in series.groupby("replication"):
        row, tension = runs.loc[i], rows.set_index("day")["tension"]
        assert row["mean(tension, until: 40d)"] == pytest.approx(tension[tension.index <= 40].mean())
        assert row["highest(tension, after: 40d)"] == pytest.approx(tension[tension.index >= 40].max())
        assert row["seen(tension, until: 35d)"] == pytest.approx(tension[35.0])
        assert row["seen(tension, ARD, until: 35d)"] == pytest.approx(tension[35.0])
    assert runs["seen(tension, until: 900d)"].isna().all()


def test_a_window_changes_no_run(tables: tuple[pd.DataFrame, ...], tmp_path: Path) -> None:
    """The same runs without windows have the same other numbers."""
    alone = wargame.batch(
        "two-rivals", 12, measures=["count(patrol)", "p(calm)"], until="100d", out=tmp_path / "b", progress=False
    )
    columns = ["count(patrol)", "p(calm)", "kernel_events", "decisions", "days"]
    assert alone.frame()[columns].equals(tables[0].reset_index()[columns])


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        ("count(patrol, after: 9q)", "'9q' is not a duration"),
        ("time(war, after: 9d)", "time has no 'after'"),
        ("seen(tension, after: 9d)", "seen has no 'after'"),
        ("count(patrol, after: 9d, until: 3d)", "the window is empty"),
        ("count(patrol, after: 9d, after: 3d)", "written twice"),
        ("first(patrol) + 1", "cannot be part of a larger expression"),
        ("seen(patrool, ARD)", "patrol"),
        ("seen(trust[BRL, ARD], ARD, until: 9d)", "ARD does not know trust[BRL, ARD]"),
    ],
)
def test_a_window_that_is_impossible(measure: str, said: str, tmp_path: Path) -> None:
    """The message says what is wrong."""
    done = inside("batch", "two-rivals", "-n", "2", "--measure", measure, cwd=tmp_path)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_a_study_that_watches_nothing_known_is_refused_at_its_line(tmp_path: Path) -> None:
    """The place is that of the name under `watch`."""
    (tmp_path / "s.yaml").write_text(
        "format: wargame-study/1\nname: s\nscenario: two-rivals\narms: {a: {}, b: {forbid: [ARD patrol]}}\n"
        "decision:\n  goal: p(calm)\n  fails: p(war)\n  watch: {paths: [tension, patroll]}\n"
    )
    done = inside("validate", "s.yaml", cwd=tmp_path)
    assert done.returncode == 3
    assert "s.yaml:8:28" in done.stdout + done.stderr, done.stdout + done.stderr
