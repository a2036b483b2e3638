"""Expected actions: seats of the model are judged by rule, seats that people hold by rule or by an evaluator."""

from __future__ import annotations

from typing import Any

import pytest

from support.engine import changed, loaded
from wargame.errors import UsageFault
from wargame.language.times import DAY
from wargame.scenario.model import ActionSpec, ExpectedAction, Inject
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

CALL = Inject(
    id="distress_call",
    title="A distress call",
    manual=True,
    expected=(ExpectedAction(who="ARD", any_of=("talk",), to="BRL", within=5 * DAY, late=5 * DAY, title="offer help"),),
)
GESTURE = Inject(id="gesture", title="A gesture", manual=True, action=ActionSpec(by="ARD", option="talk", to="BRL"))


def called(ard: str = "human", brl: str = "script") -> Exercise:
    """Two rivals a day after STARTEX, right after a distress call on which Arda is expected to act."""
    exercise = Exercise(changed(loaded(), injects=(CALL, GESTURE)), 1, Settings(seats=(("ARD", ard), ("BRL", brl))))
    exercise.advance(exercise.calendar.startex + DAY)
    say(exercise, "release", inject="distress_call")
    return exercise


def say(exercise: Exercise, kind: str, /, **data: Any) -> int:
    """Gives a command and returns the number of its record."""
    return exercise.apply(Command(kind=kind, data=data))


def later(exercise: Exercise, days: int) -> Exercise:
    """The exercise after some more days."""
    exercise.advance(exercise.now + days * DAY)
    return exercise


def statuses(exercise: Exercise) -> list[str]:
    """The recorded statuses of the expected action, in order."""
    return [r[6]["status"] for r in exercise.records() if r[2] == "expected"]


def candidates(exercise: Exercise) -> list[int]:
    """The records that were put to the evaluator."""
    return [r[6]["record"] for r in exercise.records() if r[2] == "expected.candidate"]


# --- by rule -------------------------------------------------------------------------------------------


def test_a_person_never_misses_an_expected_action_by_rule() -> None:
    """When its time is over, it is for the evaluator to judge; a seat of the model or a script has missed it."""
    assert statuses(later(called(), 11)) == ["undecided"]
    assert statuses(later(called("script"), 11)) == ["missed"]


def test_a_seat_that_a_person_held_for_a_while_is_not_judged_by_rule() -> None:
    """Whoever holds it at the end of the time."""
    exercise = called("script")
    say(exercise, "seat", government="ARD", kind="human")
    say(exercise, "seat", government="ARD", kind="script")
    assert statuses(later(exercise, 11)) == ["undecided"]


def test_what_is_open_at_endex_is_for_the_evaluator() -> None:
    """Also if its time was not over."""
    exercise = called()
    say(exercise, "endex")
    (record,) = [r for r in exercise.records() if r[2] == "expected"]
    assert (record[6]["status"], record[6]["open"]) == ("undecided", True)
    assert exercise.records()[-1][6]["expected"] == {"met": 0, "late": 0, "missed": 0, "undecided": 1, "open": 0}


@pytest.mark.parametrize(("after", "status"), [(1, "met"), (7, "late")])
def test_an_action_among_the_listed_options_counts_at_once(after: int, status: str) -> None:
    """Whether a person orders it, or consents to what an inject would do on the person's behalf."""
    for kind, data in (
        ("order", {"government": "ARD", "option": "talk", "target": "BRL", "forced": True}),
        ("release", {"inject": "gesture"}),
        ("action", {"government": "ARD", "target": "BRL", "title": "sends an envoy", "as": "talk"}),
        ("order", {"government": "ARD", "option": "talk", "target": "BRL", "override": True}),
    ):
        exercise = later(called(), after)
        say(exercise, kind, **data)
        if kind == "release":
            assert not statuses(exercise)
            say(exercise, "procedure.answer", government="ARD", number=1, answer="accept")
            later(exercise, 1)
        if data.get("override"):  # it takes its usual time; the order is a candidate
            later(exercise, 3)
        assert statuses(exercise) == [status], kind
        assert len(candidates(exercise)) == bool(data.get("override"))


def test_what_an_inject_does_for_a_model_seat_meets_nothing() -> None:
    """The script would judge itself."""
    exercise = called("script")
    say(exercise, "release", inject="gesture")
    assert not statuses(exercise)


# --- candidates ----------------------------------------------------------------------------------------

BY_A_SEAT: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "a message": (("message", {"who": "ARD", "to": ["BRL"], "text": "Do you need help?"}),),
    "an offer": (("offer", {"who": "ARD", "to": ["BRL"], "text": "Tugs and doctors."}),),
    "a demand": (("offer", {"who": "ARD", "to": ["BRL"], "text": "Turn back.", "form": "demand"}),),
    "an answer": (
        ("offer", {"who": "BRL", "to": ["ARD"], "text": "Send tugs, we pay."}),
        ("answer", {"who": "ARD", "offer": 1, "answer": "yes"}),
    ),
    "a vote": (("vote", {"who": "ARD", "to": ["ARD", "BRL"], "question": "Help?", "choices": ["yes", "no"]}),),
    "a ballot": (
        ("vote", {"who": "BRL", "to": ["ARD", "BRL"], "question": "Help?", "choices": ["yes", "no"]}),
        ("ballot", {"who": "ARD", "vote": 1, "choice": "yes"}),
    ),
    "an order in free text": (("request", {"who": "ARD", "text": "Send two tugs."}),),
    "an order of another option": (("order", {"government": "ARD", "option": "trade", "target": "BRL"}),),
}


@pytest.mark.parametrize("steps", BY_A_SEAT.values(), ids=BY_A_SEAT)
def test_what_a_seat_does_meanwhile_is_put_to_the_evaluator(steps: tuple[tuple[str, dict[str, Any]], ...]) -> None:
    """Once, whatever it is; a seat of the script is not judged in this way."""
    for seat, expected in (("human", 1), ("script", 0)):
        exercise = called(seat, "human")
        for kind, data in steps:
            seq = say(exercise, kind, **{**data, **({"forced": True} if kind == "order" and seat == "script" else {})})
        later(exercise, 11)
        assert len(candidates(exercise)) == expected
        if expected:
            (named,) = candidates(exercise)
            assert named == seq or seq in exercise.records()[named][5]
            assert statuses(exercise) == ["undecided"]


def test_an_action_that_the_white_cell_improvises_is_no_candidate() -> None:
    """The seat has not asked for it. An evaluator can still name it as evidence, and the next ruling counts again."""
    exercise = called()
    seq = say(exercise, "action", government="ARD", target="BRL", title="sends tugs", goldstein=4)
    assert not candidates(exercise)
    say(exercise, "request", who="ARD", text="Send two tugs.")
    say(exercise, "ruling", request=1, how="action", target="BRL", goldstein=4)
    assert len(candidates(exercise)) == 2
    (action, _) = (record for record in exercise.records() if record[2] == "action" and record[3] == "ARD")
    assert action[5] == (seq,)
    assert not refusal(exercise, action[0])


@pytest.mark.parametrize("how", ["action", "order"])
def test_a_ruling_counts_through_the_action_that_it_makes(how: str) -> None:
    """The order in free text and the action are candidates, the ruling between them is none."""
    exercise = called()
    request = say(exercise, "request", who="ARD", text="Send two tugs.")
    data = {"goldstein": 4} if how == "action" else {"option": "trade"}
    say(exercise, "ruling", request=1, how=how, target="BRL", **data)
    later(exercise, 9)
    first, second = candidates(exercise)
    assert first == request
    assert exercise.records()[second][2:4] == ("action", "ARD")


def test_a_ruling_that_orders_a_listed_option_meets_the_expected_action() -> None:
    """When it is carried out; only the request is a candidate."""
    exercise = called()
    request = say(exercise, "request", who="ARD", text="Call them.")
    say(exercise, "ruling", request=1, how="order", option="talk", target="BRL")
    later(exercise, 4)
    assert (statuses(exercise), candidates(exercise)) == (["met"], [request])


def test_a_request_for_information_is_no_candidate() -> None:
    """It does nothing to which the expected action could apply, even if it names the inject."""
    exercise = called()
    say(exercise, "rfi", who="ARD", text="About a distress call: how many are on board?")
    later(exercise, 11)
    assert not candidates(exercise)
    assert statuses(exercise) == ["undecided"]


def test_after_its_time_only_what_names_the_inject_is_a_candidate() -> None:
    """By its id or its title, or an action among the listed options."""
    exercise = later(called(), 11)
    say(exercise, "message", who="ARD", to=["BRL"], text="Good morning.")
    assert not candidates(exercise)
    by_title = say(exercise, "message", who="ARD", to=["BRL"], text="About a distress call last week: we regret it.")
    say(exercise, "order", government="ARD", option="talk", target="BRL", forced=True)
    later(exercise, 1)
    assert candidates(exercise) == [by_title, exercise.expected.items[1].candidates[-1]]
    assert exercise.records()[candidates(exercise)[1]][2:5] == ("action", "ARD", "talk")
    assert statuses(exercise) == ["undecided"]


def test_an_order_and_its_action_are_one_candidate() -> None:
    """The order is put to the evaluator when it is given; the listed option counts when it is carried out."""
    exercise = called()
    order = say(exercise, "order", government="ARD", option="talk", target="BRL")
    assert candidates(exercise) == [order]
    later(exercise, 4)
    assert (statuses(exercise), candidates(exercise)) == (["met"], [order])


def test_what_the_white_cell_writes_is_no_candidate() -> None:
    """Nor is what another seat does."""
    exercise = called(brl="human")
    say(exercise, "message", who="EXCON", to=["ARD"], text="A distress call has come in.")
    say(exercise, "message", who="BRL", to=["ARD"], text="Please help.")
    assert not candidates(exercise)


# --- by hand -------------------------------------------------------------------------------------------


def test_a_judgement_replaces_every_status() -> None:
    """After a status by rule, after another judgement and after ENDEX; all are recorded.

    The record that counts may be named by that which proposed it.
    """
    exercise = called()
    message = say(exercise, "message", who="ARD", to=["BRL"], text="Do you need help?")
    later(exercise, 11)
    rating = say(
        exercise, "rating", about="distress_call", rating="met", number=1, evidence=message + 1, why="by message"
    )
    say(exercise, "endex")
    again = say(exercise, "rating", about="distress_call", rating="late", evaluator="A. Name", who="evaluator")
    rule, first, second = [r for r in exercise.records() if r[2] == "expected"]

    assert statuses(exercise) == ["undecided", "met", "late"]
    assert first[5] == (rating, rule[0], message, exercise.expected.items[1].seq)
    assert second[5][:2] == (again, first[0])
    assert (first[6]["automatic"], first[6]["why"], first[6]["judged_by"]) == ("undecided", "by message", "")
    assert (second[6]["automatic"], second[6]["judged_by"]) == ("undecided", "A. Name")
    assert second[3] == "ARD"
    assert exercise.expected.counts == {"met": 0, "late": 1, "missed": 0, "undecided": 0}


def test_a_judgement_replaces_a_status_of_a_model_seat() -> None:
    """The white cell knows what the rule does not."""
    exercise = later(called("script"), 11)
    say(exercise, "rating", about="distress_call", rating="late")
    assert (statuses(exercise), exercise.expected.counts["missed"]) == (["missed", "late"], 0)


def test_nothing_is_put_to_the_evaluator_after_the_judgement() -> None:
    """It is settled; the rule says nothing more."""
    exercise = called()
    say(exercise, "rating", about="distress_call", rating="missed")
    say(exercise, "message", who="ARD", to=["BRL"], text="Sorry.")
    later(exercise, 11)
    assert (statuses(exercise), candidates(exercise)) == (["missed"], [])


def test_a_rating_of_an_inject_is_about_its_last_release() -> None:
    """An earlier one is judged by its number."""
    repeated = Inject(id="call", title="A call", at=CALL.at, manual=True, expected=CALL.expected, repeat=3)
    exercise = Exercise(changed(loaded(), injects=(repeated,)), 1, Settings(seats=(("ARD", "human"),)))
    exercise.advance(exercise.calendar.startex + DAY)
    for _ in range(2):
        say(exercise, "release", inject="call")
        later(exercise, 1)
    say(exercise, "rating", about="call", rating="met")
    say(exercise, "rating", about="call", rating="late", number=1)
    assert [item.status for item in exercise.expected.items.values()] == ["late", "met"]


def refusal(exercise: Exercise, seq: int) -> str:
    """What a judgement with a record as evidence is refused with; empty if it is accepted."""
    try:
        say(exercise, "rating", about="distress_call", rating="met", number=1, evidence=seq)
    except UsageFault as fault:
        return str(fault)
    return ""


def test_the_evidence_is_what_the_government_did() -> None:
    """Its actions, orders, messages and requests, and the rulings on these; not what others did."""
    exercise = called(brl="human")
    accepted = [
        say(exercise, "message", who="ARD", to=["BRL"], text="Do you need help?"),
        say(exercise, "order", government="ARD", option="talk", target="BRL", why="help", who="ARD"),
        say(exercise, "vote", who="ARD", to=["ARD", "BRL"], question="Shall we help?", choices=["yes", "no"]),
        say(exercise, "request", who="ARD", text="Send two tugs", why="now"),
        say(exercise, "ruling", request=1, how="action", goldstein=2),
    ]
    refused = [
        say(exercise, "message", who="EXCON", to=["ARD"], text="Will you help?"),
        say(exercise, "message", who="BRL", to=["ARD"], text="We manage."),
        say(exercise, "order", government="BRL", option="talk", target="ARD", why="x", who="BRL"),
        say(exercise, "set", path="tension", value=0.5),
        say(exercise, "note", text="late"),
        next(record[0] for record in exercise.records() if record[2] == "startex"),
        exercise.expected.items[1].seq,
    ]
    later(exercise, 2)
    accepted += [r[0] for r in exercise.records() if r[2] == "action" and r[3] == "ARD" and r[0] > accepted[0]]
    assert len(accepted) > 5
    before = len(exercise.records())
    assert {
        refusal(exercise, seq).partition(" is not evidence for expected action 1: ")[2].partition(",")[0]
        for seq in refused
    } == {"name a record of ARD since the release of distress_call (an action"}
    assert len(exercise.records()) == before
    assert [refusal(exercise, seq) for seq in accepted] == [""] * len(accepted)


def test_what_was_done_before_the_release_is_no_evidence() -> None:
    """However late the judgement is."""
    exercise = Exercise(changed(loaded(), injects=(CALL, GESTURE)), 1, Settings(seats=(("ARD", "human"),)))
    exercise.advance(exercise.calendar.startex + DAY)
    early = say(exercise, "message", who="ARD", to=["BRL"], text="Good day.")
    say(exercise, "release", inject="distress_call")
    assert refusal(exercise, early)


def test_what_a_seat_consents_to_is_evidence() -> None:
    """Its answer and the action, and not the release of the inject."""
    exercise = called()
    say(exercise, "release", inject="gesture")
    release = next(r[0] for r in reversed(exercise.records()) if r[2:4] == ("inject.released", ""))
    answer = say(exercise, "procedure.answer", government="ARD", number=1, answer="accept")
    action = next(r[0] for r in reversed(later(exercise, 1).records()) if r[2:4] == ("action", "ARD"))
    assert refusal(exercise, release)
    assert (refusal(exercise, answer), refusal(exercise, action)) == ("", "")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"number": 2}, "there is no expected action 2 after distress_call"),
        ({"number": "x"}, "'x' is not the number of an expected action"),
        ({"government": "BRL"}, "there is no government with an expected action after distress_call 'BRL'"),
        ({"evidence": 9999}, "there is no record 9999"),
        ({"evidence": "x"}, "there is no record x"),
        ({"rating": "P"}, "there is no rating 'P'"),
        ({"about": "gesture"}, "gesture has no expected actions"),
    ],
)
def test_a_wrong_judgement_is_refused(data: dict[str, Any], message: str) -> None:
    """The error gives the reason, and nothing is recorded."""
    exercise = called()
    before = len(exercise.records())
    with pytest.raises(UsageFault, match=message):
        say(exercise, "rating", **{"about": "distress_call", "rating": "met", **data})
    assert len(exercise.records()) == before
