"""The manifest of a batch folder: what was requested, its inputs, and its progress."""

import platform
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec

from wargame.batches.running.store import Store
from wargame.errors import Invalid
from wargame.journal import manifest as runs
from wargame.journal.decoding import check_moment
from wargame.journal.inputs import read_input
from wargame.journal.manifest import now

FORMAT: Final = "wargame-batch/1"
FILE: Final = "manifest.json"
RUNNING, COMPLETE, EARLY, INTERRUPTED, FAILED = "running", "complete", "stopped early", "interrupted", "failed"
CUT_SHORT = "cut short"
"""How a batch ended that no process runs any more, although its manifest says `running`."""


MOST = 1_000_000
"""Replications of a batch at most."""


class BatchManifest(msgspec.Struct, frozen=True, kw_only=True):
    """The facts needed to resume or repeat the batch, and to know whether it is complete.

    `ended` is `running`, `complete`, `stopped early`, `interrupted` or `failed`; wall times are UTC.
    """

    format: str = FORMAT
    name: str
    study: str
    title: str
    scenario: str
    target: str
    identity: str
    hashes: dict[str, tuple[str, str]]
    """Hashes of the scenario and of the injects of each arm."""
    fixed: dict[str, str] = {}
    """Hashes of what was fixed before the first run: claims, targets and evidence; mechanisms; all numbers."""
    arms: dict[str, dict[str, Any]]
    baseline: str
    seed: int
    replications: int
    """Requested in each arm."""
    command: str
    versions: dict[str, str]
    numbers: str = ""
    """Whether package numbers ran `compiled` or `interpreted` when the batch began."""
    rerun: int = 0
    """Rows that were computed again by the other of the two, with the same results."""
    platform: str
    started: str
    finished: str | None = None
    ended: str = RUNNING
    reason: str = ""
    counted: int = 0
    """Replications in each arm that count: fewer than requested if the batch stopped early."""
    stopped: dict[str, int] = {}
    """Arms that a race stopped, with their replications."""
    runs: int = 0
    failed: int = 0
    wall_s: float = 0.0
    """Seconds of running and writing in all sessions together."""

    def __post_init__(self) -> None:
        """Raise ValueError if a time is not an ISO time, or a number is out of range."""
        for at in filter(None, (self.started, self.finished)):
            check_moment(at)
        counts = (self.seed, self.replications, self.counted, self.runs, self.failed)
        if min(counts) < 0 or self.counted > self.replications or self.replications > MOST:
            raise ValueError("seed and counts are 0 or more, and no more replications count than were requested")


def versions() -> dict[str, str]:
    """Return the versions on which rows may depend besides their inputs."""
    return runs.versions() | {"machine": platform.machine()}


def batches(top: Path) -> list[tuple[str, BatchManifest]]:
    """Return the batches under `top` with the names of their folders; other and damaged folders are skipped."""
    manifests_by_time = []
    for path in sorted(top.glob(f"*/{FILE}")):
        with suppress(Invalid, OSError):
            manifests_by_time.append((path.parent.name, decode(read_input(path), str(path))))
    return manifests_by_time


def how_ended(manifest: BatchManifest, place: Store) -> str:
    """Return how the batch at this place ended, as in its manifest; `cut short` if its process was killed."""
    return CUT_SHORT if manifest.ended == RUNNING and not place.in_use() else manifest.ended


def decode(data: bytes, where: str) -> BatchManifest:
    """Read a manifest; Invalid if it is damaged, of another kind or of a later version."""
    return runs.manifest_of(BatchManifest, data, where)


def read_manifest(place: Store) -> BatchManifest:
    """Return the manifest of a batch; Invalid if it cannot be read."""
    where = f"{place.address}/{FILE}"
    try:
        return decode(place.read(FILE), where)
    except OSError as error:
        reason = error.strerror or error
        raise Invalid.in_file(where, f"cannot be read: {reason}", "is this a batch?") from None


__all__ = ["BatchManifest", "decode", "now", "read_manifest", "versions"]
