"""The decision log: what people ordered, wrote and voted, and what the white cell did, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.engine import loaded
from support.in_process import inside
from support.live import console, output_of
from support.played_reviews import played_findings
from support.reviews import page
from support.terminals import seat
from wargame.executor.run import Destination, simulate
from wargame.journal.folder import Folder
from wargame.review.findings.findings import Findings, open_findings
from wargame.review.findings.headlines import headline
from wargame.review.findings.turning_points import chain
from wargame.review.reports.run_events import players_in_rows
from wargame.review.reports.writing import render
from wargame.simulation.kernel.settings import Settings

NOT_TRIGGERED = "not triggered: its condition was never true while the option was available"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """A live exercise with two human seats."""
    return played_findings(tmp_path_factory.mktemp("played") / "exercise")


def test_orders_have_their_reason_and_what_came_of_them(played: Findings) -> None:
    """With the records of the order and of its result."""
    order = played.seat_decisions[0]
    assert (order["who"], order["what"], order["reason"], order["result"]) == (
        "ARD", "offers talks (Brel)", "to keep the fishermen calm", "carried out on 7 Jan 2030",
    )  # fmt: skip
    command, action = (played.source.index[seq] for seq in order["evidence"])
    assert (command.kind, command.about, action.kind, action.about) == ("command", "order", "action", "talk")


def test_requests_have_their_ruling(played: Findings) -> None:
    """An order in free text that the white cell refused."""
    (request,) = [row for row in played.seat_decisions if row["what"].startswith("in free text")]
    assert request["result"] == "refused by the white cell: there are no neighbours"


def test_votes_have_question_ballots_and_result(played: Findings) -> None:
    """Also in the hot wash."""
    (vote,) = played.votes
    assert (vote["question"], vote["ballots"], vote["result"]) == (
        "Do we invite the neighbours?", "Arda: yes; Brel: no", "yes 1, no 1",
    )  # fmt: skip
    assert any(
        "Vote called by Arda, 'Do we invite the neighbours?': yes 1, no 1" in text
        for _, _, text in players_in_rows(played)
    )


def test_offers_have_their_answers(played: Findings) -> None:
    """A message needs none."""
    message, offer = played.messages
    assert (message["text"], message["result"]) == ("We do not want this to grow.", "")
    assert (offer["sort"], offer["text"], offer["result"]) == ("offer", "Joint patrols", "Arda: yes ('With observers')")


def test_the_result_of_a_text_with_a_full_stop_is_a_sentence(tmp_path: Path) -> None:
    """The text stays as it was sent, and no semicolon follows a full stop."""
    lines = ("stop at nothing", 'offer BRL ARD "Joint patrols."', "advance 2d", "endex")
    (said,) = (text for _, _, text in players_in_rows(played_findings(tmp_path / "r", *lines)))
    assert said.endswith("Offer: Joint patrols. No answer")


def test_the_log_of_the_white_cell_is_in_words(played: Findings) -> None:
    """Titles and names instead of paths and codes; changes of the MSEL are in the table of the MSEL."""
    listed = [(row["what"], row["reason"]) for row in played.adjudications]
    assert listed == [
        ("Refuses the request of Brel: 'invite the neighbours to mediate'", "there are no neighbours"),
        ("Enters an action: Brel detains a crew (Arda)", "as the red cell asked"),
        ("Sets 'Tension in the strait' to 0.4", "the detention"),
        ("Rules that the outcome 'A blockade' has occurred", "agreed in the room"),
        ("Ends the exercise (ENDEX)", "time is up"),
    ]


@pytest.mark.parametrize("form", ["html", "md"])
def test_no_command_is_shown_as_data(played: Findings, form: str) -> None:
    """Neither keys with codes nor YAML or JSON of an improvised inject; empty parts are left out."""
    text = page(played.source) if form == "html" else render(played, form).decode()
    text = text[: text.index('id="journal-data"')] if form == "html" else text
    for raw in (
        "command: order",
        "government ARD",
        '{"id"',
        "goldstein -5",
        "yaml {",
        "No entries yet",
        ": none.",
        "None yet",
    ):
        assert raw not in text, raw


def test_a_forced_order_is_a_decision_of_the_white_cell(tmp_path: Path) -> None:
    """It is not attributed to the people in the seat."""
    played = played_findings(
        tmp_path / "r",
        "stop at nothing",
        'order ARD blockade BRL --force --why "to start the crisis"',
        "advance 10d",
        "endex",
    )
    assert not [row for row in played.seat_decisions if "blockades" in row["what"]]
    assert next(row["what"] for row in played.adjudications) == (
        "Orders for Arda: blockades the strait (Brel), whatever its requirements; carried out on 2 Jan 2030"
    )
    action = next(record for record in played.source.since if record.kind == "action" and record.about == "blockade")
    assert [link.text for link in chain(played.source, action)] == [
        "The white cell orders for Arda: blockades the strait (Brel): 'to start the crisis'",
        "Arda blockades the strait (Brel), adjudicated",
    ]


def test_a_standing_procedure_without_an_answer_is_no_decision(tmp_path: Path) -> None:
    """The summary does not count it as one."""
    there = console(tmp_path / "r", scenario="korea-2017", seed=3, seats=(("KOR", "human"),))
    shelled = 'action PRK "shells an island" --as border_artillery_attack --to KOR'
    output_of(there, "stop at nothing", "advance 10d", shelled, "advance 5d", "endex")
    there.session.close()
    findings = open_findings(Folder(tmp_path / "r"))
    procedures = [row for row in findings.seat_decisions if row["what"].startswith("standing procedure")]
    assert procedures
    assert {row["result"] for row in procedures} == {"expired without an answer"}
    assert findings.executive.players == ()
    assert "decision" not in findings.executive.others.replace("the decision log", "")


def test_an_accepted_standing_procedure_is_a_decision(tmp_path: Path) -> None:
    """The summary says that the seat accepted it, and what came of it."""
    there = console(tmp_path / "r", scenario="korea-2017", seed=3, seats=(("KOR", "human"),))
    shelled = 'action PRK "shells an island" --as border_artillery_attack --to KOR'
    output_of(there, "stop at nothing", "advance 10d", shelled, "advance 3h")
    (*_, raised) = (
        r for r in there.session.records if r.kind == "procedure.proposed" and r.data["option"] == "raise_alert"
    )
    output_of(there, "advance 1h")
    output_of(seat(there, "KOR"), f"accept {raised.data['number']}")
    output_of(there, "advance 5d", "endex")
    there.session.close()
    answer = next(record for record in there.session.records if record.kind == "procedure.answer")
    (decision,) = open_findings(Folder(tmp_path / "r")).executive.players
    assert decision.at == answer.at != raised.at
    assert decision.text.startswith(
        "South Korea accepts a standing procedure: raises the alert level of its forces; carried out on "
    )


def test_commands_in_the_journal_of_the_page_are_in_words(played: Findings) -> None:
    """Governments and injects by name, options and indicators by title."""
    headlines = [headline(played.source, record) for record in played.source.since if record.kind == "command"]
    assert headlines[:4] == [
        "Order for Arda: offers talks (Brel)",
        "The white cell changes the title of 'A collision in fog'",
        "The white cell delays 'A collision in fog' by 2d",
        "The white cell skips 'An unannounced naval exercise'",
    ]
    assert headlines[-2:] == ["Brel does not act on what is due", "The white cell ends the exercise (ENDEX)"]
    assert not [line for line in headlines if "ARD" in line or "BRL" in line]


def test_settings_of_an_unattended_run_are_not_attributed_to_a_white_cell(tmp_path: Path) -> None:
    """They are commands in the journal, but nobody gave them."""
    settings = Settings(set=("tension=0.5@2030-02-01",), until="60d")
    run = simulate(loaded("two-rivals"), 3, settings, place=Destination(out=tmp_path / "r"))
    findings = open_findings(run.folder)
    text = render(findings, "md").decode()
    assert [row["what"] for row in findings.adjudications] == ["Sets 'Tension in the strait' to 0.5"]
    assert "Annex B. Settings of the run" in text
    assert "white cell" not in text[text.index("Annex B") :].lower()
    assert [headline(findings.source, r) for r in findings.source.since if r.kind == "command"] == [
        "Setting: sets 'Tension in the strait' to 0.5"
    ]


def test_the_overview_states_changes_of_seats_and_rewinds(tmp_path: Path) -> None:
    """A reader who was in the room looks for what was taken back."""
    played = played_findings(
        tmp_path / "r", "stop at nothing", "advance 20d", "rewind D+10", "advance 5d", "seat BRL model", "endex"
    )
    for form in ("md", "html"):
        text = render(played, form).decode()
        assert "Arda (human), Brel (human; model from 16 Jan 2030, 00:00)" in text
        assert "to 11 Jan 2030, 00:00; what had been played after that is not in this review" in text
    assert "Taken back" not in render(played, "html", "ARD").decode()


@pytest.mark.parametrize(
    "lines",
    [
        ("order ARD talk BRL", "advance 5d", "undo", "undo"),
        ("branch aside", "advance 5d", "switch main"),
    ],
)
def test_time_that_undo_or_another_branch_took_back_is_stated(tmp_path: Path, lines: tuple[str, ...]) -> None:
    """Also if the advance was undone with an earlier command, or is on a branch that was left."""
    played = played_findings(tmp_path / "r", "stop at nothing", "advance 10d", *lines, "advance 5d", "endex")
    assert "to 11 Jan 2030, 00:00; what had been played after that" in render(played, "md").decode()


def test_a_branch_that_was_continued_took_nothing_back(tmp_path: Path) -> None:
    """Nor did an undo of what did not move the clock."""
    lines = ("advance 10d", "branch aside", "order ARD talk BRL", "undo", "advance 5d", "endex")
    played = played_findings(tmp_path / "r", "stop at nothing", *lines)
    assert "Taken back" not in render(played, "md").decode()


def test_a_command_that_was_undone_is_named(tmp_path: Path) -> None:
    """It is in no list of what was done; an undone advance is among the moments to which the exercise went back."""
    lines = ("advance 10d", "order ARD talk BRL", "undo", "advance 1d", "undo", "advance 5d", "endex")
    played = played_findings(tmp_path / "r", "stop at nothing", *lines)
    for form in ("md", "html"):
        text = render(played, form).decode()
        assert "order of Arda: offers talks (Brel)" in text
        assert "the advance" not in text
    assert "order of Arda" not in render(played, "html", "BRL").decode()


def test_a_standing_order_that_was_withdrawn_says_so(tmp_path: Path) -> None:
    """Each government numbers its own; the other orders of the seat were not triggered."""
    sides = (("ARD", "BRL"), ("BRL", "ARD"))
    lines = [f'standing {who} talk {to} --when "tension > 0.9{n}"' for n in (5, 6) for who, to in sides]
    played = played_findings(tmp_path / "r", "stop at nothing", "advance 5d", *lines, "cancel BRL 2", "endex")
    results = [(row["who"], row["result"]) for row in played.seat_decisions]
    assert results == [
        ("ARD", NOT_TRIGGERED), ("BRL", NOT_TRIGGERED),
        ("ARD", NOT_TRIGGERED), ("BRL", "withdrawn on 6 Jan 2030"), ("BRL", ""),
    ]  # fmt: skip


def test_a_standing_order_for_what_was_not_available_does_not_deny_its_condition(tmp_path: Path) -> None:
    """Tension is above the threshold all the time; nobody has called the six-party talks that the order would join."""
    there = console(tmp_path / "r", scenario="korea-2017", seed=3, seats=(("KOR", "human"),))
    output_of(there, 'standing KOR join_six_party --when "tension > 1"', "advance 2d", "endex")
    there.session.close()
    (row,) = open_findings(Folder(tmp_path / "r")).seat_decisions
    assert row["result"] == NOT_TRIGGERED


def test_a_procedure_that_the_white_cell_withdrew_did_not_just_lack_an_answer(tmp_path: Path) -> None:
    """The seat could no longer answer."""
    there = console(tmp_path / "r", scenario="korea-2017", seed=3, seats=(("KOR", "human"),))
    shelled = 'action PRK "shells an island" --as border_artillery_attack --to KOR'
    output_of(there, "stop at nothing", "advance 10d", shelled, "advance 3h", "procedures KOR off", "advance 5d")
    output_of(there, "endex")
    there.session.close()
    findings = open_findings(Folder(tmp_path / "r"))
    withdrawn = [row for row in findings.seat_decisions if "withdrawn" in row["result"]]
    assert withdrawn
    assert {row["result"] for row in withdrawn} == {"not answered; withdrawn by the white cell on 11 Jun 2017"}
    assert not any(row["decided"] for row in withdrawn)


def test_what_the_white_cell_revoked_is_not_said_not_to_have_occurred(tmp_path: Path) -> None:
    """It had occurred until then."""
    lines = (
        "outcome blockade_laid occurred --why agreed",
        "advance 5d",
        'outcome blockade_laid revoked --why "they deny it"',
    )
    played = played_findings(tmp_path / "r", "stop at nothing", "advance 5d", *lines, "endex")
    title = played.source.scenario.outcomes["blockade_laid"].title if played.source.scenario else ""
    overview = render(played, "md").decode()
    assert f"Occurred, and then revoked: {title} (revoked by the white cell: they deny it)." in overview
    printed = " ".join(inside("show", str(tmp_path / "r"), cwd=tmp_path).stdout.split())
    assert f"occurred, and then revoked: {title}" in printed
    absent = [line for line in overview.splitlines() if "Did not occur" in line or "did not occur" in line]
    assert absent
    assert not [line for line in absent if title in line]


def test_a_triggered_standing_order_that_was_not_carried_out_says_so(tmp_path: Path) -> None:
    """As an order does."""
    standing = 'standing ARD talk BRL --when "tension > -1"'
    played = played_findings(tmp_path / "r", "stop at nothing", "advance 5d", standing, "advance 1h", "endex")
    (order,) = played.seat_decisions
    assert order["result"] == "triggered on 6 Jan 2030; not yet carried out at the end"


def test_orders_inherited_from_the_model_share_the_numbers_of_standing_orders(tmp_path: Path) -> None:
    """The cancellation of an inherited order withdraws no standing order, and that of a standing order is found."""
    there = console(tmp_path / "r", scenario="korea-2017", seed=3, seats=(("KOR", "human"),))
    output_of(there, "stop at nothing", "advance 22d", "seat PRK human", "seat PRK model", "seat PRK human")
    inherited = [r.data["number"] for r in there.session.records if r.kind == "order.inherited" and r.who == "PRK"]
    assert inherited
    standing = [f'standing PRK issue_denunciation KOR --when "tension > 9{n}"' for n in (7, 8)]
    last = max(inherited)
    output_of(there, *standing, f"cancel PRK {last}", f"cancel PRK {last + 2}", "endex")
    there.session.close()
    rows = [row for row in open_findings(Folder(tmp_path / "r")).seat_decisions if "as soon as" in row["what"]]
    assert [row["result"].split(" on ")[0] for row in rows] == [NOT_TRIGGERED, "withdrawn"]
