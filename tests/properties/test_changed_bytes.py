"""Files of run folders in which something was changed: every command reports the file, none fails with a traceback."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import click
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from support.in_process import inside
from support.live_programs import live
from support.run_folders import BATCH, BOT, CLAIMS, GAMES, KINDS, LIVE, PROGRAMS, REHEARSAL, RUN, prepare
from support.web import serving
from wargame.cli.tree import load
from wargame.errors import WargameError
from wargame.journal.folder import Folder
from wargame.language.plain_text import clean_lines
from wargame.live.console.console import Console
from wargame.live.console.dispatch import run
from wargame.live.session.session import Session

DAMAGED = (3, 5)
"""Exit codes for damaged files."""
USED = (0, *DAMAGED, 2)
"""Exit codes of commands that read them; 2 if what they are asked for is not in the changed files."""
OF_RUN = ("manifest.json", "journal.jsonl", "summary.json", "review.yaml", "report.*", "inputs/**/*")
FILES = {
    RUN: OF_RUN,
    LIVE: (*OF_RUN, "commands.jsonl", "left.json", "branches/*"),
    PROGRAMS: (*OF_RUN, "commands.jsonl", "access.jsonl", "branches/*", "brains/*", "brains/*"),
    BATCH: ("manifest.json", "summary.json", "inputs/**/*", "runs/*", "events/*", "series/*", "rehearsal.json"),
    GAMES: ("games/bot-0/brains/*", "games/bot-0/*", "cassette.jsonl", "summary.json", "runs/*"),
    CLAIMS: ("manifest.json", "claims.json", "labels.jsonl", "runs/*", "inputs/study.yaml"),
    REHEARSAL: ("rehearsal.json",),
}
"""The files that are changed, by kind of folder."""
READ_RUN = (
    ("show", "NAME"),
    ("show", "NAME", "--json"),
    ("why", "NAME", "SEQ"),
    ("why", "NAME", "talk"),
    ("verify", "NAME"),
    ("report", "NAME", "--format", "md", "--out", "out.md"),
    ("report", "NAME", "--seat", "ARD", "--out", "out.html"),
    ("report", "NAME", "run", "--format", "md", "--out", "out.md"),
    ("report", "NAME", "--out", "out.html"),
    ("fork", "NAME", "--at", "D+8", "--out", "out"),
    ("fork", "NAME", "--at", "SEQ", "--out", "out"),
    ("list", "runs"),
    ("show", "last"),
)
READ_BATCH = (
    ("show", "NAME"),
    ("show", "NAME", "--json"),
    ("report", "NAME", "--format", "md", "--out", "out.md"),
    ("report", "NAME", "--out", "out.html"),
    ("compare", "NAME"),
    ("compare", "NAME", "batch"),
    ("run", "NAME", "--arm", "ARM", "--out", "out", "-q"),
    ("list",),
)
AGAIN = ("batch", "NAME", "--out", "NAME", "--resume", "--jobs", "1")
COMMANDS: dict[str, tuple[tuple[str, ...], ...]] = {
    RUN: READ_RUN,
    LIVE: (*READ_RUN, ("resume", "NAME"), ("resume", "NAME")),
    PROGRAMS: (*READ_RUN, *3 * (("resume", "NAME"), ("resume", "NAME", "--seat"), ("serve", "NAME"))),
    BATCH: (
        *READ_BATCH,
        ("report", "run", "--within", "NAME", "--format", "md", "--out", "out.md"),
        (*AGAIN, "-q"),
    ),
    GAMES: (
        *(
            ("show", "NAME/games/bot-0"),
            ("verify", "NAME/games/bot-0"),
            ("resume", "NAME/games/bot-0"),
            ("show", "NAME"),
        ),
        *(("report", "NAME/games/bot-0", "--format", "md", "--out", "out.md"), AGAIN, ("compare", "NAME", "batch")),
    ),
    CLAIMS: READ_BATCH,
    REHEARSAL: (("show", "NAME"), ("report", "NAME", "--format", "md", "--out", "out.md"), ("list", "rehearsals")),
}
"""The commands that read each kind of folder."""
RESUME_CLAIMS = ("claims", "claims.yaml", "--labels", "--jobs", "1", "--out", "runs/claims", "--resume", "-q")
"""A command that takes seconds, tried once in a while."""
CHANGING = ("resume", "serve", "batch", "claims")
"""Commands that write into the folder."""


# --- changes -------------------------------------------------------------------------------------------------

DEEP = b"[" * 3_000 + b"]" * 3_000
WRONG: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    7,
    10**30,
    1e300,
    -0.5,
    "",
    "x",
    "é\u202e\x00\x9b",
    [],
    [1],
    {},
    {"x": 1},
    [[[]]],
)
"""Values put in place of others."""


def flip(content: bytes, random: Random) -> bytes:
    """Another byte at one place, half of the time near the beginning, which more commands read."""
    at = random.randrange(random.choice((len(content), min(len(content), 200))))
    return content[:at] + bytes([random.randrange(256)]) + content[at + 1 :]


def remove(content: bytes, random: Random) -> bytes:
    """Some bytes less."""
    at = random.randrange(len(content))
    return content[:at] + content[at + random.choice((1, 1, 2, 10, 1000)) :]


def insert(content: bytes, random: Random) -> bytes:
    """Some bytes more: invalid UTF-8, brackets, digits, a line."""
    at = random.randrange(len(content))
    what = random.choice(
        (b"\xff\xfe", b"\xed\xa0\x80", DEEP, b"[" * 100_000, b"{", b"9" * 400, b"\n", b"\x00", b"null")
    )
    return content[:at] + what + content[at:]


def truncate(content: bytes, random: Random) -> bytes:
    """The beginning only."""
    return content[: random.randrange(len(content))]


def delete(content: bytes, random: Random) -> bytes:
    """Nothing: the file is missing."""
    del content, random
    return b""


def value(content: bytes, random: Random) -> bytes:
    """One value of a JSON document, or of a line of one, is replaced or removed."""
    lines = content.split(b"\n") if content.startswith((b'{"', b"[")) else [content]
    at = random.randrange(len(lines))
    if random.random() < 0.7:  # snapshots are most of a journal
        others = [place for place, line in enumerate(lines) if line and b'"kind":"snapshot"' not in line]
        at = random.choice(others or [at])
    try:
        document = json.loads(lines[at])
    except ValueError:
        return flip(content, random)
    places = list(_places(document))
    if not places:
        return flip(content, random)
    within, key = random.choice(places)
    if random.random() < 0.25:
        del within[key]
    else:
        within[key] = random.choice(WRONG)
    lines[at] = json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return b"\n".join(lines)


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, each in entries:
        yield node, key
        yield from _places(each)


def columns(content: bytes, random: Random) -> bytes:
    """A part of a table with a column less, of another type, or with other values."""
    try:
        table = pq.ParquetFile(io.BytesIO(content)).read()
    except (pa.ArrowException, OSError):
        return flip(content, random)
    at = random.randrange(table.num_columns)
    name, rows = table.column_names[at], table.num_rows
    wrong = [pa.nulls(rows, pa.int64()), pa.array(["x"] * rows), pa.array([2**40] * rows), pa.array([[1]] * rows)]
    changed = random.choice([table.remove_column(at), *(table.set_column(at, name, each) for each in wrong)])
    sink = io.BytesIO()
    pq.write_table(changed, sink, compression="none")
    return sink.getvalue()


CHANGES: tuple[Callable[[bytes, Random], bytes], ...] = (flip, flip, remove, insert, truncate, value, value, value)


@dataclass(frozen=True)
class Attempt:
    """A change of one file, and a command that reads it."""

    number: int
    kind: str
    file: str
    words: tuple[str, ...]
    how: str

    def __str__(self) -> str:
        return f"change {self.number}: {self.how} {self.kind}/{self.file}, then {' '.join(self.words)}"


def change(place: Path, number: int) -> tuple[Attempt, Path, bytes]:
    """Changes one file; returns what to try, and the file with its former content."""
    random = Random(number)  # noqa: S311 - reproducible changes
    kind = random.choice((RUN, LIVE, LIVE, PROGRAMS, PROGRAMS, PROGRAMS, BATCH, GAMES, CLAIMS, REHEARSAL))
    top = place / "runs" / kind
    found = [[path for path in sorted(top.glob(pattern)) if path.is_file()] for pattern in FILES[kind]]
    path = random.choice(random.choice([paths for paths in found if paths]))
    content = path.read_bytes()
    how = random.choice((columns, columns, flip, flip, truncate) if path.suffix == ".parquet" else CHANGES)
    if random.random() < 0.03:
        how = delete
        path.unlink()
    else:
        path.write_bytes(how(content, random))
    file = path.relative_to(top).as_posix()
    listed = COMMANDS[kind] if kind != CLAIMS or number % 50 else (RESUME_CLAIMS,)
    words = tuple(
        {
            "SEQ": str(random.randrange(1, 100)),
            "ARM": random.choice(("soft", "drills_off")),
        }.get(w, w.replace("NAME", f"runs/{kind}"))
        for w in random.choice(listed)
    )
    words = tuple(f"runs/{w}" if w in ("run", "batch") and at else w for at, w in enumerate(words))
    return Attempt(number, kind, file, words, how.__name__), path, content


def tried(attempt: Attempt, place: Path) -> tuple[int, str]:
    """The exit code of the command, and its error or what it prints."""
    if attempt.words[0] in ("resume", "serve"):
        return resumed(place / attempt.words[1], attempt.words[2:] or attempt.words[:1])
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            load(attempt.words[0])(list(attempt.words[1:]), standalone_mode=False)
        except (WargameError, click.ClickException) as error:
            return error.exit_code, clean_lines(error)
    return 0, printed.getvalue()


RESUMED_LINES = (
    *("status", "brief ARD", "brief ARD numbers", "role ARD", "options ARD", "inbox ARD", "queue", "log 200", "msel"),
    *("expected", "objectives", "seats", "procedures", "terminals", "branches", "summary", "hotwash", "where -n 1"),
    *("why 5", "why 90", "pause", "resume", "advance 1d", "undo", "undo", "switch main"),
)
"""Lines that read or change the state after resuming."""


def resumed(folder: Path, how: Sequence[str]) -> tuple[int, str]:
    """Resumes an exercise and uses it: on the console, with its program, or in a browser."""
    shown: list[str] = []
    try:
        session = Session.resume(Folder(folder))
        try:
            if "serve" in how:
                asyncio.run(_look(session, shown))
            elif "--seat" in how:
                shown.append(live(session, {"BRL": f"program:{BOT}"}, ("advance 1d", "queue"))[1])
            else:
                there = Console(session)
                for line in RESUMED_LINES:
                    with contextlib.suppress(WargameError):
                        shown += run(there, line)
        finally:
            session.close()
    except WargameError as error:
        return error.exit_code, clean_lines(error)
    return 0, "\n".join(shown)


async def _look(session: Session, shown: list[str]) -> None:
    """Somebody joins as facilitator, looks at the people, and changes a code."""
    async with serving(session) as there:
        for line in ("people", "lock off", "admit all", "code BRL new"):
            with contextlib.suppress(WargameError):
                shown += there.shared.run(there.shared.main, line.split())
        person = there.client()
        assert (await person.join(there.code("ARD"), "Zoe")).status_code == 201
        assert (await person.http.get("/seat")).status_code < 500


# --- tests ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders as commands have written them."""
    return prepare(tmp_path_factory.mktemp("originals"))


@pytest.fixture
def place(originals: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of them in the current directory."""
    copy = Path(shutil.copytree(originals, tmp_path / "place"))
    monkeypatch.chdir(copy)
    return copy


def faults(place: Path, originals: Path, numbers: range) -> list[str]:
    """Tries these changes one at a time; returns those whose command did not end as it should."""
    found = []
    for number in numbers:
        attempt, path, content = change(place, number)
        try:
            code, text = tried(attempt, place)
        except Exception as error:  # noqa: BLE001 - any but those of the project is what this test looks for
            found.append(f"{attempt}: {type(error).__name__}: {error}")
        else:
            if code not in USED:
                found.append(f"{attempt}: exit code {code}: {text}")
            if code in DAMAGED and not text.strip():
                found.append(f"{attempt}: exit code {code} without a message")
            if clean_lines(text) != text:
                found.append(f"{attempt}: it prints characters that a terminal acts upon")
        path.write_bytes(content)
        shutil.rmtree(place / "out", ignore_errors=True)
        if attempt.words[0] in CHANGING:
            shutil.rmtree(place / "runs" / attempt.kind)
            shutil.copytree(originals / "runs" / attempt.kind, place / "runs" / attempt.kind)
    return found


@pytest.mark.slow
def test_no_change_of_a_file_causes_a_traceback(place: Path, originals: Path) -> None:
    """Bytes, values and columns are changed at random, and commands read the files."""
    assert faults(place, originals, range(120)) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("part", range(10))
def test_none_of_ten_thousand_changes_causes_a_traceback(part: int, place: Path, originals: Path) -> None:
    """Other changes than those of the fast test."""
    assert faults(place, originals, range(1_000 * (part + 1), 1_000 * (part + 2))) == []


@pytest.mark.parametrize("kind", [RUN, LIVE, BATCH, REHEARSAL])
@pytest.mark.parametrize("how", [b"", b"\xff\xfe", b"[" * 100_000, b"null", b'{"format": 3}'])
def test_lists_continue_past_a_broken_folder(kind: str, how: bytes, place: Path) -> None:
    """`list` names the others, and `show last` shows one of them."""
    name = "rehearsal.json" if kind == REHEARSAL else "manifest.json"
    (place / "runs" / kind / name).write_bytes(how)
    listed = inside("list", "-q", cwd=place)
    others = {*KINDS} - {kind}
    assert listed.returncode == 0
    assert others <= {line.strip() for line in listed.stdout.splitlines()}
    assert inside("show", "last", cwd=place).returncode == 0


def test_the_last_run_is_found_if_a_journal_is_missing(place: Path) -> None:
    """Its folder is still a run."""
    for kind in (RUN, LIVE, PROGRAMS):
        (place / "runs" / kind / "journal.jsonl").unlink()
    done = inside("show", "last", cwd=place)
    assert (done.returncode, "cannot be read" in done.stdout) == (0, True)


@pytest.mark.parametrize("sharing", [None, 0])
def test_verdicts_without_their_level_are_damaged(sharing: int | None, place: Path) -> None:
    """The notes below the table divide by the number of measures that share the level."""
    path = place / "runs/claims/claims.json"
    claims = {name: value for name, value in json.loads(path.read_bytes()).items() if name != "sharing"}
    path.write_text(json.dumps(claims if sharing is None else claims | {"sharing": sharing}), "utf-8")
    done = inside("show", "runs/claims", cwd=place)
    fault = "Object missing required field `sharing`" if sharing is None else "the number of measures"
    assert (done.returncode, f"claims.json: cannot be read: {fault}" in done.stderr) == (3, True)
