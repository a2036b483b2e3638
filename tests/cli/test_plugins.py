"""Plug-ins of other packages, as an installed wheel of the example package and without it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from time import sleep
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pytest

from support.engine import loaded
from support.in_process import Done, inside
from support.live import resumed, session, verified
from support.live_programs import live
from wargame import plugins
from wargame.brains.driver import ProgramStopped
from wargame.brains.mechanism import Mechanism
from wargame.brains.unattended import MemoryTable
from wargame.errors import UsageFault
from wargame.live.session.wall_clock import WallClock
from wargame.review.reports.run_review import sections
from wargame.simulation.exercise import Exercise

Wargame = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def installed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example package as its wheel installs it."""
    place = tmp_path_factory.mktemp("example")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(build, cwd=root / "examples/plugin_package", check=True, capture_output=True)
    (wheel,) = place.glob("*.whl")
    with ZipFile(wheel) as content:
        content.extractall(place / "site")  # what an installer does with a pure wheel without scripts
    return place / "site"


def command(folder: Path, *words: str, site: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Runs the command line with or without the package."""
    environment = os.environ | {"PYTHONPATH": str(site) if site else "", "COLUMNS": "200"}
    call = [sys.executable, "-m", "wargame", *words]
    return subprocess.run(call, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)


def here(folder: Path, *words: str, site: Path | None = None) -> Done:
    """As `command`, in the process of the test: nothing that these commands do needs another one."""
    with pytest.MonkeyPatch.context() as patched:
        if site:
            patched.syspath_prepend(str(site))
        return inside(*words, cwd=folder)


def good(*arguments: Any, **options: Any) -> str:
    """What a command prints that succeeds."""
    result = command(*arguments, **options)
    assert result.returncode == 0, result.stderr
    return result.stdout + result.stderr


def done(*arguments: Any, **options: Any) -> str:
    """As `good`, in the process of the test."""
    result = here(*arguments, **options)
    assert result.returncode == 0, result.stderr
    return result.stdout + result.stderr


@pytest.mark.slow
def test_a_run_with_a_player_of_a_package_verifies_without_it_and_names_it(installed: Path, tmp_path: Path) -> None:
    """The player acts; the manifest has its package; `verify` without the package says which one is missing."""
    words = ["run", "two-rivals", "--until", "D+60", "--seat", "ARD=player:patient", "--out", "one"]
    good(tmp_path, *words, site=installed)
    player = json.loads((tmp_path / "one/manifest.json").read_text("utf-8"))["players"]["ARD"]
    assert (player["source"], player["package"]) == ("player:patient", "wargame-example 0.1.0")
    assert '"Talk first."' in (tmp_path / "one/commands.jsonl").read_text("utf-8")
    assert "wargame-example" not in good(tmp_path, "verify", "one", site=installed)
    assert "player 'patient' of wargame-example 0.1.0 is not installed" in done(tmp_path, "verify", "one")
    good(tmp_path, *words[:-1], "three", "--white-cell", "player:umpire", site=installed)
    assert "The umpire knows no more than you do." in (tmp_path / "three/journal.jsonl").read_text("utf-8")
    refused = here(tmp_path, *words[:-1], "two")
    assert refused.returncode == 2
    assert "no package adds 'patient' to wargame.players (installed: none)" in refused.stderr


@pytest.mark.slow
def test_a_batch_takes_a_measure_and_is_exported_by_a_package(installed: Path, tmp_path: Path) -> None:
    """A measure is a column like others, which a batch keeps without the package; a format writes each table."""
    words = [
        *[
            "batch",
            "two-rivals",
            "-n",
            "3",
            "--until",
            "D+60",
            "--jobs",
            "1",
            "--measure",
            "plugin(calm_share)",
            "--out",
        ]
    ]
    done(tmp_path, *words, "b", site=installed)
    done(tmp_path, "export", "b", "--format", "jsonl", site=installed)
    rows = [json.loads(line) for line in (tmp_path / "b-tables/runs.jsonl").read_text("utf-8").splitlines()]
    assert len({row["plugin(calm_share)"] for row in rows}) > 1
    assert all(0 <= row["plugin(calm_share)"] <= 1 for row in rows)
    assert "plugin(calm_share)" in done(tmp_path, "report", "b", "--format", "md", "-o", "b.md") + Path(
        tmp_path / "b.md"
    ).read_text("utf-8")
    for refused in (here(tmp_path, *words, "c"), here(tmp_path, "export", "b", "--format", "jsonl")):
        assert refused.returncode == 2
        assert "no package adds" in refused.stderr
    assert not (tmp_path / "c").exists()


@pytest.mark.slow
def test_a_review_has_the_sections_of_a_package(installed: Path, tmp_path: Path) -> None:
    """On the page and in documents, and not without the package."""
    done(tmp_path, *["run", "two-rivals", "--until", "D+60", "--no-report", "--out", "one"])
    for name, site in (("with", installed), ("without", None)):
        done(tmp_path, "report", "one", "-o", f"{name}.html", "--depth", "none", site=site)
        done(tmp_path, "report", "one", "-o", f"{name}.md", "--depth", "none", site=site)
        for form in ("html", "md"):
            text = (tmp_path / f"{name}.{form}").read_text("utf-8")
            assert ("Most actions were taken in 2030-0" in text) == (site is not None)


@pytest.mark.slow
def test_a_run_with_a_mechanism_of_a_package_verifies_without_it_and_names_it(installed: Path, tmp_path: Path) -> None:
    """Storms are commands of the log with their package; a run without them differs; equal runs are equal."""
    words = ["run", "two-rivals", "--until", "D+60", "--seed", "4", "--no-report"]
    for name in ("one", "again"):
        done(tmp_path, *words, "--mechanism", "storms", "--out", name, site=installed)
    log = (tmp_path / "one/commands.jsonl").read_text("utf-8")
    assert '"by":"mechanism:storms of wargame-example 0.1.0"' in log
    assert log == (tmp_path / "again/commands.jsonl").read_text("utf-8")
    assert "A storm keeps all ships in port." in (tmp_path / "one/journal.jsonl").read_text("utf-8")
    verified = done(tmp_path, "verify", "one")
    assert "identical byte for byte" in verified
    assert "mechanism 'storms' of wargame-example 0.1.0 is not installed" in verified
    assert "no package adds 'storms' to wargame.mechanisms" in here(tmp_path, *words, "--mechanism", "storms").stderr


@pytest.mark.slow
def test_a_batch_has_the_mechanism_of_a_package_in_each_run(installed: Path, tmp_path: Path) -> None:
    """Its draws are those of the seed, so that the number of processes does not matter."""
    words = ["batch", "two-rivals", "-n", "4", "--until", "D+60", "--measure", "mean(tension)"]
    for jobs in ("1", "2"):
        good(tmp_path, *words, "--mechanism", "storms", "--jobs", jobs, "--out", jobs, site=installed)
    good(tmp_path, *words, "--out", "calm")
    numbers = {name: json.loads(done(tmp_path, "show", name, "--json"))["estimates"] for name in ("1", "2", "calm")}
    assert numbers["1"] == numbers["2"] != numbers["calm"]


@pytest.mark.slow
def test_a_live_exercise_with_a_mechanism_has_the_journal_of_an_unattended_one(installed: Path, tmp_path: Path) -> None:
    """Also if it is resumed in between; it verifies without the package, whose name it has, and a rewind repeats it."""
    words = ["two-rivals", "--until", "D+60", "--seed", "4", "--mechanism", "storms"]
    done(tmp_path, "run", *words, "--no-report", "--out", "one", site=installed)
    (tmp_path / "first.txt").write_text("stop at nothing\nadvance 20d\nmove\nrewind D+11\nadvance 9d12h\n", "utf-8")
    (tmp_path / "rest.txt").write_text("stop at nothing\nadvance 200d\n", "utf-8")
    shown = done(tmp_path, "play", *words, "--script", "first.txt", "--out", "live", site=installed)
    assert "At each midnight: mechanism:storms" in shown
    resume = ["resume", "live", "--mechanism", "storms", "--script", "rest.txt"]
    done(tmp_path, *resume, site=installed)
    assert (tmp_path / "live/journal.jsonl").read_bytes() == (tmp_path / "one/journal.jsonl").read_bytes()
    assert "mechanism 'storms' of wargame-example 0.1.0 is not installed" in done(tmp_path, "verify", "live")
    refused = here(tmp_path, "play", *words, "--script", "first.txt", "--out", "other")
    assert "no package adds 'storms' to wargame.mechanisms" in refused.stderr
    assert not (tmp_path / "other").exists()


def put_in_place(monkeypatch: pytest.MonkeyPatch, function: Callable[[Any], Any]) -> None:
    """Makes a function the one plug-in, called odd, that is installed."""
    point = SimpleNamespace(name="odd", dist=None, load=lambda: function)
    monkeypatch.setattr("wargame.plugins.metadata.entry_points", lambda **_: [point])


def test_a_running_clock_stops_at_each_midnight_for_the_mechanism(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What it returns has the second of the midnight, whatever the pace, and no time is lost."""
    put_in_place(monkeypatch, lambda world: [{"id": f"day{world.day}", "title": "A day"}])

    there = session(tmp_path / "run")
    mechanism, wall = Mechanism(there, "odd"), WallClock(there)
    midnights = {"next_midnight": mechanism.next, "at_midnight": mechanism.work}
    wall.programs = SimpleNamespace(seats={}, deciding=[], **midnights)
    there.submit("pace", pace="18h=1s")
    wall.start()
    for _ in range(4):
        wall.tick(1.0)
    days = [(record.about, record.t) for record in there.records if record.kind == "inject.released"]
    start = there.exercise.calendar.startex
    assert days == [(f"day{n}", start + n * 86400) for n in (1, 2, 3)]
    assert there.exercise.now == start + 3 * 86400
    there.close()


def test_after_a_rewind_a_mechanism_works_again_and_what_is_undone_stays_undone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each midnight has its inject once, also that to which the exercise goes back."""
    put_in_place(monkeypatch, lambda world: [{"id": f"day{world.day}", "title": "A day"}])
    found = {"rewind D+3": [1, 2, 3, 4, 5], "rewind D+0": [1, 2], "undo": [1, 2, 3, 4, 6, 7]}
    for number, (lines, days) in enumerate(found.items()):
        typed = ["stop at nothing", "advance 5d", lines, "advance 2d"]
        there, _ = live(tmp_path / str(number), {}, typed, mechanism="odd")
        released = [record.about for record in there.records if record.kind == "inject.released"]
        assert released == [f"day{n}" for n in days]
        assert verified(tmp_path / str(number))


def test_after_a_crash_at_a_midnight_the_mechanism_works_there_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The log has the move to the midnight and not yet its inject; resumed again, nothing more is owed."""
    put_in_place(monkeypatch, lambda world: [{"id": f"day{world.day}", "title": "A day"}])
    there = session(tmp_path / "run")
    there.submit("advance", to=there.exercise.calendar.startex + 86400)
    there.close()
    for days in ([1, 2], [1, 2, 3]):
        there, _ = live(resumed(tmp_path / "run"), {}, ["stop at nothing", "advance 1d"], mechanism="odd")
        released = [record.about for record in there.records if record.kind == "inject.released"]
        assert released == [f"day{n}" for n in days]
    assert verified(tmp_path / "run")


def test_a_mechanism_that_fails_or_hangs_in_a_room_is_named_and_the_exercise_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is not asked again; what people do goes on."""
    for said, function in {
        "ZeroDivisionError": lambda _: 1 / 0,
        "not returned within 0.1 s": lambda _: sleep(60),
    }.items():
        put_in_place(monkeypatch, function)
        (tmp_path / "script.txt").write_text("stop at nothing\nadvance 3d\n", "utf-8")
        how = ["--mechanism", "odd", "--brain-timeout", "0.1", "--script", "script.txt"]
        shown = done(tmp_path, "play", "two-rivals", *how, "--out", f"run {len(said)}")
        assert shown.count("! mechanism:odd: 'odd' of an unknown package") == 1
        assert said in shown
        assert "(D+3)" in shown.splitlines()[-1]


def test_a_mechanism_that_does_what_no_person_could_ends_its_run_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its injects are checked like those that a facilitator types; the message says what is wrong."""
    wrong = {
        "unknown indicator 'weather'": [{"id": "a", "title": "A", "effects": {"weather": {"by": 1}}}],
        "releases more than 20 injects at one midnight": [{"id": f"a{n}", "title": "A"} for n in range(21)],
        "is not iterable": 5,
    }
    for said, injects in wrong.items():
        point = SimpleNamespace(name="wrong", dist=None, load=lambda injects=injects: lambda _: injects)
        monkeypatch.setattr("wargame.plugins.metadata.entry_points", lambda point=point, **_: [point])
        table = MemoryTable(Exercise(loaded("two-rivals")))
        with pytest.raises(ProgramStopped) as raised:
            Mechanism(table, "wrong").work()
        assert str(raised.value).startswith("mechanism:wrong: ")
        assert said in str(raised.value)


def test_a_mechanism_releases_all_that_one_mapping_has_and_its_generator_is_read_no_further_than_the_bound(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A mapping may be that of an inject file; a generator without an end ends the run, which says what goes on."""

    def returning(injects: Callable[[], Any]) -> None:
        point = SimpleNamespace(name="odd", dist=None, load=lambda: lambda _: injects())
        monkeypatch.setattr("wargame.plugins.metadata.entry_points", lambda **_: [point])

    returning(lambda: [{"injects": [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}]}])
    table = MemoryTable(Exercise(loaded("two-rivals")))
    Mechanism(table, "odd").work()
    assert [entry.data["inject"] for entry in table.entries if entry.kind == "release"] == ["a", "b"]
    returning(lambda: ({"id": f"a{n}", "title": "A"} for n in count()))
    ended = inside("run", "two-rivals", "--until", "D+3", "--mechanism", "odd", "--out", "one", cwd=tmp_path)
    assert "releases more than 20 injects at one midnight" in ended.stderr
    assert "wargame resume one continues it, without the mechanism 'odd'" in ended.stderr


class Point:
    """A plug-in that fails when it is called."""

    name, dist, group = "broken", None, "wargame.measures"

    def load(self) -> Callable[[Any], float]:
        """The function."""
        return lambda exercise: 1 / (exercise - exercise)


def test_an_error_of_a_plug_in_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other people's code raises becomes one line, whatever it is."""
    monkeypatch.setattr(plugins, "installed", lambda _: {"broken": Point()})
    with pytest.raises(plugins.PluginFailed, match=r"'broken' of an unknown package .* ZeroDivisionError"):
        plugins.call("measures", "broken", float, 3)
    with pytest.raises(UsageFault, match=r"no package adds 'brokem' .*broken"):
        plugins.find("measures", "brokem")


def test_a_measure_that_does_not_return_fails_its_runs_and_the_batch_ends(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The reason is in the rows."""

    def hangs(_: object) -> float:
        while True:
            pass

    put_in_place(monkeypatch, hangs)
    monkeypatch.setattr(plugins, "MOST_SECONDS", 0.1)
    words = ["batch", "two-rivals", "-n", "2", "--until", "3d", "--jobs", "1", "--measure", "plugin(odd)", "--out", "b"]
    ended = here(tmp_path, *words)
    assert "it has not returned within 0.1 s" in ended.stderr
    assert "2 failed" in ended.stdout + ended.stderr


def test_a_plug_in_neither_ends_a_command_nor_writes_into_its_result(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it prints goes to standard error; that it exits is a failure like another."""

    def ends(code: int) -> float:
        print("loud")  # noqa: T201 - what a careless plug-in does
        sys.exit(code)

    point = SimpleNamespace(name="ends", dist=None, load=lambda: ends)
    monkeypatch.setattr(plugins, "installed", lambda _: {"ends": point})
    with pytest.raises(plugins.PluginFailed, match=r"'ends' of an unknown package .* SystemExit: 3"):
        plugins.call("measures", "ends", float, 3)
    assert tuple(capsys.readouterr()) == ("", "loud\n")


def test_a_section_of_something_else_than_blocks_says_so_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of the review is written."""
    point = SimpleNamespace(name="text", dist=None, load=lambda: lambda _: "abc")
    monkeypatch.setattr(plugins, "installed", lambda _: {"text": point})
    section = next(each for each in sections() if each.name == "plugin-text")
    (block,) = section.blocks(None)  # type: ignore[arg-type]
    assert "'text' of an unknown package (wargame.sections) failed: TypeError: not a block: 'a'" in str(block)
