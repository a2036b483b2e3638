"""The console as a command: scripts, standard input, errors, other terminals, the look ahead, forks, paper."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from support.command_line import environment
from support.engine import loaded
from support.live import console, journal, session, told, verified
from wargame.errors import UsageFault
from wargame.executor.run import Place, simulate
from wargame.futures.lookahead import EPOCHS, LookaheadOrigin, LookaheadRequest, futures, play_on, share
from wargame.journal.command_log import read_commands
from wargame.live.console.command_line import split
from wargame.live.console.completion import complete, table
from wargame.live.console.console import Console, known_verbs
from wargame.live.console.registry import VERBS
from wargame.live.console.view_commands import bar
from wargame.live.session.fork import changes_of, fork_of, one_future
from wargame.live.terminals.socket import NAME
from wargame.simulation.kernel.settings import Command, Settings

Wargame = Callable[..., subprocess.CompletedProcess[str]]


# --- the command ---------------------------------------------------------------------------------


def test_commands_from_standard_input(wargame: Wargame) -> None:
    """One a line; the end of input leaves an exercise that can be resumed, exit 0, and verifies."""
    done = wargame("play", "two-rivals", "--seed", "5", "--out", "run", stdin="advance 30d\nrelease harvest\n")
    assert done.returncode == 0, done.stderr
    assert "EXERCISE EXERCISE EXERCISE" in done.stdout
    assert "harvest: released" in done.stdout
    assert wargame("verify", "run").stdout.endswith("the same byte for byte\n")
    assert wargame("resume", "run", stdin="endex\n").returncode == 0


def test_a_script_with_an_error_in_line_40(wargame: Wargame, tmp_path: Path) -> None:
    """File and line, exit 2; what came before is kept, what comes after is not done."""
    lines = ["advance 1d"] * 39 + ["relaese harvest", "release harvest"]
    (tmp_path / "commands.txt").write_text("\n".join(lines))
    done = wargame("play", "two-rivals", "--script", "commands.txt", "--out", "run")
    assert done.returncode == 2
    assert "commands.txt:40: there is no command 'relaese' (did you mean 'release'?)" in done.stderr
    kinds = [json.loads(line)["kind"] for line in (tmp_path / "run" / "commands.jsonl").read_text().splitlines()]
    assert kinds == ["advance"] * 39
    assert wargame("resume", "run", stdin="advance 1d\n").returncode == 0


def test_a_mistyped_line_does_not_end_a_typed_exercise(wargame: Wargame) -> None:
    """It is told with its number on standard error, and the next one counts."""
    done = wargame("play", "two-rivals", "--out", "run", stdin='bogus\nnote "open\n# a remark\n\nadvance 2d\n')
    assert done.returncode == 0
    assert "line 1: there is no command 'bogus'" in done.stderr
    assert "line 2: a quotation mark is missing" in done.stderr
    assert "2030-01-03 00:00 (D+2)" in done.stdout


def test_json(wargame: Wargame) -> None:
    """One document on standard output, the rest on standard error."""
    done = wargame("play", "two-rivals", "--out", "run", "--json", "--pace", "1d=5s", stdin="advance 400d\n")
    document = json.loads(done.stdout)
    assert (document["run_dir"], document["ended"]) == ("run", "endex")


@pytest.mark.parametrize(
    ("words", "told_so"),
    [
        (("play", "two-rivals", "--seat", "ARD"), "write GOV=KIND"),
        (("play", "two-rivals", "--seat", "XYZ=human"), "there is no government 'XYZ'"),
        (("play", "two-rivals", "--pace", "fast"), "a pace is written"),
        (("join", "nothing", "--seat", "ARD"), "there is no run 'nothing'"),
    ],
)
def test_a_wrong_command_line_says_so(wargame: Wargame, tmp_path: Path, words: tuple[str, ...], told_so: str) -> None:
    """Exit 2, and no folder is left."""
    done = wargame(*words)
    assert done.returncode == 2
    assert told_so in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.rglob("manifest.json"))


def test_every_verb_has_help_and_a_first_word(tmp_path: Path) -> None:
    """`help` lists all that the facilitator has; `help VERB` explains each."""
    there = console(tmp_path / "run")
    listed, whole = "\n".join(told(there, "help")), "\n".join(told(there, "help all"))
    for name, verb in known_verbs().items():
        if "facilitator" in verb.roles:
            assert name in listed
            assert verb.usage in whole
            assert verb.usage in "\n".join(told(there, f"help {name}"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('order ARD talk BRL --why "to calm them"', ["ARD", "talk", "BRL"]),
        ("note “smart quotes”", ["smart quotes"]),
        ("note don't", ["don't"]),
        ("delay x -2d", ["x", "-2d"]),
    ],
)
def test_lines_are_taken_apart_as_people_type_them(line: str, words: list[str]) -> None:
    """Quotes of any kind hold together; apostrophes are letters."""
    found = split(line)
    found.name(VERBS[found.verb].options)
    assert found.args == words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("rel", ["release"]),
        ("release ha", ["harvest"]),
        ("order A", ["ARD"]),
        ("order ARD t", ["talk", "trade"]),
        ("order ARD talk ", ["BRL"]),
        ("seat ARD h", ["human"]),
        ("edit collision mess", ["message"]),
        ("rate sig", ["signals"]),
        ("msel x y ", []),
    ],
)
def test_completion(tmp_path: Path, line: str, words: list[str]) -> None:
    """Verbs, governments, options, targets, inject ids, fields."""
    assert complete(table(console(tmp_path / "run")), line) == words


def test_the_bar_has_both_clocks_and_what_waits(tmp_path: Path) -> None:
    """Game, wall, PAUSEX, the next inject, what is due, the queue."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    told(there, "advance 10d", 'order ARD "ask the neutral powers"')
    shown = "\n".join(bar(there, "14:05:00"))
    for part in ("EXERCISE", "2030-01-06 00:00 (D+5)", "14:05:00", "PAUSEX", "collision in 15d 6h", "DUE: ARD strait"):
        assert part in shown
    assert "queue: 1" in shown


def test_moves_and_conditions(tmp_path: Path) -> None:
    """`move` ends where the move ends, `until` where a condition holds, and says if it never did."""
    there = console(tmp_path / "run")
    told(there, "move")
    assert there.session.exercise.now == 30 * 86400
    told(there, "until tension < 0.25")
    assert there.session.exercise.context.world.get("tension") < 0.25
    with pytest.raises(UsageFault, match="already holds"):
        there.run("until tension < 0.25")
    assert "tension > 5 was never met." in told(there, "until tension > 5")


def test_the_hot_wash_has_what_is_needed(tmp_path: Path) -> None:
    """Questions, expected actions by how they came out, notes, and objectives without a rating."""
    there = console(tmp_path / "run")
    told(there, "advance 60d", 'note "slow" --tag improve', "rate collision late --who ARD", "endex")
    shown = "\n".join(told(there, "hotwash"))
    for part in ("What should we sustain?", "expected of", "note: slow", "signals: Answer an incident", "EXERCISE"):
        assert part in shown
    told(there, 'rate signals S "slowly"')
    assert "Objectives without a rating" not in "\n".join(told(there, "hotwash"))


# --- other terminals -----------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="sockets of POSIX")
def test_terminals_join_through_a_socket_of_the_owner(tmp_path: Path, wargame: Wargame) -> None:
    """A seat orders, a scribe notes; a second facilitator is refused; at the end everybody is let go."""
    command = [sys.executable, "-c", "from wargame.cli import main; main()"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(
        [*command, "play", "two-rivals", "--out", "run", "--seat", "ARD=human"],
        cwd=tmp_path, env=environment(), text=True, **pipes,  # type: ignore[call-overload]  # of a mapping
    ) as main:  # fmt: skip
        socket = tmp_path / "run" / NAME
        end = time.monotonic() + 20
        while not socket.exists() and time.monotonic() < end:
            time.sleep(0.02)
        assert stat.S_IMODE(socket.stat().st_mode) == 0o600
        seat = wargame(
            "join", "run", "--seat", "ARD", stdin="order talk BRL --why peace\norder strike BRL\nadvance 3d\n"
        )
        scribe = wargame("join", "run", "--notes", stdin='note "seen" --tag sustain\nrelease harvest\n')
        second = wargame("join", "run")
        wrong = wargame("join", "run", "--seat", "XYZ")
        out, _ = main.communicate("advance 3d\nquit\n", timeout=30)
    assert "ARD offers talks (BRL)" in seat.stdout
    assert "violence needs an attack" in seat.stdout
    assert "'advance' is not for a seat" in seat.stdout
    assert "Noted" in scribe.stdout
    assert "'release' is not for a scribe" in scribe.stdout
    assert (second.returncode, wrong.returncode) == (2, 2)
    assert "has its facilitator" in second.stderr
    assert "ARD: order ARD talk BRL" in out
    assert not socket.exists()
    assert wargame("join", "run", "--seat", "ARD").returncode == 2
    assert verified(tmp_path / "run")


# --- looking ahead -------------------------------------------------------------------------------


def moment(there: Console) -> LookaheadOrigin:
    """The present moment of an exercise, as the helper process reads it."""
    return LookaheadOrigin.of(there.session.folder, there.session.head, there.session.exercise.now)


def test_a_look_ahead_leaves_the_exercise_alone(wargame: Wargame, tmp_path: Path) -> None:
    """Forecast, whatif and where between commands: the journal and the log are those without them."""
    asked = "advance 10d\nforecast 30d -n 4\nwhatif skip collision -n 4 --over 30d\nwhere -n 4\nadvance 30d\n"
    done = wargame("play", "two-rivals", "--seed", "5", "--out", "asked", stdin=asked)
    wargame("play", "two-rivals", "--seed", "5", "--out", "plain", stdin="advance 10d\nadvance 30d\n")
    assert "forecast over 30d, 4 futures from 2030-01-11" in done.stdout
    assert "whatif skip collision over 30d" in done.stdout
    assert "of 4 unattended runs at the same moment" in done.stdout.lower()
    assert (tmp_path / "asked/journal.jsonl").read_bytes() == (tmp_path / "plain/journal.jsonl").read_bytes()


def test_futures_begin_where_the_exercise_stands(tmp_path: Path) -> None:
    """Forked or re-simulated, a future is a function of its number alone."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    told(there, "advance 20d", "release harvest")
    question = LookaheadRequest("forecast", 120 * 86400, 5)
    found = futures(moment(there).make, question, proposed=False, jobs=2)
    again = [play_on(moment(there).make(), number, question, proposed=False) for number in range(5)]
    assert found == again
    assert len({tuple(sorted(future.measures.items())) for future in found}) > 1


def test_a_proposal_is_compared_on_the_same_draws(tmp_path: Path) -> None:
    """What it does not touch is equal in both."""
    there = console(tmp_path / "run")
    told(there, "advance 5d")
    command = Command(kind="skip", data={"inject": "harvest"})
    question = LookaheadRequest("whatif", 100 * 86400, 3, command)
    without = futures(moment(there).make, question, proposed=False, jobs=1)
    given = futures(moment(there).make, question, proposed=True, jobs=1)
    assert [future.measures for future in without] == [future.measures for future in given]
    assert EPOCHS > 1000


@pytest.mark.parametrize(
    "line", ["whatif", "whatif release nothing", "whatif order ARD strike BRL", "forecast x", "where -n 0"]
)
def test_a_question_that_makes_no_sense_is_refused(tmp_path: Path, line: str) -> None:
    """Before anything is started."""
    there = console(tmp_path / "run")
    with pytest.raises(UsageFault):
        there.run(line)
    assert not there.errands


def test_intervals_of_shares() -> None:
    """Wilson's: they stay within 0 and 1 and hold the share."""
    assert share(0, 20) == pytest.approx((0.0, 0.0, 0.161), abs=0.001)
    assert share(10, 20) == pytest.approx((0.5, 0.299, 0.701), abs=0.001)


# --- forks from outside --------------------------------------------------------------------------


def test_a_fork_of_a_finished_run(wargame: Wargame, tmp_path: Path) -> None:
    """It shares the past, verifies, and leaves the run as it was."""
    before = simulate(loaded(), 5, Settings(), place=Place(out=tmp_path / "run")).folder.journal.read_bytes()
    done = wargame("fork", "run", "--at", "D+30", "--skip", "coup", "--order", "ARD talk BRL", "--out", "fork")
    assert done.returncode == 0, done.stderr
    forked = (tmp_path / "fork" / "journal.jsonl").read_bytes()
    shared = [line for line in before.splitlines() if json.loads(line)["t"] < 30 * 86400]
    assert forked.splitlines()[: len(shared)] == shared
    assert forked != before
    assert (tmp_path / "run" / "journal.jsonl").read_bytes() == before
    assert verified(tmp_path / "fork")


def test_a_fork_of_a_live_run_has_its_commands_so_far(tmp_path: Path) -> None:
    """Those before the moment, not those after."""
    there = console(tmp_path / "run")
    told(there, "advance 10d", "release harvest", "advance 60d", "release broker")
    there.session.close()
    one_future(fork_of(there.session.folder, "D+40", []), Place(out=tmp_path / "fork"), "")
    lines = read_commands(tmp_path / "fork" / "commands.jsonl")
    assert [line.data["inject"] for line in lines if line.kind == "release"] == ["harvest"]


def test_an_ensemble_of_forks(wargame: Wargame, tmp_path: Path) -> None:
    """Shares of outcomes with intervals, and no folder."""
    simulate(loaded(), 5, Settings(), place=Place(out=tmp_path / "run"))
    done = wargame("fork", "run", "--at", "D+200", "-n", "6", "--json")
    rows = json.loads(done.stdout)["estimates"]
    assert {row["outcome"] for row in rows} == {"war", "calm", "blockade_laid"}
    assert all(0 <= row["low"] <= row["estimate"] <= row["high"] <= 1 for row in rows)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize(("at", "skips"), [("D+999", []), ("soon", []), ("99999", []), ("D+3", ["x"])])
def test_a_fork_that_makes_no_sense_is_refused(tmp_path: Path, at: str, skips: list[str]) -> None:
    """With the reason."""
    run = simulate(loaded(), 5, Settings(until="60d"), place=Place(out=tmp_path / "run"))
    with pytest.raises(UsageFault):
        fork_of(run.folder, at, changes_of([], skips, []))


# --- on paper ------------------------------------------------------------------------------------


class Words(HTMLParser):
    """The text of a page, and the hosts that it would ask."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.asked: list[str] = []

    def handle_data(self, data: str) -> None:
        """Collects text."""
        self.text.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collects addresses."""
        del tag
        self.asked += [str(value) for name, value in attrs if name in ("src", "href")]


def test_the_exercise_on_paper(wargame: Wargame, tmp_path: Path) -> None:
    """Crib, turn sheets and cards; every card has its id and its message; no request to any host."""
    assert wargame("print", "two-rivals", "-o", "paper.html").returncode == 0
    page = Words()
    page.feed((tmp_path / "paper.html").read_text("utf-8"))
    text = " ".join(page.text)
    parts = ["the facilitator's crib", "Arda (ARD), move 1", "Inject cards", "collision", "Two dead after a collision"]
    for part in (*parts, "sends patrols into the strait", "EXERCISE EXERCISE EXERCISE"):
        assert part in text
    assert page.asked == []
    cards = text[text.index("Inject cards") :]
    assert "Ask both cells what they would need to know" not in cards


def test_typed_in_ids_resume_an_exercise(tmp_path: Path) -> None:
    """What was played on paper is typed in with its dates and ids: the same journal as if it had been live."""
    live, paper = console(tmp_path / "live"), console(tmp_path / "paper")
    told(live, "until 2030-01-15", "release harvest", "order ARD talk BRL", "until 2030-02-01")
    told(paper, "advance 5d")
    paper.session.close()
    again = Console(session(tmp_path / "again"))
    told(again, "advance 5d", "until 2030-01-15", "release harvest", "order ARD talk BRL", "until 2030-02-01")
    assert journal(again) == journal(live)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_terminal_that_goes_away_closes_the_exercise(tmp_path: Path, name: str) -> None:
    """A polite kill ends with 4, and the manifest says that it can be resumed."""
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "  # not where nohup began it all
    start = heard + "from wargame.cli import main; main()"
    command = [sys.executable, "-c", start, "play", "two-rivals", "--out", "run"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as main:
        assert main.stdin is not None
        assert main.stdout is not None
        main.stdin.write(b"advance 3d\n")
        main.stdin.flush()
        while b"D+3" not in main.stdout.readline():
            continue
        main.send_signal(getattr(signal, name))
        assert main.wait(timeout=20) == 4
    assert '"ended": "paused"' in (tmp_path / "run" / "manifest.json").read_text()
    assert verified(tmp_path / "run")


def test_futures_without_a_fork(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the platform cannot fork, each is re-simulated: the same answers."""
    there = console(tmp_path / "run")
    told(there, "advance 5d")
    question = LookaheadRequest("forecast", 60 * 86400, 2)
    forked = futures(moment(there).make, question, proposed=False, jobs=2)
    monkeypatch.delattr("os.fork")
    assert futures(moment(there).make, question, proposed=False, jobs=2) == forked
