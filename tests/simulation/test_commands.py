"""Commands: a wrong one is refused with a reason and changes nothing; what the others do."""

from __future__ import annotations

from typing import Any

import pytest

from support.engine import changed, loaded
from wargame.errors import UsageFault
from wargame.journal.records import RawRecord
from wargame.language.times import DAY, parse_time
from wargame.scenario import model
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

Words = tuple[str, dict[str, Any]]
"""A kind of command and its data."""

MESSAGE: Words = ("message", {"who": "ARD", "to": ["BRL"], "text": "We should talk."})
OFFER: Words = ("offer", {"who": "ARD", "to": ["BRL"], "text": "No patrols for a month."})
ANSWER: Words = ("answer", {"who": "BRL", "offer": 1, "answer": "yes"})
VOTE: Words = ("vote", {"who": "ARD", "to": ["ARD", "BRL"], "question": "Where?", "choices": ["here", "there"]})
BALLOT: Words = ("ballot", {"who": "BRL", "vote": 1, "choice": "here"})
HARVEST: Words = ("release", {"inject": "harvest"})
MINE: Words = ("ack", {"inject": "harvest", "who": "ARD"})
ACTION: Words = ("action", {"government": "ARD", "target": "BRL", "title": "A wreath at sea", "weight": 2})


def but(command: Words, **data: Any) -> Words:
    """The command with changed data; None removes a key."""
    merged = {**command[1], **data}
    return command[0], {key: value for key, value in merged.items() if value is not None}


def begun(*commands: Words, days: int = 1) -> Exercise:
    """Two rivals with people in both seats, after some days and these commands."""
    exercise = Exercise(loaded(), 1, Settings(seats=(("ARD", "human"), ("BRL", "human"))))
    exercise.advance(days * DAY)
    for command in commands:
        say(exercise, command)
    return exercise


def say(exercise: Exercise, command: Words) -> int:
    """Gives a command."""
    kind, data = command
    return exercise.apply(Command(kind=kind, data=data))


def records_of(exercise: Exercise, kind: str) -> list[RawRecord]:
    """The records of one kind."""
    return [record for record in exercise.records() if record[2] == kind]


REFUSED: list[tuple[tuple[Words, ...], Words, str]] = [
    ((), ("fire", {}), "there is no command 'fire'"),
    ((), ("order", {"government": "ARD"}), "the command 'order' needs a value for option"),
    # correspondence
    ((), but(MESSAGE, to=[]), "name at least 1 government$"),
    ((), but(MESSAGE, to="BRL"), "name at least 1 government$"),
    ((), but(MESSAGE, to=["ARD"]), "a message needs a recipient other than its sender"),
    ((), but(MESSAGE, text=" "), "the text is missing"),
    ((), but(MESSAGE, text="a" * 20_001), "the text is longer than 20,000 characters"),
    ((), but(MESSAGE, text="\x1b[2J"), "the text contains control characters"),
    ((), but(OFFER, to=["ARD", "BRL"]), "an offer goes to other governments"),
    ((), but(OFFER, form="bribe"), "there is no form 'bribe'"),
    ((OFFER,), but(ANSWER, who="ARD"), "there is no offer '1' to ARD"),
    ((OFFER, ANSWER), ANSWER, "BRL has already answered offer 1: yes"),
    ((), ANSWER, "there is no offer '1'"),
    ((), but(VOTE, to=["ARD"]), "name at least 2 governments"),
    ((), but(VOTE, choices=["here", "here"]), "a vote needs at least two choices"),
    ((but(VOTE, who="BRL", to=["BRL", "ARD"]), BALLOT), BALLOT, "BRL has already voted"),
    ((VOTE,), but(BALLOT, choice="nowhere"), "there is no choice 'nowhere'"),
    ((VOTE, BALLOT, but(BALLOT, who="ARD")), BALLOT, "there is no open vote '1'"),
    # the MSEL
    ((), MINE, "harvest has not been released"),
    ((HARVEST,), but(MINE, who="BRL"), "harvest was not sent to BRL"),
    ((HARVEST, MINE), MINE, "ARD has already acknowledged harvest"),
    ((HARVEST,), ("edit", {"inject": "harvest", "field": "title", "value": "x"}), "harvest has been released"),
    ((), ("inject", {"yaml": "- id: [no"}), "inject:2:1: not valid YAML"),
    ((), ("reset", {"inject": "hurvest"}), "did you mean 'harvest'"),
    ((), ("delay", {"inject": "harvest", "by": "1d"}), "harvest is released by hand"),
    ((HARVEST,), ("skip", {"inject": "harvest"}), "harvest is released and cannot be skipped"),
    ((HARVEST,), ("hold", {"inject": "harvest"}), "harvest is released and cannot be held"),
    ((), ("unhold", {"inject": "harvest"}), "harvest is scheduled, not held"),
    # the white cell
    ((), ("set", {"path": "tension", "value": "much"}), "'much' is not a number"),
    ((), ("set", {"path": "tension", "value": 7}), "tension must be between 0 and 1, not 7"),
    ((), ("set", {"path": "tension +", "value": 0}), "is not the path of an indicator"),
    ((), ("set", {"path": "growth[BRD]", "value": 0}), "did you mean 'growth"),
    ((), but(ACTION, goldstein="heavy"), "the goldstein must be a number from -10 to 10"),
    ((), but(ACTION, goldstein=None), "the goldstein must be a number from -10 to 10"),
    ((), but(ACTION, goldstein=11), "the goldstein must be a number from -10 to 10, not 11"),
    ((), but(ACTION, title=None), "the title is missing"),
    ((), ("playon", {}), "the exercise is not stopped"),
    ((("noplay", {"text": "A real fire."}),), MESSAGE, "NO PLAY"),
    ((("endex", {}),), MESSAGE, "the exercise is over"),
]


@pytest.mark.parametrize(("before", "command", "message"), REFUSED, ids=[f"{c[0]}: {t}" for _, c, t in REFUSED])
def test_a_wrong_command_changes_nothing(before: tuple[Words, ...], command: Words, message: str) -> None:
    """The error gives the reason, no record is written, and the exercise continues as without it."""
    exercise, undisturbed = begun(*before), begun(*before)
    with pytest.raises(UsageFault, match=message):
        say(exercise, command)
    for each in (exercise, undisturbed):
        each.advance(each.now + 30 * DAY)
    assert exercise.records() == undisturbed.records()


def test_the_last_ballot_closes_a_vote() -> None:
    """The record has the count for all who could vote, not who voted for what."""
    exercise = begun(VOTE, BALLOT)
    assert not records_of(exercise, "vote.result")
    say(exercise, but(BALLOT, who="ARD", choice="there"))
    ((*_, data),) = records_of(exercise, "vote.result")
    assert (data["count"], data["silent"]) == ({"here": 1, "there": 1}, 0)


def test_a_rating_settles_an_expected_action() -> None:
    """Only for the named government; the other's action is still awaited, and then left to the evaluator."""
    exercise = begun(days=21)
    seq = say(exercise, ("rating", {"about": "collision", "government": "ARD", "rating": "met"}))
    ((*_, who, about, cause, data),) = records_of(exercise, "expected")
    assert (who, about, cause[0], data["status"], data["by_hand"]) == ("ARD", "collision", seq, "met", True)
    exercise.advance(exercise.now + 40 * DAY)
    assert [(r[3], r[6]["status"]) for r in records_of(exercise, "expected")] == [("ARD", "met"), ("BRL", "undecided")]


def test_an_overdue_held_inject_cannot_be_delayed() -> None:
    """Its time has passed, and `postpone` does not change it."""
    exercise = begun(("hold", {"inject": "collision"}), days=10)
    exercise.advance(25 * DAY)
    with pytest.raises(UsageFault, match="collision is held and overdue"):
        say(exercise, ("delay", {"inject": "collision", "by": "2d"}))
    say(exercise, ("postpone", {"by": "5d"}))
    assert not records_of(exercise, "inject.released")
    say(exercise, ("unhold", {"inject": "collision"}))
    assert [record[4] for record in records_of(exercise, "inject.released")] == ["collision"]


def test_retracting_a_facilitation_inject_writes_no_record() -> None:
    """Governments are not told to disregard an inject that they never received."""
    whisper = model.Inject(id="whisper", title="A note for the white cell", kind="facilitation", manual=True)
    exercise = Exercise(changed(loaded(), injects=(*loaded().injects, whisper)), 1)
    exercise.advance(DAY)
    for kind, inject in (
        ("release", "whisper"),
        ("release", "harvest"),
        ("retract", "whisper"),
        ("retract", "harvest"),
    ):
        say(exercise, (kind, {"inject": inject}))
    assert [record[4] for record in records_of(exercise, "inject.retracted")] == ["harvest"]
    with pytest.raises(UsageFault, match="whisper was not sent to ARD"):
        say(exercise, ("ack", {"inject": "whisper", "who": "ARD"}))


def test_a_derived_indicator_cannot_be_set() -> None:
    """The indicators in its formula can."""
    mood = model.Indicator(title="Mood", formula="1 - tension")
    base = changed(loaded(), indicators={**loaded().scenario.indicators, "mood": mood})
    with pytest.raises(UsageFault, match="'mood' is derived and cannot be set"):
        Exercise(base, 1).apply(Command(kind="set", data={"path": "mood", "value": 0.5}))


def test_settings_of_another_version_are_refused() -> None:
    """The error names the unknown setting."""
    written = Settings().as_dict()
    assert Settings.from_dict(written) == Settings()
    with pytest.raises(ValueError, match="'weather' is not a setting of this version"):
        Settings.from_dict({**written, "weather": "fair"})


def test_an_inject_may_change_a_strategy_alone() -> None:
    """The leader stays in office; the strategy is recorded with its first stage."""
    scenario = loaded().scenario
    leader = scenario.governments["BRL"].leader
    harder = model.Strategy(title="Harder", stages=(model.Stage(name="first"),))
    install = model.Install(government="BRL", strategy="harder")
    turn = model.Inject(id="turn", title="Brel changes course", manual=True, installs=(install,))
    base = changed(loaded(), strategies={**scenario.strategies, "harder": harder}, injects=(turn,))
    exercise = Exercise(base, 1)
    exercise.advance(DAY)
    say(exercise, ("release", {"inject": "turn"}))
    assert exercise.context.offices.leader["BRL"] == leader
    assert exercise.context.offices.strategy["BRL"] == "harder"
    ((_, _, _, who, about, _, data),) = records_of(exercise, "strategy")
    assert (who, about, data["stage"]) == ("BRL", "harder", "first")


def test_enabling_an_enabled_inject_has_no_effect() -> None:
    """So has disabling a released inject: neither is recorded."""
    first = model.Inject(id="first", title="First", at=parse_time("D+20"), enables=("second",), disables=("zeroth",))
    second = model.Inject(id="second", title="Second", manual=True)
    zeroth = model.Inject(id="zeroth", title="Zeroth", at=parse_time("D+10"))
    exercise = Exercise(changed(loaded(), injects=(first, second, zeroth)), 1)
    exercise.advance(40 * DAY)
    assert [record[4] for record in records_of(exercise, "inject.released")] == ["zeroth", "first"]
    assert not records_of(exercise, "inject.enabled")
    assert not records_of(exercise, "inject.skipped")


def test_an_edited_time_replaces_the_old_one() -> None:
    """The item is scheduled for the new time only."""
    exercise = begun()
    say(exercise, ("edit", {"inject": "collision", "field": "at", "value": "D+25"}))
    exercise.advance(40 * DAY)
    ((_, t, *_),) = [record for record in records_of(exercise, "inject.released") if record[4] == "collision"]
    assert t == 25 * DAY


@pytest.mark.parametrize("how", [("delay", {"inject": "broker", "by": "10d"}), ("postpone", {"by": "10d"})])
def test_two_delays_add_up(how: Words) -> None:
    """An inject whose condition is true throughout fires at the end of the second delay."""
    exercise = begun(("delay", {"inject": "broker", "by": "10d"}), how)
    say(exercise, ("set", {"path": "tension", "value": 0.9}))
    exercise.advance(30 * DAY)
    first = next(record for record in records_of(exercise, "inject.released") if record[4] == "broker")
    assert first[1] == 21 * DAY


def test_a_skipped_rate_stays_skipped_in_a_fork() -> None:
    """A skipped inject with a rate never fires, although the fork draws again."""
    often = model.Inject(id="often", title="Often", random=model.RandomTime(rate="100", bound=100.0), repeat=50)
    exercise = Exercise(changed(loaded(), injects=(often,)), 1)
    exercise.advance(30 * DAY)
    before = len(records_of(exercise, "inject.released"))
    assert before > 2
    say(exercise, ("skip", {"inject": "often"}))
    exercise.advance(60 * DAY)
    say(exercise, ("epoch", {"number": 1}))
    exercise.advance(90 * DAY)
    assert len(records_of(exercise, "inject.released")) == before


def test_only_voters_can_cast_a_ballot() -> None:
    """Two of the six governments have a vote."""
    exercise = Exercise(loaded("korea-2017"), 1, Settings())
    say(exercise, ("vote", {"who": "USA", "to": ["JPN", "KOR"], "question": "Now?", "choices": ["yes", "no"]}))
    with pytest.raises(UsageFault, match="there is no open vote '1' of CHN"):
        say(exercise, ("ballot", {"who": "CHN", "vote": 1, "choice": "yes"}))


def test_an_inject_can_end_the_repeats_of_another() -> None:
    """It is not released again, and a record says so."""
    often = model.Inject(id="often", title="Often", at=parse_time("D+5"), every=5 * DAY, repeat=9)
    stop = model.Inject(id="stop", title="Stop", at=parse_time("D+12"), disables=("often",))
    exercise = Exercise(changed(loaded(), injects=(often, stop)), 1)
    exercise.advance(60 * DAY)
    assert [record[4] for record in records_of(exercise, "inject.released")] == ["often", "often", "stop"]
    (skipped,) = records_of(exercise, "inject.skipped")
    assert skipped[6]["reason"] == "its repeats are disabled by another inject"


@pytest.mark.parametrize("kind", ["model", "script", "human"])
def test_changing_a_seat_settles_the_open_decisions_of_the_person(kind: str) -> None:
    """The model meets on them at once, a script does not, and another person still has to decide."""
    exercise = begun(days=1)
    while not (dues := [due for due in exercise.commands.seats.dues.values() if due.government == "BRL"]):
        exercise.advance(exercise.now + DAY)
    say(exercise, ("seat", {"government": "BRL", "kind": kind}))
    left = [due for due in exercise.commands.seats.dues.values() if due.government == "BRL"]
    assert left == (dues if kind == "human" else [])
    exercise.advance(exercise.now + DAY)
    meetings = [(r[6]["dossier"], r[6]["meeting"]) for r in records_of(exercise, "decision") if r[3] == "BRL"]
    assert ((dues[0].dossier, "resumed") in meetings) == (kind == "model")
