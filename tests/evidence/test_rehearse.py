"""Rehearsals: what a script will do, before STARTEX."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from support.entry_point import wargame, wargame_json
from support.executors import KILLED, FirstChunkDies
from support.in_process import inside, inside_json
from wargame.document.blocks import Grid
from wargame.document.terminal import print_blocks
from wargame.evidence.rehearsal.rehearsal import Rehearsal, rehearse
from wargame.executor.executors import Executor
from wargame.executor.processes import Processes
from wargame.review.reports.rehearsal_report import _points, as_data, sections
from wargame.scenario.loading.load import Loaded, load, load_files
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
format: wargame-injects/1
scenario: two-rivals
injects:
  - {id: flare, title: A flare, at: D+3, effects: {tension: {to: 0.9}}, salience: {strait: 5}, objective: signals,
     expected: [{who: BRL, any_of: [talk, protest, patrol], within: 20d}]}
  - {id: idle, title: Nothing follows, at: D+4, kind: information}
  - {id: rush_a, title: First, at: D+10, audience: [ARD], salience: {strait: 1}}
  - {id: rush_b, title: Second, at: D+10 H+3, audience: [ARD], salience: {strait: 1}}
  - {id: rush_c, title: Third, at: D+10 H+9, audience: [ARD], salience: {economy: 1}}
  - {id: never, title: A condition that cannot hold, when: tension > 2}
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """Two rivals with the script above besides its own."""
    path = tmp_path_factory.mktemp("script") / "script.yaml"
    path.write_text(SCRIPT)
    return load("two-rivals", [str(path)])


@pytest.fixture(scope="module")
def rehearsal(loaded: Loaded) -> Rehearsal:
    """Its rehearsal."""
    return rehearse(loaded, n=12, seed=1, executor=Executor(), settings=Settings(until="100d"))


def row(rows: list[dict[str, Any]], **values: str) -> dict[str, Any]:
    """The row that has these values."""
    return next(each for each in rows if all(each[name] == value for name, value in values.items()))


def test_each_inject_has_its_probability_and_time(rehearsal: Rehearsal) -> None:
    """With an interval, and the days since STARTEX."""
    flare = row(rehearsal.injects, inject="flare")
    assert (flare["estimate"], flare["days"]["median"]) == (1.0, 3.0)
    assert flare["low"] < 1.0


def test_an_inject_that_never_fires_has_its_condition(rehearsal: Rehearsal) -> None:
    """The reason of the injector is given too."""
    never = row(rehearsal.injects, inject="never")
    assert (never["never"], never["condition"]) == (True, "tension > 2")
    assert never["reasons"][0]["reason"] == "its condition was never true"


def words_of(rehearsal: Rehearsal, loaded: Loaded, head: str) -> str:
    """The words of a section of the terminal."""
    _, _, below = _printed(as_data(rehearsal, loaded)).partition(f"{head}\n")
    return " ".join(below.partition("\n\n")[0].split())


def test_objectives_have_injects_and_evidence_or_a_gap(rehearsal: Rehearsal, loaded: Loaded) -> None:
    """Here there is evidence; without injects the gap is named."""
    assert row(rehearsal.objectives, objective="signals")["gap"] == ""
    settings = Settings(until="2d")
    bare = rehearse(loaded, n=2, seed=1, executor=Executor(), settings=settings)
    assert row(bare.objectives, objective="signals")["gap"] == "no evidence"
    words = words_of(bare, loaded, "What to correct before STARTEX")
    assert "Objective 'Respond to an incident within two weeks without escalation' has no evidence." in words


def test_demands_within_a_day_are_an_overload(rehearsal: Rehearsal, loaded: Loaded) -> None:
    """Three on one leadership, and none on the other."""
    assert row(rehearsal.overload, government="ARD")["estimate"] == 1.0
    assert row(rehearsal.overload, government="ARD")["injects"][0]["injects"] == ["rush_a", "rush_b", "rush_c"]
    assert row(rehearsal.overload, government="BRL")["most"] < 3
    words = words_of(rehearsal, loaded, "What to correct before STARTEX")
    assert "Arda faces up to 3 demands within 24 hours; 3 or more in 100 % (" in words
    assert "most often First; Second; Third." in words
    assert "Brel faces" not in words


def test_the_section_on_chance_lists_the_injects_that_fire(rehearsal: Rehearsal, loaded: Loaded) -> None:
    """Those that never fire have a section of their own."""
    chances = words_of(rehearsal, loaded, "Which injects fire, and when")
    silent = words_of(rehearsal, loaded, "What to correct before STARTEX")
    assert "flare" in chances
    assert "rush_c" in chances
    assert "never" not in chances
    assert "Never fires, as its condition was never true: A condition that cannot hold (tension > 2)." in silent
    assert "flare" not in silent


def test_expected_actions_are_counted(rehearsal: Rehearsal) -> None:
    """The counts of met, late and missed sum to all expected actions."""
    action = row(rehearsal.expected, inject="flare", who="BRL")
    assert action["called"] == action["met"] + action["late"] + action["missed"] > 0


def test_an_inject_that_does_nothing_changes_nothing(rehearsal: Rehearsal) -> None:
    """Without it the outcomes of every replication are the same, because injects have draws of their own."""
    idle = row(rehearsal.ranking, inject="idle")
    assert (idle["changes"]["estimate"], idle["effects"]) == (0.0, [])


def test_the_ranking_has_intervals_and_is_sorted(rehearsal: Rehearsal) -> None:
    """By the share of runs whose outcomes an inject changes."""
    shares = [each["changes"]["estimate"] for each in rehearsal.ranking]
    assert shares == sorted(shares, reverse=True)
    for each in rehearsal.ranking:
        for effect in each["effects"]:
            assert effect["low"] <= effect["estimate"] <= effect["high"]


def test_skipping_an_inject_that_did_not_fire_changes_nothing(loaded: Loaded) -> None:
    """So these runs are not repeated."""

    def outcomes(*skip: str) -> dict[str, int | None]:
        exercise = Exercise(loaded, 5, Settings(until="60d", skip=skip, journal="none"))
        exercise.advance(exercise.end)
        return exercise.outcomes

    assert outcomes() == outcomes("never")


def test_runs_lost_with_a_worker_are_counted_and_named(loaded: Loaded) -> None:
    """They are failures with their replication and the reason, and enter no estimate."""
    executor = FirstChunkDies()
    with executor:
        rehearsal = rehearse(loaded, n=12, seed=1, executor=executor, settings=Settings(until="20d"))
    lost = len(executor.lost)
    assert (rehearsal.runs, rehearsal.failed) == (12, lost)
    assert lost > 0
    assert rehearsal.failures == [{"replication": r, "without": None, "error": KILLED} for r in range(lost)]


@pytest.mark.slow
def test_results_do_not_depend_on_processes(loaded: Loaded, rehearsal: Rehearsal) -> None:
    """Two processes give the same rehearsal."""
    with Processes(2) as executor:
        assert rehearse(loaded, n=12, seed=1, executor=executor, settings=Settings(until="100d")) == rehearsal


def test_the_command_prints_tables_and_json(tmp_path: Path) -> None:
    """Injects that never fire are first; the document has every part."""
    done = wargame("rehearse", "two-rivals", "-n", "3", "--until", "40d", "--jobs", "1", cwd=tmp_path)
    _, _, first = done.stdout.partition("What to correct before STARTEX\n")
    assert first.startswith("- Never fires, as "), done.stderr
    assert "Of 2 injects that fire, 2 change no outcome." in done.stdout
    document = wargame_json("rehearse", "two-rivals", "-n", "3", "--until", "40d", "--jobs", "1", cwd=tmp_path)
    assert {"injects", "objectives", "expected", "overload", "outcomes", "ranking"} <= set(document)
    assert json.dumps(document)


def text_of(folder: Path, *words: str) -> str:
    """A rehearsal of two rivals in a folder under `runs/`; what the command prints."""
    done = inside("rehearse", "two-rivals", "-n", "3", "--jobs", "1", "--out", "runs/reh", *words, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_injects_after_the_end_are_one_line(tmp_path: Path) -> None:
    """On the screen and in the report, with titles only for the others."""
    shown = text_of(tmp_path, "--until", "20d")
    inside("report", "runs/reh", "--format", "md", cwd=tmp_path)
    text = (tmp_path / "runs" / "reh" / "report.md").read_text("utf-8")
    for output in (shown, text):
        assert "2 injects are scheduled after the end of the rehearsal." in output
        assert "its time was after ENDEX" not in output
    assert "Never fires, as its condition was never true: A neighbour offers its good offices" in text


def test_a_rehearsal_has_no_empty_table(tmp_path: Path) -> None:
    """A sentence replaces it in the report, and nothing on the screen."""
    shown = text_of(tmp_path, "--until", "20d")
    inside("report", "runs/reh", "--format", "md", cwd=tmp_path)
    text = (tmp_path / "runs" / "reh" / "report.md").read_text("utf-8")
    assert ": none" not in text
    assert "No action was expected." in text
    assert ": none" not in shown
    assert "How the model governments respond" not in shown
    assert "Respond to an incident within two weeks" in shown


def test_several_injects_that_never_fire_are_in_the_plural(loaded: Loaded) -> None:
    """Reasons of more than one inject are in the plural."""
    reasons = [{"reason": "it was not released by hand"}]
    twin = {"inject": "a", "title": "A", "never": True, "condition": "", "reasons": reasons}
    bare = as_data(rehearse(loaded, n=2, seed=1, executor=Executor(), settings=Settings(until="2d")), loaded)
    output = str(list(sections(bare | {"injects": [twin, twin | {"title": "B"}]}, 2)))
    assert "2 never fire, as they were not released by hand: A; B." in output


def test_a_rehearsal_is_listed_and_shown(tmp_path: Path) -> None:
    """It has a heading of its own in lists; `show` prints the same as `rehearse`."""
    printed = text_of(tmp_path, "--until", "20d")
    listed = inside_json("list", cwd=tmp_path)
    assert listed["rehearsals"] == [{"name": "reh", "scenario": "two-rivals", "runs": 3}]
    assert (listed["runs"], listed["batches"]) == ([], [])
    shown = inside("show", "reh", cwd=tmp_path)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert printed.startswith(shown.stdout)
    assert inside_json("show", "reh", cwd=tmp_path)["format"] == "wargame-rehearsal/1"


def test_invalid_settings_are_reported_before_any_run(tmp_path: Path) -> None:
    """With exit code 2."""
    done = inside("rehearse", "two-rivals", "--skip", "colision", cwd=tmp_path)
    assert (done.returncode, "collision" in done.stderr) == (2, True)


def _printed(data: dict[str, Any]) -> str:
    text = StringIO()
    screen = Console(file=text, width=200)
    print_blocks(screen, sections(data, 2, brief=True))
    return text.getvalue()


def _with_an_effect(rehearsal: Rehearsal, loaded: Loaded) -> dict[str, Any]:
    """The rehearsal, as if its first inject had an effect that is not distinguishable from chance."""
    data = as_data(rehearsal, loaded)
    share = {"estimate": 0.2, "se": 0.1, "low": 0.05, "high": 0.5}
    effect = {"outcome": "war", "estimate": 0.2, "se": 0.1, "low": 0.01, "high": 0.4, "p": 0.04, "p_holm": 0.3}
    first, *others = data["ranking"]
    return data | {"ranking": [first | {"changes": share, "effects": [effect]}, *others]}


def test_an_inject_without_effect_changes_no_outcome(rehearsal: Rehearsal, loaded: Loaded) -> None:
    """It does change runs: they have the inject, and other records."""
    data = _with_an_effect(rehearsal, loaded)
    number = len(data["ranking"])
    assert f"Of {number} injects that fire, {number - 1} change no outcome." in _printed(data)


def test_an_interval_beside_a_corrected_p_says_so(rehearsal: Rehearsal, loaded: Loaded) -> None:
    """On the terminal and in the report; the p beside it is corrected for all effects."""
    data = _with_an_effect(rehearsal, loaded)
    assert "95 % interval of this effect alone" in _printed(data)
    assert "p corrected" in _printed(data)
    grids = [block for block in sections(data, 2) if isinstance(block, Grid)]
    assert any("95 % interval of this effect alone" in grid.caption for grid in grids)


def test_few_firings_have_no_deciles(loaded: Loaded) -> None:
    """Of one firing the tenth and the ninetieth percentile would be the same day."""
    row_of = {n: row(rehearse(loaded, n=n, seed=1, executor=Executor(), settings=Settings(until="20d")).injects,
                     inject="rush_a")["days"] for n in (1, 9, 10)}  # fmt: skip
    for n in (1, 9):
        assert (row_of[n]["p10"], row_of[n]["p90"]) == (None, None)
        assert row_of[n]["median"] == 10.0
    assert (row_of[10]["p10"], row_of[10]["p90"]) == (10.0, 10.0)


SHORT = Settings(until="100d")
SILENT = {
    "none of its options is feasible": [("by: [ARD, BRL], to: [ARD, BRL]", "by: [ARD], to: [BRL]")],
    "waiting scores higher than its best option, 'protests'": [
        ('interests: {tension: -1.0, "control[BRL]": 2.5, "growth[BRL]": 1.0}', "interests: {tension: -5.0}"),
        ("cost: 0.02", "cost: 3.0"),
        ("offers talks, dossier: strait, by: [ARD, BRL]", "offers talks, dossier: strait, by: [ARD]"),
        ("dossier: economy, by: [ARD, BRL]", "dossier: economy, by: [ARD]"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("reason", SILENT)
def test_a_government_that_never_acts_is_named_with_the_reason(reason: str) -> None:
    """From ten runs on."""
    written = (ROOT / "wargame/scenarios/two-rivals.yaml").read_text("utf-8")
    for text, instead in [("injects: [two-rivals/msel]\n", ""), *SILENT[reason]]:
        assert text in written
        written = written.replace(text, instead)
    loaded = load_files({"scenario/s.yaml": written.encode()})
    reports = {n: as_data(rehearse(loaded, n=n, seed=1, executor=Executor(), settings=SHORT), loaded) for n in (9, 10)}
    words = {n: " ".join(_points(report)) for n, report in reports.items()}
    assert "Brel never acts at " in words[10]
    assert f" meetings in 10 runs: {reason}." in words[10]
    assert "never acts" not in words[9]
