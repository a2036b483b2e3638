"""Seats: what a government is shown, what it may order, and that it is shown nothing it could not know."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.engine import changed, loaded
from support.live import OPEN, console, output_of, session
from support.terminals import seat
from wargame.decision.view import View
from wargame.errors import UsageFault
from wargame.executor.run import Destination
from wargame.journal.records import Record
from wargame.language.times import DAY
from wargame.live.console.completion import table
from wargame.live.console.console import Console
from wargame.live.console.news import news
from wargame.live.session.session import Session
from wargame.scenario.model import ActionPattern, Role
from wargame.scenario.model.governments import Motives
from wargame.seat.brief import brief
from wargame.seat.options import DossierOptions, seat_options
from wargame.simulation.kernel.settings import Settings

SECRET = "XYZZY"  # noqa: S105 - a word to look for


def screens(there: Console, name: str) -> str:
    """Everything that a seat can see on its screen or receive on its socket now."""
    mine = seat(there, name)
    lines = [*mine.greeting(), *news(mine, there.session.records), mine.prompt(), repr(table(mine))]
    other = "ARD" if name != "ARD" else "BRL"
    for line in ("role", "brief", "brief numbers", "inbox", "options", "options strait", "help", f"channel {other}"):
        lines += output_of(mine, line)
    for line in ("order strike", "pass", "answer 1 yes", "ballot 1 yes", "cancel 1", "msel", "note x", "status", "log"):
        try:
            lines += output_of(mine, line)
        except UsageFault as error:
            lines.append(str(error))
    return "\n".join(lines)


def secretive(tmp_path: Path) -> Console:
    """Two rivals, with the secret word in everything that BRL cannot know."""
    base = loaded()
    injects = tuple(
        replace(
            spec,
            title=f"{SECRET} {spec.title}",
            notes=SECRET,
            storyline=SECRET,
            source=SECRET,
            audience=spec.audience if "BRL" not in spec.audience and spec.audience else ("BRL",),
            message=spec.message if not spec.audience or "BRL" in spec.audience else SECRET,
            expected=tuple(replace(e, title=SECRET) for e in spec.expected),
        )
        for spec in base.injects
    )
    motives = Motives(wants=(SECRET,), fears=(SECRET,))
    role = Role(situation=SECRET, tasks=(SECRET,), leaders={"arda_council": motives}, source=SECRET)
    secret = changed(base, injects=injects, roles={**base.scenario.roles, "ARD": role})
    OPEN.append(Session.create(secret, 5, Settings(), Destination(out=tmp_path / "run")))
    return Console(OPEN[-1])


HIDDEN = (
    f'note "{SECRET}" --tag improve',
    f'tell ARD "{SECRET}"',
    f'adjudicate growth[ARD]=0.7 --why "{SECRET}"',
    f'order ARD talk BRL --why "{SECRET}"',
    f'order ARD "do {SECRET} now please"',
    'rule 1 order protest BRL --why "as you wish"',
    f'rule 1 refuse "{SECRET}"',
    f'action ARD "{SECRET}" --goldstein -1 --private --why "{SECRET}"',
    f'rate signals S "{SECRET}"',
    f'standing ARD protest BRL --when "tension > 0.2" --why "{SECRET}"',
    f'inject hint "{SECRET}" --now',
    f'inject cable "{SECRET}" --to ARD --now',
    "release harvest",
    "retract harvest",
    f"edit collision notes {SECRET}",
    "hold coup",
    "unhold coup",
    "advance 20d",
    "advance 60d",
    "seat ARD human",
    "deadline 2d model",
    f"branch {SECRET}",
    "rewind D+10",
    "undo",
)


@settings(max_examples=30)
@given(commands=st.lists(st.sampled_from(HIDDEN), min_size=3, max_size=12))
def test_no_seat_sees_a_secret_word(tmp_path_factory: pytest.TempPathFactory, commands: list[str]) -> None:
    """Whatever the white cell and the other side do: notes, reasons, orders, messages, titles and ids of injects."""
    there = secretive(tmp_path_factory.mktemp("secret"))
    output_of(there, "seat BRL human", "stop at nothing")
    screen: list[str] = []
    there.session.listeners.append(lambda records: screen.extend(news(seat(there, "BRL"), records)))
    for line in commands:
        try:
            output_of(there, line)
        except UsageFault:
            continue
        shown = screens(there, "BRL") + "\n".join(screen)
        assert SECRET not in shown


def test_the_secret_word_reaches_the_other_side(tmp_path: Path) -> None:
    """So the test above can fail."""
    there = secretive(tmp_path)
    output_of(there, f'tell ARD "{SECRET}"')
    assert SECRET in screens(there, "ARD")


@pytest.mark.parametrize(("scenario", "name"), [("two-rivals", "BRL"), ("korea-2017", "KOR")])
def test_hidden_indicators_do_not_change_the_screens_of_a_seat(tmp_path: Path, scenario: str, name: str) -> None:
    """With every hidden value of every other government changed, all that it can ask for is the same."""
    there = Console(session(tmp_path / "run", scenario=scenario))
    exercise = there.session.exercise
    output_of(there, "stop at nothing", "advance 40d")
    world = exercise.context.world
    view = View(world, name, exercise.context.memories[name])
    hidden = [
        (slot, spec) for slot, spec in enumerate(world.slots)
        if spec.is_named and slot not in world.derived
        and spec.known != "at_once" and spec.index[:1] != (name,)
    ]  # fmt: skip
    assert len(hidden) >= 3

    def screens_of_seat() -> list[Any]:
        mine = seat(there, name)
        options = [name for each in seat_options(exercise, name).dossiers for name in options_of(each)]
        lines = output_of(mine, "role", "brief", "brief numbers", *(f"options {option}" for option in options))
        return [brief(exercise, name), seat_options(exercise, name), table(mine), lines]

    before = screens_of_seat()
    for slot, spec in hidden:
        world.put(slot, spec.low if world.value(slot) > (spec.low + spec.high) / 2 else spec.high)
    for derived in world.derived:
        assert view.knows(derived) or world.slots[derived].path not in {
            f"{each.name}[{', '.join(each.index)}]" for each in before[0].values
        }
    assert before == screens_of_seat()


def options_of(dossier: DossierOptions) -> set[str]:
    """The ids of the options of a dossier."""
    return {entry.option for entry in (*dossier.available, *dossier.blocked)}


def test_an_action_of_the_other_side_is_shown_with_its_signal(tmp_path: Path) -> None:
    """Not before."""
    there = console(tmp_path / "run")
    output_of(there, "advance 5d", 'action ARD "closes the harbour" --to BRL --goldstein -4')
    assert "closes the harbour" not in screens(there, "BRL")
    output_of(there, "advance 1d")
    assert "Report: Arda closes the harbour (Brel); assessed as hostile" in screens(there, "BRL")


def slow(tmp_path: Path) -> tuple[Console, dict[str, list[str]]]:
    """Two rivals that learn of actions after three days, with outcomes by an action and by a condition.

    With the lines that the seats and the public screen are shown.
    """
    base = loaded()
    war = base.scenario.outcomes["war"]
    outcomes = {
        "talked": replace(war, title="They talk", action=ActionPattern(options=("talk",)), exchange=None, ends=False),
        "tense": replace(war, title="The strait is tense", when="tension > 0.9", exchange=None, ends=False),
    }
    eyes = {
        name: replace(spec, perception=replace(spec.perception, delay=3 * DAY))
        for name, spec in base.scenario.governments.items()
    }
    late = changed(base, outcomes=outcomes, governments=eyes, injects=())
    OPEN.append(Session.create(late, 5, Settings(), Destination(out=tmp_path / "run")))
    there = Console(OPEN[-1])
    shown: dict[str, list[str]] = {"ARD": [], "BRL": [], "screen": []}
    eyes_of = {name: seat(there, name) for name in ("ARD", "BRL")}
    eyes_of["screen"] = Console(there.session, there.wall, role="screen")

    def look(records: list[Record]) -> None:
        for name, eye in eyes_of.items():
            shown[name].extend(news(eye, records))

    there.session.listeners.append(look)
    output_of(there, "stop at nothing", "seat ARD human", "seat BRL human")
    return there, shown


def test_an_outcome_is_shown_with_the_news_of_its_action(tmp_path: Path) -> None:
    """At once to the actor; to the other side and the public screen when the signal arrives."""
    there, shown = slow(tmp_path)
    output_of(there, "order ARD talk BRL", "advance 30h")
    at_once = {name: sum("Outcome: They talk" in line for line in lines) for name, lines in shown.items()}
    output_of(there, "advance 6d")
    later = {name: [line for line in lines if "talk" in line] for name, lines in shown.items()}
    assert at_once == {"ARD": 1, "BRL": 0, "screen": 0}
    assert [line[18:] for line in later["screen"]] == ["Arda offers talks (Brel)", "Outcome: They talk"]
    assert [line[18:].partition(";")[0] for line in later["BRL"]] == [
        "Report: Arda offers talks (Brel)",
        "Outcome: They talk",
    ]
    assert [line[:16] for line in later["screen"]] == [line[:16] for line in later["BRL"]]


def test_an_outcome_without_an_action_is_shown_at_once(tmp_path: Path) -> None:
    """To everyone."""
    there, shown = slow(tmp_path)
    output_of(there, "adjudicate tension=1", "advance 1h")
    assert all(sum("Outcome: The strait is tense" in line for line in lines) == 1 for lines in shown.values())


def test_a_public_screen_shows_what_all_know(tmp_path: Path) -> None:
    """A public action once every government has learned of it, and no message between seats."""
    there = console(tmp_path / "run")
    screen = Console(there.session, there.wall, role="screen")
    shown: list[str] = []
    there.session.listeners.append(lambda records: shown.extend(news(screen, records)))
    output_of(there, 'message ARD BRL "Let us talk"', "order ARD talk BRL", "advance 27h")
    output_of(there, "advance 10d", "release harvest", "advance 10d")
    text = "\n".join(shown)
    assert "Arda offers talks (Brel)" in text
    assert "Let us talk" not in text
    assert "Bread is dear" not in text


def test_an_order_becomes_an_action_after_its_lead(tmp_path: Path) -> None:
    """The action records who ordered it and why."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "stop at nothing", "advance 5d")
    mine = seat(there, "ARD")
    output_of(mine, 'order talk BRL --why "to calm them"')
    output_of(there, "advance 2d")
    (action,) = (r for r in there.session.records if r.kind == "action" and r.who == "ARD")
    assert (action.data["from"], action.data["why"], action.t) == ("order", "to calm them", 6 * DAY)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("order blockade ARD", "rung 6, and this leader climbs at most 2 rungs from the present 0"),
        ("order strike ARD", "violence requires a previous attack"),
        ("order talk", "possible targets: ARD"),
        ("order tlak ARD", "did you mean 'talk'"),
        ("order talk BRL", "cannot be directed at BRL"),
        ('standing talk ARD --when "trust[ARD, BRL] > 0"', "is not known here"),
        ('standing talk ARD --when "tension >"', "is not a condition"),
        ('standing talk ARD --when "tension > 0" --why "to \x1b[2Jcalm"', "the why contains control characters"),
        ('order talk ARD --why "to \x1b[2Jcalm"', "the why contains control characters"),
        ("pass economics", "no decision of BRL is due"),
        ("answer 1 yes", "there is no offer '1'"),
        ("message XYZ hello", "there is no government 'XYZ'"),
        ("release harvest", "is not available to a seat"),
        ("advance 3d", "is not available to a seat"),
        ("seat ARD human", "is not available to a seat"),
        ('order "\x1b[2Jboo and more"', "control characters"),
    ],
)
def test_an_order_that_is_not_feasible_is_refused_with_the_reason(tmp_path: Path, line: str, why: str) -> None:
    """Everything else that a seat may not do is refused too."""
    there = console(tmp_path / "run", seats=(("BRL", "human"),))
    with pytest.raises(UsageFault) as error:
        output_of(seat(there, "BRL"), line)
    assert why in str(error.value)


def test_a_seat_acts_and_sees_for_itself_alone(tmp_path: Path) -> None:
    """It cannot name another government."""
    there = console(tmp_path / "run")
    for line in ("order ARD talk BRL", "brief ARD", "inbox ARD", "options ARD", "pass ARD", "cancel ARD 1"):
        with pytest.raises(UsageFault, match="for BRL alone"):
            output_of(seat(there, "BRL"), line)
    assert not there.session.path


def test_a_request_becomes_an_action_by_a_ruling(tmp_path: Path) -> None:
    """From the queue to the signal of the other side."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(seat(there, "ARD"), 'order "invite the neutral powers to Geneva"')
    assert output_of(there, "queue") == [
        "Orders in free text:",
        "  1  2030-01-01 00:00  ARD: invite the neutral powers to Geneva",
        '    rule 1 action "TEXT" --goldstein N, rule 1 order OPTION, or rule 1 refuse "WHY"',
    ]
    output_of(there, 'rule 1 action "calls a conference" --goldstein 3 --to BRL', "advance 2d")
    assert output_of(there, "queue") == ["Nothing waits for you."]
    assert "Ruling of the white cell on 'invite the neutral powers to Geneva': done" in screens(there, "ARD")
    assert "Arda calls a conference (Brel)" in screens(there, "BRL")


def test_a_request_can_be_refused_or_ruled_an_order(tmp_path: Path) -> None:
    """Once."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(seat(there, "ARD"), 'order "please do wonders now"', 'order "let us talk to them"')
    output_of(there, 'rule 1 refuse "nobody can"', "rule 2 order talk BRL", "advance 2d")
    assert "refused (nobody can" in screens(there, "ARD")
    assert [r.about for r in there.session.records if r.kind == "action" and r.who == "ARD"] == ["talk"]
    with pytest.raises(UsageFault, match="already has a ruling"):
        output_of(there, "rule 1 action --goldstein 1")


def test_a_standing_order_of_an_unknown_option_names_those_of_the_seat(tmp_path: Path) -> None:
    """From the console of the seat, which also looks for a decision that the order answers."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    with pytest.raises(UsageFault, match=r"there is no option of ARD 'nonsense' \(one of blockade, patrol"):
        output_of(seat(there, "ARD"), 'standing nonsense BRL --when "tension > 0.1"')


def test_a_standing_order_waits_for_the_belief_of_its_government(tmp_path: Path) -> None:
    """It is given once."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "stop at nothing", 'standing ARD protest BRL --when "tension > 0.45"', "advance 60d")
    taken = [r for r in there.session.records if r.kind == "standing_order"]
    done = [r for r in there.session.records if r.kind == "action" and r.who == "ARD"]
    assert (len(taken), [r.about for r in done]) == (1, ["protest"])
    assert taken[0].t >= 20 * DAY


def test_a_seat_can_be_assigned_at_any_moment(tmp_path: Path) -> None:
    """A human seat decides nothing by itself; the model takes over what is due."""
    there = console(tmp_path / "run")
    output_of(there, "stop at nothing", "seat ARD human", "advance 100d")
    assert not [r for r in there.session.records if r.kind == "decision" and r.who == "ARD"]
    output_of(there, "seat ARD model", "advance 10d")
    assert [r for r in there.session.records if r.kind == "decision" and r.who == "ARD"]


@pytest.mark.parametrize(("default", "decides"), [("model", True), ("nothing", False)])
def test_a_missed_deadline_has_its_default(tmp_path: Path, default: str, decides: bool) -> None:
    """The model decides, or nothing is done."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "stop at nothing", f"deadline 2d game {default}", "advance 30d")
    missed = [r for r in there.session.records if r.kind == "decision.missed"]
    assert missed
    assert bool([r for r in there.session.records if r.kind == "decision" and r.who == "ARD"]) == decides


def test_a_seat_reads_that_its_deadline_has_changed(tmp_path: Path) -> None:
    """Its inbox names the day by which a decision was to be taken when it fell due."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "stop at nothing", "deadline 20d game nothing", "advance 10d", "deadline 3d game model")
    assert output_of(seat(there, "ARD"), "inbox")[-1].endswith(
        "Deadline for decisions: 3 days of game time, for open ones from now on (then your staff decides)"
    )
    output_of(there, "deadline 5m wall")
    assert "5 minutes of real time" in output_of(seat(there, "ARD"), "inbox")[-1]
    output_of(there, "deadline off")
    assert output_of(seat(there, "ARD"), "inbox")[-1].endswith("Decisions have no deadline from now on")


def test_messages_offers_and_votes_are_seen_by_those_concerned(tmp_path: Path) -> None:
    """In a scenario with six governments."""
    there = Console(session(tmp_path / "run", scenario="korea-2017"))
    output_of(there, 'message KOR USA "alpha"', 'offer KOR PRK,CHN "bravo"', "answer PRK 1 no charlie")
    output_of(there, 'vote KOR KOR,USA,JPN "delta"', "ballot KOR 1 yes", "ballot USA 1 no", "tally 1")
    screens = {name: screens_of_talk(there, name) for name in there.session.exercise.governments}
    assert {name for name, text in screens.items() if "alpha" in text} == {"KOR", "USA"}
    assert {name for name, text in screens.items() if "bravo" in text} == {"KOR", "PRK", "CHN"}
    assert {name for name, text in screens.items() if "charlie" in text} == {"KOR", "PRK", "CHN"}
    assert {name for name, text in screens.items() if "(delta): yes 1, no 1" in text} == {"KOR", "USA", "JPN"}
    assert output_of(there, "channel KOR USA")[0].endswith("Message 1 from South Korea to the United States: alpha")
    assert output_of(there, "channel KOR JPN") == ["Nothing yet."]


def test_the_caller_of_a_vote_receives_its_result(tmp_path: Path) -> None:
    """Also a caller who does not vote; the brief of a voter says who has called it."""
    there = Console(session(tmp_path / "run", scenario="korea-2017"))
    output_of(there, 'vote KOR USA,JPN "delta"')
    assert "called by South Korea: delta" in screens_of_talk(there, "USA")
    output_of(there, "ballot USA 1 no", "tally 1")
    screens = {name: screens_of_talk(there, name) for name in there.session.exercise.governments}
    assert {name for name, text in screens.items() if "(delta): yes 0, no 1" in text} == {"KOR", "USA", "JPN"}


def screens_of_talk(there: Console, name: str) -> str:
    """The inbox and the brief of a seat."""
    mine = seat(there, name)
    return "\n".join([*output_of(mine, "inbox"), *output_of(mine, "brief")])


@pytest.mark.parametrize("text", ["Ελληνικά", "العربية", "한국어 회의", "日本語", "emoji ⚑", "a\tb"])
def test_text_in_any_script_is_kept(tmp_path: Path, text: str) -> None:
    """In messages and notes."""
    there = console(tmp_path / "run")
    there.session.submit("message", who="ARD", to=["BRL"], text=text)
    there.session.submit("note", text=text, about="", tag="")
    assert [r.data["text"] for r in there.session.records if r.kind in ("message", "note")] == [text, text]


def test_every_screen_is_marked_as_an_exercise(tmp_path: Path) -> None:
    """Greeting, brief, hot wash, and a terminal that has been cleared."""
    there = console(tmp_path / "run")
    for lines in (
        there.greeting(),
        output_of(there, "brief ARD"),
        output_of(there, "hotwash"),
        output_of(there, "sit ARD"),
    ):
        assert "EXERCISE EXERCISE EXERCISE" in "\n".join(lines)
    assert output_of(there, "stand")[0].startswith("\x1b[2J\x1b[3J\x1b[H")
    assert there.role == "facilitator"


def test_no_play_refuses_clock_and_orders(tmp_path: Path) -> None:
    """Notes are accepted, and everyone is informed."""
    there = console(tmp_path / "run")
    output_of(there, 'noplay "fire alarm"', "note so")
    for line in ("next", "order ARD talk BRL", "release harvest"):
        with pytest.raises(UsageFault, match="NO PLAY"):
            output_of(there, line)
    assert "NO PLAY NO PLAY NO PLAY: the exercise is stopped. fire alarm" in screens(there, "BRL")
    output_of(there, "playon", "next")
