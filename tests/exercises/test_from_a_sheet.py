"""From a facilitator's sheet to a running exercise, with the commands of the guide and without YAML."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support import sheets
from support.in_process import inside, inside_json
from wargame.batches.running.opening import freeze, open_target, thaw
from wargame.executor.verify import verify
from wargame.journal.folder import Folder

HEADINGS = (
    "Event Number",
    "Designated Scenario Time",
    "Event Type",
    "Inject Mode",
    "From",
    "To",
    "Message",
    "Expected Participant Response",
    "Exercise Objective",
    "Notes",
)
"""Blueprint's headings of an HSEEP MSEL."""
TEAMS = ("--who", "North Cell=ARD", "--who", "South Cell=BRL")


def rows() -> list[tuple[str, ...]]:
    """Twenty made-up rows as facilitators type them: dates of the United States, times without a colon."""
    to = ("All", "North Cell", "South Cell", "North Cell, South Cell", "EXCON")
    modes = ("E-mail", "Phone", "News", "Social media", "Verbal")
    kinds = {1: "Administrative", 5: "Contingency Inject", 9: "Facilitation", 18: "Expected Action"}
    listed: list[tuple[str, ...]] = []
    for n in range(1, 21):
        kind = kinds.get(n, "Inject")
        when = "" if n == 18 else f"01/{n:02}/2030 {8 + n % 10:02}30"
        message = "" if n == 18 else f"Event {n}. A ferry reports fog."
        expected = "North Cell reports to EXCON" if n == 18 else f"Cells answer event {n}"
        cells = (modes[n % 5], "Harbour master", to[n % 5], message, expected, "Share information", "")
        listed.append((str(n), when, kind, *cells))
    return listed


@pytest.mark.slow
def test_a_sheet_becomes_a_running_exercise(tmp_path: Path) -> None:
    """Import, plan, validate, print, play with two human seats, verify."""
    sheets.workbook(tmp_path / "ferry.xlsx", [HEADINGS, *rows()])
    words = ("ferry.xlsx", "--scenario", "two-rivals", *TEAMS)
    assert inside("msel import", *words, cwd=tmp_path).returncode == 0
    planned = inside(
        *("plan", "two-rivals", "--injects", "ferry.yaml", "--only-injects", "--wall", "1h", "--moves", "4"),
        *("--seats", "ARD,BRL", "--until", "2030-01-22"),
        cwd=tmp_path,
    )
    assert planned.returncode == 0, planned.stderr
    report = inside_json("validate", "exercise.yaml", cwd=tmp_path)["targets"][0]
    assert (report["ok"], report["injects"], report["exercise"]["seats"]) == (True, 20, ["ARD", "BRL"])
    assert len(inside_json("print", "exercise.yaml", "--folder", "paper", cwd=tmp_path)["files"]) == 3
    (tmp_path / "play.txt").write_text(
        'stop at nothing\nmove\nmessage ARD BRL "Do you see the ferry?"\norder BRL talk ARD\nmove\nmove\nmove\nendex\n',
        "utf-8",
    )
    played = inside("play", "exercise.yaml", "--script", "play.txt", "--out", "run", cwd=tmp_path)
    assert played.returncode == 0, played.stderr
    assert len(re.findall(r"inject inject_\d+ to ", played.stdout)) == 19
    assert verify(Folder(tmp_path / "run")).same
    again = inside_json("msel import", "ferry.xlsx", "--into", "ferry.yaml", *TEAMS, cwd=tmp_path)
    assert (again["unchanged"], again["written"]) == (20, False)


def test_rows_of_all_types_keep_their_sense(tmp_path: Path) -> None:
    """STARTEX reaches players, an expected action only the facilitator, who reads for whom it is."""
    sheets.workbook(tmp_path / "ferry.xlsx", [HEADINGS, *rows()])
    inside("msel import", "ferry.xlsx", "--scenario", "two-rivals", *TEAMS, cwd=tmp_path)
    shown = {each["id"]: each for each in inside_json("msel show", "ferry.yaml", cwd=tmp_path)["injects"]}
    assert (shown["inject_1"]["kind"], shown["inject_5"]["kind"]) == ("information", "contingency")
    assert shown["inject_18"] == shown["inject_18"] | {"kind": "facilitation", "title": "North Cell reports to EXCON"}
    text = (tmp_path / "ferry.yaml").read_text("utf-8")
    assert "To: North Cell, South Cell" in text
    assert "at: 2030-01-13 11:30" in text


def test_an_exercise_can_be_simulated_many_times(tmp_path: Path) -> None:
    """The inputs of a batch keep its ENDEX, script and objectives; a rehearsal plays its injects."""
    prepared = open_target("strait-lesson")
    thawed = thaw(freeze(prepared), "strait-lesson")
    (before, after) = (next(iter(each.arms.values())) for each in (prepared, thawed))
    assert (after.exercise, after.scenario_sha256) == (before.exercise, before.scenario_sha256)
    assert after.injects_sha256 == before.injects_sha256
    rehearsed = inside_json("rehearse", "strait-lesson", "-n", "2", "--jobs", "1", cwd=tmp_path)
    assert {row["inject"] for row in rehearsed["injects"]} >= {"collision", "commission_invited"}
