"""The player in a seat, as it is written, and the command that starts it.

`program:FILE [WORD ...]` is a program with its arguments, `player:NAME [WORD ...]` one that an installed package adds,
`llm:MODEL [persona=NAME] [prompt=DIR]` a language model, `http` a program that connects to its seat.
"""

import hashlib
import json
import os
import re
import shlex
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from wargame import plugins
from wargame.brains.llm import PERSONAS
from wargame.brains.llm.settings import KEY, NEUTRAL, LlmOptions, persona_text, prompt_files
from wargame.dataclasses import asdict, dataclass, field
from wargame.errors import MissingExtra, UsageFault, nearest, shortened
from wargame.language.times import parse_duration

PROGRAM, LLM, HTTP, PLAYER = "program", "llm", "http", "player"
WANTED = {PROGRAM: "FILE", PLAYER: "NAME", LLM: "MODEL"}
TIMEOUT = 60.0
"""Seconds that a program has for an answer."""
RUN_BY = {".py": (sys.executable,), ".js": ("node",), ".mjs": ("node",)}
"""Interpreters by the suffix of the file of a program; other files must be executable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """The conditions of all programs of a run.

    `timeout` is in seconds of wall time for each answer. `failed` is what happens with a decision that a program has
    not taken: `nothing` is done, the `model` decides, or the run is to `stop`. `white_cell` is the program that rules,
    as written, `people`, or empty for nobody; `unattended` says that no person approves what it proposes. `mechanism`
    is one of another package, by its name.
    """

    timeout: float = TIMEOUT
    failed: str = "nothing"
    white_cell: str = ""
    unattended: bool = False
    mechanism: str = ""


@dataclass(frozen=True, slots=True)
class BrainSpec:
    """A program for a government.

    `kind` is `program`, `player`, `llm` or `http`, `target` its file, its name or its model; `words` are the arguments
    of a program, or the options of a model.
    """

    government: str
    kind: str
    target: str
    words: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """The specification as it is written, with names of files and folders instead of their paths."""
        if self.kind == HTTP:
            return HTTP
        target = Path(self.target).name if self.kind == PROGRAM else self.target
        words = [re.sub("=.*/", "=", word) if self.kind == LLM else word for word in self.words]
        return " ".join([f"{self.kind}:{target}", *words])

    def package(self) -> str:
        """Return the package that adds a player, with its version; empty for others."""
        return plugins.package_of(plugins.find("players", self.target)) if self.kind == PLAYER else ""

    def option(self, name: str, default: str) -> str:
        """Return an option of a language model, such as its persona."""
        found = (word.partition("=")[2] for word in self.words if word.startswith(f"{name}="))
        return next(found, default)

    def sha256(self, prompt: str = "") -> str:
        """Return the hash of the file of a program, or of the persona and the templates of a language model.

        `prompt` is the folder of templates where the model names none. It is empty if something cannot be read.
        """
        try:
            if self.kind == LLM:
                templates = prompt_files(self.option("prompt", prompt))
                parts = [persona_text(self.option("persona", NEUTRAL)).encode(), *map(Path.read_bytes, templates)]
                return hashlib.sha256(b"\0".join(parts)).hexdigest()
            return hashlib.sha256(Path(self.target).read_bytes()).hexdigest() if self.kind == PROGRAM else ""
        except OSError:
            return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Players:
    """The programs of a run, their conditions, and the options of language models."""

    specs: tuple[BrainSpec, ...]
    conditions: Conditions = field(default_factory=Conditions)
    llm: LlmOptions = field(default_factory=LlmOptions)


def located(kind: str, folder: Path) -> str:
    """Return a kind of seat with the absolute path of its program, relative to `folder` if it is there, else here."""
    name, _, rest = kind.partition(":")
    if name != PROGRAM:
        return kind
    try:
        target, *words = split_words(rest, folder)
    except ValueError:
        return kind
    beside = folder / target
    path = beside if beside.is_file() else Path(target)
    return " ".join([f"{name}:{shlex.quote(str(path.resolve()))}", *map(shlex.quote, words)])


def split_words(text: str, folder: Path = Path()) -> list[str]:
    """Split a file and arguments as a shell does, not a path with spaces in `folder`; ValueError for a lone quote."""
    return [text] if os.path.isfile(folder / text) else shlex.split(text)  # noqa: PTH113 - false for any text


def is_brain(kind: str) -> bool:
    """Return whether a kind of seat, as it is written, names a program or a language model."""
    return kind == HTTP or (kind.partition(":")[0] in (PROGRAM, LLM, PLAYER) and ":" in kind)


def brain_of(government: str, kind: str, *, check: bool = True) -> BrainSpec:
    """Return the program that a kind of seat names; with `check`, UsageFault if it cannot be started here."""
    if kind == HTTP:
        return BrainSpec(government, HTTP, "")
    name, _, rest = kind.partition(":")
    try:
        target, *words = split_words(rest)
    except ValueError:  # empty, or a quotation mark without its pair
        wanted = WANTED[name]
        raise UsageFault(f"{government}={shortened(kind)}: write {name}:{wanted} (quote a name with spaces)") from None
    spec = BrainSpec(government, name, target, tuple(words))
    if check:
        if name == LLM and find_spec("httpx") is None:
            raise MissingExtra("llm: needs httpx", "llm")
        command_of(spec)
    return spec


def split_seats(seats: tuple[tuple[str, str], ...]) -> tuple[tuple[tuple[str, str], ...], tuple[BrainSpec, ...]]:
    """Return the kinds of seats as the engine knows them, and the programs: to the engine, their seats are `human`."""
    plain = tuple((government, "human" if is_brain(kind) else kind) for government, kind in seats)
    return plain, tuple(brain_of(government, kind) for government, kind in seats if is_brain(kind))


def command_of(spec: BrainSpec, llm: LlmOptions | None = None) -> list[str]:
    """Return the command that starts a program; UsageFault if it cannot be started."""
    if spec.kind == HTTP:
        return [sys.executable, "-m", "wargame.brains.http_seat", spec.government]
    if spec.kind == PLAYER:
        return [sys.executable, "-m", plugins.find("players", spec.target).module, *spec.words]
    if spec.kind == PROGRAM:
        return _argv(spec)
    llm = llm or LlmOptions()
    persona, prompt = _checked(spec, llm.prompt)
    options = asdict(llm) | {"cassette": str(Path(llm.cassette).resolve()) if llm.cassette else "", "prompt": prompt}
    return [sys.executable, "-m", "wargame.brains.llm", spec.target, persona, json.dumps(options)]


def _argv(spec: BrainSpec) -> list[str]:
    path = Path(spec.target)
    if not path.is_file():
        hint = nearest(path.name, [each.name for each in path.parent.glob("*")]) or "write the path of a file"
        raise UsageFault(f"{spec.government}={spec.source}: there is no file {path} ({hint})")
    runner = RUN_BY.get(path.suffix)
    if runner is not None:
        found = runner[0] if os.sep in runner[0] else shutil.which(runner[0])
        if found is None:
            raise UsageFault(f"{spec.government}={spec.source}: {path.suffix} files need {runner[0]}, which is missing")
        return [found, str(path.resolve()), *spec.words]
    if not os.access(path, os.X_OK):
        remedy = f"chmod +x {path}; .py and .js files need not be"
        raise UsageFault(f"{spec.government}={spec.source}: {path} is not executable ({remedy})")
    return [str(path.resolve()), *spec.words]


def _checked(spec: BrainSpec, prompt: str = "") -> tuple[str, str]:
    """Return the persona of a language model, and its folder of templates; UsageFault if there are no such ones."""
    given = [word.partition("=")[0] for word in spec.words]
    if set(given) - {"persona", "prompt"} or len(set(given)) < len(given):
        raise UsageFault(f"{spec.government}={spec.source}: write llm:MODEL, or llm:MODEL persona=NAME prompt=DIR")
    folder = spec.option("prompt", prompt)
    if folder:
        from wargame.brains.llm.prompt import check_templates  # which takes long

        check_templates(f"{spec.government}={spec.source}: {folder}", Path(folder))
    name = spec.option("persona", NEUTRAL)
    known = sorted(path.stem for path in PERSONAS.glob("*.txt"))
    if name not in known and not Path(name).is_file():
        hint = nearest(name, known) or f"one of {', '.join(known)}, or a text file"
        raise UsageFault(f"{spec.government}={spec.source}: there is no persona '{shortened(name)}' ({hint})")
    return name if name in known else str(Path(name).resolve()), str(Path(folder).resolve()) if folder else ""


def environment_of(spec: BrainSpec) -> dict[str, str]:
    """Return the environment of a program: hashes of Python are fixed, and only the own `llm:` program gets the key."""
    inherited = {name: value for name, value in os.environ.items() if spec.kind == LLM or name != KEY}
    return inherited | {"PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}


def read_timeout(text: str) -> float:
    """Return the seconds of `--brain-timeout`, such as `60s` or `0.5`; UsageFault if it is not a time."""
    try:
        seconds = float(text) if text.replace(".", "", 1).isdecimal() else float(parse_duration(text))
    except ValueError as error:
        raise UsageFault(f"--brain-timeout: {error}") from None
    if not 0 < seconds <= 86400:
        raise UsageFault(f"--brain-timeout {text}: write a time longer than 0, up to a day, such as 60s")
    return seconds
