"""Talks that only their members know of: records, values, formulas and outcomes for others."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from wargame.errors import Invalid
from wargame.journal.records import Record, Stamps
from wargame.journal.visibility import RecordViewer
from wargame.language.times import DAY
from wargame.scenario.journal_context import public_facts
from wargame.scenario.loading.load import load_files
from wargame.seat.brief import brief
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

SMALL = (Path(__file__).parents[1] / "data" / "small.yaml").read_text("utf-8")
PEOPLE = (("AAA", "human"), ("BBB", "human"), ("CCC", "human"))
WAYS = ("public", "private_until_convened", "private")


def scenario(visibility: str) -> str:
    """The small scenario with talks of AAA and BBB, and an outcome that reads whether they are in session."""
    text = SMALL.replace("members: [AAA, BBB, CCC], required: [AAA, BBB]", "members: [AAA, BBB], window: 4d, floor: -1")
    text = text.replace("needs: tension < 0.9}", f"visibility: {visibility}}}")
    for move in ("propose", "accept"):
        text = text.replace(
            f"name: table, move: {move}}}", f"name: table, move: {move}}}, lead: [0, 0, 0], {covert(visibility)}"
        )
    text = text.replace("  mood: {", '  warmth: {title: Warmth, formula: "0.5 * convened[table]"}\n  mood: {')
    audience = ", audience: [AAA, BBB]" if visibility == "private" else ""
    return text.replace(
        "outcomes:\n", f'outcomes:\n  met: {{title: They met, when: "convened[table] > 0"{audience}}}\n'
    )


def covert(visibility: str) -> str:
    """How the moves are seen."""
    return f"visibility: {'public' if visibility == 'public' else 'covert'}"


def played(visibility: str, *moves: str) -> Exercise:
    """A run in which AAA proposes talks on the second day and BBB agrees, as far as `moves` go, until the third day."""
    base = load_files(
        {
            "s.yaml": scenario(visibility)
            .replace("dossiers: {border", "perception: {detection: 0}, dossiers: {border")
            .encode()
        }
    )
    run = Exercise(base, 1, Settings(seats=PEOPLE))
    run.advance(max(run.now, run.calendar.startex) + DAY)
    for government, move in zip(("AAA", "BBB"), moves, strict=False):
        run.apply(Command(kind="order", data={"government": government, "option": move, "target": None}))
        run.advance(run.now + 3600)
    run.advance(max(run.now, run.calendar.startex) + DAY)
    return run


def shown(run: Exercise, seat: str, *kinds: str) -> list[Record]:
    """The records of these kinds that a viewer is shown."""
    viewer = RecordViewer(seat, public_facts(run.context.scenario))
    seen = [each for record in Stamps(run.calendar.iso).records(run.records()) for each in viewer.see(record)]
    return [record for record in seen if record.kind in kinds]


def values(run: Exercise, seat: str) -> defaultdict[str, float]:
    """What a seat reads now, by path; 0 for what its brief leaves out."""
    return defaultdict(float, {each.path: each.value for each in brief(run, seat).values})


def snapshot_of_march(run: Exercise, seat: str) -> dict[str, float]:
    """The values of the snapshot of 1 March as a viewer is shown them."""
    run.advance(run.calendar.startex + 28 * DAY + 1)
    values = [record.data["values"] for record in shown(run, seat, "snapshot") if "values" in record.data]
    return dict(values[-1])


def steps(run: Exercise, seat: str) -> list[str]:
    """The steps of talks that a viewer is shown."""
    return [str(record.data["event"]) for record in shown(run, seat, "forum")]


@pytest.mark.parametrize("visibility", WAYS)
@pytest.mark.parametrize("seat", ["AAA", "BBB"])
def test_members_see_what_becomes_of_the_talks(visibility: str, seat: str) -> None:
    """Whoever else does. Who has agreed is seen by those who learn of the act."""
    assert [step for step in steps(played(visibility, "propose", "come"), seat) if step != "commit"] == [
        "propose",
        "convene",
    ]


@pytest.mark.parametrize(
    ("visibility", "expected"),
    [("public", ["propose", "convene", "commit"]), ("private_until_convened", ["convene"]), ("private", [])],
)
@pytest.mark.parametrize("seat", ["CCC", "public"])
def test_others_see_what_is_not_private(visibility: str, expected: list[str], seat: str) -> None:
    """All of it, what follows the convening, or nothing."""
    assert steps(played(visibility, "propose", "come"), seat) == expected


@pytest.mark.parametrize("visibility", WAYS[1:])
def test_a_private_proposal_that_lapses_is_never_seen(visibility: str) -> None:
    """Its window is four days."""
    run = played(visibility, "propose")
    run.advance(run.now + 5 * DAY)
    assert (steps(run, "BBB"), steps(run, "CCC")) == (["propose", "lapse"], [])


@pytest.mark.parametrize(
    ("visibility", "moves", "expected"),
    [
        ("public", ("propose",), (1.0, 0.0, 0.0)),
        ("private", ("propose",), (0.0, 0.0, 0.0)),
        ("private_until_convened", ("propose",), (0.0, 0.0, 0.0)),
        ("public", ("propose", "come"), (0.0, 1.0, 0.5)),
        ("private", ("propose", "come"), (0.0, 0.0, 0.0)),
        ("private_until_convened", ("propose", "come"), (0.0, 1.0, 0.5)),
    ],
)
def test_others_read_that_private_talks_are_not_proposed(
    visibility: str, moves: tuple[str, ...], expected: tuple[float, float, float]
) -> None:
    """Also in a derived indicator."""
    read = values(played(visibility, *moves), "CCC")
    assert (read["proposed[table]"], read["convened[table]"], read["warmth"]) == expected


@pytest.mark.parametrize("visibility", WAYS)
def test_members_read_the_state_as_it_is(visibility: str) -> None:
    """And what is derived from it."""
    read = values(played(visibility, "propose", "come"), "BBB")
    assert (read["convened[table]"], read["warmth"]) == (1.0, 0.5)


@pytest.mark.parametrize("visibility", WAYS)
@pytest.mark.parametrize("seat", ["AAA", "CCC"])
def test_a_snapshot_has_what_the_seat_reads_of_talks(visibility: str, seat: str) -> None:
    """That of 1 March, when the talks are in session."""
    run = played(visibility, "propose", "come")
    run.advance(run.calendar.startex + 28 * DAY)
    read = values(run, seat)
    snapshot = snapshot_of_march(run, seat)
    paths = ("proposed[table]", "convened[table]", "progress[table]", "warmth")
    assert {path: snapshot.get(path, 0.0) for path in paths} == {path: round(read[path], 4) for path in paths}


def test_the_public_is_shown_nothing_of_private_talks() -> None:
    """Neither in its snapshot."""
    run = played("private", "propose", "come")
    assert not {path for path in snapshot_of_march(run, "public") if "table" in path or path == "warmth"}


@pytest.mark.parametrize(("seat", "expected"), [("AAA", ["met"]), ("CCC", []), ("public", [])])
def test_an_outcome_is_shown_to_its_audience(seat: str, expected: list[str]) -> None:
    """The members, who know that they met."""
    assert [record.about for record in shown(played("private", "propose", "come"), seat, "outcome")] == expected


@pytest.mark.parametrize(("government", "counted"), [("AAA", 1.0), ("CCC", 0.0)])
def test_formulas_count_an_outcome_for_its_audience(government: str, counted: float) -> None:
    """`count(met)` of a government that the model plays."""
    run = played("private", "propose", "come")
    assert run.context.memories[government]("count", "met") == counted


def problems(text: str) -> list[str]:
    """What is wrong with a scenario."""
    with pytest.raises(Invalid) as caught:
        load_files({"s.yaml": text.encode()})
    return [f"{each.message} ({each.remedy})" for each in caught.value.problems]


def test_a_hidden_act_cannot_move_talks_that_all_see() -> None:
    """The remedy names both ways out."""
    text = scenario("private").replace("visibility: private", "visibility: public")
    assert problems(text)[0] == (
        "'propose' can stay undetected, but all see the state of 'table', which it changes "
        "(write `visibility: private` for 'table', or `visibility: public` here)"
    )


@pytest.mark.parametrize(
    ("effect", "message"),
    [
        ("tension: -0.1", "'table' is secret, but it changes `tension`, which is known at once"),
        (
            '"approval[CCC]": 0.1',
            "'table' is secret from CCC, which would notice the change of its own `approval[CCC]`",
        ),
    ],
)
@pytest.mark.parametrize("step", ["convened", "round", "agreed", "collapsed"])
def test_private_talks_cannot_change_what_others_see(step: str, effect: str, message: str) -> None:
    """At any step."""
    text = scenario("private").replace("visibility: private", f"{step}: {{{effect}}}, visibility: private")
    assert [each.partition(" (")[0] for each in problems(text)] == [message]


@pytest.mark.parametrize("audience", ["", ", audience: [AAA, CCC]"])
def test_an_outcome_of_private_talks_needs_an_audience_of_members(audience: str) -> None:
    """CCC is not one."""
    text = scenario("private").replace(", audience: [AAA, BBB]", audience)
    assert problems(text) == [
        "'table' is private, but others would learn of the outcome 'met', which reads it (write `audience: [AAA, BBB]`)"
    ]


def test_what_all_see_cannot_follow_private_talks() -> None:
    """A baseline of an indicator that is known at once."""
    text = scenario("private").replace("half_life: 60d}", "half_life: 60d, baseline: 0.3 - 0.1 * warmth}")
    assert "`tension` is known at once, but its baseline follows `convened`, which is private" in problems(text)[0]


def test_talks_that_require_one_member_alone_convene_at_its_proposal() -> None:
    """No relation between required members can prevent them."""
    text = scenario("public").replace("members: [AAA, BBB], window", "members: [AAA, BBB], required: [AAA], window")
    run = Exercise(load_files({"s.yaml": text.encode()}), 1, Settings(seats=PEOPLE))
    run.advance(max(run.now, run.calendar.startex) + DAY)
    run.apply(Command(kind="order", data={"government": "AAA", "option": "propose", "target": None}))
    run.advance(run.now + 2 * DAY)
    assert run.context.world.get("convened", "table") == 1.0
