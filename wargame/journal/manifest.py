"""The manifest of a run folder: the inputs, seed and settings of the run, and how it ended."""

import hashlib
import platform
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

import wargame
from wargame.errors import Invalid, Typed, is_newer, newer
from wargame.journal.atomic import encode_json, write_whole
from wargame.journal.decoding import Undecodable, check_moment, check_shape, decode, shapes
from wargame.journal.inputs import read_input

FORMAT: Final = "wargame-run/1"
FILE: Final = "manifest.json"
_READ_RUN = Typed("wargame show and wargame report read it", "open it with wargame.open_run")
_READ_BATCH = Typed("use it with wargame report or wargame compare", "open it with wargame.open_batch")
KINDS: Final = {
    "wargame-run": ("is the manifest of a single run", _READ_RUN),
    "wargame-batch": ("is the manifest of a batch, not of a run", _READ_BATCH),
}
"""Messages about a manifest of the other kind, by the families of their formats."""
OLD: Final = "use the version that wrote it, which its `versions` name, or run its inputs again"
"""The remedy for a folder of a format that is no longer read."""
RUNNING: Final = "running"
"""`ended` of a run that is in progress, or was killed."""
PAUSED: Final = "paused"
"""`ended` of a live exercise that can be resumed."""
BY_OUTCOME: Final = "outcome "
"""The beginning of `ended` of a run that an outcome has ended; its id follows."""
Kind = TypeVar("Kind", bound=msgspec.Struct)


class RunManifest(msgspec.Struct, frozen=True, kw_only=True):
    """The facts needed to repeat a run, and to see whether it is complete.

    `ended` is `running`, `paused`, `endex`, `outcome ID`, `interrupted` or `failed`; `reason` explains it where needed.
    `attachments` maps the names of attached files below `inputs/` to their SHA-256.
    `outcome_titles` includes outcomes that did not occur. Game times are ISO texts with offset, wall times are UTC.
    """

    format: str = FORMAT
    name: str
    scenario: str
    title: str
    scenario_sha256: str
    injects_sha256: str
    attachments: dict[str, str] = {}
    seed: int
    settings: dict[str, Any]
    players: dict[str, dict[str, Any]] = {}
    """Programs in seats: what each is, and of a language model the one that answered, with its settings."""
    command: str
    startex: str = ""
    end: str = ""
    versions: dict[str, str]
    numbers: str = ""
    """Whether package numbers ran `compiled` or `interpreted`: both give the same run. Empty if nothing says so."""
    platform: str
    started: str
    finished: str | None = None
    ended: str = RUNNING
    reason: str = ""
    reached: str = ""
    level: str = "full"
    records: int = 0
    kernel_events: int = 0
    decisions: int = 0
    outcomes: dict[str, str | None] = {}
    outcome_titles: dict[str, str] = {}
    journal_sha256: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError if a time is not an ISO time, a number is negative or a setting has another shape."""
        for at in (self.startex, self.end, self.started, self.finished, self.reached, *self.outcomes.values()):
            if at:
                check_moment(at)
        if min(self.seed, self.records, self.kernel_events, self.decisions) < 0:
            raise ValueError("seed and counts are 0 or more")
        check_shape(self.settings, shapes("manifest")["settings"])

    @property
    def is_sealed(self) -> bool:
        """Whether the journal is the one that the manifest describes: the run is complete, or paused."""
        return self.is_complete or self.ended == PAUSED

    @property
    def is_complete(self) -> bool:
        """Whether the run came to its end, so that the journal is complete."""
        return self.ended == "endex" or bool(outcome_that_ended(self.ended))


def outcome_that_ended(ended: str) -> str:
    """Return the outcome that ended a run, from how it `ended`; empty if none did."""
    return ended.removeprefix(BY_OUTCOME) if ended.startswith(BY_OUTCOME) else ""


def now() -> str:
    """Return the wall time as manifests write it: ISO, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@cache  # each library has them in a file of its own
def versions() -> dict[str, str]:
    """Return versions of the software on which the bytes of a journal may depend."""
    from importlib import metadata  # only a new run needs it

    libraries = {name: metadata.version(name) for name in ("numpy", "simpy", "msgspec", "pyyaml", "tzdata")}
    return {"wargame": wargame.__version__, "python": platform.python_version(), **libraries}


def versions_text(versions: dict[str, str], path: str) -> str:
    """Return the versions of a manifest and the path of its numbers, as reports list them."""
    named = versions | ({"numbers": path} if path else {})
    return ", ".join(f"{name} {version}" for name, version in named.items())


def write_manifest(folder: Path, manifest: RunManifest) -> None:
    """Write the manifest, whole or not at all."""
    write_whole(folder / FILE, encode_json(manifest))


def read_manifest(folder: Path) -> RunManifest:
    """Return the manifest of a run folder; Invalid if there is none, or it is damaged or of another version."""
    path = folder / FILE
    try:
        content = read_input(path)
    except OSError as error:
        raise Invalid.in_file(path, f"cannot be read: {error.strerror}", "is this a run folder?") from None
    return manifest_of(RunManifest, content, path, "restore it or run again")


def manifest_of(kind: type[Kind], content: bytes, path: object, remedy: str = "") -> Kind:
    """Return a manifest of a kind, whose format is the default of its class.

    Raises Invalid if it is damaged (with this remedy), of another kind or of another version.
    """
    known = msgspec.structs.fields(kind)[0].default
    try:
        form = decode(content, dict[str, Any]).get("format")
        if form == known:
            return decode(content, kind)
    except Undecodable as error:
        raise Invalid.in_file(path, f"is damaged: {error}", remedy) from None
    family = str(form).partition("/")[0]
    if family in KINDS and not known.startswith(f"{family}/"):
        raise Invalid.in_file(path, *KINDS[family])
    if is_newer(str(form), (known,)):
        raise Invalid.in_file(path, *newer(str(form), (known,)))
    raise Invalid.in_file(path, f"has the format {form!r}", f"this version reads '{known}': {OLD}")


def run_name(scenario: str, seed: int, *ingredients: str) -> str:
    """Return a name such as `korea-2017-s7-amber-crane`; equal inputs, seed and settings give the same one."""
    digest = hashlib.blake2b("\x00".join((scenario, str(seed), *ingredients)).encode(), digest_size=8).digest()
    halves = zip(name_words(), (digest[:4], digest[4:]), strict=True)
    words = (known[int.from_bytes(half, "big") % len(known)] for known, half in halves)
    return "-".join([scenario, f"s{seed}", *words])


def name_words() -> list[list[str]]:
    """Return the adjectives and the nouns of names."""
    text = Path(__file__).with_name("run_names.txt").read_text("utf-8")
    return [part.split() for part in text.split("\n\n")]
