"""What the facilitator enters counts: at the console, in the summary and in the review."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import console, output_of, resumed, verified
from wargame.errors import UsageFault
from wargame.journal.folder import Folder
from wargame.journal.sentences import headline
from wargame.review.findings import executive
from wargame.review.findings.findings import open_findings

SHELLING = 'action BRL "shells an island" --as strike --why "by the plan of the white cell"'
ANSWER = 'action ARD "shells it too" --as strike'


def outcomes(folder: Path) -> dict[str, str]:
    """Titles of outcomes, as a review shows them, by whether they occurred."""
    summary = open_findings(Folder(folder)).summary
    assert summary.outcomes
    return {each.title: "occurred" if each.at else summary.absence for each in summary.outcomes}


def test_a_shelling_entered_by_the_white_cell_meets_its_outcome(tmp_path: Path) -> None:
    """The review does not say that it did not occur, and labels the actions as adjudicated."""
    folder = tmp_path / "run"
    there = console(folder)
    said = output_of(there, "advance 2d", SHELLING, ANSWER)
    assert any(line.startswith("Done, #") and "severity 28, rung 7" in line for line in said)
    assert there.session.exercise.done, "the war ends it"
    there.session.close()
    assert outcomes(folder)["War in the strait"] == "occurred"
    findings = open_findings(Folder(folder))
    (row,) = [row for row in findings.timeline if row["kind"] == "action" and row["who"] == "BRL"]
    assert row["headline"] == "Brel shells an island (Arda), adjudicated"
    assert row["because"] == "ruling of the white cell: by the plan of the white cell"
    assert verified(folder)


def test_an_outcome_set_or_revoked_by_hand_is_labelled(tmp_path: Path) -> None:
    """With the reason, and it survives resuming."""
    folder = tmp_path / "run"
    there = console(folder)
    assert output_of(there, "outcome blockade_laid occurred --why 'agreed'".replace("'", '"')) == [
        "blockade_laid: occurred."
    ]
    output_of(there, 'outcome calm occurred --why "so it feels"', 'outcome calm revoked --why "not yet"')
    there.session.close()
    assert outcomes(folder) == {
        "A blockade (adjudicated: agreed)": "occurred",
        "The strait is calm (revoked by the white cell: not yet)": "have not occurred so far",
        "War in the strait": "have not occurred so far",
    }
    assert resumed(folder).exercise.outcomes["blockade_laid"] is not None
    assert not [row for row in open_findings(Folder(folder)).moments if "calm" in row["what"]]


def test_an_outcome_that_occurs_again_keeps_its_earlier_dates(tmp_path: Path) -> None:
    """The first occurrence and its revocation are part of the title."""
    folder = tmp_path / "run"
    there = console(folder)
    output_of(there, "stop at nothing", "advance 1d", 'outcome calm occurred --why "a"', "advance 2d")
    output_of(there, 'outcome calm revoked --why "b"', "advance 2d", 'outcome calm occurred --why "c"')
    there.session.close()
    again = "The strait is calm (again; before on 2 Jan 2030, 00:00, revoked on 4 Jan 2030, 00:00) (adjudicated: c)"
    found = outcomes(folder)
    assert found.get(again) == "occurred", found


def test_an_ending_outcome_says_that_it_ends_the_exercise(tmp_path: Path) -> None:
    """And `undo` takes it back."""
    there = console(tmp_path / "run")
    assert output_of(there, 'outcome war occurred --why "they fire"') == [
        "war: occurred. It ends the exercise (undo takes it back)."
    ]
    output_of(there, "undo")
    assert not there.session.exercise.done
    assert there.session.exercise.outcomes["war"] is None


def test_outcomes_are_listed(tmp_path: Path) -> None:
    """With the time at which they occurred."""
    there = console(tmp_path / "run")
    output_of(there, 'outcome calm occurred --why "so it feels"')
    listed = output_of(there, "outcome")
    assert [line.split()[0] for line in listed] == ["blockade_laid", "calm", "war"]
    assert ["not yet" in line for line in listed] == [True, False, True]


def test_force_overrides_requirements(tmp_path: Path) -> None:
    """For the facilitator alone; the seat is referred to the facilitator. The review labels the action."""
    folder = tmp_path / "run"
    there = console(folder, seats=(("ARD", "human"),))
    output_of(there, "advance 1d", "stop at nothing")
    with pytest.raises(UsageFault, match="violence requires"):
        output_of(there, "order ARD strike BRL")
    output_of(there, "sit ARD")
    with pytest.raises(UsageFault, match="only the white cell overrides requirements"):
        output_of(there, "order strike BRL --force")
    output_of(there, "stand")
    (said,) = output_of(there, 'order ARD strike BRL --force --why "as planned"')
    assert said.startswith("Arda fires on ships (Brel): expected in 1 day")
    assert said.endswith(", whatever the requirements")
    output_of(there, "advance 3d")
    there.session.close()
    (row,) = [row for row in open_findings(Folder(folder)).timeline if row["kind"] == "action" and row["who"] == "ARD"]
    assert row["headline"] == "Arda fires on ships (Brel), adjudicated"
    assert row["because"] == "order of the white cell without requirements: as planned"


def test_a_forced_order_of_an_unknown_option_names_a_similar_one(tmp_path: Path) -> None:
    """Also while another order is under way, which it might reverse."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "advance 1d", "order ARD talk BRL")
    with pytest.raises(UsageFault, match=r"there is no option of ARD 'strke' \(did you mean 'strike'\?\)"):
        output_of(there, "order ARD strke BRL --force")


def test_a_request_can_be_ruled_as_an_option(tmp_path: Path) -> None:
    """`rule N action --as`, and `rule N order … --force`."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "advance 1d", 'order ARD "shell the island"', 'order ARD "mine the strait"')
    output_of(there, "rule 1 action --as strike --to BRL --severity 12", "rule 2 order blockade BRL --force")
    ((*_, data),) = [record for record in there.session.exercise.records() if record[2] == "action"]
    assert (data["option"], data["title"], data["severity"]) == (
        "strike",
        "has its order carried out: shell the island",
        12,
    )
    output_of(there, "stop at nothing", "advance 4d")
    options = [record[6]["option"] for record in there.session.exercise.records() if record[2] == "action"]
    assert "blockade" in options
    with pytest.raises(UsageFault, match="it belongs to rule 2 action"):
        output_of(there, "rule 2 order talk BRL --as strike")


def test_a_request_ruled_as_an_action_reads_as_a_sentence(tmp_path: Path) -> None:
    """The words of a seat are an order, not what follows the name of its government."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "advance 1d", 'order ARD "evacuate the island"', "rule 1 action --goldstein 0")
    there.session.close()
    (row,) = [row for row in open_findings(Folder(tmp_path / "run")).timeline if row["kind"] == "action"]
    assert row["headline"] == "Arda has its order carried out: evacuate the island, adjudicated"


def test_a_command_of_the_white_cell_is_named_with_its_object(tmp_path: Path) -> None:
    """In traces: which outcome, and that an order was forced. The review says it in words."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "advance 1d", "order ARD strike BRL --force", 'outcome calm occurred --why "x"')
    commands = [headline(record) for record in there.session.records if record.kind == "command"]
    assert commands[-2:] == [
        "The facilitator orders for ARD: strike (BRL), whatever its requirements",
        "The facilitator rules that the outcome 'calm' has occurred",
    ]
    there.session.close()
    lines = [row["headline"] for row in open_findings(Folder(tmp_path / "run")).timeline if row["kind"] == "command"]
    assert lines[-2] == "The white cell orders for Arda: fires on ships (Brel), whatever its requirements"
    assert lines[-1].startswith("The white cell")


def test_the_reason_of_a_seat_is_not_given_as_that_of_the_ruling(tmp_path: Path) -> None:
    """A ruling without a reason has none in the timeline; the outcome names who asked."""
    folder = tmp_path / "run"
    there = console(folder, seats=(("ARD", "human"),))
    output_of(there, "advance 1d", "stop at nothing", "sit ARD", 'order "close the strait" --why "for our fish"')
    output_of(there, "stand", "rule 1 order blockade BRL --force", "advance 4d", "endex")
    there.session.close()
    findings = open_findings(Folder(folder))
    (row,) = [row for row in findings.timeline if row["kind"] == "action" and row["who"] == "ARD"]
    assert row["because"] == "ruling of the white cell"
    (outcome,) = [each for each in findings.executive.outcomes if each.at]
    assert executive.remark(findings.source, outcome) == ", by the white cell, at the request of Arda"
