"""Adaptive policies: an arm changes course within a run, on what its government knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support.in_process import inside

HEAD = (
    "format: wargame-study/1\nname: s\nscenario: {}\nreplications: 4\nuntil: {}\nevents: true\n"
    "arms:\n  usual: {{set: [tension=0.9]}}\n"
)
NO_PATROLS = """  turning:
    set: [tension=0.9]
    turn:
      - {when: "count(patrol) > 0", government: ARD, forbid: patrol}
      - {at: D+40, government: BRL, provided: tension > 0.01, force: protest ARD}
      - {at: D+50, government: BRL, provided: tension > 5, force: strike ARD}
"""


def journal(run: Path, *kinds: str) -> list[dict[str, Any]]:
    """The records of these kinds of a run."""
    records = (json.loads(line) for line in (run / "journal.jsonl").read_text().splitlines())
    return [record for record in records if record.get("kind") in kinds]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a batch of the study, and one run of it with its journal."""
    place = tmp_path_factory.mktemp("turns")
    (place / "s.yaml").write_text(HEAD.format("two-rivals", "100d") + NO_PATROLS)
    for words in (("batch", "s.yaml", "--out", "b"), ("run", "b", "--arm", "turning", "--replication", "1")):
        out = () if "--out" in words else ("--out", "one")
        done = inside(*words, *out, "--quiet", cwd=place)
        assert done.returncode == 0, done.stderr
    return place


def test_an_option_is_given_up_once_the_condition_is_true(folder: Path) -> None:
    """Arda orders no patrol after the first; without the turn it does in some runs."""
    import wargame

    events = wargame.open_batch(folder / "b").events()
    patrols = events[(events["option"] == "patrol")]
    for (arm, _), each in patrols.groupby(["arm", "replication"]):
        first = min(each["day"])
        late = each[(each["who"] == "ARD") & (each["day"] > first + 1)]
        assert arm == "usual" or not len(late)
    assert (patrols[patrols["arm"] == "usual"].groupby("replication").size() > 1).any()


def test_an_action_is_forced_at_its_time_if_the_condition_holds(folder: Path) -> None:
    """Brel protests on day 40, and does not strike on day 50."""
    import wargame

    events = wargame.open_batch(folder / "b").events()
    forced = events[(events["arm"] == "turning") & (events["who"] == "BRL") & (events["day"] == 40.0)]
    assert list(forced["option"]) == ["protest"] * 4
    assert not ((events["day"] == 50.0) & (events["option"] == "strike")).any()


def test_nothing_differs_before_the_turn(folder: Path) -> None:
    """An arm has the events of another until it changes course."""
    import wargame

    events = wargame.open_batch(folder / "b").events()
    for _, each in events.groupby("replication"):
        patrols = sorted(each[(each["arm"] == "turning") & (each["option"] == "patrol")]["day"])
        until = min([*patrols[:1], 40.0])
        usual, turning = (each[(each["arm"] == arm) & (each["day"] < until)] for arm in ("usual", "turning"))
        assert turning.drop(columns="arm").to_numpy().tolist() == usual.drop(columns="arm").to_numpy().tolist()


def test_the_journal_has_the_turn_with_its_cause(folder: Path) -> None:
    """The record of the ban follows the first patrol, and `why` leads from the protest to the turn."""
    turns = [record for record in journal(folder / "one", "command") if record["about"] == "turn"]
    given_up = next(record for record in turns if "forbid" in record["data"])
    patrols = [record["seq"] for record in journal(folder / "one", "action") if record["about"] == "patrol"]
    assert given_up["cause"] == patrols[:1]
    forced = next(record for record in turns if "force" in record["data"])
    protest = next(r for r in journal(folder / "one", "action") if r["t"] == forced["t"])
    shown = inside("why", "one", str(protest["seq"]), cwd=folder).stdout
    assert "Brel changes course: carries out protests" in " ".join(shown.split())
    assert "D+40, provided tension > 0.01; tension is 0." in " ".join(shown.split())


def test_a_run_that_turns_is_reproduced(folder: Path) -> None:
    """Its turns are in the manifest."""
    verified = inside("verify", "one", cwd=folder)
    assert (verified.returncode, "identical byte for byte" in verified.stdout) == (0, True), verified.stdout


@pytest.mark.slow
def test_another_strategy_is_held_from_the_turn_on(tmp_path: Path) -> None:
    """The journal has the strategy with the turn as its cause."""
    turn = "{at: D+10, government: USA, provided: moratorium < 0.5, strategy: freeze_first}"
    arm = f"  turning: {{strategies: {{USA: china_only}}, turn: [{turn}]}}\n"
    (tmp_path / "s.yaml").write_text(HEAD.format("korea-2017", "D+30") + arm)
    assert inside("batch", "s.yaml", "--out", "b", "-n", "1", "--quiet", cwd=tmp_path).returncode == 0
    inside("run", "b", "--arm", "turning", "--out", "one", "--quiet", cwd=tmp_path)
    first, second = (r for r in journal(tmp_path / "one", "strategy") if r["who"] == "USA" and r["t"] >= 44668800)
    (turned,) = (record for record in journal(tmp_path / "one", "command") if record["about"] == "turn")
    assert (first["about"], second["about"], second["cause"]) == ("china_only", "freeze_first", [turned["seq"]])
    assert second["t"] - first["t"] == 10 * 86400


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        ("{at: D+400, government: ARD, forbid: patrol}", "D+400 is not between STARTEX and ENDEX"),
        ("{at: D+4, government: ARD, forbid: patrol, force: patrol}", "one of `strategy`, `forbid` and `force`"),
        ("{at: D+4, government: ARD}", "one of `strategy`, `forbid` and `force`"),
        ("{at: D+4, when: tension > 1, government: ARD, forbid: patrol}", "not at and when"),
        ("{at: D+4, government: ARD, force: patroll}", "did you mean 'patrol'?"),
        ("{at: D+4, government: ARD, provided: tensin > 1, force: patrol}", "tensin"),
        ("{when: 'trust[BRL, ARD] > 0', government: ARD, force: patrol}", "not known here"),
        ("{at: D+4, government: ARX, force: patrol}", "ARX"),
        ("{at: D+4, government: BRL, force: protest}", "protest cannot be ordered without a target"),
    ],
)
def test_a_turn_that_cannot_be_carried_out(turn: str, said: str, tmp_path: Path) -> None:
    """The error has the line of the turn."""
    (tmp_path / "s.yaml").write_text(HEAD.format("two-rivals", "100d") + f"  turning:\n    turn:\n      - {turn}\n")
    done = inside("validate", "s.yaml", cwd=tmp_path)
    assert (done.returncode, "s.yaml:11:" in done.stderr, said in done.stderr) == (3, True, True), done.stderr


def test_a_turn_can_be_typed(folder: Path) -> None:
    """With `--arm`, as the other changes of an arm; the run is that of the study."""
    turns = (
        "turn when count(patrol) > 0 ARD forbid patrol",
        "turn at D+40 BRL force protest ARD provided tension > 0.01",
        "turn at D+50 BRL force strike ARD provided tension > 5",
    )
    arms = ("--arm", "usual=set tension=0.9", "--arm", f"turning=set tension=0.9; {'; '.join(turns)}")
    words = ("batch", "two-rivals", *arms, "-n", "4", "--until", "100d", "--seed", "1")
    assert inside(*words, "--out", "typed", "--quiet", cwd=folder).returncode == 0
    one = ("run", "typed", "--arm", "turning", "--replication", "1", "--out", "typed-one", "--quiet")
    assert inside(*one, cwd=folder).returncode == 0
    typed, written = ((folder / name / "journal.jsonl").read_text().splitlines()[1:] for name in ("typed-one", "one"))
    assert typed == written


STATES = (
    "factors:\n  begin:\n    title: STARTEX\n    choices:\n"
    '      - {title: January, startex: "2030-01-01", until: "2030-03-01"}\n'
    '      - {title: March, startex: "2030-03-01", until: "2030-06-01"}\n'
    "design: grid\n"
)


def test_the_day_of_a_turn_counts_from_the_startex_of_the_state(tmp_path: Path) -> None:
    """On day 20 of each run, whatever its STARTEX."""
    turn = "  turning: {turn: [{at: D+20, government: ARD, forbid: patrol}]}\n"
    (tmp_path / "s.yaml").write_text(HEAD.format("two-rivals", "100d") + turn + STATES)
    for state, at in ((0, "2030-01-21T00:00:00"), (1, "2030-03-21T00:00:00")):
        out = ("--arm", "turning", "--replication", str(state), "--out", f"r{state}", "--quiet")
        done = inside("run", "s.yaml", *out, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        (turned,) = (each for each in journal(tmp_path / f"r{state}", "command") if each["about"] == "turn")
        assert turned["at"].startswith(at)


@pytest.mark.parametrize(
    ("arm", "line", "said"),
    [
        (
            "turn: [{at: D+70, government: ARD, forbid: patrol}]",
            9,
            "ENDEX (2030-01-01 to 2030-03-01) (where STARTEX is January)",
        ),
        ('force: ["2030-02-01 ARD patrol BRL"]', 9, "ENDEX (2030-03-01 to 2030-06-01) (where STARTEX is March)"),
        ("forbid: [ARD patroll]", 9, "there is no option 'patroll' (did you mean 'patrol'?)"),
    ],
)
def test_an_arm_that_cannot_be_carried_out_in_some_states(arm: str, line: int, said: str, tmp_path: Path) -> None:
    """The error has the line of the change and the state; one that is wrong in all states names none."""
    (tmp_path / "s.yaml").write_text(HEAD.format("two-rivals", "100d") + f"  other: {{{arm}}}\n" + STATES)
    done = inside("validate", "s.yaml", cwd=tmp_path)
    assert (done.returncode, f"s.yaml:{line}:" in done.stderr, said in done.stderr) == (3, True, True), done.stderr
    assert done.stderr.count("s.yaml:") == 1
    assert ("(where" in done.stderr) == ("(where" in said)


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        ("turn D+4 ARD forbid patrol", "turn at T GOV strategy|forbid|force VALUE"),
        ("turn at D+4 ARD stop patrol", "turn at T GOV strategy|forbid|force VALUE"),
        ("turn at D+4 ARD forbid patroll", "did you mean 'patrol'?"),
        ("turn when tensin > 1 ARD forbid patrol", "tensin"),
    ],
)
def test_a_typed_turn_that_cannot_be_carried_out(turn: str, said: str, tmp_path: Path) -> None:
    """The error names the arm and the remedy."""
    done = inside("batch", "two-rivals", "-n", "2", "--arm", f"a={turn}", "--out", "b", cwd=tmp_path)
    assert (done.returncode, "arm 'a'" in done.stderr, said in done.stderr) == (2, True, True), done.stderr
