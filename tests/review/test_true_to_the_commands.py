"""The review of an exercise with two human seats, an evaluator and rulings states what its command log has.

What is expected here is computed from `commands.jsonl` and `journal.jsonl` alone, without any code of the review.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from support.live import verified
from support.terminals import Screen, joined, shared
from wargame.journal.folder import Folder
from wargame.live.console.roles import EVALUATOR
from wargame.review.findings.findings import Findings, open_findings
from wargame.review.reports.writing import render

NAMES = {"ARD": "Arda", "BRL": "Brel", "EXCON": "EXCON"}
SEATS = (("ARD", "human"), ("BRL", "human"))
ARDA = (
    'order talk BRL --why "to keep the fishermen calm"',
    'message BRL "We do not want this to grow."',
    'standing protest BRL --when "tension > 0.9" --why "if it gets worse"',
    'order "invite the neighbours to mediate" --why "to gain time"',
    'rfi "How many ships has Brel?"',
)
BREL = (
    'offer ARD "Joint patrols"',
    'vote ARD,BRL "Do we invite the neighbours?" --choices yes,no',
    "ballot 1 no",
    'order "arrest the crew"',
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exercise: seats at their own terminals, an evaluator, rulings, a rewind and an undo."""
    place = tmp_path_factory.mktemp("played") / "exercise"
    there, _ = shared(place, seats=SEATS)
    arda, brel = joined(there, "ARD")[0], joined(there, "BRL")[0]
    evaluator = there.attach(EVALUATOR, "", Screen().show, lambda: None, name="A. Name", seats=("ARD", "BRL"))
    main = there.main

    def run(console: Any, *lines: str) -> None:
        for line in lines:
            there.run(console, line)

    run(main, "stop at nothing", "next", "advance 5d")
    run(arda, *ARDA)
    run(brel, *BREL)
    run(arda, 'answer 1 yes "With observers"', "ballot 1 yes")
    run(main, 'rule 1 action "invites the neighbours" --goldstein 3 --to BRL --why "plausible"')
    run(main, 'rule 2 refuse "there is no crew"', 'reply ARD 1 "Forty"')
    run(main, 'order BRL protest ARD --why "a mistake"', "undo", "advance 40d")
    run(main, 'message BRL ARD "from the wrong branch"', "rewind 2030-01-20", "advance 30d")
    run(brel, 'order trade ARD --why "inducements first"')
    run(evaluator, 'note "Arda asked first" --tag sustain', 'rate signals S "in time, but alone"')
    run(main, "advance 5d", 'endex "time"')
    main.session.close()
    return place


@pytest.fixture(scope="module")
def findings(folder: Path) -> Findings:
    """The review."""
    return open_findings(Folder(folder))


@pytest.fixture(scope="module")
def commands(folder: Path) -> list[dict[str, Any]]:
    """The commands on the path to the present state, oldest first."""
    lines = [json.loads(line) for line in (folder / "commands.jsonl").read_text("utf-8").splitlines()]
    path, number = list[dict[str, Any]](), len(lines)
    while number:
        path.append(lines[number - 1])
        number = lines[number - 1]["parent"]
    return path[::-1]


def _of(commands: list[dict[str, Any]], *kinds: str) -> list[dict[str, Any]]:
    listed = [line["data"] for line in commands if line["kind"] in kinds]
    assert listed
    return listed


def test_the_exercise_can_be_verified(folder: Path) -> None:
    """So that its journal is what its command log produces."""
    assert verified(folder)


def test_orders_and_requests_are_those_of_the_command_log(findings: Findings, commands: list[dict[str, Any]]) -> None:
    """The same number, in the same order, by the same seats, with the same reasons; none that was undone."""
    given = _of(commands, "order", "standing_order", "request")
    rows = findings.seat_decisions
    assert [row["who"] for row in rows] == [data.get("government") or data["who"] for data in given]
    assert [row["reason"] for row in rows] == [data.get("why", "") for data in given]
    assert not any("a mistake" in row["reason"] for row in rows)


def test_results_of_orders_are_in_the_journal(findings: Findings, folder: Path) -> None:
    """An order is carried out on the day of its action, and a request has its ruling."""
    lines = [json.loads(line) for line in (folder / "journal.jsonl").read_text("utf-8").splitlines()]
    by_seq = {line["seq"]: line for line in lines}
    carried_out = [row for row in findings.seat_decisions if "carried out on" in row["result"]]
    assert len(carried_out) == 3
    for row in carried_out:
        action = by_seq[row["evidence"][-1]]
        assert action["kind"] == "action"
        day = re.search(r"carried out on (\d+) (\w+) (\d+)", row["result"])
        assert day
        assert (action["at"][:4], int(action["at"][8:10])) == (day[3], int(day[1]))
    refused = [row["result"] for row in findings.seat_decisions if "refused" in row["result"]]
    assert refused == ["refused by the white cell: there is no crew"]


def test_messages_offers_and_votes_are_those_of_the_command_log(
    findings: Findings, commands: list[dict[str, Any]]
) -> None:
    """Word by word; what was written on an abandoned branch is not among them."""
    written = _of(commands, "message", "offer", "rfi")
    assert sorted(row["text"] for row in findings.messages) == sorted(data["text"] for data in written)
    assert "from the wrong branch" not in render(findings, "md").decode()
    (vote,), (asked,) = findings.votes, _of(commands, "vote")
    ballots = {NAMES[data["who"]]: data["choice"] for data in _of(commands, "ballot")}
    assert vote["question"] == asked["question"]
    assert vote["ballots"] == "; ".join(f"{name}: {choice}" for name, choice in ballots.items())
    assert vote["result"] == "yes 1, no 1"


def test_notes_and_ratings_have_their_evaluator(findings: Findings, commands: list[dict[str, Any]]) -> None:
    """By name, with the reason of the rating."""
    (note,), (rating,) = _of(commands, "note"), _of(commands, "rating")
    rows = [(row["sort"], row["who"], row["text"]) for row in findings.remarks]
    assert rows == [("note", "A. Name", note["text"]), ("rating", "A. Name", f"S: {rating['why']}")]
    listed = [line for line in render(findings, "md").decode().splitlines() if "Rating: S: in time, but alone" in line]
    assert listed
    assert all("| A. Name |" in line for line in listed)


def test_every_record_that_the_review_names_exists(findings: Findings) -> None:
    """In the document, from the first page to the annexes."""
    numbers = {int(number) for number in re.findall(r"#(\d+)", render(findings, "md").decode())}
    assert numbers
    assert numbers <= findings.source.index.keys()


def test_no_government_is_named_by_its_code(findings: Findings) -> None:
    """Where people read, except in texts that people wrote, ids and commands."""
    text = render(findings, "md").decode()
    prose = text[: text.index("How to reproduce this run")]
    assert not re.findall(r"\b(ARD|BRL)\b", prose)
