"""The MSEL as executed: changes made during the exercise, exceptions, and the rest on demand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.played_reviews import played_findings
from support.reviews import page
from wargame.executor.run import Destination, simulate
from wargame.review.findings.findings import Findings, open_findings
from wargame.review.reports.writing import render
from wargame.scenario.loading.load import load
from wargame.simulation.kernel.settings import Settings


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """A live exercise with changes to its MSEL."""
    return played_findings(tmp_path_factory.mktemp("played") / "exercise")


def test_titles_are_those_of_the_exercise(played: Findings) -> None:
    """An inject whose title was changed is listed under the new one, with the old one among its changes."""
    row = next(row for row in played.msel if row["inject"] == "collision")
    assert row["title"] == "A collision in fog"
    assert row["amendments"] == ["title changed (was: 'A patrol boat and a trawler collide')", "delayed by 2d"]
    assert row["slip_days"] == 2.0


def test_exceptions_are_what_people_changed_or_what_was_late(played: Findings) -> None:
    """An inject whose trigger did not occur is none."""
    exceptions = {row["inject"]: row["result"] for row in played.msel if row["exception"]}
    assert exceptions == {
        "collision": "released", "harbour": "released", "night_drill": "skipped by the white cell",
    }  # fmt: skip
    assert {row["inject"] for row in played.msel} > exceptions.keys()


def test_the_page_shows_exceptions_and_the_rest_on_demand(played: Findings) -> None:
    """The status is in the second column, and on a narrow screen each cell has its label."""
    text = page(played.source)
    section = text[text.index('<section id="msel">') : text.index("</section>", text.index('<section id="msel">'))]
    shown = re.sub(r"<details>.*?</details>(?=<details>|\s*$)", "", section, flags=re.DOTALL)
    assert "A collision in fog" in shown
    assert "A funeral becomes a protest march" not in shown.split("<details>")[0]
    assert "1 inject released as planned" in section
    assert "3 injects not released" in section
    assert 'data-label="Status"' in section
    assert "skipped: skipped" not in section


def test_documents_show_exceptions_and_all_injects_in_the_annex(played: Findings) -> None:
    """The exceptions come before the analysis."""
    text = render(played, "md").decode()
    exceptions = text[text.index("### MSEL: exceptions") : text.index("## 5.")]
    annex = text[text.index("## Annex B. MSEL as executed") : text.index("## Annex C")]
    assert "A collision in fog" in exceptions
    assert "A funeral becomes a protest march" not in exceptions
    assert "A funeral becomes a protest march" in annex


def test_a_postponement_concerns_only_what_was_still_to_come(tmp_path: Path) -> None:
    """Injects that had been released are not changed by it."""
    played = played_findings(
        tmp_path / "r", "stop at nothing", "advance 25d", "postpone 3d", "release harvest", "endex"
    )
    changes = {row["inject"]: row["amendments"] for row in played.msel}
    assert changes["collision"] == []
    assert changes["night_drill"] == ["delayed by 3d with all others"]
    assert changes["harvest"] == []  # it is released by hand, and has no time that could be moved
    assert not any(row["exception"] for row in played.msel)  # the others were not released


def test_what_a_reset_has_undone_is_no_change(tmp_path: Path) -> None:
    """Of an inject that had been released before, the changes stay."""
    lines = (
        "stop at nothing",
        "delay collision 2d",
        "advance 25d",
        "hold night_drill",
        "postpone 3d",
        "reset",
        "endex",
    )
    played = played_findings(tmp_path / "r", *lines)
    changes = {row["inject"]: row["amendments"] for row in played.msel}
    assert changes["night_drill"] == []
    assert changes["collision"] == ["delayed by 2d"]


def test_a_plan_names_governments(tmp_path: Path) -> None:
    """The trigger of an inject that follows an action of one government toward another."""
    file = tmp_path / "more.yaml"
    after = "after: {action: {options: [talk], by: [ARD], to: [BRL]}, delay: 2d}"
    inject = f"{{id: answer, title: An answer, {after}, message: Text}}"
    file.write_text(f"format: wargame-injects/1\nscenario: two-rivals\ntitle: More\ninjects: [{inject}]\n")
    run = simulate(load("two-rivals", [str(file)]), 3, Settings(until="30d"), place=Destination(out=tmp_path / "r"))
    planned = {row["inject"]: row["planned"] for row in open_findings(run.folder).msel}
    assert planned["answer"] == "2d after the action 'offers talks' by Arda to Brel"


def test_an_inject_that_was_added_is_described_as_it_was_added(tmp_path: Path) -> None:
    """With its time and addressees, also if it was skipped; what was postponed before it existed is no change of it."""
    played = played_findings(
        tmp_path / "r",
        "stop at nothing",
        "postpone 1h",
        'inject cable "Come home" --to ARD --id timed --at D+3',
        'inject cable "Rome asks" --to BRL --id dropped --at D+4',
        "skip dropped",
        'inject cable "Stay" --to ARD --id handed --now',
        "advance 10d",
        "endex",
    )
    rows = {row["inject"]: row for row in played.msel}
    assert rows["timed"]["planned"] == "4 Jan 2030, 00:00 (D+3)"
    assert rows["handed"]["planned"] == "by hand"
    dropped = rows["dropped"]
    assert (dropped["planned"], dropped["to"], dropped["channel"]) == ("5 Jan 2030, 00:00 (D+4)", "Brel", "Cable")
    assert {tuple(rows[name]["amendments"]) for name in ("timed", "dropped", "handed")} == {
        ("added during the exercise",)
    }


def test_only_injects_with_a_time_are_delayed_with_all_others(tmp_path: Path) -> None:
    """Not those that are released by hand or wait for a condition; their lateness is given in hours."""
    played = played_findings(tmp_path / "r", "stop at nothing", "postpone 1h", "advance 25d", "endex")
    moved = {row["inject"] for row in played.msel if "delayed by 1h with all others" in row["amendments"]}
    with_time = {i.id for i in played.source.injects if i.at or (i.random and i.random.between)}
    assert with_time
    assert moved == with_time
    text = render(played, "md").decode()
    assert ", 1 h late" in text
    assert "0.0 d late" not in text


def test_a_repeat_after_a_postponement_was_delayed_by_it(tmp_path: Path) -> None:
    """The release before it was not."""
    lines = ("stop at nothing", "inject {id: daily, title: Daily, at: D+1, every: 1d, repeat: 3, message: Text}")
    played = played_findings(tmp_path / "r", *lines, "advance 36h", "postpone 1h", "advance 1d", "endex")
    changes = [row["amendments"][1:] for row in played.msel if row["inject"] == "daily"]
    assert changes == [[], ["delayed by 1h with all others"]]


def test_addressees_are_those_to_whom_an_inject_was_sent(tmp_path: Path) -> None:
    """Not those of the file, if they were changed."""
    lines = ("stop at nothing", "edit collision audience [BRL]", "advance 25d", "endex")
    played = played_findings(tmp_path / "r", *lines)
    row = next(row for row in played.msel if row["inject"] == "collision")
    assert (row["status"], row["to"], row["amendments"]) == ("released", "Brel", ["audience changed"])


def test_a_message_that_was_retracted_is_marked(tmp_path: Path) -> None:
    """Of two releases, the one before the retraction alone."""
    lines = ("stop at nothing", "release harvest", "advance 1d", "retract harvest", "advance 1d", "release harvest")
    played = played_findings(tmp_path / "r", *lines, "endex")
    sent = [message.retracted for _, message in played.sent_messages if message.inject == "harvest"]
    assert [each and f"{each:%Y-%m-%d}" for each in sent] == ["2030-01-02", None]
    assert page(played.source).count(">DISREGARD: retracted on <time") == 1
