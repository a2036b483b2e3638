"""The command line, as a user types it: what it prints, where, and with which exit code."""

from __future__ import annotations

import io
import json
import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

import wargame as package
from support.command_line import python, wargame, wargame_json
from wargame.cli.output import progress_bar
from wargame.cli.tree import COMMANDS
from wargame.review.findings.findings import open_findings
from wargame.review.findings.turning_points import TurningPoint
from wargame.review.reports.run_summary import render

HEAVY = ("pandas", "simpy", "numpy", "pyarrow", "altair", "rich", "tqdm")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory with one run under runs/."""
    path = tmp_path_factory.mktemp("place")
    done = wargame("run", "two-rivals", "--until", "120d", "-q", cwd=path)
    assert done.returncode == 0, done.stderr
    return path


# Help and version


def test_help_leads_with_examples(tmp_path: Path) -> None:
    """Examples stand before usage, commands and options; -h and --help are the same."""
    short = wargame("-h", cwd=tmp_path).stdout
    assert short == wargame("--help", cwd=tmp_path).stdout
    assert short.index("Examples:") < short.index("Usage:") < short.index("Commands:") < short.index("Options:")
    assert all(re.search(rf"^  {name} ", short, re.MULTILINE) for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_examples_json_and_the_common_options(command: str, tmp_path: Path) -> None:
    """What works everywhere does, and each command says what it does first."""
    done = wargame(command, "-h", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.index(f"wargame {command}") < done.stdout.index("Usage:")
    assert all(option in done.stdout for option in ("--json", "-q, --quiet", "--version", "-h, --help"))


@pytest.mark.parametrize("words", [("--version",), ("run", "--version"), ("show", "--version")])
def test_the_version_is_told_everywhere(words: tuple[str, ...], tmp_path: Path) -> None:
    """Also after a command, and it is the one of the package."""
    assert wargame(*words, cwd=tmp_path).stdout == f"wargame {package.__version__}\n"


@pytest.mark.parametrize(
    "words",
    ["--version", "--help", "run --help", "validate two-rivals", "list", "list --json", "init DIR", "schema injects"],
)
def test_light_commands_load_no_heavy_library(words: str, tmp_path: Path) -> None:
    """What should feel instant imports neither arrays, tables, the clock nor a screen library."""
    code = (
        "import sys; from wargame.cli import main\n"
        "try: main()\n"
        f"finally: print(*[name for name in {HEAVY} if name in sys.modules], sep=',', file=sys.stderr)"
    )
    assert python("-c", code, *words.split(), cwd=tmp_path).stderr.splitlines()[-1] == ""


def test_completion_knows_commands_options_and_names(place: Path) -> None:
    """Commands, options of a command, built-in scenarios, inject files and runs, without a heavy import."""

    def complete(line: str, word: int) -> list[str]:
        code = "from wargame.cli import main; main()"
        variables = {"_WARGAME_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(word)}
        return python("-c", code, cwd=place, **variables).stdout.split()

    assert complete("wargame va", 1) == ["validate"]
    assert complete("wargame run --start", 2) == ["--startex"]
    assert complete("wargame run two", 2) == ["two-rivals"]
    assert complete("wargame run two-rivals --injects two", 4) == ["two-rivals/msel"]
    assert complete("wargame show two", 2) == [path.name for path in (place / "runs").iterdir()]


# Words that are off


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("vaildate",), "Did you mean 'validate'"),
        (("run", "two-rivals", "--sed", "3"), "--seed"),
        (("run",), "Missing argument"),
        (("run", "two-rivls"), "two-rivals"),
        (("run", "two-rivals", "--seed", "x"), "--seed"),
        (("run", "two-rivals", "--seed", "-1"), "whole number"),
        (("run", "two-rivals", "--journal", "ful"), "full"),
        (("run", "two-rivals", "--injects", "two-rivals/mesl"), "two-rivals/msel"),
        (("run", "two-rivals", "--seat", "ARD"), "GOV=KIND"),
        (("run", "two-rivals", "--seat", "ARD=human"), "nobody to ask"),
        (("run", "two-rivals", "--seat", "ARX=model"), "ARD"),
        (("run", "two-rivals", "--arm", "soft"), "not a study"),
        (("run", "two-rivals", "--until", "someday"), "someday"),
        (("run", "two-rivals", "--until", "2030-02-30"), "Feb 2030 has 28 days"),
        (("run", "two-rivals", "--set", "tensoin=1"), "tension"),
        (("run", "two-rivals", "--forbid", "ARD strik BRL"), "strike"),
        (("run", "two-rivals", "--skip", "colision"), "collision"),
        (("run", "two-rivals", "--out", "/"), "exists already"),
        (("run", "two-rivals", "--out", "x" * 300), "choose another place"),
        (("show", ""), "there is no run"),
        (("show", "x" * 300), "there is no run"),
        (("validate", "nowhere.yaml"), "nowhere.yaml"),
        (("show", "nothing"), "there is no run 'nothing'"),
        (("why", "last"), "SEQ|ID"),
        (("schema", "map"), "scenario"),
        (("list", "rnus"), "runs"),
    ],
)
def test_what_is_mistyped_is_refused_with_a_hint(words: tuple[str, ...], told: str, tmp_path: Path) -> None:
    """Exit 2, a message on standard error with the nearest right word, no traceback, nothing written."""
    done = wargame(*words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_an_invalid_file_lists_all_its_problems_with_places(tmp_path: Path) -> None:
    """Exit 3; each problem stands on a line of its own as file:line:column."""
    wargame("init", "x", cwd=tmp_path)
    file = tmp_path / "x" / "scenario.yaml"
    file.write_text(
        file.read_text().replace("leader: upl_president", "leader: upl_presidnt").replace("water:", "watr:", 1)
    )
    done = wargame("run", "x", cwd=tmp_path)
    assert done.returncode == 3
    assert re.search(r"^x/scenario\.yaml:\d+:\d+: .*did you mean 'upl_president'", done.stderr, re.MULTILINE)
    assert re.search(r"^\d+ problems$", done.stderr, re.MULTILINE)
    assert not (tmp_path / "runs").exists()


def test_an_error_of_our_own_is_told_shortly(tmp_path: Path) -> None:
    """Exit 1 with one line and how to see more; the variable brings the traceback."""
    code = "import wargame.scenario.loading.load as m; m.load = None; from wargame.cli import main; main()"
    short = python("-c", code, "run", "two-rivals", cwd=tmp_path)
    assert short.returncode == 1
    assert short.stderr.startswith("internal error: TypeError")
    assert "run with WARGAME_TRACEBACK=1" in short.stderr
    long = python("-c", code, "run", "two-rivals", cwd=tmp_path, WARGAME_TRACEBACK="1")
    assert "Traceback" in long.stderr


# run


FILES = {"inputs", "journal.jsonl", "manifest.json", "report.html", "summary.json"}


def test_a_run_tells_its_story_and_keeps_it(tmp_path: Path) -> None:
    """A named folder under runs/ with all its parts, a summary on standard output, nothing on standard error."""
    done = wargame("run", "two-rivals", "--seed", "3", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    (folder,) = (tmp_path / "runs").iterdir()
    assert re.fullmatch(r"two-rivals-s3-[a-z]+-[a-z]+", folder.name)
    assert {path.name for path in folder.iterdir()} == FILES
    for title in ("Outcomes", "Expected actions", "Attention", "Where to look next", f"wargame verify {folder.name}"):
        assert title in done.stdout


def test_json_has_what_programs_need(tmp_path: Path) -> None:
    """One document; `run_dir` exists, outcomes are ISO times or null, the hash is that of the journal."""
    told = wargame_json("run", "two-rivals", "--seed", "7", "--out", "deep/here", cwd=tmp_path)
    assert (tmp_path / told["run_dir"] / "journal.jsonl").is_file()
    assert told["seed"] == 7
    assert told["kernel_events"] > told["decisions"] > 50
    assert set(told["outcomes"]) == {"war", "blockade_laid", "calm"}
    assert re.fullmatch(r"[0-9a-f]{64}", told["journal_sha256"])
    manifest = json.loads((tmp_path / "deep/here/manifest.json").read_text())
    assert manifest["command"] == "wargame run two-rivals --seed 7"


def test_the_manifest_repeats_the_command(tmp_path: Path) -> None:
    """What is written down, typed again, gives the same journal."""
    words = ["run", "two-rivals", "--until", "60d", "--set", "trust[ARD, BRL]=0.5@D+3", "--forbid", "ARD patrol BRL"]
    first = wargame_json(*words, "--force", "D+9 BRL protest ARD", "--skip", "funeral", "--out", "one", cwd=tmp_path)
    command = json.loads((tmp_path / "one/manifest.json").read_text())["command"]
    again = wargame_json(*shlex.split(command)[1:], "--out", "two", cwd=tmp_path)
    assert again["journal_sha256"] == first["journal_sha256"]


def test_surroundings_do_not_change_a_byte(tmp_path: Path) -> None:
    """Hash seed, working directory and time zone of the machine leave the journal alone; the seed does not."""
    (tmp_path / "elsewhere").mkdir()
    words = ("run", "two-rivals", "--out", "x", "--json", "--seed")
    one = wargame(*words, "1", cwd=tmp_path, PYTHONHASHSEED="1", TZ="Asia/Tokyo")
    two = wargame(*words, "1", cwd=tmp_path / "elsewhere", PYTHONHASHSEED="2", TZ="America/Lima", LANG="C")
    other = wargame("run", "two-rivals", "--seed", "2", "--out", "y", "--json", cwd=tmp_path)
    hashes = [json.loads(done.stdout)["journal_sha256"] for done in (one, two, other)]
    assert hashes[0] == hashes[1] != hashes[2]


def test_quiet_prints_the_folder_alone(tmp_path: Path) -> None:
    """For scripts: one line on standard output, before or after the command's name."""
    for words in (("run", "two-rivals", "--until", "9d", "-q"), ("-q", "run", "two-rivals", "--until", "9d")):
        done = wargame(*words, cwd=tmp_path)
        assert done.stderr == ""
        assert (tmp_path / done.stdout.strip() / "manifest.json").is_file()


@pytest.mark.parametrize(("level", "kinds"), [("decisions", {"signal", "snapshot"}), ("none", None)])
def test_the_journal_keeps_as_much_as_was_asked(level: str, kinds: set[str] | None, tmp_path: Path) -> None:
    """`decisions` leaves out signals and digests and numbers the rest as before; `none` keeps nothing."""
    wargame_json("run", "two-rivals", "--out", "full", cwd=tmp_path)
    wargame_json("run", "two-rivals", "--journal", level, "--out", "less", cwd=tmp_path)
    full, less = ((tmp_path / name / "journal.jsonl").read_text().splitlines() for name in ("full", "less"))
    kept = [] if kinds is None else [line for line in full if json.loads(line)["kind"] not in kinds]
    assert less == kept
    assert wargame("verify", "less", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("level", ["full", "none"])
def test_an_outcome_may_end_the_run(level: str, tmp_path: Path) -> None:
    """The manifest names it, the summary says so, and the re-run ends there too."""
    war = ("--force", "D+5 ARD strike BRL", "--force", "D+6 BRL strike ARD", "--journal", level)
    done = wargame("run", "two-rivals", *war, "--out", "war", cwd=tmp_path)
    assert json.loads((tmp_path / "war/manifest.json").read_text())["ended"] == "outcome war"
    assert "outcome war" in done.stdout
    assert re.search(r"7 Jan 2030, 00:00 +day 6.0 +war", done.stdout, re.IGNORECASE)
    assert wargame("verify", "war", cwd=tmp_path).returncode == 0


def test_a_folder_that_exists_is_refused(tmp_path: Path) -> None:
    """Exit 2 with a remedy, before anything is played, and the folder is left as it was."""
    (tmp_path / "here").mkdir()
    done = wargame("run", "two-rivals", "--out", "here", cwd=tmp_path)
    assert done.returncode == 2
    assert "here exists already; remove it or choose another folder with --out" in done.stderr
    assert not list((tmp_path / "here").iterdir())


def test_a_progress_bar_goes_to_standard_error_when_forced(tmp_path: Path) -> None:
    """Without a terminal there is none; asked for, it leaves standard output clean."""
    done = wargame("run", "two-rivals", "--no-report", cwd=tmp_path, WARGAME_PROGRESS="1")
    assert "day" in done.stderr
    assert "\r" not in done.stdout
    assert done.stdout.startswith("Two rivals")


def test_the_bar_counts_from_the_startex(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What is replayed before is told by its name; the rate has no decimals."""
    monkeypatch.setenv("WARGAME_PROGRESS", "1")
    with progress_bar("here", quiet=False) as tell:
        assert tell is not None
        tell(-30 * 86400, 90 * 86400)
        tell(45 * 86400, 90 * 86400)
    shown = capsys.readouterr().err
    assert "here: replaying history" in shown
    assert "0/90 days" in shown
    assert not re.search(r"\d\.\d+ ?days?/s", shown)


def test_what_stands_below_a_command_is_indented_as_a_whole(tmp_path: Path) -> None:
    """Also where it takes several lines; an outcome is named without a second colon."""
    wargame("run", "two-rivals", "--seed", "1", "--out", "r", "-q", cwd=tmp_path)
    summary = open_findings(tmp_path / "r").summary
    point = TurningPoint(9, summary.reached, "outcome", "outcome: " + "a long title " * 12, "why", 9.0)
    found = replace(summary, turning_points=(point,))
    screen = Console(file=io.StringIO(), width=80)
    render(found, "r", "r", screen)
    shown = screen.file.getvalue()  # type: ignore[attr-defined]
    lines = shown[shown.index("Where to look next") :].splitlines()[1:]
    below = [line for line in lines if not line.startswith("  wargame ")]
    assert len(below) > 3
    assert all(line.startswith("      ") for line in below)
    assert "what led to: a long title" in shown


@pytest.mark.parametrize(
    ("variables", "coloured"), [({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)]
)
def test_no_color_wins(variables: dict[str, str], coloured: bool, place: Path) -> None:
    """Colours only where they are wanted."""
    done = wargame("show", "last", cwd=place, TERM="xterm-256color", **variables)
    assert ("\x1b[1;36m" in done.stdout) == coloured


# The other commands


def test_validate_tells_load_and_stability(tmp_path: Path) -> None:
    """That all is well, then how busy the leaderships are and the stability margin."""
    done = wargame("validate", "two-rivals", "korea-2017", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "two-rivals: ok, 2 files" in done.stdout
    assert re.search(r"load of leaderships: ARD 0\.\d\d, BRL 0\.\d\d", done.stdout)
    assert len(re.findall(r"one action is expected to bring 0\.\d\d in answer", done.stdout)) == 2


def test_validate_has_json_also_for_what_is_wrong(tmp_path: Path) -> None:
    """Exit 3, and the document lists the problems with their places."""
    (tmp_path / "bad.yaml").write_text("format: wargame-scenario/1\nname: bad\n")
    done = wargame("validate", "two-rivals", "bad.yaml", "--json", cwd=tmp_path)
    good, bad = json.loads(done.stdout)["targets"]
    assert done.returncode == 3
    assert (good["ok"], bad["ok"]) == (True, False)
    assert {"file", "line", "column", "message", "remedy"} == set(bad["problems"][0])


def test_list_shows_what_there_is(place: Path) -> None:
    """Scenarios, inject files and runs, together and by kind, as columns, names or JSON."""
    (run,) = (path.name for path in (place / "runs").iterdir())
    everything = wargame("list", cwd=place).stdout
    assert all(name in everything for name in ("korea-2017", "two-rivals", "korea-2017/assassination", run))
    assert wargame("list", "runs", "-q", cwd=place).stdout.split() == [run]
    assert wargame_json("list", "runs", cwd=place)["runs"][0]["ended"] == "endex"
    assert wargame("list", "runs", cwd=place).stdout.splitlines()[0].split() == [
        "name",
        "scenario",
        "started",
        "(UTC)",
        "seed",
        "ended",
    ]
    assert wargame("list", "batches", "-q", cwd=place).stdout == ""


def test_runs_are_listed_in_the_order_of_their_start(tmp_path: Path) -> None:
    """The newest last, which is the one that `last` means, whatever the names are."""
    for name in ("b", "a"):
        wargame("run", "two-rivals", "--until", "5d", "--out", f"runs/{name}", cwd=tmp_path)
    for name, minute in (("b", "01"), ("a", "02")):
        path = tmp_path / "runs" / name / "manifest.json"
        told = json.loads(path.read_bytes())
        path.write_text(json.dumps(told | {"started": f"2030-01-01T00:{minute}:00+00:00"}))
    assert wargame("list", "runs", "-q", cwd=tmp_path).stdout.split() == ["b", "a"]


def test_a_summary_calls_things_by_their_titles(tmp_path: Path) -> None:
    """Also outcomes that did not occur, and the injects that were to be answered; dates in sentences are all alike."""
    told = wargame("run", "two-rivals", "--out", "r", cwd=tmp_path).stdout
    assert "did not occur: A blockade; War in the strait\n" in told
    assert "missed  A patrol boat and a trawler collide\n" in told
    assert not re.search(r"\d{4}-\d\d-\d\d", told)
    lines = map(json.loads, (tmp_path / "r" / "journal.jsonl").read_text("utf-8").splitlines())
    signal = next(line for line in lines if line["kind"] == "signal")
    traced = wargame("why", "r", str(signal["seq"]), cwd=tmp_path).stdout
    names = {"ARD": "Arda", "BRL": "Brel"}
    assert f"{names[signal['who']]} learns that {names[signal['data']['actor']]} " in traced


def test_show_prints_the_summary_again(place: Path) -> None:
    """From the journal alone, it is the one that `run` printed."""
    again = wargame("run", "two-rivals", "--until", "120d", cwd=place)
    name = again.stdout.splitlines()[2].removeprefix("runs/")
    assert wargame("show", name, cwd=place).stdout == again.stdout


def test_show_has_json(place: Path) -> None:
    """The manifest and the findings."""
    told = wargame_json("show", "two-rivals", cwd=place) if len(list((place / "runs").iterdir())) == 1 else None
    told = told or wargame_json("show", "last", cwd=place)
    assert told["manifest"]["scenario"] == "two-rivals"
    assert {"outcomes", "turning_points", "expected", "attention"} <= set(told["summary"])


def test_why_leads_back_to_a_beginning(place: Path) -> None:
    """Every action of a run has a trace that says what it began with."""
    lines = next((place / "runs").iterdir()).joinpath("journal.jsonl").read_text().splitlines()
    actions = [record["seq"] for record in map(json.loads, lines) if record["kind"] == "action"]
    done = wargame("why", "last", str(actions[0]), cwd=place)
    assert done.stdout.startswith(f"#{actions[0]}  2030-")
    assert done.stdout.splitlines()[-1].startswith(("It began with ", "It goes back to "))
    assert wargame_json("why", "last", str(actions[0]), cwd=place)["origin"]


def test_init_makes_an_exercise_that_runs_at_once(tmp_path: Path) -> None:
    """Named after its folder, without problem or warning; a second time nothing is overwritten."""
    assert wargame("init", "crisis", cwd=tmp_path).returncode == 0
    valid = wargame("validate", "crisis", cwd=tmp_path)
    assert (valid.returncode, valid.stderr) == (0, "")
    assert wargame_json("run", "crisis", cwd=tmp_path)["scenario"] == "crisis"
    again = wargame("init", "crisis", cwd=tmp_path)
    assert again.returncode == 2
    assert "exists already" in again.stderr


@pytest.mark.parametrize("kind", ["scenario", "injects"])
def test_schema_prints_draft_07(kind: str, tmp_path: Path) -> None:
    """A JSON document that editors understand."""
    done = wargame("schema", kind, cwd=tmp_path)
    assert json.loads(done.stdout)["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_a_poor_terminal_gets_question_marks_not_a_traceback(place: Path) -> None:
    """A stream that cannot show a character."""
    done = wargame("show", "last", cwd=place, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")


def test_why_takes_an_id_too(tmp_path: Path) -> None:
    """The last record about an inject, option or outcome; an unknown one gets a suggestion."""
    made = wargame("run", "two-rivals", "--seed", "3", "--out", "r", "-q", cwd=tmp_path)
    assert made.returncode == 0
    assert "patrols into the strait" in wargame("why", "r", "patrol", cwd=tmp_path).stdout
    refused = wargame("why", "r", "patroll", cwd=tmp_path)
    assert refused.returncode == 2
    assert "did you mean 'patrol'?" in refused.stderr


def test_why_of_an_id_begins_at_what_happened(tmp_path: Path) -> None:
    """A later record that it was given up does not hide the action; what was never done says so."""
    wargame("run", "two-rivals", "--seed", "3", "--out", "r", "-q", cwd=tmp_path)
    journal = tmp_path / "r" / "journal.jsonl"
    records = [json.loads(line) for line in journal.read_text("utf-8").splitlines()]
    action = [record for record in records if (record["kind"], record["about"]) == ("action", "talk")][-1]
    for option in ("talk", "blockade"):
        data = {"option": option, "target": None, "reason": "the leader has changed"}
        late = {
            **records[-1],
            "seq": len(records),
            "kind": "order.cancelled",
            "who": "ASTER",
            "about": option,
            "data": data,
        }
        records.append({**late, "cause": []})
    journal.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    assert wargame("why", "r", "talk", cwd=tmp_path).stdout.startswith(f"#{action['seq']}  ")
    said = wargame("why", "r", "blockade", cwd=tmp_path).stdout.splitlines()
    assert re.fullmatch(r"blockade: never done; last given up at \d{4}-\d\d-\d\d \d\d:\d\d", said[0])
    assert "cancels its order (blockades the strait)" in said[1]


def test_a_list_tells_the_scenario_of_a_run(place: Path) -> None:
    """Which a name that was chosen does not."""
    assert {row["scenario"] for row in wargame_json("list", "runs", cwd=place)["runs"]} == {"two-rivals"}


def test_batches_are_listed_and_are_no_runs(tmp_path: Path) -> None:
    """By their names under runs/; what wants a run says that it was given a batch."""
    wargame("batch", "two-rivals", "-n", "2", "--until", "20d", "--jobs", "1", "--out", "runs/many", cwd=tmp_path)
    listed = wargame_json("list", cwd=tmp_path)
    assert ([row["name"] for row in listed["batches"]], listed["runs"]) == (["many"], [])
    assert (listed["batches"][0]["ended"], listed["batches"][0]["seed"]) == ("complete", 1)
    done = wargame("verify", "runs/many", cwd=tmp_path)
    assert (done.returncode, "of a batch" in done.stderr) == (3, True)


def test_what_may_still_come_has_not_been_absent(tmp_path: Path) -> None:
    """Of an exercise that goes on it is not said that an outcome did not occur."""
    script = tmp_path / "few.txt"
    script.write_text("advance 3d\n")
    wargame("play", "two-rivals", "--out", "e", "--script", "few.txt", cwd=tmp_path)
    assert "have not occurred so far: A blockade" in wargame("show", "e", cwd=tmp_path).stdout
    page = wargame("report", "e", "-o", "-", cwd=tmp_path).stdout
    assert "Have not occurred so far: A blockade" in page
    assert "Have not occurred so far" in wargame("report", "e", "--format", "md", "-o", "-", cwd=tmp_path).stdout
