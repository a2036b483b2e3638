"""The command line as a user types it: what it prints, where, and its exit codes."""

from __future__ import annotations

import ast
import inspect
import io
import json
import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

import wargame as package
from support import command_line as own_process
from support.command_line import wargame_after
from support.entry_point import wargame, wargame_json
from wargame import numbers
from wargame.cli.output import command_line, job_bar, progress_bar
from wargame.cli.tree import COMMANDS, GROUPS, function_of
from wargame.document.terminal import print_blocks
from wargame.review.findings.findings import open_findings
from wargame.review.findings.turning_points import ChainLink, TurningPoint
from wargame.review.reports.run_summary import run_summary
from wargame.scenario.loading.load import load


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory with one run under runs/."""
    path = tmp_path_factory.mktemp("place")
    done = wargame("run", "two-rivals", "--until", "120d", "-q", cwd=path)
    assert done.returncode == 0, done.stderr
    return path


# Help and version


def test_help_starts_with_examples_and_groups_the_commands(tmp_path: Path) -> None:
    """Examples come before usage, groups of commands and options; -h, --help and help print the same."""
    short = wargame("-h", cwd=tmp_path).stdout
    assert short == wargame("--help", cwd=tmp_path).stdout == wargame("help", cwd=tmp_path).stdout
    places = [
        short.index(title) for title in ("Examples:", "Usage:", *(f"\n{group}:\n" for group in GROUPS), "Options:")
    ]
    assert places == sorted(places)
    assert all(re.search(rf"^  {name} ", short, re.MULTILINE) for name in COMMANDS)
    assert list(GROUPS) == ["Run", "Live exercise", "Batches and studies", "Evidence", "Files and runs"]


def test_help_of_a_command_is_what_its_option_prints(tmp_path: Path) -> None:
    """`wargame help run` prints the same as `wargame run --help`; --json has it as a text."""
    expected = wargame("run", "--help", cwd=tmp_path).stdout
    assert wargame("help", "run", cwd=tmp_path).stdout == expected
    assert wargame_json("help", "run", cwd=tmp_path) == {"command": "run", "help": expected.rstrip("\n")}
    assert set(wargame_json("help", cwd=tmp_path)["groups"]) == set(GROUPS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_examples_json_and_the_common_options(command: str, tmp_path: Path) -> None:
    """--json, -q, --version and -h are options of every command, whose help starts with what it does."""
    done = wargame(*command.split(), "-h", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.index(f"wargame {command}") < done.stdout.index("Usage:")
    assert all(option in done.stdout for option in ("--json", "-q, --quiet", "--version", "-h, --help"))


def test_help_of_a_family_has_its_usage_and_its_commands(tmp_path: Path) -> None:
    """How a command of two words is called, and one line for each."""
    shown = wargame("msel", "-h", cwd=tmp_path).stdout
    assert shown.index("Usage: wargame msel [OPTIONS] COMMAND") < shown.index("Commands:")
    listed = shown.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    assert [line.split()[0] for line in listed] == ["export", "import", "show"]
    assert all(len(line.split()) > 2 for line in listed)


@pytest.mark.parametrize(
    ("command", "usage", "name"),
    [
        ("compare", "{BATCH...|RUN...}", "BATCH...|RUN..."),
        ("why", "{RUN} [SEQ|ID]", "SEQ|ID"),
        ("help", "[COMMAND]", "COMMAND"),
    ],
)
def test_arguments_in_help_are_named_as_on_the_pages(command: str, usage: str, name: str, tmp_path: Path) -> None:
    """Neither the usage nor the list of arguments has types or dots that a version of Typer adds."""
    lines = wargame(command, "-h", cwd=tmp_path).stdout.splitlines()
    assert f"Usage: wargame {command} [OPTIONS] {usage}" in lines
    assert [line for line in lines if re.match(rf"  {re.escape(name)}(  |$)", line)]


@pytest.mark.parametrize("words", [("--version",), ("run", "--version"), ("show", "--version")])
def test_the_version_is_printed_everywhere(words: tuple[str, ...], tmp_path: Path) -> None:
    """Also after a command; it is the version of the package, and whether its numbers are compiled."""
    assert wargame(*words, cwd=tmp_path).stdout == f"wargame {package.__version__} (numbers {numbers.PATH})\n"


@pytest.mark.slow
def test_completion_knows_commands_options_and_names(place: Path) -> None:
    """Commands, options of a command, built-in scenarios, inject files and runs."""

    def complete(line: str, word: int) -> list[str]:
        variables = {"_WARGAME_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(word)}
        return own_process.wargame(cwd=place, **variables).stdout.split()

    assert complete("wargame va", 1) == ["validate"]
    assert complete("wargame run --start", 2) == ["--startex"]
    assert complete("wargame run two", 2) == ["two-rivals"]
    assert complete("wargame run two-rivals --injects two-rivals/m", 4) == ["two-rivals/msel"]
    assert complete("wargame help rep", 2) == ["report"]
    assert complete("wargame batch china", 2) == ["china-only-vs-five-party"]
    assert complete("wargame show two", 2) == [path.name for path in (place / "runs").iterdir()]


IGNORED = {"quiet": {"resume", "serve", "join", "show", "schema", "help"}}
"""Options that have no effect of their own: these commands print no messages."""
IGNORED |= {"as_json": {"schema"}}
"""A schema is JSON in any case."""

READ_BY = {"silent": ("as_json", "quiet"), "written": ("as_json", "quiet"), "note": ("quiet",)}
"""What the methods of `shown`, which has these two options of every command, read of them."""


def functions_of(command: str) -> list[ast.FunctionDef]:
    """The function of a command, then those of its module that it calls, directly or through others."""
    function = function_of(command)
    tree = ast.parse(Path(inspect.getfile(function)).read_text("utf-8"))
    known = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}
    reached = [known[function.__name__]]
    for each in reached:
        named = [inner.id for inner in ast.walk(each) if isinstance(inner, ast.Name)]
        reached += [known[name] for name in dict.fromkeys(named) if name in known and known[name] not in reached]
    return reached


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_a_command_is_used(command: str) -> None:
    """A command reads each of its parameters, apart from the known exceptions, so that no option has no effect."""
    function, *helpers = functions_of(command)
    names = {each.arg for each in (*function.args.args, *function.args.kwonlyargs)} - {"shown"} | {"as_json", "quiet"}
    used = {each.id for each in ast.walk(function) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}
    inside = (each for part in (function, *helpers) for each in ast.walk(part))
    of_shown = (each for each in inside if isinstance(each, ast.Attribute) and ast.unparse(each.value) == "shown")
    used |= {option for each in of_shown for option in READ_BY.get(each.attr, (each.attr,))}
    assert names - used == {name for name, commands in IGNORED.items() if command in commands}


@pytest.mark.parametrize("command", COMMANDS)
def test_no_flag_of_a_command_is_set_unless_it_is_given(command: str) -> None:
    """Messages and progress are printed, and files are kept, unless the user asks for something else."""
    function = functions_of(command)[0]
    defaults = [*function.args.defaults, *function.args.kw_defaults]
    assert not [each for each in defaults if isinstance(each, ast.Constant) and each.value is True]


# Wrong commands and options


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("vaildate",), "Did you mean 'validate'"),
        (("help", "vaildate"), "Did you mean 'validate'"),
        (("print", "two-rivals", "--output", "x.html"), "No such option: --output"),
        (("run", "two-rivals", "--sed", "3"), "--seed"),
        (("run",), "Missing argument"),
        (("run", "two-rivls"), "two-rivals"),
        (("run", "two-rivals", "--seed", "x"), "--seed"),
        (("run", "two-rivals", "--seed", "-1"), "whole number"),
        (("run", "two-rivals", "--journal", "ful"), "(did you mean 'full'?)"),
        (("run", "two-rivals", "--injects", "two-rivals/mesl"), "two-rivals/msel"),
        (("run", "two-rivals", "--seat", "ARD"), "GOV=KIND"),
        (("run", "two-rivals", "--seat", "ARD=human"), "people can only play live"),
        (("run", "two-rivals", "--seat", "ARX=model"), "ARD"),
        (("run", "two-rivals", "--arm", "soft"), "not a study"),
        (("run", "two-rivals", "--until", "someday"), "someday"),
        (("run", "two-rivals", "--until", "2030-02-30"), "Feb 2030 has 28 days"),
        (("run", "two-rivals", "--set", "tensoin=1"), "tension"),
        (("run", "two-rivals", "--forbid", "ARD strik BRL"), "strike"),
        (("run", "two-rivals", "--skip", "colision"), "collision"),
        (("run", "two-rivals", "--out", "/"), "already exists"),
        (("run", "two-rivals", "--out", "x" * 300), "choose another place"),
        (("show", ""), "there is no run"),
        (("show", "x" * 300), "there is no run"),
        (("validate", "nowhere.yaml"), "nowhere.yaml"),
        (("show", "nothing"), "there is no run 'nothing'"),
        (("schema", "map"), "scenario"),
        (("list", "rnus"), "(did you mean 'runs'?)"),
        (
            ("report", "last", "--format", "pfd"),
            "--format': 'pfd' is not one of 'html', 'md', 'docx', 'pdf' (did you mean 'pdf'?)",
        ),
        (("batch", "two-rivals", "--scheduler", "tcp://x:1"), "--scheduler needs --executor dask"),
        (("targets", "two-rivals", "--resume"), "--resume: give the folder of the earlier runs with --out"),
        (("play", "two-rivals", "--script", "none.txt"), "--script: none.txt is not a file"),
        (("report", "last", "--out", "-", "--json"), "--out - and --json"),
    ],
)
def test_a_wrong_command_line_is_refused_with_a_hint(words: tuple[str, ...], message: str, tmp_path: Path) -> None:
    """Exit 2 and a message on standard error with the nearest right word; no traceback, nothing written."""
    done = wargame(*words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_an_invalid_file_lists_all_its_problems_with_places(tmp_path: Path) -> None:
    """Exit 3; each problem is on a line of its own and starts with file:line:column."""
    wargame("init", "x", cwd=tmp_path)
    file = tmp_path / "x" / "scenario.yaml"
    file.write_text(
        file.read_text("utf-8").replace("leader: upl_president", "leader: upl_presidnt").replace("water:", "watr:", 1)
    )
    done = wargame("run", "x", cwd=tmp_path)
    assert done.returncode == 3
    assert re.search(r"^x/scenario\.yaml:\d+:\d+: .*did you mean 'upl_president'", done.stderr, re.MULTILINE)
    assert re.search(r"^\d+ problems$", done.stderr, re.MULTILINE)
    assert not (tmp_path / "runs").exists()


def test_an_internal_error_is_one_line(tmp_path: Path) -> None:
    """Exit 1 with one line that says how to see the traceback."""
    code = "import wargame.scenario.loading.load as m; m.load = None"
    short = wargame_after(code, "run", "two-rivals", cwd=tmp_path)
    assert short.returncode == 1
    assert short.stderr.startswith("internal error: TypeError")
    assert "wargame --debug" in short.stderr
    long = wargame_after(code, "run", "two-rivals", cwd=tmp_path, WARGAME_TRACEBACK="1")
    assert "Traceback" in long.stderr


# run


FILES = {"inputs", "journal.jsonl", "manifest.json", "report.html", "summary.json"}


def test_a_run_prints_a_summary_and_writes_a_folder(tmp_path: Path) -> None:
    """A named folder under runs/ with all its parts, a summary on standard output, nothing on standard error."""
    done = own_process.wargame("run", "two-rivals", "--seed", "3", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    (folder,) = (tmp_path / "runs").iterdir()
    assert re.fullmatch(r"two-rivals-s3-[a-z]+-[a-z]+", folder.name)
    assert {path.name for path in folder.iterdir()} == FILES
    for title in ("Outcomes", "Expected actions", "Attention", "Where to look next", f"wargame verify {folder.name}"):
        assert title in done.stdout


def test_json_has_counts_and_estimates(tmp_path: Path) -> None:
    """One document with the run folder, counts, outcomes and the hash of the journal."""
    document = wargame_json("run", "two-rivals", "--seed", "7", "--out", "deep/here", cwd=tmp_path)
    assert (tmp_path / document["run_dir"] / "journal.jsonl").is_file()
    assert document["seed"] == 7
    assert document["kernel_events"] > document["decisions"] > 50
    assert set(document["outcomes"]) == {"war", "blockade_laid", "calm"}
    assert re.fullmatch(r"[0-9a-f]{64}", document["journal_sha256"])
    manifest = json.loads((tmp_path / "deep/here/manifest.json").read_text("utf-8"))
    assert manifest["command"] == "wargame run two-rivals --seed 7"


def test_the_manifest_repeats_the_command(tmp_path: Path) -> None:
    """The command of the manifest, typed again, gives the same journal."""
    words = ["run", "two-rivals", "--until", "60d", "--set", "trust[ARD, BRL]=0.5@D+3", "--forbid", "ARD patrol BRL"]
    first = wargame_json(*words, "--force", "D+9 BRL protest ARD", "--skip", "funeral", "--out", "one", cwd=tmp_path)
    command = json.loads((tmp_path / "one/manifest.json").read_text("utf-8"))["command"]
    again = wargame_json(*shlex.split(command)[1:], "--out", "two", cwd=tmp_path)
    assert again["journal_sha256"] == first["journal_sha256"]


def test_quiet_prints_only_the_folder(tmp_path: Path) -> None:
    """One line on standard output for scripts; -q works before and after the command's name."""
    for words in (("run", "two-rivals", "--until", "9d", "-q"), ("-q", "run", "two-rivals", "--until", "9d")):
        done = wargame(*words, cwd=tmp_path)
        assert done.stderr == ""
        assert (tmp_path / done.stdout.strip() / "manifest.json").is_file()


@pytest.mark.parametrize(("level", "kinds"), [("decisions", {"signal", "snapshot"}), ("none", None)])
def test_the_journal_has_the_requested_level(level: str, kinds: set[str] | None, tmp_path: Path) -> None:
    """`decisions` leaves out signals and snapshots without renumbering; `none` keeps nothing."""
    wargame_json("run", "two-rivals", "--out", "full", cwd=tmp_path)
    wargame_json("run", "two-rivals", "--journal", level, "--out", "less", cwd=tmp_path)
    full, less = ((tmp_path / name / "journal.jsonl").read_text("utf-8").splitlines() for name in ("full", "less"))
    expected = [] if kinds is None else [line for line in full if json.loads(line)["kind"] not in kinds]
    assert less == expected
    assert wargame("verify", "less", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("level", ["full", "none"])
def test_an_outcome_may_end_the_run(level: str, tmp_path: Path) -> None:
    """The manifest and the summary name it, and the re-run ends there too."""
    war = ("--force", "D+5 ARD strike BRL", "--force", "D+6 BRL strike ARD", "--journal", level)
    done = wargame("run", "two-rivals", *war, "--out", "war", cwd=tmp_path)
    assert json.loads((tmp_path / "war/manifest.json").read_text("utf-8"))["ended"] == "outcome war"
    assert "outcome war" in done.stdout
    assert re.search(r"7 Jan 2030, 00:00 +day 6.0 +war", done.stdout, re.IGNORECASE)
    assert wargame("verify", "war", cwd=tmp_path).returncode == 0


def test_a_folder_that_exists_is_refused(tmp_path: Path) -> None:
    """Exit 2 with a remedy before the run starts; the folder does not change."""
    (tmp_path / "here").mkdir()
    done = wargame("run", "two-rivals", "--out", "here", cwd=tmp_path)
    assert done.returncode == 2
    assert "here already exists; remove it or choose another folder with --out" in done.stderr
    assert not list((tmp_path / "here").iterdir())


def test_a_progress_bar_goes_to_standard_error_when_forced(tmp_path: Path) -> None:
    """WARGAME_PROGRESS=1 shows it without a terminal; standard output has only the summary."""
    done = wargame("run", "two-rivals", "--no-report", cwd=tmp_path, WARGAME_PROGRESS="1")
    assert "day" in done.stderr
    assert "\r" not in done.stdout
    assert done.stdout.startswith("Two rivals")


def test_the_bar_counts_from_startex(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Before STARTEX it says that history is replayed; the rate has no decimals."""
    monkeypatch.setenv("WARGAME_PROGRESS", "1")
    with progress_bar("here", quiet=False) as advance:
        assert advance is not None
        advance(-30 * 86400, 90 * 86400)
        advance(45 * 86400, 90 * 86400)
    shown = capsys.readouterr().err
    assert "here: replaying history" in shown
    assert "0/90 days" in shown
    assert not re.search(r"\d\.\d+ ?days?/s", shown)


def test_the_bar_of_a_job_counts_failures_and_survives_a_new_phase(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It shows runs done, due and failed; a second phase starts again at 0 without a negative rate."""
    monkeypatch.setenv("WARGAME_PROGRESS", "1")
    with job_bar("batch", quiet=False) as advance:
        assert advance is not None
        for done, total, failed in ((3, 9, 0), (9, 9, 1), (0, 4, 0), (4, 4, 0)):
            advance(done, total, failed)
    shown = capsys.readouterr().err
    assert "batch" in shown
    assert "failed=1" in shown
    assert "0/4" in shown
    assert not re.search(r"-\d+(\.\d+)?run/s", shown)
    with job_bar("batch", quiet=True) as advance:
        assert advance is None


def test_a_command_line_is_quoted_and_leaves_out_defaults() -> None:
    """Lists repeat their option, True is a flag; None, False and empty texts do not appear; a seed of 0 does."""
    typed = command_line("run", "my file", seed=0, n=5, until_ci=None, set=["a=1", "b=2"], events=True, skip=(), arm="")
    assert typed == "wargame run 'my file' --seed 0 -n 5 --set a=1 --set b=2 --events"


def test_a_suggested_command_is_on_one_line_with_what_it_does(tmp_path: Path) -> None:
    """However long that is, so that it can be copied; the title of an outcome is printed without a second colon."""
    wargame("run", "two-rivals", "--seed", "1", "--out", "r", "-q", cwd=tmp_path)
    summary = open_findings(tmp_path / "r").summary
    title = "a long title " * 12
    link = ChainLink(9, summary.reached, "outcome", f"Outcome: {title}", title)
    point = TurningPoint(9, summary.reached, "outcome", link.text, "why", 9.0, (link,))
    screen = Console(file=io.StringIO(), width=80)
    print_blocks(screen, run_summary(replace(summary, turning_points=(point,)), "r", "r"))
    shown = screen.file.getvalue()  # type: ignore[attr-defined]
    lines = shown[shown.index("Where to look next") :].splitlines()[1:]
    assert all(line.startswith("wargame ") and "  # " in line for line in lines)
    assert "# what led to: a long title" in lines[0]


def test_the_suggested_why_leads_to_a_decision(tmp_path: Path) -> None:
    """A weightier event that follows an order from before STARTEX has no decision to show."""
    wargame("run", "two-rivals", "--seed", "1", "--out", "r", "-q", cwd=tmp_path)
    summary = open_findings(tmp_path / "r").summary
    inherited = (ChainLink(3, summary.startex, "order.carried_over", "is preparing it since before STARTEX"),)
    decided = (ChainLink(5, summary.startex, "decision", "decides"),)
    points = (
        TurningPoint(8, summary.reached, "outcome", "a heavy event", "why", 9.0, inherited),
        TurningPoint(9, summary.reached, "action", "a lighter event", "why", 5.0, decided),
    )
    screen = Console(file=io.StringIO(), width=80)
    print_blocks(screen, run_summary(replace(summary, turning_points=points), "r", "r"))
    assert "what led to: a lighter event" in screen.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("variables", "coloured"), [({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)]
)
def test_no_color_wins(variables: dict[str, str], coloured: bool, place: Path) -> None:
    """NO_COLOR turns colours off, even with FORCE_COLOR."""
    done = wargame("show", "last", cwd=place, TERM="xterm-256color", **variables)
    assert ("\x1b[1;36m" in done.stdout) == coloured


# The other commands


def test_validate_prints_load_and_stability(tmp_path: Path) -> None:
    """For valid files: the share of time in routine meetings and the number of actions in response to one."""
    done = wargame("validate", "two-rivals", "cuba-1962", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "two-rivals: ok, 2 files" in done.stdout
    assert re.search(r"working time in routine meetings: ARD \d+ %, BRL \d+ %", done.stdout)
    assert len(re.findall(r"one action is expected to cause 0\.\d\d in response", done.stdout)) == 2


def test_validate_prints_problems_as_json(tmp_path: Path) -> None:
    """Exit 3, and the document lists the problems with their places."""
    (tmp_path / "bad.yaml").write_text("format: wargame-scenario/1\nname: bad\n")
    done = wargame("validate", "two-rivals", "bad.yaml", "--json", cwd=tmp_path)
    good, bad = json.loads(done.stdout)["targets"]
    assert done.returncode == 3
    assert (good["ok"], bad["ok"]) == (True, False)
    assert {"file", "line", "column", "message", "remedy"} == set(bad["problems"][0])


def test_list_prints_scenarios_injects_and_runs(place: Path) -> None:
    """All together or one kind, as columns, names or JSON."""
    (run,) = (path.name for path in (place / "runs").iterdir())
    everything = wargame("list", cwd=place).stdout
    assert all(name in everything for name in ("korea-2017", "two-rivals", "korea-2017/assassination", run))
    assert wargame("list", "runs", "-q", cwd=place).stdout.split() == [run]
    assert wargame_json("list", "runs", cwd=place)["runs"][0]["ended"] == "endex"
    headings = wargame("list", "runs", cwd=place).stdout.splitlines()[0].split()
    assert headings == ["name", "scenario", "started", "(UTC)", "took", "seed", "ended", "wargame"]
    assert wargame("list", "batches", "-q", cwd=place).stdout == ""


def test_runs_are_listed_by_start(tmp_path: Path) -> None:
    """The newest is last, as in `wargame show last`, whatever the names are."""
    for name in ("b", "a"):
        wargame("run", "two-rivals", "--until", "5d", "--out", f"runs/{name}", cwd=tmp_path)
    for name, minute in (("b", "01"), ("a", "02")):
        path = tmp_path / "runs" / name / "manifest.json"
        manifest = json.loads(path.read_bytes())
        path.write_text(json.dumps(manifest | {"started": f"2030-01-01T00:{minute}:00+00:00"}))
    assert wargame("list", "runs", "-q", cwd=tmp_path).stdout.split() == ["b", "a"]


def test_a_summary_uses_titles(tmp_path: Path) -> None:
    """Also for outcomes that did not occur and for injects; dates are written in one form."""
    summary = wargame("run", "two-rivals", "--out", "r", cwd=tmp_path).stdout
    assert "did not occur: A blockade; War in the strait\n" in summary
    assert "missed  A patrol boat and a trawler collide\n" in summary
    assert not re.search(r"\d{4}-\d\d-\d\d", summary)
    lines = map(json.loads, (tmp_path / "r" / "journal.jsonl").read_text("utf-8").splitlines())
    signal = next(line for line in lines if line["kind"] == "signal")
    traced = wargame("why", "r", str(signal["seq"]), cwd=tmp_path).stdout
    names = {"ARD": "Arda", "BRL": "Brel"}
    assert f"{names[signal['who']]} learns that {names[signal['data']['actor']]} " in traced


def test_show_prints_the_summary_again(place: Path) -> None:
    """Computed from the journal, it is the one that `run` printed."""
    again = wargame("run", "two-rivals", "--until", "120d", cwd=place)
    name = again.stdout.splitlines()[2].removeprefix("runs/")
    assert wargame("show", name, cwd=place).stdout == again.stdout


def test_show_has_json(place: Path) -> None:
    """The manifest and the findings."""
    document = wargame_json("show", "last", cwd=place)
    assert document["manifest"]["scenario"] == "two-rivals"
    assert {"outcomes", "turning_points", "expected", "attention"} <= set(document["summary"])


def test_why_traces_an_action_to_its_origin(place: Path) -> None:
    """The trace of an action begins with the nearest decision, and ends with what started the chain."""
    lines = next((place / "runs").iterdir()).joinpath("journal.jsonl").read_text("utf-8").splitlines()
    actions = [record["seq"] for record in map(json.loads, lines) if record["kind"] == "action"]
    done = wargame("why", "last", str(actions[0]), cwd=place)
    first, second, *_ = done.stdout.splitlines()
    assert first.startswith(("Decided by ", "No decision, "))
    assert second.startswith(f"#{actions[0]}  2030-")
    assert done.stdout.splitlines()[-1].startswith(("It began with ", "It goes back to "))
    assert wargame_json("why", "last", str(actions[0]), cwd=place)["origin"]


def test_why_traces_a_run_whose_inputs_cannot_be_read(tmp_path: Path) -> None:
    """With the ids of the journal instead of titles, since the titles are in the inputs."""
    assert wargame("run", "two-rivals", "--out", "r", "-q", cwd=tmp_path).returncode == 0
    titled = wargame("why", "r", "patrol", cwd=tmp_path).stdout
    for path in (tmp_path / "r" / "inputs").rglob("*.yaml"):
        path.write_text("governments: [", "utf-8")
    done = wargame("why", "r", "patrol", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()[1:]] == [
        line.split()[0] for line in titled.splitlines()[1:]
    ]
    assert done.stdout.startswith("Decided by BRL ")
    assert titled.startswith("Decided by Brel ")


def test_init_creates_an_exercise_that_runs_at_once(tmp_path: Path) -> None:
    """It is named after its folder and has no problems or warnings; a second call overwrites nothing."""
    assert wargame("init", "crisis", cwd=tmp_path).returncode == 0
    valid = wargame("validate", "crisis", cwd=tmp_path)
    assert (valid.returncode, valid.stderr) == (0, "")
    assert wargame_json("run", "crisis", cwd=tmp_path)["scenario"] == "crisis"
    again = wargame("init", "crisis", cwd=tmp_path)
    assert again.returncode == 2
    assert "exists already" in again.stderr


@pytest.mark.parametrize("name", ["two-rivals", "korea-2017", "cuba-1962"])
def test_init_copies_a_built_in_scenario_with_its_script(name: str, tmp_path: Path) -> None:
    """The copy has the same content, and its script is the file beside it."""
    done = wargame("init", "mine", "--from", name, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    copy, base = load(str(tmp_path / "mine")), load(name)
    assert len(copy.injects) > 5
    assert (copy.injects, copy.scenario.options) == (base.injects, base.scenario.options)
    assert "scenario/msel.yaml" in copy.files
    again = wargame("init", "mine", "--from", name, cwd=tmp_path)
    assert (again.returncode, "exists already" in again.stderr) == (2, True)


def test_init_names_the_scenarios_that_can_be_copied(tmp_path: Path) -> None:
    """If the name is wrong; nothing is written."""
    done = wargame("init", "mine", "--from", "korea", cwd=tmp_path)
    assert done.returncode == 2
    assert "there is no built-in scenario 'korea' (did you mean 'korea-2017'?)" in done.stderr
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize("kind", ["scenario", "injects"])
def test_schema_prints_draft_07(kind: str, tmp_path: Path) -> None:
    """A JSON document that editors understand."""
    done = wargame("schema", kind, cwd=tmp_path)
    assert json.loads(done.stdout)["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_a_stream_without_unicode_prints_question_marks(place: Path) -> None:
    """Instead of a traceback."""
    done = own_process.wargame("show", "last", cwd=place, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")


def test_why_takes_an_id_too(tmp_path: Path) -> None:
    """The last record about an inject, option or outcome; an unknown id gets a suggestion."""
    done = wargame("run", "two-rivals", "--seed", "3", "--out", "r", "-q", cwd=tmp_path)
    assert done.returncode == 0
    assert "patrols into the strait" in wargame("why", "r", "patrol", cwd=tmp_path).stdout
    refused = wargame("why", "r", "patroll", cwd=tmp_path)
    assert refused.returncode == 2
    assert "did you mean 'patrol'?" in refused.stderr


def test_why_of_an_id_starts_at_what_happened(tmp_path: Path) -> None:
    """A later cancelled order does not hide the action; an option that was never carried out is reported as that."""
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
    assert wargame("why", "r", "talk", cwd=tmp_path).stdout.splitlines()[1].startswith(f"#{action['seq']}  ")
    lines = wargame("why", "r", "blockade", cwd=tmp_path).stdout.splitlines()
    assert re.fullmatch(r"blockade: never carried out; last cancelled at \d{4}-\d\d-\d\d \d\d:\d\d", lines[0])
    assert "cancels its order (blockades the strait)" in lines[2]


def test_a_list_shows_the_scenario_of_a_run(place: Path) -> None:
    """A name given with --out need not contain it."""
    assert {row["scenario"] for row in wargame_json("list", "runs", cwd=place)["runs"]} == {"two-rivals"}


def test_batches_are_listed_apart_from_runs(tmp_path: Path) -> None:
    """By their names under runs/; a command that needs a run says that it was given a batch."""
    wargame("batch", "two-rivals", "-n", "2", "--until", "20d", "--jobs", "1", "--out", "runs/many", cwd=tmp_path)
    listed = wargame_json("list", cwd=tmp_path)
    assert ([row["name"] for row in listed["batches"]], listed["runs"]) == (["many"], [])
    assert (listed["batches"][0]["ended"], listed["batches"][0]["seed"]) == ("complete", 1)
    done = wargame("verify", "runs/many", cwd=tmp_path)
    assert (done.returncode, "of a batch" in done.stderr) == (3, True)


def test_an_unfinished_exercise_says_not_occurred_so_far(tmp_path: Path) -> None:
    """Summary and report do not say that an outcome did not occur while it still may."""
    script = tmp_path / "few.txt"
    script.write_text("advance 3d\n")
    wargame("play", "two-rivals", "--out", "e", "--script", "few.txt", cwd=tmp_path)
    assert "have not occurred so far: A blockade" in wargame("show", "e", cwd=tmp_path).stdout
    page = wargame("report", "e", "-o", "-", cwd=tmp_path).stdout
    assert "Have not occurred so far: A blockade" in page
    assert "Have not occurred so far" in wargame("report", "e", "--format", "md", "-o", "-", cwd=tmp_path).stdout
