"""The tables of a batch for other programs, and bundles of runs and batches for repositories."""

from __future__ import annotations

import csv
import json
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

import pandas as pd
import pytest

from support.bots import ORDERS, bot
from support.in_process import inside
from wargame.batches.api import Batch, BatchOptions, play
from wargame.batches.running.opening import open_data

STUDY = {
    "name": "paper",
    "scenario": "two-rivals",
    "replications": 6,
    "until": "60d",
    "arms": {"baseline": {}, "quiet": {"forbid": ["ARD patrol"]}},
    "factors": {"first": {"set": "tension", "levels": [0.2, 0.6], "title": "The first tension"}},
    "design": "grid",
    "measures": ["p(calm)", "time(war)", "mean(tension)", "actions(ARD)"],
    "series": ["tension"],
    "events": True,
}


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """A batch that keeps all that a batch can keep."""
    return play(open_data(STUDY), BatchOptions(out=str(tmp_path_factory.mktemp("export") / "b")))


@pytest.fixture(scope="module")
def tables(batch: Batch) -> Path:
    """Its tables as CSV."""
    folder = Path(batch.path).with_name("csv")
    assert inside("export", batch.path, "--out", str(folder), cwd=folder.parent).returncode == 0
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table, as the csv module of Python reads them."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_dictionary_has_each_column_of_each_table_once(tables: Path) -> None:
    """In the order of the tables, with a type and a description."""
    described = rows(tables / "dictionary.csv")
    for path in tables.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            assert [row["column"] for row in described if row["table"] == path.stem] == next(csv.reader(file))
    assert all(row["type"] and row["description"].endswith(".") for row in described)
    assert {row["table"] for row in described} == {path.stem for path in tables.glob("*.csv")}


def test_the_dictionary_describes_measures_outcomes_factors_and_indicators(tables: Path) -> None:
    """By their titles, with the units of numbers."""
    described = {(row["table"], row["column"]): row for row in rows(tables / "dictionary.csv")}
    assert described["runs", "p(calm)"]["description"] == "The strait is calm."
    assert described["runs", "p(calm)"]["unit"] == "share of 1"
    assert described["runs", "time(war)"]["unit"] == "days"
    assert described["runs", "factor:first"]["description"] == "The value of the factor: The first tension."
    assert described["series", "tension"]["description"] == "Tension in the strait."


def test_the_tables_have_the_rows_of_the_batch(batch: Batch, tables: Path) -> None:
    """With their numbers in full, and empty cells for what is missing."""
    frame = batch.frame()
    written = rows(tables / "runs.csv")
    assert [float(row["mean(tension)"]) for row in written] == list(frame["mean(tension)"])
    assert [row["time(war)"] == "" for row in written] == list(frame["time(war)"].isna())
    assert len(rows(tables / "events.csv")) == len(batch.events(None))
    assert len(rows(tables / "series.csv")) == len(batch.series())
    assert [row["measure"] for row in rows(tables / "differences.csv")] == list(batch.differences()["measure"])


def test_tables_in_parquet_are_those_in_csv(batch: Batch, tables: Path, tmp_path: Path) -> None:
    """As PyArrow reads them."""
    done = inside("export", batch.path, "--format", "parquet", "--out", "t", "--json", cwd=tmp_path)
    counts = json.loads(done.stdout)["tables"]
    for name, count in counts.items():
        table = pd.read_parquet(tmp_path / "t" / f"{name}.parquet")
        assert (list(table.columns), len(table)) == (list(rows(tables / f"{name}.csv")[0]), count)
    assert pd.read_parquet(tmp_path / "t" / "runs.parquet")["mean(tension)"].equals(batch.frame()["mean(tension)"])


@pytest.mark.parametrize(
    ("form", "remedy"), [("xlsx", "write csv or parquet; spreadsheets open csv"), ("parqet", "did you mean 'parquet'?")]
)
def test_another_format_is_refused_with_those_there_are(batch: Batch, tmp_path: Path, form: str, remedy: str) -> None:
    """Nothing is written."""
    done = inside("export", batch.path, "--format", form, "--out", "t", cwd=tmp_path)
    assert (done.returncode, f"no package adds it ({remedy})" in done.stderr) == (2, True), done.stderr
    assert not (tmp_path / "t").exists()


def test_columns_about_programs_are_described(tmp_path: Path) -> None:
    """Each of a table with a program in a seat."""
    bot(tmp_path, ORDERS)
    words = ("two-rivals", "-n", "1", "--until", "20d", "--arm", "bot=seat ARD=program:./bot.py", "--jobs", "1")
    assert inside("batch", *words, "--out", "b", cwd=tmp_path).returncode == 0
    assert inside("export", "b", cwd=tmp_path).returncode == 0
    described = {row["column"]: row["description"] for row in rows(tmp_path / "b-tables" / "dictionary.csv")}
    assert described["turns(ARD)"] == "Decisions that a program was asked for."
    assert [column for column, text in described.items() if not text] == []


@pytest.mark.slow
def test_whole_numbers_stay_whole_where_some_are_missing(tmp_path: Path) -> None:
    """A failed run has no counts; those of the others have no decimal point."""
    failing = str(Path(__file__).resolve().parents[1] / "data" / "failing-injects.yaml")
    words = ("two-rivals", "-n", "4", "--until", "60d", "--injects", failing, "--jobs", "1", "--out", "b")
    assert inside("batch", *words, cwd=tmp_path).returncode == 0
    assert inside("export", "b", cwd=tmp_path).stdout.startswith("b-tables/runs.csv\n")
    counts = {row["status"]: row["kernel_events"] for row in rows(tmp_path / "b-tables" / "runs.csv")}
    assert (counts["failed"], counts["ok"].isdecimal()) == ("", True)
    described = {row["column"]: row["type"] for row in rows(tmp_path / "b-tables" / "dictionary.csv")}
    assert described["kernel_events"] == "whole number"


def test_a_file_is_no_place_for_tables(batch: Batch, tmp_path: Path) -> None:
    """The message says so, and the file is kept."""
    (tmp_path / "t").write_text("kept")
    done = inside("export", batch.path, "--out", "t", cwd=tmp_path)
    assert (done.returncode, "t is a file" in done.stderr, (tmp_path / "t").read_text()) == (2, True, "kept")


# --- bundles ---------------------------------------------------------------------------------------------------


def graph(path: Path) -> tuple[dict[str, dict[str, Any]], ZipFile]:
    """The entities of a bundle by their ids, and its files."""
    bundle = ZipFile(path)
    described = json.loads(bundle.read("ro-crate-metadata.json"))
    assert described["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    return {entity["@id"]: entity for entity in described["@graph"]}, bundle


def references(value: object) -> set[str]:
    """The ids to which the fields of an entity refer."""
    if isinstance(value, dict):
        return {str(value["@id"])} if set(value) == {"@id"} else set().union(*map(references, value.values()))
    return set().union(*map(references, value)) if isinstance(value, list) else set()


TYPED = (
    "--author",
    "A. Analyst (Harbour University)",
    "--licence",
    "CC-BY-4.0",
    "--publisher",
    "Harbour Press https://press.example",
)


@pytest.fixture(scope="module")
def bundle(batch: Batch) -> Path:
    """The bundle of the batch, which also has a file with a space in its name."""
    folder = Path(shutil.copytree(batch.path, Path(batch.path).with_name("bundled")))
    (folder / "my notes.txt").write_text("notes", "utf-8")
    done = inside("bundle", str(folder), *TYPED, cwd=folder.parent)
    assert done.returncode == 0, done.stderr
    return folder.with_name("bundled.zip")


def test_a_bundle_is_an_ro_crate(bundle: Path) -> None:
    """It has what version 1.1 asks of a root data set, and all that is referred to is described."""
    entities, _ = graph(bundle)
    root = entities["./"]
    assert entities["ro-crate-metadata.json"]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert entities["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert {"name", "description", "datePublished", "license"} <= set(root)
    assert entities[root["license"]["@id"]]["name"] == "CC-BY-4.0"
    author = entities[root["author"]["@id"]]
    assert (author["name"], entities[author["affiliation"]["@id"]]["name"]) == ("A. Analyst", "Harbour University")
    publisher = entities[root["publisher"]["@id"]]
    assert (publisher["name"], publisher["url"]) == ("Harbour Press", "https://press.example")
    known = {*entities, "https://w3id.org/ro/crate/1.1"}
    assert set().union(*map(references, entities.values())) <= known


def test_a_bundle_describes_each_file_with_its_hash(bundle: Path, batch: Batch) -> None:
    """All files of the folder are in it, and the tables of the batch with their dictionary."""
    entities, packed = graph(bundle)
    files = {unquote(name): each for name, each in entities.items() if each["@type"] == "File"}
    assert set(files) == set(packed.namelist()) - {"ro-crate-metadata.json"}
    for name, each in files.items():
        assert each["sha256"] == sha256(packed.read(name)).hexdigest()
        assert each["contentSize"] == str(len(packed.read(name)))
    own = {path.relative_to(batch.path).as_posix() for path in Path(batch.path).rglob("*") if path.is_file()}
    assert {name for name in own if not name.startswith(".")} < set(files)
    assert {"my notes.txt", "tables/dictionary.csv", "tables/runs.csv"} <= set(files)


def test_a_bundle_says_what_made_its_data(bundle: Path, batch: Batch) -> None:
    """The versions of the software, the inputs and the results."""
    entities, _ = graph(bundle)
    run = entities["#run"]
    made_by = {entities[each["@id"]]["name"]: entities[each["@id"]]["version"] for each in run["instrument"]}
    assert made_by == batch.manifest.versions
    assert {each["@id"] for each in run["object"]} == {name for name in entities if name.startswith("inputs/")} != set()


def test_no_list_of_a_bundle_has_one_value_or_none(bundle: Path) -> None:
    """The validator of RO-Crate wants single values outside of lists."""
    entities, _ = graph(bundle)
    lists = [value for each in entities.values() for value in each.values() if isinstance(value, list)]
    assert lists
    assert min(map(len, lists)) > 1


def test_the_same_folder_gives_the_same_bundle(bundle: Path) -> None:
    """The archive has no time of its own."""
    words = ("bundle", "bundled", *TYPED, "--out", "again.zip")
    assert inside(*words, cwd=bundle.parent).returncode == 0
    assert bundle.with_name("again.zip").read_bytes() == bundle.read_bytes()


def test_the_bundle_of_a_run_leaves_out_the_codes_of_people(tmp_path: Path) -> None:
    """And says so; everything else is there."""
    assert inside("run", "two-rivals", "--until", "20d", "--out", "r", "--no-report", cwd=tmp_path).returncode == 0
    (tmp_path / "r" / "access.jsonl").write_text("{}\n", "utf-8")
    done = inside("bundle", "r", cwd=tmp_path)
    entities, packed = graph(tmp_path / "r.zip")
    assert (done.returncode, done.stderr.strip()) == (
        0,
        "note: left out, since it has the codes of people: access.jsonl",
    )
    assert {"journal.jsonl", "manifest.json", "summary.json"} <= set(packed.namelist())
    assert "access.jsonl" not in packed.namelist()
    assert entities["#licence"]["name"] == "No licence is stated: ask the authors before you use the data."


def test_an_unfinished_run_is_not_bundled(tmp_path: Path) -> None:
    """What is described must not change any more."""
    assert inside("run", "two-rivals", "--until", "20d", "--out", "r", "--no-report", cwd=tmp_path).returncode == 0
    manifest = tmp_path / "r" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "ended": "running", "finished": None}))
    done = inside("bundle", "r", cwd=tmp_path)
    assert (done.returncode, "is not finished" in done.stderr) == (2, True)
    assert not (tmp_path / "r.zip").exists()


@pytest.mark.parametrize("words", [("--author", " "), ("--author", "(Institute)"), ("--publisher", "https://a.org")])
def test_an_author_or_publisher_without_a_name_is_refused(tmp_path: Path, words: tuple[str, str]) -> None:
    """No archive is written with an empty name."""
    assert inside("run", "two-rivals", "--until", "2d", "--out", "r", "--no-report", cwd=tmp_path).returncode == 0
    done = inside("bundle", "r", *words, cwd=tmp_path)
    assert (done.returncode, "has no name (write " in done.stderr) == (2, True)
    assert not (tmp_path / "r.zip").exists()
