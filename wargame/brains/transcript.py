"""The transcript of a program, and what its answers took.

A transcript has no wall times and no journal numbers: a program that answers alike leaves the same bytes. What depends
on the machine, such as seconds, is in the usage.
"""

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import IO, Any, Literal, get_args

import msgspec

from wargame.brains.llm.settings import without_key
from wargame.brains.protocol import Result, Turn, encode
from wargame.brains.replies import Act, Cause, Ruling
from wargame.dataclasses import asdict, dataclass, field
from wargame.decision.menu import Candidate
from wargame.errors import Invalid, Problem
from wargame.journal.decoding import Undecodable, decode
from wargame.journal.inputs import open_input, read_input
from wargame.journal.template_cache import text_lines

FORMAT = "wargame-transcript/1"
FOLDER = "brains"
FIRST_LINE = 1 << 16
"""Bytes of the first line of a transcript at most."""
NOTICED = 1.0
"""Seconds of the longest answer from which a summary names the times."""
TURN = b'{"type":"turn",'
"""The beginning of the line of a turn."""
USAGE = "usage.json"
"""The file in the folder `brains` with what all programs of a run took."""
CASSETTE = "cassette.jsonl"
"""The file in the folder `brains` with the answers of language models."""
UNKNOWN = "program"
"""The name of a program whose transcript cannot be read."""
REASONS = get_args(Cause)


def turn_columns(government: str) -> list[str]:
    """Return the names of the columns of a table of runs about the turns of a program."""
    counts = [f"{what}({government})" for what in ("turns", "failed", "replaced", "refused")]
    return [*counts, *(f"failed({government}, {reason})" for reason in REASONS)]


@dataclass(slots=True)
class UsageTotal:
    """The total cost of the answers of one program.

    `failed` counts failed turns by kind, `times` are the seconds of all answers of this session, `seconds` their median
    and the longest in the file, `cost` is in US dollars (None: unknown for some calls).
    """

    source: str
    name: str = ""
    sha256: str = ""
    package: str = ""
    turns: int = 0
    accepted: int = 0
    refused: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    replaced: bool | int = False
    model: str = ""
    served: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    calls: int = 0
    recorded: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = 0.0
    seconds: dict[str, float] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)

    def add(self, act: Act | Ruling, seconds: float) -> None:
        """Add an answer."""
        self.times.append(seconds)
        usage = act.usage
        if usage is None:
            return
        self.model = usage.model or self.model
        self.served, self.settings = usage.served or self.served, usage.settings or self.settings
        self.calls += usage.calls
        self.recorded += usage.from_cassette
        self.tokens_in += usage.tokens_in
        self.tokens_out += usage.tokens_out
        priced = usage.cost is not None and self.cost is not None
        if usage.calls:
            self.cost = (self.cost or 0.0) + (usage.cost or 0.0) if priced else None

    def columns(self, government: str, replaced: int) -> dict[str, float]:
        """Return the columns of a table of runs about its turns; the model took `replaced` decisions."""
        counts = self.turns, sum(self.failed.values()), replaced, self.refused
        by_reason = (self.failed.get(reason, 0) for reason in REASONS)
        return dict(zip(turn_columns(government), map(float, (*counts, *by_reason)), strict=True))

    def as_dict(self) -> dict[str, Any]:
        """Return as JSON data, with the median and the longest time in place of all."""
        data, times = asdict(self), self.times
        del data["times"]
        return data | ({"seconds": {"median": round(median(times), 3), "most": round(max(times), 3)}} if times else {})


def usage_lines(usage: dict[str, Any]) -> list[str]:
    """Return what the programs of a run took, a line for each, from the data of `usage.json`."""
    return _usage_text((government, each, 0) for government, each in sorted(usage.items()))


def _usage_text(rows: Iterable[tuple[str, dict[str, Any], int]]) -> list[str]:
    return text_lines("wargame.brains", "usage.txt.j2", rows=rows, noticed=NOTICED)


def players_in(usage: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what the programs of a run are, for its manifest: of a language model also who answered, and how."""
    keys = ("source", "name", "package", "sha256", "served", "settings")
    return {government: {key: each[key] for key in keys if each.get(key)} for government, each in usage.items()}


def added(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """Add the costs of an earlier session to this session's; another program in the seat counts from now on."""
    same = [name for name, each in now.items() if before.get(name, {}).get("source") == each["source"]]
    return dict(sorted((before | now | {name: _sum(now[name], before[name]) for name in same}).items()))


def total_usage(folders: Iterable[Path]) -> list[str]:
    """Return what the programs of several runs took together, a line for each seat and program."""
    totals: dict[tuple[str, str], dict[str, Any]] = {}
    runs: Counter[tuple[str, str]] = Counter()
    for folder in folders:
        for government, each in read_usage(folder).items():
            key = government, each["source"]
            runs[key] += 1
            totals[key] = _sum(totals[key], each) if key in totals else each
    return _usage_text((key[0], each | {"seconds": {}}, runs[key]) for key, each in sorted(totals.items()))


def _sum(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    counts = ("turns", "accepted", "refused", "calls", "recorded", "tokens_in", "tokens_out", "replaced")
    cost = None if None in (one["cost"], other["cost"]) else one["cost"] + other["cost"]
    failed = Counter(one["failed"]) + Counter(other["failed"])
    return one | {name: one[name] + other[name] for name in counts} | {"cost": cost, "failed": dict(failed)}


@dataclass(frozen=True, slots=True)
class Start:
    """The first line of a transcript."""

    format: Literal["wargame-transcript/1"]
    government: str
    source: str


def programs_in(folder: Path) -> tuple[dict[str, str], list[Problem]]:
    """Return the programs that decided in a run, by government, from their transcripts, and damaged ones.

    A program whose transcript is damaged is `UNKNOWN`.
    """
    found, problems = {}, []
    for path in sorted((folder / FOLDER).glob("*.jsonl")):
        if path.name == CASSETTE or "." in path.stem:  # advisers decide nothing
            continue
        try:
            source = _program_of(path)
        except (OSError, Undecodable) as error:
            source = UNKNOWN
            problems.append(_damaged(path, 1, f"is not the start of a transcript: {error}", "the program has no name"))
        if source:
            found[path.stem] = source
    return found, problems


def _program_of(path: Path) -> str:
    """Return the program of a transcript; empty if it was never ready. Raises Undecodable or OSError."""
    with open_input(path) as file:
        line = file.readline(FIRST_LINE)
    if not line:
        return ""
    start = decode(line, Start)
    if start.government != path.stem:
        raise Undecodable(f"its government is '{start.government}'")
    return start.source


def read_usage(folder: Path) -> dict[str, Any]:
    """Return the costs of the programs of a run; empty without programs. Raises Invalid if the file is damaged."""
    path = folder / FOLDER / USAGE
    if not path.exists():
        return {}
    try:
        usage = decode(read_input(path), dict[str, UsageTotal])
    except (OSError, Undecodable) as error:
        raise Invalid([_damaged(path, 0, f"is damaged: {error}", "what the programs took is unknown")]) from None
    return {name: each.as_dict() for name, each in usage.items()}


def _damaged(path: Path, line: int, message: str, loss: str) -> Problem:
    """Return a problem of a file on which the run does not depend."""
    remedy = f"restore the file, or delete it: {loss} then, and the run stays the same"
    return Problem(str(path), line, min(line, 1), message, remedy)


class Transcript:
    """The lines of one transcript, in memory, and in a file if it has a path; lines of an earlier session remain."""

    def __init__(self, path: Path | None = None) -> None:
        self.lines: list[bytes] = []
        self.turns_before = 0
        """Turns of earlier sessions: their numbers go on."""
        self._file: IO[bytes] | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            before = path.read_bytes() if path.exists() else b""
            self.turns_before = sum(line.startswith(TURN) for line in before.split(b"\n"))
            self._file = path.open("ab")
            if before and not before.endswith(b"\n"):  # a crash has cut the last line off
                self._file.write(b"\n")

    def write(self, kind: str, data: dict[str, Any]) -> None:
        """Append a line."""
        line = without_key(msgspec.json.encode({"type": kind, **data}).decode()).encode() + b"\n"
        self.lines.append(line)
        if self._file is not None:
            self._file.write(line)
            self._file.flush()

    def turn(self, turn: Turn) -> None:
        """Write what a program was asked: what called upon it, and the hash of the whole message."""
        due, entries = [each.dossier for each in turn.due], [[each.n, each.at, each.text] for each in turn.entries]
        asked = {"id": turn.id, "now": turn.now, "due": due, "entries": entries, "choices": len(turn.choices)}
        self.write("turn", {**asked, "sha256": sha256(encode(turn)).hexdigest()})

    def act(self, act: Act, choices: dict[int, Candidate]) -> None:
        """Write an act as it was received, with the options that its orders name."""
        data = msgspec.to_builtins(act) | ({} if act.error else {"cause": ""})
        for order in data["orders"]:
            candidate = choices.get(order["n"])
            order["orders"] = str(candidate) if candidate else ""
        shown = {key: value for key, value in data.items() if value not in ((), [], "", None) or key == "id"}
        self.write("act", shown)

    def result(self, result: Result) -> None:
        """Write what came of an act."""
        self.write("result", msgspec.to_builtins(result))

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None
