"""Sheets that ask experts for ranges of numbers, and the pooled answers as ranges of the scenario."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from support.in_process import inside, inside_json
from wargame.batches.study.reading import build, read_root
from wargame.scenario.building.numbers import numbers, plausible, questions_sha256
from wargame.scenario.loading.load import load
from wargame.sheets.reading import read_tables

DECISIVE = """format: wargame-scenario/1
evidence:
  uncertainty:
    - {path: leaders.*.threshold, range: [0, 1], source: wide}
  decisive:
    - {path: leaders.arda_council.threshold, range: [0.1, 0.4], title: How much better than waiting, source: a study}
    - {path: leaders.arda_council.tempo, times: [0.5, 2], title: Time to act, source: ask experts}
    - {path: rules.attribution, range: [0.2, 0.7], title: Attribution bias, source: ask experts}
"""
FILLED = {
    "anna": {"leaders.arda_council.threshold": ("0.1", "0.2", "0.3"), "leaders.arda_council.tempo": ("10", "20", "40")},
    "ben": {"leaders.arda_council.threshold": ("0.2", "0.3", "0.5")},
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the scenario two-rivals, which names three decisive numbers."""
    for name, data in load("two-rivals").files.items():
        (tmp_path / "duel").mkdir(exist_ok=True)
        (tmp_path / "duel" / Path(name).name).write_bytes(data)
    (tmp_path / "duel" / "decisive.yaml").write_text(DECISIVE, "utf-8")
    return tmp_path


def filled(place: Path, name: str, answers: Mapping[str, tuple[str, ...]]) -> str:
    """Write the sheet, as an expert has filled it in, and return its name."""
    inside("elicit", "duel", "--out", "blank.csv", cwd=place)
    with (place / "blank.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    (place / "blank.csv").unlink()
    first = rows[0].index("low")
    for row in rows[1:]:
        row[first : first + 3] = answers.get(row[0], ("", "", ""))
    with (place / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return f"{name}.csv"


@pytest.mark.parametrize("name", ["numbers.csv", "numbers.xlsx"])
def test_the_sheet_has_each_number_with_its_present_value_and_source(place: Path, name: str) -> None:
    """Durations are in days; the columns of answers are empty."""
    inside("elicit", "duel", "--top", "2", "--out", name, cwd=place)
    (table,) = read_tables(place / name)
    rows = [dict(zip(table.headings, row, strict=True)) for row in table.rows]
    tempo = load(str(place / "duel")).scenario.leaders["arda_council"].tempo / 86400
    assert [(each["title"], each["source"], each["low"]) for each in rows] == [
        ("How much better than waiting", "a study", ""),
        ("Time to act", "ask experts", ""),
    ]
    assert [rows[1][key] for key in ("unit", "present value")] == ["days", f"{tempo:.4g}"]
    assert rows[1]["present range"] == f"{tempo / 2:.4g} to {tempo * 2:.4g}"


def test_pooled_ends_are_the_means_of_the_quantiles(place: Path) -> None:
    """Of those who answered: the second number has one answer, the third none."""
    sheets = [filled(place, name, answers) for name, answers in FILLED.items()]
    document = inside_json("elicit", "duel", "--pool", *sheets, cwd=place)
    assert document["numbers"]["leaders.arda_council.threshold"] == pytest.approx(
        {"low": 0.15, "best": 0.25, "high": 0.4}
    )
    assert document["numbers"]["leaders.arda_council.tempo"] == {"low": 10, "best": 20, "high": 40}
    assert document["experts"] == 2
    assert len(document["numbers"]) == 2


def test_the_labels_of_claims_draw_from_the_pooled_ranges(place: Path) -> None:
    """The file becomes a part of the scenario; its ranges come after the wide ones."""
    sheets = [filled(place, name, answers) for name, answers in FILLED.items()]
    inside("elicit", "duel", "--pool", *sheets, "--out", "duel/ranges-from-experts.yaml", cwd=place)
    loaded = load(str(place / "duel"))
    spreads = plausible(loaded.scenario.evidence.uncertainty, numbers(loaded.scenario, loaded.injects))
    assert spreads["leaders.arda_council.threshold"][1].range == pytest.approx((0.15, 0.4))
    assert spreads["leaders.arda_council.tempo"][1].range == (10 * 86400, 40 * 86400)
    assert spreads["leaders.brel_premier.threshold"][1].range == (0, 1)


@pytest.mark.parametrize(
    ("number", "unit", "answers", "expected"),
    [
        ("tempo", 86400, (("10", "20", "40"), ("15", "20.5", "40.125")), (12.5, 40.0625)),
        ("threshold", 1, (("0.20001", "0.200015", "0.20003"),), (0.20001, 0.20003)),
    ],
)
def test_a_pooled_range_is_read_as_it_was_pooled(
    place: Path, number: str, unit: int, answers: tuple[tuple[str, ...], ...], expected: tuple[float, float]
) -> None:
    """Neither a fraction of a day nor a narrow range prevents that the file is read."""
    path = f"leaders.arda_council.{number}"
    sheets = [filled(place, f"expert-{expert}", {path: each}) for expert, each in enumerate(answers)]
    inside("elicit", "duel", "--pool", *sheets, "--out", "duel/ranges-from-experts.yaml", cwd=place)
    loaded = load(str(place / "duel"))
    spread = plausible(loaded.scenario.evidence.uncertainty, numbers(loaded.scenario, loaded.injects))[path][1]
    assert spread.range == pytest.approx(tuple(end * unit for end in expected), abs=1e-9)


def test_a_factor_without_a_range_takes_that_of_the_scenario(place: Path) -> None:
    """A number that must be whole gets five levels."""
    sheets = [filled(place, name, answers) for name, answers in FILLED.items()]
    inside("elicit", "duel", "--pool", *sheets, "--out", "duel/ranges-from-experts.yaml", cwd=place)
    text = (
        b"format: wargame-study/1\nname: s\nscenario: duel\nmeasures: [mean(tension)]\n"
        b"factors: {a: {parameter: leaders.arda_council.threshold}, b: {parameter: leaders.arda_council.tempo}}\n"
        b"design: {kind: latin_hypercube, points: 9}\n"
    )
    study = build(read_root("study.yaml", text), load(str(place / "duel")))
    assert study.factors["a"].range == pytest.approx((0.15, 0.4))
    assert study.factors["b"].levels == tuple(86400.0 * days for days in (10, 17.5, 25, 32.5, 40))


FAULTS = {
    "no number": (("0,1", "0.2", "0.3"), "G2", "'0,1' is not a number", "with a point"),
    "one missing": (("0.1", "", "0.3"), "H2", "it is empty", "fill in low, best and high"),
    "wrong order": (("0.3", "0.2", "0.1"), "G2", "do not ascend", "95, 50 and 5 %"),
    "no spread": (("0.2", "0.2", "0.2"), "G2", "do not ascend", "95, 50 and 5 %"),
    "not finite": (("0.1", "0.2", "inf"), "I2", "inf is not from", "within these bounds"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_an_answer_that_cannot_be_used_is_reported_with_its_cell(place: Path, name: str) -> None:
    """All answers of all sheets are checked before a file is written."""
    answer, cell, message, remedy = FAULTS[name]
    sheet = filled(place, "anna", {"leaders.arda_council.threshold": answer})
    done = inside("elicit", "duel", "--pool", sheet, cwd=place)
    assert done.returncode == 3
    assert f"anna.csv:{cell}: leaders.arda_council.threshold: " in done.stderr
    assert message in done.stderr
    assert remedy in done.stderr
    assert not (place / "ranges-from-experts.yaml").exists()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("rules.attribution", "rules.atribution", "anna.csv:A4: no number 'rules.atribution' is asked about"),
        ("leaders.arda_council.tempo", "rules.attribution", "anna.csv:A4: 'rules.attribution' is answered twice"),
        (",best,", ",middle,", "there is no column 'best'"),
        ("0.4,0.5,0.6", ",,", "anna.csv: no number is answered"),
    ],
)
def test_a_sheet_that_was_changed_is_reported(place: Path, old: str, new: str, message: str) -> None:
    """Numbers and headings have to stay as they were written."""
    answers = ("0.4", "0.5", "0.6")
    asked = ["rules.attribution", *(["leaders.arda_council.tempo"] if "twice" in message else [])]
    sheet = place / filled(place, "anna", dict.fromkeys(asked, answers))
    sheet.write_text(sheet.read_text("utf-8").replace(old, new), "utf-8")
    done = inside("elicit", "duel", "--pool", "anna.csv", cwd=place)
    assert done.returncode == 3
    assert message in done.stderr


def test_a_file_that_is_there_is_not_replaced(place: Path) -> None:
    """A sheet may hold the answers of an expert."""
    filled(place, "anna", FILLED["anna"])
    done = inside("elicit", "duel", "--out", "anna.csv", cwd=place)
    assert (done.returncode, "anna.csv exists" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("duel", "--pool"), "--pool needs the sheets"),
        (("duel", "a.csv"), "sheets are read with --pool"),
        (("duel", "--out", "a.pdf"), "a sheet ends in .csv or .xlsx"),
        (("two-rivals",), "names no numbers that decide most"),
        (("duel", "--pool", "nowhere.csv"), "there is no file nowhere.csv"),
    ],
)
def test_a_command_that_cannot_work_is_refused(place: Path, words: tuple[str, ...], message: str) -> None:
    """With the remedy."""
    done = inside("elicit", *words, cwd=place)
    assert (done.returncode, message in done.stderr) == (2, True)


def test_a_pattern_is_not_asked_about(place: Path) -> None:
    """An expert answers for one number; `validate` names the place."""
    text = DECISIVE.replace("leaders.arda_council.tempo", "leaders.*.tempo")
    (place / "duel" / "decisive.yaml").write_text(text, "utf-8")
    done = inside("validate", "duel", cwd=place)
    assert done.returncode == 3
    assert "decisive.yaml:7:14: experts are asked about one number at a time" in done.stderr


def test_what_experts_are_asked_does_not_change_the_questions_of_a_scenario(place: Path) -> None:
    """A folder of claims can be resumed after the list of decisive numbers has changed, but not after a range has."""
    texts = (DECISIVE, DECISIVE.replace("a study", "another study"), DECISIVE.replace("[0, 1]", "[0, 0.9]"))
    hashes = []
    for text in texts:
        (place / "duel" / "decisive.yaml").write_text(text, "utf-8")
        hashes.append(questions_sha256(load(str(place / "duel")).scenario))
    assert hashes[0] == hashes[1] != hashes[2]
