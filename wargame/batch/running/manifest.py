"""The manifest of a batch folder: what was asked, of which inputs, and how far it came."""

from __future__ import annotations

import platform
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import msgspec

from wargame.batch.running.store import Store
from wargame.errors import Invalid, Problem
from wargame.journal import manifest as runs
from wargame.journal.manifest import now
from wargame.scenario.loading.load import Loaded

FORMAT: Final = "wargame-batch/1"
FILE: Final = "manifest.json"
RUNNING, COMPLETE, EARLY, INTERRUPTED, FAILED = "running", "complete", "stopped early", "interrupted", "failed"


class BatchManifest(msgspec.Struct, frozen=True, kw_only=True):
    """Enough to go on with the batch, to make it again, and to tell whether it is whole.

    `ended` is `running`, `complete`, `stopped early`, `interrupted` or `failed`; wall times are UTC.
    """

    format: str = FORMAT
    name: str
    study: str
    title: str
    scenario: str
    target: str
    identity: str
    hashes: dict[str, list[str]]
    """Of the scenario and the script of each arm."""
    fixed: dict[str, str] = {}
    """Hashes of what was fixed before the first run: claims, targets and evidence; mechanisms; all numbers."""
    arms: dict[str, Any]
    baseline: str
    seed: int
    replications: int
    """Asked for in each arm."""
    command: str
    versions: dict[str, str]
    platform: str
    started: str
    finished: str | None = None
    ended: str = RUNNING
    reason: str = ""
    counted: int = 0
    """Replications in each arm that count: less than asked for if the batch stopped early."""
    runs: int = 0
    failed: int = 0
    kernel_events: int = 0
    decisions: int = 0
    wall_s: float = 0.0
    """Of playing and writing, all sittings together."""


def fixed(loaded: Loaded) -> dict[str, str]:
    """Hashes of what a batch is later compared with, taken before its first run."""
    from wargame.scenario.building.canonical import questions_sha256
    from wargame.scenario.building.numbers import mechanisms_sha256, parameters_sha256

    return {
        "questions": questions_sha256(loaded.scenario),
        "mechanisms": mechanisms_sha256(loaded.scenario, loaded.injects),
        "parameters": parameters_sha256(loaded.scenario, loaded.injects),
    }


def versions() -> dict[str, str]:
    """What rows may depend on besides their inputs."""
    return runs.versions() | {"pyarrow": metadata.version("pyarrow"), "machine": platform.machine()}


def encode(manifest: BatchManifest) -> bytes:
    """As the file has it."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def batches(top: Path) -> list[tuple[str, BatchManifest]]:
    """The batches under `top` by the names of their folders; what is none, or damaged, is passed over."""
    made = []
    for path in sorted(top.glob(f"*/{FILE}")):
        with suppress(Invalid, OSError):
            made.append((path.parent.name, decode(path.read_bytes(), str(path))))
    return made


def decode(data: bytes, where: str) -> BatchManifest:
    """Reads a manifest; Invalid if it is none, damaged or of a later version."""
    try:
        form = msgspec.json.decode(data).get("format")
        made = msgspec.json.decode(data, type=BatchManifest) if form == FORMAT else None
    except (msgspec.DecodeError, AttributeError) as error:
        raise Invalid([Problem(where, 0, 0, f"is damaged: {error}")]) from None
    if made is None:
        told = "is that of a single run" if form == runs.FORMAT else f"has the format {form!r}"
        raise Invalid([Problem(where, 0, 0, told, f"a batch has '{FORMAT}'")])
    return made


def read_manifest(place: Store) -> BatchManifest:
    """The manifest of a batch; Invalid if there is none that can be read."""
    where = f"{place.address}/{FILE}"
    try:
        return decode(place.read(FILE), where)
    except OSError as error:
        reason = error.strerror or error
        raise Invalid([Problem(where, 0, 0, f"cannot be read: {reason}", "is this a batch?")]) from None


__all__ = ["BatchManifest", "decode", "encode", "fixed", "now", "read_manifest", "versions"]
