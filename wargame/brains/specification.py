"""What sits in a seat, as it is written: `program:./bot.py`, `llm:MODEL`; and the command that starts it."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from wargame.errors import UsageFault, nearest, shortened
from wargame.language.times import parse_duration

PROGRAM, LLM, HTTP = "program", "llm", "http"
DEFAULTS = ("model", "nothing", "stop")
"""What happens with a decision that a program has not taken."""
TIMEOUT = 60.0
"""Seconds that a program has for an answer."""
RUN_BY = {".py": (sys.executable,), ".js": ("node",), ".mjs": ("node",)}
"""Interpreters by the suffix of the file of a program; other files must be executable."""
KEY = "WARGAME_LLM_KEY"
URL = "WARGAME_LLM_URL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """The conditions of all programs of a run.

    `timeout` is in seconds of wall time for each answer. `failed` is what happens with a decision that a program has
    not taken: `nothing` is done, the `model` decides, or the run is to `stop`.
    """

    timeout: float = TIMEOUT
    failed: Literal["model", "nothing", "stop"] = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmOptions:
    """The options of language models in seats.

    `personas` are (government, name or file); a government without one is `neutral`. `cassette` is a file of recorded
    answers, which `offline` uses alone. `tokens` and `calls` are the budget of each seat, 0 for no limit.
    """

    personas: tuple[tuple[str, str], ...] = ()
    cassette: str = ""
    offline: bool = False
    tokens: int = 0
    calls: int = 0


@dataclass(frozen=True, slots=True)
class BrainSpec:
    """A program for a government; `kind` is `program` or `llm`, `target` its file or its model."""

    government: str
    kind: str
    target: str

    @property
    def source(self) -> str:
        """The specification as it is written."""
        return f"{self.kind}:{self.target}"

    def sha256(self) -> str:
        """The hash of the file of a program; empty for a language model, or if it cannot be read."""
        if self.kind != PROGRAM:
            return ""
        try:
            return hashlib.sha256(Path(self.target).read_bytes()).hexdigest()
        except OSError:
            return ""


def is_brain(kind: str) -> bool:
    """Whether a kind of seat, as it is written, names a program or a language model."""
    return kind.partition(":")[0] in (PROGRAM, LLM) and ":" in kind


def brain_of(government: str, kind: str) -> BrainSpec:
    """The program that a kind of seat names; UsageFault if there is no such file or it cannot be started."""
    name, _, target = kind.partition(":")
    if not target:
        raise UsageFault(f"{government}={shortened(kind)}: write {name}:{'FILE' if name == PROGRAM else 'MODEL'}")
    spec = BrainSpec(government, name, target)
    if name == PROGRAM:
        _argv(spec)
    else:
        check_llm()
    return spec


def check_llm() -> None:
    """UsageFault if language models cannot be asked, since httpx is not installed."""
    from importlib.util import find_spec

    if find_spec("httpx") is None:
        raise UsageFault("llm: needs httpx (pip install 'crisis-wargame[llm]')")


def split_seats(seats: tuple[tuple[str, str], ...]) -> tuple[tuple[tuple[str, str], ...], tuple[BrainSpec, ...]]:
    """The kinds of seats as the engine knows them, and the programs: to the engine, their seats are `human`."""
    plain = tuple((government, "human" if is_brain(kind) else kind) for government, kind in seats)
    return plain, tuple(brain_of(government, kind) for government, kind in seats if is_brain(kind))


def command_of(spec: BrainSpec, llm: LlmOptions | None = None) -> list[str]:
    """The command that starts a program; UsageFault if it cannot be started."""
    return _argv(spec) if spec.kind == PROGRAM else _llm_argv(spec, llm or LlmOptions())


def _argv(spec: BrainSpec) -> list[str]:
    path = Path(spec.target)
    if not path.is_file():
        hint = nearest(path.name, _names(path.parent)) or "write the path of a file"
        raise UsageFault(f"{spec.government}={spec.source}: there is no file {path} ({hint})")
    runner = RUN_BY.get(path.suffix)
    if runner is not None:
        found = runner[0] if os.sep in runner[0] else shutil.which(runner[0])
        if found is None:
            raise UsageFault(f"{spec.government}={spec.source}: {path.suffix} files need {runner[0]}, which is missing")
        return [found, str(path.resolve())]
    if not os.access(path, os.X_OK):
        raise UsageFault(
            f"{spec.government}={spec.source}: {path} is not executable "
            f"(chmod +x {path}; .py and .js files need not be)"
        )
    return [str(path.resolve())]


def _names(folder: Path) -> list[str]:
    try:
        return [each.name for each in folder.iterdir()]
    except OSError:
        return []


def _llm_argv(spec: BrainSpec, llm: LlmOptions) -> list[str]:
    persona = dict(llm.personas).get(spec.government, "neutral")
    words = [sys.executable, "-m", "wargame.brains.llm", "--model", spec.target, "--persona", persona]
    words += ["--cassette", str(Path(llm.cassette).resolve())] if llm.cassette else []
    words += ["--offline"] if llm.offline else []
    words += ["--tokens", str(llm.tokens)] if llm.tokens else []
    return [*words, *(["--calls", str(llm.calls)] if llm.calls else [])]


def environment_of(spec: BrainSpec) -> dict[str, str]:
    """The environment of a program: hashes of Python are fixed, and only the shipped `llm:` program gets the key."""
    inherited = {name: value for name, value in os.environ.items() if spec.kind == LLM or name != KEY}
    return inherited | {"PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}


def read_timeout(text: str) -> float:
    """The seconds of `--brain-timeout`, such as `60s` or `0.5`; UsageFault if it is not a time."""
    try:
        seconds = float(text) if text.replace(".", "", 1).isdigit() else float(parse_duration(text))
    except ValueError as error:
        raise UsageFault(f"--brain-timeout: {error}") from None
    if not 0 < seconds <= 86400:
        raise UsageFault(f"--brain-timeout {text}: write a time longer than 0, up to a day, such as 60s")
    return seconds


def without_key(text: str) -> str:
    """A text of a program without the key of the endpoint, should it contain it."""
    key = os.environ.get(KEY, "")
    return text.replace(key, "***") if key else text
