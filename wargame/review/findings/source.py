"""A run folder opened for review: whole, cut short or damaged, and honest about which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from wargame.errors import WargameError
from wargame.journal.command_log import path_to, read_commands
from wargame.journal.folder import Folder, find, open_folder
from wargame.journal.manifest import RunManifest
from wargame.journal.reader import read_what_is_there
from wargame.journal.records import Record, kept
from wargame.journal.sentences import Titles
from wargame.review.findings.dates import Dates, dates
from wargame.review.findings.findings import startex_second
from wargame.scenario.journal_context import titles
from wargame.scenario.loading.load import Loaded, load_files
from wargame.scenario.model import Inject, Scenario


@dataclass(frozen=True)
class RunSource:
    """What a review is made of. `notes` tell the reader what is missing, the most important first.

    `loaded` is None if the frozen inputs cannot be read; then titles and plans are missing, the journal is not.
    """

    folder: Folder
    manifest: RunManifest
    records: Sequence[Record]
    loaded: Loaded | None
    notes: tuple[str, ...] = field(default=())

    @cached_property
    def index(self) -> Mapping[int, Record]:
        """Records by their number."""
        return {record.seq: record for record in self.records}

    @cached_property
    def dates(self) -> Dates:
        """How moments of this run are told."""
        return dates(self.manifest.startex, self.records[-1].at if self.records else self.manifest.reached)

    @cached_property
    def startex(self) -> int:
        """In seconds of the run's clock."""
        return startex_second(self.manifest, self.records)

    @cached_property
    def since(self) -> Sequence[Record]:
        """The records from STARTEX on: what came before is replayed history."""
        return [record for record in self.records if record.t >= self.startex]

    @property
    def scenario(self) -> Scenario | None:
        """The scenario of the run, if its inputs can be read."""
        return self.loaded.scenario if self.loaded else None

    @property
    def injects(self) -> tuple[Inject, ...]:
        """The MSEL as written, sorted by id."""
        return self.loaded.injects if self.loaded else ()

    @cached_property
    def left_behind(self) -> list[str]:
        """Notes and ratings of a live exercise on branches that were left or in what was undone, in words."""
        if not self.folder.is_live:
            return []
        try:
            lines = read_commands(self.folder.commands)
        except WargameError:
            return []
        kept = [(line.kind, line.data) for line in path_to(lines, len(lines))]
        written = [line for line in lines if line.kind in ("note", "rating")]
        return [_left(line.kind, line.data) for line in written if (line.kind, line.data) not in kept]

    @cached_property
    def titles(self) -> Titles:
        """Names and titles for sentences about records."""
        return titles(self.scenario, self.injects) if self.scenario is not None else Titles(self.governments)

    @cached_property
    def inject_titles(self) -> dict[str, str]:
        """Titles of injects by id."""
        return {inject.id: inject.title for inject in self.injects}

    @cached_property
    def governments(self) -> dict[str, str]:
        """Names by id, sorted by id; from the journal's first record if there is no scenario."""
        if self.scenario is not None:
            return {name: self.scenario.governments[name].name for name in sorted(self.scenario.governments)}
        first = self.records[0].data.get("governments") if self.records else None
        return {str(name): str(name) for name in first} if isinstance(first, list) else {}


Run = RunSource | Folder | Path | str
"""What the findings take: a run folder in any form, or one that is open already."""


def open_run(run: Run) -> RunSource:
    """Opens a run folder, or the one that a name under `runs/` means.

    Raises UsageFault if there is none and Invalid if the folder holds no run; a damaged journal is read
    as far as it can be.
    """
    if isinstance(run, RunSource):
        return run
    folder = find(run) if isinstance(run, str) else open_folder(run) if isinstance(run, Path) else run
    manifest = folder.manifest()
    records, notes = read_what_is_there(folder)
    loaded, fault = _load(folder)
    notes = [*notes, _level(manifest), fault]
    return RunSource(folder, manifest, records, loaded, tuple(note for note in notes if note))


def from_memory(folder: Folder, manifest: RunManifest, records: Sequence[Record], loaded: Loaded) -> RunSource:
    """The source of a run that has just ended, without reading it back."""
    level = manifest.level
    return RunSource(folder, manifest, kept(list(records), level), loaded, tuple(filter(None, [_level(manifest)])))


def _left(kind: str, data: Mapping[str, Any]) -> str:
    said = [str(data.get(key) or "") for key in ("rating", "why", "text")]
    about = f" on {data['about']}" if data.get("about") else ""
    return f"{kind}{about}: {' '.join(word for word in said if word)}"


def _level(manifest: RunManifest) -> str:
    return {
        "none": "this run kept no journal: there is little to tell (run it with --journal full)",
        "decisions": "this journal was kept without signals and daily digests: what each seat knew, relations and "
        "indicators over time are missing (run it with --journal full)",
    }.get(manifest.level, "")


def _load(folder: Folder) -> tuple[Loaded | None, str]:
    try:
        return load_files(folder.inputs()), ""
    except (WargameError, OSError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        return None, f"the frozen inputs cannot be read, so plans and titles are missing: {first}"
