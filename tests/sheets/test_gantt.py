"""The Gantt chart of an MSEL: when each inject can be released, in both clocks, with a rehearsal beside it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from support.entry_point import wargame
from support.in_process import inside
from support.sheets import loaded
from wargame.sheets.schedule import Rehearsed, ScheduledInject, schedule, to_page, to_svg

SVG = "{http://www.w3.org/2000/svg}"


def rows() -> dict[str, ScheduledInject]:
    """The rows of two-rivals by inject."""
    known = loaded("two-rivals")
    return {row.id: row for row in schedule(known.scenario, {i.id: i for i in known.injects}).rows}


def test_each_trigger_has_its_kind_of_row() -> None:
    """Dates, delays after a dated inject, windows, conditions, by hand."""
    found = {name: (row.kind, row.days) for name, row in rows().items()}
    assert found == {
        "collision": ("moment", (20.25,)),
        "funeral": ("after", (23.25,)),
        "night_drill": ("window", (59.0, 180.0)),
        "broker": ("condition", (0.0, 365.0)),
        "coup": ("condition", (0.0, 365.0)),
        "harvest": ("hand", ()),
    }


def test_the_note_of_a_row_has_all_that_decides() -> None:
    """The trigger in words, the chance, and that there is a condition."""
    assert rows()["funeral"].note == "3d after collision, 70 % chance"


def test_a_series_has_all_its_dates() -> None:
    """Up to ENDEX."""
    known = loaded("korea-2017")
    plan = schedule(known.scenario, {i.id: i for i in known.injects})
    (review,) = (row for row in plan.rows if row.id == "quarterly_review")
    assert review.days == tuple(90.0 * n for n in range(1, 9))


def test_the_picture_has_every_inject_and_both_clocks() -> None:
    """It is well-formed, refers to nothing outside, and shows the time in the room at a pace."""
    known = loaded("korea-2017")
    plan = schedule(known.scenario, {i.id: i for i in known.injects})
    text = to_svg(plan, pace=86_400 / 10)
    root = ET.fromstring(text)  # noqa: S314 - our own output
    hints = [each.text for each in root.iter(f"{SVG}title")]
    assert len(hints) == len(plan.rows) == len(known.injects)
    labels = [each.text for each in root.iter(f"{SVG}text")]
    assert {"STARTEX", "ENDEX", "D+61", "0:10"} <= set(labels)
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "time in the room" not in to_svg(plan)


def test_text_of_authors_is_escaped() -> None:
    """Markup in a title stays text, in the picture and in the table."""
    known = loaded("two-rivals")
    hostile = replace(known.injects[0], title="<script>alert(1)</script>\u202e")
    page = to_page(schedule(known.scenario, {hostile.id: hostile}))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "\u202e" not in page


def test_a_rehearsal_is_shown_beside_the_injects() -> None:
    """The share of runs that release an inject, and when."""
    known = loaded("two-rivals")
    found = {"coup": Rehearsed(0.25, 30.0, 60.0, 90.0), "broker": Rehearsed(0.0)}
    page = to_page(schedule(known.scenario, {i.id: i for i in known.injects}, found, 40))
    assert "of 40 rehearsed runs" in page
    assert ">25 %</text>" in page
    assert "in 25 % of runs, median D+60" in page
    assert "in no run" in page


def test_the_command_draws_pictures_and_pages(tmp_path: Path) -> None:
    """With the pace of an exercise of three hours."""
    for name in ("a.svg", "a.html"):
        done = inside("msel show", "two-rivals", "--gantt", name, "--wall", "3h", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (0, f"{name}\n")
        assert "time in the room" in (tmp_path / name).read_text("utf-8")


def test_a_rehearsal_folder_is_read(tmp_path: Path) -> None:
    """One of another scenario is refused."""
    done = inside("rehearse", "two-rivals", "-n", "4", "--out", "reh", "--jobs", "1", "-q", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    drawn = inside("msel show", "two-rivals", "--gantt", "a.svg", "--rehearsal", "reh", cwd=tmp_path)
    assert drawn.returncode == 0, drawn.stderr
    assert "of 4 rehearsed runs" in (tmp_path / "a.svg").read_text("utf-8")
    path = tmp_path / "reh" / "rehearsal.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"scenario": "other"}))
    refused = inside("msel show", "two-rivals", "--gantt", "a.svg", "--rehearsal", "reh", cwd=tmp_path)
    assert (refused.returncode, "is a rehearsal of other" in refused.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--gantt", "x.png"), "choose a name that ends in .svg or .html"),
        (("--gantt", "x.svg", "--pace", "1d=5s", "--wall", "3h"), "give --pace or --wall, not both"),
        (("--gantt", "x.svg", "--pace", "fast"), "a pace is written GAME=WALL"),
        (("--wall", "3h"), "are for --gantt FILE"),
        (("--gantt", "no/x.svg"), "cannot be written"),
    ],
)
def test_wrong_options_are_refused(words: tuple[str, ...], message: str, tmp_path: Path) -> None:
    """With the remedy; nothing is written."""
    done = inside("msel show", "two-rivals", *words, cwd=tmp_path)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_id_in_the_list_is_never_broken(tmp_path: Path) -> None:
    """It has to be typed; the other columns are folded."""
    done = wargame("msel", "show", "korea-2017", cwd=tmp_path)
    first = {line.split(" ")[0] for line in done.stdout.splitlines()[1:]} - {""}
    assert len(first) == 53
    assert {"us_china_dialogue", "olympics_open", "day_of_the_sun_2018"} <= first


def test_a_folder_without_a_rehearsal_is_named(tmp_path: Path) -> None:
    """With what to give; no chart is written."""
    done = inside("msel show", "two-rivals", "--gantt", "a.svg", "--rehearsal", "none", cwd=tmp_path)
    assert (done.returncode, list(tmp_path.iterdir())) == (3, [])
    assert done.stderr.strip() == (
        "none: there is no rehearsal in this folder (give the folder that wargame rehearse --out has written)"
    )
