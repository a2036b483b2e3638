"""Visibility of records: one table for the terminals of a live exercise and for the review."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

import wargame.simulation
from support.engine import changed, loaded
from support.records import made
from wargame.journal.records import Record, Stamps, kinds
from wargame.journal.viewer_memory import PUBLIC, PublicFacts
from wargame.journal.visibility import RecordViewer
from wargame.language.times import DAY
from wargame.review.findings.knowledge import known_to
from wargame.review.findings.source import RunSource
from wargame.scenario import model
from wargame.seat.feed import feed
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

FACTS = PublicFacts(
    governments=frozenset({"ARD", "BRL", "CND"}),
    option_is_public=lambda option: option == "parade",
    public_indicators={"tension": True, "morale": False},
)
SECRET = "xyzzy"  # noqa: S105 (no password)
"""A word that only secrets contain."""


def record(seq: int, kind: str, who: str = "", about: str = "", cause: tuple[int, ...] = (), /, **data: Any) -> Record:
    """A record with the fields that a test needs."""
    return made(seq, seq * 60, "2030-01-01T00:00:00+00:00", kind, who, about, cause, data)


def shown_to(seat: str, *records: Record) -> list[Record]:
    """The visible part of these records for a seat."""
    viewer = RecordViewer(seat, FACTS)
    return [shown for each in records for shown in viewer.see(each)]


def numbers(seat: str, *records: Record) -> list[int]:
    """The numbers of the records that a seat sees, in the order in which it sees them."""
    return [shown.seq for shown in shown_to(seat, *records)]


# --- the table is complete -----------------------------------------------------------------------------


def written_kinds() -> Iterator[str]:
    """Every kind that the simulation writes, by the calls of `log.write` and `RecordParts` in its source."""
    folders = [Path(wargame.__path__[0], name) for name in ("simulation", "numbers")]
    for path in sorted(path for folder in folders for path in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            writes = getattr(node.func, "attr", getattr(node.func, "id", "")) in ("write", "RecordParts")
            if writes and node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)


def test_the_list_of_kinds_has_all_kinds_that_the_simulation_writes() -> None:
    """`kinds` has every new kind."""
    written = {*written_kinds(), "command"}
    assert len(written) > 30
    assert written == set(kinds())


# --- new fields ----------------------------------------------------------------------------------------

OFFER = record(1, "offer", "ARD", "BRL", to=["BRL"], text="a")
VOTE = record(2, "vote", "ARD", "ARD", to=["ARD", "BRL"], question="b")
REQUEST = record(3, "request", "ARD", "ARD", text="c")
LETTER = record(4, "inject.released", "", "poll", to=[], channel="News")
FALL = record(5, "outcome", "", "fall", title="A fall")
BEFORE = (OFFER, VOTE, REQUEST, LETTER, FALL)
"""What the records of `shown_with_a_new_field` refer to."""
REFERS = {"answer": (1,), "ballot": (2,), "vote.result": (2,), "ruling": (3,), "outcome.revoked": (0, 5)}
"""Kind -> its causes."""


def shown_with_a_new_field(kind: str) -> list[Record]:
    """What ARD is shown of a record that concerns it, and whose kind has one more field."""
    concerned = {"of": "ARD", "to": ["ARD"], "government": "ARD", "values": {"tension": 0.5}}
    keys = {field.encode_name for field in msgspec.structs.fields(kinds()[kind])}
    data = {key: value for key, value in concerned.items() if key in keys}
    old = record(9, kind, "ARD", "1", REFERS.get(kind, (4,)), **data)
    more: Any = msgspec.defstruct("More", [("secret", str, SECRET)], bases=(kinds()[kind],), frozen=True)
    new = more(*(getattr(old, name) for name in old.__struct_fields__))
    viewer = RecordViewer("ARD", FACTS)
    for each in BEFORE:
        viewer.see(each)
    return viewer.see(new)


FOR_ARD = set(kinds()) - {
    *("run.start", "routine", "history", "inject.enabled", "inject.skipped", "expected", "expected.candidate"),
    *("rating", "command"),
}
"""Kinds that ARD may see; what it sees of a command is a dictionary."""


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_a_new_field_is_hidden_until_it_is_listed(kind: str) -> None:
    """From the government that the record concerns, whatever else it sees of it."""
    shown = shown_with_a_new_field(kind)
    assert SECRET not in str(shown)
    assert bool(shown) == (kind in FOR_ARD)


# --- non-interference ----------------------------------------------------------------------------------

ABROAD = ("BRL", "CND")
"""Those to whom the secrets below belong; ARD looks on."""
OTHERS: dict[str, list[Record]] = {
    "run.start": [record(1, "run.start", "", SECRET, seed=SECRET)],
    "run.end": [record(1, "run.end", "", "endex", reason="endex", attention=SECRET, expected=SECRET)],
    "startex": [record(1, "startex", seats=SECRET)],
    "snapshot": [record(1, "snapshot", values={"morale[BRL]": SECRET, "belief of BRL in tension": SECRET})],
    "history": [record(1, "history", "BRL", SECRET, title=SECRET)],
    "inject.released": [
        record(1, "inject.released", SECRET, SECRET, title=SECRET, kind="information", audience=["BRL"]),
        record(2, "inject.released", SECRET, SECRET, title=SECRET, kind="facilitation", audience=[]),
        record(3, "inject.released", "", "one", kind="information", audience=[], effects=SECRET, objective=SECRET),
    ],
    "inject.skipped": [record(1, "inject.skipped", "", SECRET, title=SECRET, reason=SECRET)],
    "inject.enabled": [record(1, "inject.enabled", "", SECRET)],
    "inject.retracted": [record(1, "inject.retracted", "", SECRET, audience=["BRL"], message=SECRET, title=SECRET)],
    "expected": [record(1, "expected", "ARD", SECRET, title=SECRET, status=SECRET)],
    "expected.candidate": [
        record(1, "expected.candidate", "ARD", "message", record=SECRET, **{"for": [{"title": SECRET}]})
    ],
    "action": [record(1, "action", "BRL", SECRET, option=SECRET, target="ARD", title=SECRET)],
    "signal": [record(1, "action", "CND", SECRET), record(2, "signal", "BRL", SECRET, (1,), option=SECRET)],
    "decision": [record(1, "decision", "BRL", SECRET, choice=SECRET)],
    "order.cancelled": [record(1, "order.cancelled", "BRL", SECRET, reason=SECRET)],
    "decision.due": [record(1, "decision.due", "BRL", SECRET)],
    "decision.missed": [record(1, "decision.missed", "BRL", SECRET)],
    "demand": [record(1, "action", "BRL", SECRET), record(2, "demand", "BRL", "CND", (1,), of="CND", wants=[SECRET])],
    "demand.settled": [
        record(1, "demand.settled", "BRL", "CND", of="CND", how=SECRET),
        record(2, "action", "BRL", SECRET),
        record(3, "demand.settled", "BRL", "ARD", (2,), of="ARD", how=SECRET),
    ],
    "commitment": [
        record(1, "action", "BRL", SECRET),
        record(2, "commitment", "BRL", SECRET, (1,), of="CND", option=SECRET, target=SECRET, until=SECRET),
    ],
    "forum": [record(1, "forum", SECRET, "talks", to="proposed", committed=SECRET, strength=SECRET)],
    "agreement": [record(1, "agreement", SECRET, "freeze", to="offered")],
    "outcome": [record(1, "action", "BRL", SECRET), record(2, "outcome", "", SECRET, (1,), title=SECRET)],
    "outcome.revoked": [
        record(1, "outcome", "", SECRET, title=SECRET, private=True),
        record(2, "outcome.revoked", "", SECRET, (0, 1), title=SECRET, why=SECRET),
    ],
    "hazard": [record(1, "hazard", "", "storm", title="Storm", effects=SECRET)],
    "leader": [record(1, "leader", "BRL", "chief", leader="chief", strategy=SECRET)],
    "strategy": [record(1, "strategy", "BRL", SECRET, strategy=SECRET)],
    "standing_order": [record(1, "standing_order", "BRL", SECRET, option=SECRET)],
    "order.carried_over": [record(1, "order.carried_over", "BRL", SECRET, option=SECRET)],
    "plan.begun": [record(1, "plan.begun", "BRL", SECRET, title=SECRET)],
    "plan.ended": [record(1, "plan.ended", "BRL", SECRET, reason=SECRET)],
    "routine": [record(1, "routine", "BRL", SECRET, acts={"ARD": [1, SECRET]})],
    "order.reviewed": [record(1, "order.reviewed", "BRL", SECRET, option=SECRET)],
    "order.inherited": [record(1, "order.inherited", "BRL", SECRET, option=SECRET)],
    "procedure.proposed": [record(1, "procedure.proposed", "BRL", SECRET, title=SECRET)],
    "procedure.answer": [
        record(1, "procedure.answer", "BRL", SECRET, who="BRL", government="BRL", answer=SECRET),
        record(2, "procedure.answer", "", SECRET, government="BRL", answer=SECRET),
    ],
    "procedure.expired": [record(1, "procedure.expired", "BRL", SECRET, title=SECRET)],
    "message": [record(1, "message", "BRL", SECRET, to=["CND"], text=SECRET)],
    "rfi": [record(1, "rfi", "BRL", "1", who="BRL", text=SECRET)],
    "rfi.reply": [record(1, "rfi.reply", "", "BRL", government="BRL", number=1, status=SECRET, text=SECRET)],
    "offer": [record(1, "offer", "BRL", SECRET, to=["CND"], text=SECRET)],
    "answer": [
        record(1, "offer", "BRL", "CND", to=["CND"], text=SECRET),
        record(2, "answer", "CND", "1", (1,), who="CND", offer=1, answer="yes", text=SECRET),
    ],
    "vote": [record(1, "vote", "BRL", SECRET, to=["BRL", "CND"], question=SECRET)],
    "ballot": [record(1, "ballot", "BRL", "1", who="BRL", vote=1, choice=SECRET)],
    "vote.result": [record(1, "vote.result", "", "1", vote=1, to=["BRL", "CND"], question=SECRET)],
    "questionnaire.answer": [
        record(1, "inject.released", "", "poll", title="A poll", channel="News", audience=[]),
        record(2, "questionnaire.answer", "BRL", "poll", (1,), who="BRL", inject="poll", answers={"why": SECRET}),
    ],
    "questionnaire.closed": [
        record(1, "inject.released", "", "poll", title=SECRET, channel="Email", audience=["BRL"]),
        record(2, "questionnaire.closed", "", "poll", (1,), title=SECRET, to=["BRL"], silent=[SECRET]),
    ],
    "questionnaire.results": [
        record(1, "questionnaire.results", "", "poll", title="A poll", questions=[], release=SECRET),
    ],
    "request": [record(1, "request", "BRL", "BRL", who="BRL", text=SECRET)],
    "ruling": [
        record(1, "request", "BRL", "BRL", who="BRL", text=SECRET),
        record(2, "ruling", "", "BRL", (1,), request=1, how=SECRET, why=SECRET),
        record(3, "request", "ARD", "ARD", who="ARD", text="mine"),
        record(4, "ruling", "", "ARD", (3,), request=2, how="action", goldstein=SECRET, visibility=SECRET),
    ],
    "note": [record(1, "note", "BRL", SECRET, text=SECRET), record(2, "note", "", SECRET, text=SECRET)],
    "rating": [record(1, "rating", "", SECRET, rating=SECRET, government="ARD")],
    "command": [
        record(1, "command", "BRL", "order", government="BRL", option=SECRET),
        record(2, "command", "BRL", "ack", who="BRL", inject=SECRET, release=1),
        record(3, "command", "", "set", path=SECRET, value=1),
        record(4, "command", "", "action", government="ARD", title=SECRET, why=SECRET),
        record(5, "command", "", "order", government="ARD", option="parade", forced=True, why=SECRET),
        record(6, "command", "", "endex", why=SECRET),
        record(7, "command", "", "skip", inject=SECRET),
        record(8, "command", "", "procedures", government="BRL", procedure=SECRET, mode="off"),
    ],
}


@pytest.mark.parametrize("kind", ["message", "offer", "vote"])
def test_who_plays_a_government_is_hidden(kind: str) -> None:
    """An addressee does not learn that the white cell writes in the name of a government."""
    (shown,) = shown_to(
        "ARD",
        record(1, kind, "BRL", "ARD", to=["ARD"], by=SECRET, **{"vote": {"question": "b"}}.get(kind, {"text": "a"})),
    )
    assert shown.who == "BRL"
    assert SECRET not in str(shown)


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_a_record_about_the_secrets_of_others_is_hidden(kind: str) -> None:
    """From governments that are not concerned and from the public screen."""
    assert any(each.kind == kind for each in OTHERS[kind])
    for seat in ("ARD", PUBLIC):
        shown = shown_to(seat, *OTHERS[kind])
        assert SECRET not in str(shown), seat


def test_every_kind_has_an_example_of_a_secret() -> None:
    """`OTHERS` has every kind."""
    assert set(OTHERS) == set(kinds())


# --- what a government learns, and when ----------------------------------------------------------------

COVERT = record(1, "action", "BRL", "sabotage", option="sabotage", target="ARD")
BURNT = record(2, "outcome", "", "burnt", (1,), title="A harbour burns")
NEWS = record(3, "signal", "ARD", "sabotage", (1,), option="sabotage", actor="BRL")


def test_an_outcome_is_shown_with_the_signal_of_the_action_that_caused_it() -> None:
    """Neither the action nor the outcome itself makes it visible, nor any record before the signal."""
    viewer = RecordViewer("ARD", FACTS)
    assert viewer.see(COVERT) == []
    assert viewer.see(BURNT) == []
    assert [each.seq for each in viewer.see(NEWS)] == [3, 2]


def test_an_outcome_is_shown_at_once_to_the_government_that_caused_it() -> None:
    """It knows its own action."""
    assert numbers("BRL", COVERT, BURNT) == [1, 2]


def test_the_signal_of_another_government_does_not_inform_this_one() -> None:
    """Each government learns from its own signals."""
    assert numbers("ARD", COVERT, BURNT, replace_who(NEWS, "CND")) == []


def test_an_outcome_of_two_actions_waits_for_the_signal_of_each() -> None:
    """An exchange: one signal is not enough."""
    reply = record(2, "action", "CND", "sabotage")
    both = record(3, "outcome", "", "both", (2, 1), title="Both burn")
    first, second = record(4, "signal", "ARD", "sabotage", (1,)), record(5, "signal", "ARD", "sabotage", (2,))
    assert numbers("ARD", COVERT, reply, both, first) == [4]
    assert numbers("ARD", COVERT, reply, both, first, second) == [4, 5, 3]


def test_a_revocation_is_shown_to_those_who_have_been_shown_the_outcome() -> None:
    """To the others neither it nor, when the news of the action arrives, the outcome itself."""
    revoked = record(4, "outcome.revoked", "", "burnt", (0, 2), title="A harbour burns", why="a mistake")
    assert numbers("ARD", COVERT, BURNT, NEWS, revoked) == [3, 2, 4]
    later = record(5, "signal", "ARD", "sabotage", (1,), option="sabotage", actor="BRL")
    assert numbers("ARD", COVERT, BURNT, revoked, later) == [5]


def test_the_white_cell_decides_who_can_see_an_action_that_it_improvises() -> None:
    """A private action that counts as a public option is not for the public, and the reverse."""
    quiet = record(1, "action", "BRL", "parade", option="parade", visibility="private")
    loud = record(2, "action", "BRL", "adjudicated_1", option="adjudicated_1", visibility="public")
    news = [
        record(3 + place, "signal", who, action.about, (action.seq,), option=action.about, actor="BRL")
        for action in (quiet, loud)
        for place, who in enumerate(("ARD", "CND"), 2 * (action.seq - 1))
    ]
    assert numbers("public", quiet, loud, *news) == [6]


def test_the_public_knows_an_action_once_the_last_government_does() -> None:
    """The public does not learn of an action that is not public."""
    parade = record(1, "action", "BRL", "parade", option="parade")
    first, last = record(2, "signal", "ARD", "parade", (1,)), record(3, "signal", "CND", "parade", (1,))
    assert numbers(PUBLIC, parade, first) == []
    assert numbers(PUBLIC, parade, first, last) == [3]
    assert numbers(PUBLIC, COVERT, BURNT, replace_who(NEWS, "CND"), NEWS) == []


def test_a_demand_is_always_shown_to_the_government_it_is_addressed_to() -> None:
    """Others see what is demanded once they learn of the action."""
    covert = record(1, "action", "BRL", "press", option="press", target="ARD")
    demand = record(2, "demand", "BRL", "ARD", (1,), of="ARD", wants=["trade"], threat="sabotage", until=99)
    assert [each.data["threat"] for each in shown_to("ARD", covert, demand)] == ["sabotage"]
    assert numbers("CND", covert, demand) == []
    heard = shown_to("CND", covert, demand, record(3, "signal", "CND", "press", (1,)))
    assert [(each.seq, each.data.get("threat")) for each in heard] == [(3, None), (2, None)]


def test_only_visible_causes_are_named() -> None:
    """The number of a hidden record would be information."""
    (signal,) = shown_to("ARD", COVERT, NEWS)
    assert signal.cause == ()
    assert shown_to("BRL", COVERT, BURNT)[1].cause == (1,)


def test_who_moves_in_talks_is_shown_to_those_who_know_the_action() -> None:
    """The state of the talks is public."""
    step = record(2, "forum", "BRL", "talks", (1,), to="proposed", title="Talks")
    assert [each.who for each in shown_to("ARD", COVERT, step)] == [""]
    assert [each.who for each in shown_to("BRL", COVERT, step)][1:] == ["BRL"]


def replace_who(original: Record, who: str) -> Record:
    """The same record for another government."""
    return made(
        original.seq, original.t, original.at, original.kind, who, original.about, original.cause, original.data
    )


# --- the live terminal and the review agree --------------------------------------------------------------


def exercise_with_a_covert_demand() -> Exercise:
    """A demand by a covert action that the addressee never detects."""
    base = loaded()
    press = model.Option(
        title="demands in secret", dossier="strait", by=("ARD",), to=("BRL",), cameo="183", goldstein=-1.0,
        lead=(0, 0, 0), cool_down=0, visibility="covert", demands=True,
    )  # fmt: skip
    wants = (model.Demand(of="BRL", wants=("trade",), within=20 * DAY),)
    blind = {
        name: replace(spec, perception=replace(spec.perception, detection=0.0))
        for name, spec in base.scenario.governments.items()
    }
    scenario = changed(
        base,
        injects=(),
        governments=blind,
        options={**base.scenario.options, "press": press},
        strategies={"push": model.Strategy(title="Push", stages=(model.Stage(name="one", demands=wants),))},
    )
    people = (("ARD", "human"), ("BRL", "human"))
    exercise = Exercise(scenario, 1, Settings(seats=people, strategies=(("ARD", "push"),)))
    exercise.advance(DAY)
    exercise.apply(Command(kind="order", data={"government": "ARD", "option": "press", "target": "BRL"}))
    exercise.advance(exercise.now + 5 * DAY)
    return exercise


def test_a_covert_demand_reaches_the_terminal_and_the_review_of_its_addressee() -> None:
    """The demand is delivered as a message, whether or not the action is detected."""
    exercise = exercise_with_a_covert_demand()
    records = Stamps(exercise.calendar.iso).records(exercise.records())
    source: Any = RunSource(None, None, records, exercise.loaded)  # type: ignore[arg-type] # no folder is needed
    (demand,) = [each for each in records if each.kind == "demand"]
    assert not [each for each in records if each.kind == "signal" and each.who == "BRL" and each.about == "press"]
    (item,) = feed(exercise, "BRL", [demand])
    assert item.text.startswith("Arda demands that Brel eases trade")
    assert demand.seq in [each.seq for each in known_to(source, "BRL")]
