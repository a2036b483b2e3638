"""Determinism: one seed gives one journal in any environment, and forks change only the future."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
import yaml

from support.engine import actions, changed, loaded, run, story
from support.entry_point import wargame
from support.in_process import Done
from wargame.batches.study.parameters import under
from wargame.language.times import DAY, HOUR
from wargame.scenario import model
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

Process = Callable[..., CompletedProcess[str]]


def sha(result: CompletedProcess[str] | Done) -> str:
    """The hash of the journal that a run printed."""
    assert result.returncode == 0, result.stderr
    return str(json.loads(result.stdout)["journal_sha256"])


@pytest.mark.parametrize("scenario", ["two-rivals", pytest.param("korea-2017", marks=pytest.mark.slow)])
def test_the_environment_does_not_change_the_journal(process: Process, tmp_path: Path, scenario: str) -> None:
    """Hash seed, time zone, language and working directory change no byte of the journal; the seed of the run does."""
    until = ("--until", "2017-06-30") if scenario == "korea-2017" else ()
    args = ("run", scenario, "--seed", "5", "--json", "--no-report", *until)
    first = sha(process(*args, "--out", tmp_path / "a", env={"PYTHONHASHSEED": "1", "TZ": "America/New_York"}))
    elsewhere = {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "LANG": "C"}
    second = sha(process(*args, "--out", tmp_path / "deep" / "b", env=elsewhere))
    other = sha(process(*args, "--seed", "6", "--out", tmp_path / "c"))
    assert first == second != other


def test_order_of_keys_and_files_does_not_change_the_journal(tmp_path: Path, root: Path) -> None:
    """The same scenario with shuffled keys, split over two files, gives the same journal."""
    text = (root / "wargame" / "scenarios" / "two-rivals.yaml").read_text(encoding="utf-8")
    msel = (root / "injects" / "two-rivals" / "msel.yaml").read_text(encoding="utf-8")
    whole = yaml.safe_load(text)
    whole["injects"] = ["msel.yaml"]
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "msel.yaml").write_text(msel, encoding="utf-8")
    (tmp_path / "one" / "scenario.yaml").write_text(yaml.safe_dump(whole, sort_keys=False), encoding="utf-8")
    keys = [key for key in whole if key != "format"]
    keys.sort(key=lambda key: key[::-1])
    for part, chosen in (("x.yaml", keys[:5]), ("a.yaml", keys[5:])):
        half = {"format": whole["format"]} | {key: shuffled(whole[key]) for key in chosen}
        (tmp_path / "two" / part).write_text(yaml.safe_dump(half, sort_keys=False), encoding="utf-8")
    hashes = {
        sha(wargame("run", tmp_path / d, "--json", "--no-report", "--out", f"run-{d}", cwd=tmp_path))
        for d in ("one", "two")
    }
    assert len(hashes) == 1


def shuffled(value: Any) -> Any:
    """The mapping with its keys in another order, at every level."""
    if not isinstance(value, dict):
        return value
    keys = sorted(value, key=lambda k: str(k)[::-1])
    return {key: shuffled(value[key]) for key in keys}


def test_another_seed_differs() -> None:
    """Two seeds give two histories."""
    assert story(run(loaded(), seed=1)) != story(run(loaded(), seed=2))


def test_another_replication_differs() -> None:
    """Two replications of one seed give two histories."""
    assert story(run(loaded(), replication=0)) != story(run(loaded(), replication=1))


@pytest.mark.parametrize("scenario", ["two-rivals", "korea-2017"])
def test_identical_arms_have_equal_records(scenario: str) -> None:
    """The same run twice in one process: every record equal."""
    base = loaded(scenario)
    assert run(base, seed=3, until="D+200").records() == run(base, seed=3, until="D+200").records()


@pytest.mark.parametrize(("scenario", "days"), [("two-rivals", 120), ("korea-2017", 560)])
def test_small_steps_equal_one_large_step(scenario: str, days: int) -> None:
    """24 times `advance 1h` gives the records of `advance 1d`."""
    base = loaded(scenario)
    whole, hourly = Exercise(base, 4), Exercise(base, 4)
    whole.advance(days * DAY)
    hourly.advance((days - 20) * DAY)
    for hour in range(1, 20 * 24 + 1):
        hourly.advance((days - 20) * DAY + hour * HOUR)
    assert hourly.records() == whole.records()
    assert hourly.now == whole.now


def test_journal_levels_do_not_change_what_happens() -> None:
    """Sequence numbers, decisions and outcomes are equal at every level."""
    base = loaded("korea-2017")
    full, sparse = run(base, until="D+150"), run(base, until="D+150", journal="decisions")
    remaining = [r for r in full.records() if r[2] not in ("signal", "snapshot")]
    assert sparse.records() == remaining
    silent = run(base, until="D+150", journal="none")
    assert (silent.records(), silent.outcomes, silent.decisions) == ([], full.outcomes, full.decisions)


def test_an_infeasible_option_changes_nothing() -> None:
    """An option whose requirement is never met does not change other decisions."""
    base = loaded()
    strike = replace(base.scenario.options["strike"], requires="tension > 2", effects={}, cost=0.0, value="5")
    more = changed(base, options={**base.scenario.options, "aaa_never": strike})
    for seed in range(1, 6):
        assert story(run(more, seed)) == story(run(base, seed))


def test_an_inject_that_never_fires_changes_nothing() -> None:
    """Except for its own record at the end."""
    base = loaded()
    never = model.Inject(id="aaa_never", title="Never", when="tension > 2", effects={"tension": model.Effect(by=0.5)})
    more = changed(base, injects=(never, *base.injects))
    for seed in range(1, 6):
        assert story(run(more, seed), "aaa_never") == story(run(base, seed))


def test_reading_changes_nothing() -> None:
    """Reading indicators, views, scores and menus during a run does not change what follows."""
    base = loaded("korea-2017")
    asked, quiet = Exercise(base, 6), Exercise(base, 6)
    for exercise in (asked, quiet):
        exercise.advance(exercise.calendar.startex + 100 * DAY + 11 * HOUR)
    for slot in range(len(asked.context.world.slots)):
        asked.context.world.value(slot)
    for name, government in asked.governments.items():
        asked.context.views[name].levels()
        for menu in government.menus.values():
            for candidate in menu.candidates[1:]:
                asked.feasibility.obstacle(government, candidate)
    for exercise in (asked, quiet):
        exercise.advance(exercise.now + 100 * DAY)
    assert asked.records() == quiet.records()


def test_a_refused_command_changes_nothing() -> None:
    """A wrong command raises an error, and the run continues as without it."""
    tried, quiet = Exercise(loaded(), 2), Exercise(loaded(), 2)
    for exercise in (tried, quiet):
        exercise.advance(50 * DAY)
    for command in (
        Command(kind="order", data={"government": "ARD", "option": "strike", "target": "BRL"}),
        Command(kind="release", data={"inject": "no_such"}),
        Command(kind="set", data={"path": "trust[ARD, XXX]", "value": 1}),
        Command(kind="dance", data={}),
    ):
        with pytest.raises(Exception, match=r"there is no|cannot order"):
            tried.apply(command)
    for exercise in (tried, quiet):
        exercise.advance(exercise.end)
    assert tried.records() == quiet.records()


# --- forks -------------------------------------------------------------------------------------


def forked(epoch: int | None, at: int = 150 * DAY) -> Exercise:
    """A run that was forked at a moment, or not."""
    exercise = Exercise(loaded(), 8, Settings())
    exercise.advance(at)
    if epoch is not None:
        exercise.apply(Command(kind="epoch", data={"number": epoch}))
    exercise.advance(exercise.end)
    return exercise


def test_a_fork_shares_the_past() -> None:
    """Records before the fork are equal, those after it are not."""
    plain, fork = forked(None), forked(1)
    before = [r for r in plain.records() if r[1] < 150 * DAY]
    assert fork.records()[: len(before)] == before
    assert [d[1:5] for d in actions(fork)] != [d[1:5] for d in actions(plain)]


def test_a_fork_is_reproducible() -> None:
    """The same epoch gives the same future, another epoch another one."""
    assert forked(1).records() == forked(1).records()
    assert [d[1:5] for d in actions(forked(1))] != [d[1:5] for d in actions(forked(2))]


@pytest.mark.slow
def test_a_fork_keeps_orders_and_signals_under_way() -> None:
    """Orders from before the fork end at their times; without reviews, which depend on what happens.

    What happens decides whether an order to join still finds its talks: it is carried out, or cancelled.
    """
    base = under(loaded("korea-2017"), "without_conduct_over_time")
    plain, fork = Exercise(base, 11), Exercise(base, 11)
    moment = plain.calendar.startex + 120 * DAY
    for exercise in (plain, fork):
        exercise.advance(moment)
    ordered = {r[0] for r in plain.records() if r[2] == "decision" and r[4] != "wait"}
    fork.apply(Command(kind="epoch", data={"number": 1}))
    for exercise in (plain, fork):
        exercise.advance(moment + 60 * DAY)
    ends = ("action", "order.cancelled")
    late = [
        [(r[1], *r[3:5]) for r in e.records() if r[2] in ends and r[1] >= moment and r[5] and r[5][0] in ordered]
        for e in (plain, fork)
    ]
    assert late[0]
    assert {d[1:] for d in late[1]} <= {d[1:] for d in late[0]}
    assert sorted(late[0])[:3] == sorted(late[1])[:3]


def test_a_fork_redraws_random_times() -> None:
    """An open window is drawn again in its remaining part, never in the past."""
    base = loaded()
    calendar = base.scenario.calendar
    window = model.Inject(id="w", title="W", random=model.RandomTime(between=(calendar.start, calendar.end)))
    with_window = changed(base, injects=(window,))
    times = set()
    for epoch in range(1, 20):
        exercise = Exercise(with_window, 1)
        exercise.advance(30 * DAY)
        if exercise.injector.lines["w"].released:
            pytest.skip("the seed released it before the fork")
        exercise.apply(Command(kind="epoch", data={"number": epoch}))
        due = exercise.injector.lines["w"].due
        assert due is not None
        assert due >= 30 * DAY
        times.add(due)
    assert len(times) > 15
