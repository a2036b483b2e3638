"""The review names those who decided: people, the white cell in their place, the model, or nobody."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.live import console, output_of
from support.terminals import seat
from wargame.journal.folder import Folder
from wargame.journal.trace import trace
from wargame.review.findings.findings import Findings, open_findings
from wargame.review.findings.headlines import headline
from wargame.review.reports.report_header import facts
from wargame.review.reports.writing import render

Play = Callable[..., Findings]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Plays lines, each with who types it (empty for the facilitator), and returns the findings."""

    def played(*lines: tuple[str, str], **settings: Any) -> Findings:
        there = console(tmp_path / "r", **{"seats": (("ARD", "human"), ("BRL", "human"))} | settings)
        consoles = {name: seat(there, name) for name in there.session.exercise.governments} | {"": there}
        for who, line in lines:
            output_of(consoles[who], line)
        there.session.close()
        return open_findings(Folder(tmp_path / "r"))

    return played


def test_an_order_of_the_white_cell_is_not_one_of_the_seat(play: Play) -> None:
    """Wherever the review names who ordered: summary, log, turning points, chains."""
    findings = play(
        ("", "stop at nothing"),
        ("", 'order ARD protest BRL --why "the storyline"'),
        ("BRL", "order talk ARD"),
        ("", "advance 9d"),
        ("", "endex"),
    )
    text = render(findings, "md").decode()
    assert "Arda orders" not in text
    assert "The white cell orders for Arda: protests (Brel): 'the storyline'" in text
    assert "| Arda, by the white cell | protests (Brel) | the storyline |" in text
    assert "ordered by the white cell on 1 Jan 2030: 'the storyline'" in findings.turning_points[0].why
    assert [each.text.partition(":")[0] for each in findings.executive.players] == ["Brel orders"]
    assert "with people deciding for Brel and the white cell for Arda," in findings.executive.sentence


def test_a_seat_from_which_nothing_came_was_not_played(play: Play) -> None:
    """The line below the title and the summary say so; no other is called a player."""
    findings = play(("", "stop at nothing"), ("ARD", "order talk BRL"), ("", "advance 9d"), ("", "endex"))
    (sort,) = [part for part in facts(findings) if part.startswith("live exercise")]
    assert sort == "live exercise, played by people: Arda, human seats without any input: Brel"
    assert "with people deciding for Arda and nobody for Brel," in findings.executive.sentence


@pytest.mark.parametrize("line", ['message ARD "Stop"', "order talk ARD", 'order "invite the neighbours"', "pass"])
def test_whatever_a_seat_gives_is_input(play: Play, line: str) -> None:
    """Of a seat that did one thing."""
    findings = play(("", "stop at nothing"), ("", "advance 9d"), ("BRL", line), ("", "advance 1d"), ("", "endex"))
    assert findings.active_seats == {"BRL"}


def test_what_the_white_cell_writes_for_a_seat_is_not_its_input(play: Play) -> None:
    """A message, a request and an acknowledgement that the facilitator types."""
    lines = ('message BRL ARD "Stop"', 'order BRL "invite the neighbours"', "advance 21d", "ack BRL 1", "pass BRL")
    findings = play(("", "stop at nothing"), *(("", line) for line in lines), ("", "endex"))
    assert findings.active_seats == frozenset()
    assert findings.summary.decided["people"] == 0
    assert "Brel, by the white cell" in render(findings, "md").decode()


def test_decisions_are_counted_by_who_took_them(play: Play) -> None:
    """Six of people, two of the white cell, and those of the model as the journal has them."""
    people = [("ARD", "order talk BRL"), ("ARD", 'order "mediate at once"'), ("ARD", "pass")]
    people += [("ARD", 'standing protest BRL --when "tension > 0.9"'), ("ARD", "cancel 1"), ("ARD", "order trade BRL")]
    entered = [("", 'action BRL "detains a crew" --goldstein -5 --to ARD'), ("", "order BRL protest ARD --force")]
    seats = (("ARD", "human"),)
    findings = play(("", "stop at nothing"), ("", "advance 8d"), *people, *entered, ("", "advance 9d"), seats=seats)
    records = [json.loads(line) for line in findings.source.folder.journal.read_text("utf-8").splitlines()]
    of_model = sum(record["kind"] == "decision" for record in records)
    assert findings.summary.decided == {"people": 6, "programs": 0, "the white cell": 2}
    assert findings.summary.decisions_in_words == f"{of_model} decisions of the model, 6 of people, 2 of the white cell"


@pytest.mark.slow
def test_a_warm_start_is_not_counted(play: Play) -> None:
    """In korea-2017 governments meet before STARTEX, and decide nothing that anyone sees."""
    findings = play(("", "stop at nothing"), ("", "advance 2d"), scenario="korea-2017", seed=1, seats=())
    records = [json.loads(line) for line in findings.source.folder.journal.read_text("utf-8").splitlines()]
    assert findings.source.manifest.decisions > 500
    assert findings.summary.decisions == sum(record["kind"] == "decision" for record in records) < 50


def test_nobody_is_said_to_have_met_in_a_human_seat(play: Play) -> None:
    """The hours of a leadership are those of the model, also of a seat that changed hands."""
    lines = [("", "stop at nothing"), ("", "advance 20d"), ("", "seat BRL model"), ("", "advance 40d"), ("", "endex")]
    findings = play(*lines)
    records = [json.loads(line) for line in findings.source.folder.journal.read_text("utf-8").splitlines()]
    hours = sum(record["data"]["took"] for record in records if record["kind"] == "decision") / 3600
    assert {row["who"] for row in findings.attention} == {"BRL"}
    assert sum(row["hours"] for row in findings.attention) == pytest.approx(hours, abs=0.02)
    assert [*dict.fromkeys(row["who"] for row in findings.summary.attention)] == ["BRL"]


def test_a_standing_procedure_that_the_white_cell_accepts_is_not_an_answer_of_the_seat(tmp_path: Path) -> None:
    """Nobody is in Seoul: neither sentence, chain, expected action nor draft says that South Korea accepted it."""
    there = console(tmp_path / "r", scenario="korea-2017", seed=3, seats=(("KOR", "human"),))
    output_of(there, "stop at nothing", "advance 10d", 'action PRK "tests a missile" --as icbm_test', "advance 1d")
    call = [r for r in there.session.records if r.kind == "procedure.proposed" and "consults" in r.about][-1]
    output_of(there, f"accept KOR {call.data['number']}", "advance 5d", "endex")
    there.session.close()
    findings = open_findings(Folder(tmp_path / "r"))
    source = findings.source
    answer = next(record for record in source.since if record.kind == "procedure.answer")
    made = next(record for record in source.since if record.kind == "action" and answer.seq in record.cause)
    assert headline(source, answer).startswith("South Korea (by the white cell) accepts its standing procedure")
    assert "answered by the white cell on" in trace(made.seq, source.index, source.titles).summary
    (row,) = [row for row in findings.expected_actions if row["action"] == made.seq]
    assert row["done_title"].endswith(", by standing procedure, accepted by the white cell")
    assert not [each for each in findings.observations if each.who == "KOR"]
    assert "with the white cell deciding for South Korea" in findings.executive.sentence
