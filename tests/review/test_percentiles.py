"""The place of a run within a batch."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import pandas as pd
import pytest

import wargame
from support.in_process import inside
from wargame.errors import UsageFault
from wargame.executor.run import Destination, simulate
from wargame.review.findings.percentile import percentile_rows, percentiles
from wargame.review.findings.source import open_run
from wargame.scenario.loading.load import load
from wargame.simulation.kernel.settings import Settings


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a batch of two arms and the first run of its baseline."""
    top = tmp_path_factory.mktemp("batch report")
    wargame.batch("two-rivals", 12, arms={"calmer": "set tension=0.1"}, out=top / "batch", jobs=1)
    simulate(load("two-rivals"), 1, place=Destination(out=top / "one"))
    return top


@pytest.fixture(scope="module")
def frame(place: Path) -> pd.DataFrame:
    """Its runs as a table."""
    return wargame.open_batch(str(place / "batch")).frame()


def report(place: Path, *words: str) -> str:
    """A report as Markdown."""
    done = inside("report", *words, "--format", "md", "-o", "out.md", cwd=place)
    assert done.returncode == 0, done.stderr
    return (place / "out.md").read_text(encoding="utf-8")


def test_the_numbers_of_a_run_are_compared_with_the_table_of_the_batch(place: Path, frame: pd.DataFrame) -> None:
    """Values, shares and quantiles, computed again."""
    ok = frame[(frame.arm == "baseline") & (frame.status == "ok")]
    mine = ok[ok.replication == 0].iloc[0]
    rows = percentiles(place / "one", place / "batch")

    assert {"p(blockade_laid)", "actions(ARD)", "severity()"} <= {each["measure"] for each in rows}
    for each in rows:
        column = ok[each["measure"]].dropna()
        assert each["value"] == pytest.approx(mine[each["measure"]], abs=1e-4)
        assert each["share_below"] == pytest.approx((column < each["value"]).mean())
        assert math.isclose(each["middle"], column.median())


def test_counts_of_options_and_injects_are_compared(tmp_path: Path) -> None:
    """All actions of an option, those of one government, and the releases of an inject, counted in the journal."""
    measures = ("count(talk)", "count(talk, ARD)", "count(collision)", "count(harvest)")
    wargame.batch("two-rivals", 3, measures=measures, out=tmp_path / "batch", jobs=1)
    run = simulate(load("two-rivals"), 1, place=Destination(out=tmp_path / "one"))
    lines = [json.loads(line) for line in run.folder.journal.read_text("utf-8").splitlines()]
    startex = next(line["seq"] for line in lines if line["kind"] == "startex")
    talks = [each["who"] for each in lines[startex:] if each["kind"] == "action" and each["about"] == "talk"]
    releases = [each["about"] for each in lines[startex:] if each["kind"] == "inject.released"]
    expected = (len(talks), talks.count("ARD"), releases.count("collision"), releases.count("harvest"))

    rows = {row["measure"]: row["value"] for row in percentiles(tmp_path / "one", tmp_path / "batch")}
    assert tuple(rows[name] for name in measures) == expected
    assert expected[0] > expected[1] > 0


@pytest.mark.slow
def test_the_review_shows_how_unusual_the_run_is(place: Path) -> None:
    """In the page and in the documents; other settings are named."""
    done = inside("report", "one", "--within", "batch", cwd=place)
    assert done.returncode == 0, done.stderr
    page = (place / "one" / "report.html").read_text(encoding="utf-8")
    text = report(place, "one", "--within", "batch")

    assert "<h2>How unusual this run is</h2>" in page
    assert "### How unusual this run is" in text
    assert "other settings" not in text
    assert "This run has other settings than those runs: set" in report(
        place, "one", "--within", "batch", "--arm", "calmer"
    )
    assert "How unusual" not in report(place, "one")


def test_a_batch_of_another_scenario_is_refused(place: Path, tmp_path: Path) -> None:
    """An unknown arm is refused too."""
    shutil.copytree(place / "one", tmp_path / "one")
    shutil.copytree(place / "batch", tmp_path / "batch")
    manifest = tmp_path / "one" / "manifest.json"
    data = json.loads(manifest.read_text(encoding="utf-8"))
    unknown = inside("report", "one", "--within", "batch", "--arm", "calmr", cwd=tmp_path)
    manifest.write_text(json.dumps(data | {"scenario_sha256": "0" * 64}), encoding="utf-8")
    other = inside("report", "one", "--within", "batch", cwd=tmp_path)

    assert (unknown.returncode, other.returncode) == (2, 2)
    assert "did you mean 'calmer'?" in unknown.stderr
    assert "a batch of another scenario" in other.stderr


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch of a few short runs."""
    folder = tmp_path_factory.mktemp("many")
    wargame.batch("two-rivals", 6, until="30d", jobs=1, out=folder / "b")
    return folder / "b"


def test_a_batch_over_another_time_is_refused(many: Path, tmp_path: Path) -> None:
    """A longer run has more of everything. With six runs, no number is unusual."""
    run_of = {
        n: simulate(load("two-rivals"), 3, Settings(until=n), place=Destination(out=tmp_path / n))
        for n in ("30d", "60d")
    }
    with pytest.raises(UsageFault, match=r"covers another time \(until of its arm 'baseline'\)"):
        percentile_rows(open_run(run_of["60d"].folder), many)
    rows = percentile_rows(open_run(run_of["30d"].folder), many)
    assert rows["unusual"] == 0
    assert "no number can be called unusual" in rows["text"]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a batch of enough runs to call a number unusual, and a run."""
    top = tmp_path_factory.mktemp("large")
    wargame.batch("two-rivals", 24, until="60d", jobs=1, out=top / "batch")
    simulate(load("two-rivals"), 5, Settings(until="60d"), place=Destination(out=top / "one"))
    return top


def test_the_numbers_are_listed_by_how_unusual_they_are(large: Path) -> None:
    """All shares of outcomes, and every number that differs between runs; the most extreme first."""
    source = open_run(large / "one")
    rows = percentiles(source, large / "batch")
    listed = percentile_rows(source, large / "batch")

    assert {row["kind"] for row in rows} >= {"share", "number"}
    assert len(listed["rows"]) == sum(row["kind"] == "share" or row["share_same"] < 1 for row in rows)
    shares = [row["share"] for row in listed["rows"]]
    assert shares == sorted(shares)
    assert listed["unusual"] == sum(share <= 0.05 for share in shares)
    assert [row["unusual"] for row in listed["rows"]] == [share <= 0.05 for share in shares]
    assert listed["runs"] == 24
    assert listed["apart"] == ""


def test_a_number_is_described_with_its_place(large: Path) -> None:
    """The name of the measure, the value of this run, median and range of the batch, and the share beyond."""
    source = open_run(large / "one")
    rows = {row["measure"]: row for row in percentiles(source, large / "batch")}
    words = {row["what"]: row for row in percentile_rows(source, large / "batch")["rows"]}
    row = rows["actions(ARD)"]
    text = words["Actions of Arda"]

    assert text["here"] == f"{row['value']:.0f}"
    assert text["usual"] == f"median {row['middle']:,.0f}; 90 % from {row['low']:,.0f} to {row['high']:,.0f}"
    low = row["share_below"] + row["share_same"] / 2 < 0.5
    beyond = row["share_below"] + row["share_same"] if low else 1 - row["share_below"]
    assert text["text"] == f"{100 * beyond:.0f} % of the runs had this or {'less' if low else 'more'}"
    war = words["War in the strait"]
    assert war["here"] == ("occurred" if rows["p(war)"]["value"] else "did not occur")
    assert "Severity of the actions of all governments" in words
