"""A run folder opened for review: whole, cut short or damaged, with notes on what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from wargame.document.formatting import Dates, dates
from wargame.errors import Problem, WargameError
from wargame.journal import wording
from wargame.journal.command_log import ADVANCE, AFTERWARDS, ELSEWHERE, CommandEntry, path_to, read_commands
from wargame.journal.command_words import given
from wargame.journal.folder import Folder, find, open_folder
from wargame.journal.manifest import BY_OUTCOME, PAUSED, RUNNING, RunManifest
from wargame.journal.reader import read_what_is_there
from wargame.journal.records import Record, at_level
from wargame.journal.records.run import RunStartRecord
from wargame.journal.records.script import InjectReleasedRecord, InjectSkippedRecord, OutcomeRecord
from wargame.journal.sentences import because
from wargame.journal.wording import Titles, author
from wargame.scenario.journal_context import titles
from wargame.scenario.loading.load import Loaded, load_files
from wargame.scenario.model import Inject, Scenario
from wargame.world.calendar import RunCalendar

INCOMPLETE = "incomplete"
"""The end of a run whose journal lacks its last record."""


@dataclass(frozen=True)
class RunSource:
    """The input of a review: manifest, records and scenario of one run.

    `notes` say what is missing, the most important first. `loaded` is None if the frozen inputs cannot be
    read; the review then lacks titles and plans.
    """

    folder: Folder
    manifest: RunManifest
    records: Sequence[Record]
    loaded: Loaded | None
    notes: tuple[str, ...] = field(default=())
    programs: Mapping[str, str] = field(default_factory=dict)
    """The programs and language models that decided, by government; to the engine their seats are `human`."""

    @cached_property
    def index(self) -> Mapping[int, Record]:
        """Records by their number."""
        return {record.seq: record for record in self.records}

    @cached_property
    def startex(self) -> int:
        """STARTEX in seconds of the run's clock; earlier records are replayed history."""
        if not self.records or not self.manifest.startex:
            return 0
        first = self.records[0]
        since = datetime.fromisoformat(self.manifest.startex) - datetime.fromisoformat(first.at)
        return first.t + round(since.total_seconds())

    @cached_property
    def since(self) -> Sequence[Record]:
        """The records from STARTEX on."""
        return [record for record in self.records if record.t >= self.startex]

    @cached_property
    def closing(self) -> Mapping[str, Any]:
        """The data of the record `run.end`; empty if the journal lacks it."""
        return next((record.data for record in reversed(self.records) if record.kind == "run.end"), {})

    @cached_property
    def ended(self) -> str:
        """The end of the run, as in its manifest; `INCOMPLETE` if the journal lacks the end that the manifest names."""
        # Notes and ratings of the hot wash of a live exercise may follow the end.
        complete = not self.records or not self.manifest.is_complete or any(r.kind == "run.end" for r in self.records)
        return self.manifest.ended if complete else INCOMPLETE

    @cached_property
    def reached(self) -> str:
        """The ISO time that the run reached."""
        return self.records[-1].at if self.records else self.manifest.reached

    @cached_property
    def dates(self) -> Dates:
        """The form of dates and times of this run."""
        return dates(self.manifest.startex, self.reached)

    @property
    def scenario(self) -> Scenario | None:
        """The scenario of the run, if its inputs can be read."""
        return self.loaded.scenario if self.loaded else None

    @property
    def injects(self) -> tuple[Inject, ...]:
        """The MSEL as written, sorted by id."""
        return self.loaded.injects if self.loaded else ()

    @cached_property
    def inject_titles(self) -> dict[str, str]:
        """Titles of injects by id: as released, so with the changes made during the exercise, else as in the files.

        In the version for a seat, a message has its subject instead, if it has one.
        """
        written = {each.id: each.title for each in self.injects}
        settled = (r for r in self.records if isinstance(r, InjectSkippedRecord | InjectReleasedRecord))
        titles = {r.about: r.title or getattr(r, "subject", "") for r in settled}
        return written | {name: title for name, title in titles.items() if title}

    @cached_property
    def governments(self) -> dict[str, str]:
        """Names of governments by id, sorted by id; the ids of the first record if the scenario cannot be read."""
        if self.scenario is not None:
            return {name: self.scenario.governments[name].name for name in sorted(self.scenario.governments)}
        first = self.records[0] if self.records else None
        return {name: name for name in first.governments} if isinstance(first, RunStartRecord) else {}

    def inject_title(self, inject: str) -> str:
        """Return the title of an inject, or its id as words."""
        return self.inject_titles.get(inject) or wording.words(inject)

    def name(self, government: object) -> str:
        """Return the name of a government; anything else as it is."""
        return self.governments.get(str(government or ""), str(government or ""))

    def because(self, record: Record) -> str:
        """Return one line that says why; empty if no cause is known."""
        return because(record, self.index, self.titles)

    @cached_property
    def left_behind(self) -> list[str]:
        """Notes and ratings of a live exercise that were undone or are on abandoned branches, in words."""
        lines = commands_of(self.folder)
        current = [(line.kind, line.data) for line in path_to(lines, len(lines))]
        written = [line for line in lines if line.kind in ("note", "rating")]
        return [_remark(line.kind, line.data) for line in written if (line.kind, line.data) not in current]

    @cached_property
    def rewinds(self) -> list[str]:
        """The moments to which a live exercise went back, on the branch of the review, as ISO texts.

        It goes back by `rewind`, and where `undo` or `switch` leaves behind what moved the clock further.
        """
        if self.scenario is None:
            return []
        lines, calendar = commands_of(self.folder), RunCalendar(self.scenario.calendar)
        moves = [(line.n, int(str(line.data["to"]))) for line in lines if line.kind == ADVANCE]
        back = [
            line
            for line in path_to(lines, len(lines))
            if line.kind == "rewind"
            or (line.kind in BACK and any(line.parent < n < line.n and to > line.t for n, to in moves))
        ]
        return [calendar.at(line.t).isoformat() for line in back]

    @cached_property
    def undone(self) -> list[str]:
        """The commands that `undo` took back on the branch of the review, as sentences, without moves of the clock."""
        if self.scenario is None:
            return []
        lines, calendar = commands_of(self.folder), RunCalendar(self.scenario.calendar)
        back = (lines[line.data["line"] - 1] for line in path_to(lines, len(lines)) if line.kind == "undo")
        acts = [line for line in back if line.kind not in (ADVANCE, "rewind", *BACK)]
        return [given(line, self.titles, lambda t: self.dates.at(calendar.at(t).isoformat())) for line in acts]

    @cached_property
    def titles(self) -> Titles:
        """Names and titles for sentences about records."""
        declared = titles(self.scenario) if self.scenario is not None else Titles(self.governments)
        return replace(declared, injects=self.inject_titles)


BACK = frozenset({"undo", "switch"})
"""Commands besides `rewind` that may go back in time."""
AnyRun = RunSource | Folder | Path | str
"""A run folder in any form, or one that is already open."""


def commands_of(folder: Folder) -> list[CommandEntry]:
    """Return all commands of a live exercise; none of other runs, or if the log is damaged."""
    try:
        return read_commands(folder.commands) if folder.is_live else []
    except WargameError:
        return []


def is_fork(record: Record) -> bool:
    """Return whether a run has its own random draws from this record on: it begins what is new in a fork."""
    return record.kind == "command" and record.about == "epoch"


def open_run(run: AnyRun, journal: tuple[list[Record], list[str]] | None = None) -> RunSource:
    """Open a run folder, or the run of that name under `runs/`.

    Reads as much of a damaged journal as it can; `journal` has been read already. Raises UsageFault if there is no such
    folder and Invalid if the folder is not a run.
    """
    if isinstance(run, RunSource):
        return run
    folder = find(run) if isinstance(run, str) else open_folder(run) if isinstance(run, Path) else run
    records, notes = journal or read_what_is_there(folder)
    manifest = of_journal(folder, folder.manifest(), records)
    loaded, fault = _load(folder, manifest)
    programs, damaged = read_programs(folder)
    notes = [*notes, _level(manifest), fault, *map(str, damaged)]
    return RunSource(folder, manifest, records, loaded, tuple(note for note in notes if note), programs)


def from_memory(folder: Folder, manifest: RunManifest, records: Sequence[Record], loaded: Loaded) -> RunSource:
    """Return the source of a run that has just ended, without reading its files."""
    written, (programs, damaged) = at_level(list(records), manifest.level), read_programs(folder)
    manifest = of_journal(folder, manifest, written)
    notes = tuple(filter(None, [_level(manifest), *map(str, damaged)]))
    return RunSource(folder, manifest, written, loaded, notes, programs)


def read_programs(folder: Folder) -> tuple[dict[str, str], list[Problem]]:
    """Return the programs that decided in a run, by government, and what is wrong with their transcripts."""
    if not (folder.path / "brains").is_dir():
        return {}, []
    from wargame.brains.transcript import programs_in  # few runs have programs

    return programs_in(folder.path)


def _remark(kind: str, data: Mapping[str, Any]) -> str:
    parts = [str(data.get(key) or "") for key in ("rating", "why", "text")]
    about = f" on {data['about']}" if data.get("about") else ""
    about += f" by {author(data.get('evaluator') or data.get('who'))}"
    return f"{kind}{about}: {': '.join(part for part in parts if part)}"


def _level(manifest: RunManifest) -> str:
    return {
        "none": "this run has no journal, so little can be reported (run it with --journal full)",
        "decisions": "this journal has no signals and snapshots, so what each seat knew, relations and indicators over "
        "time are missing (run it with --journal full)",
    }.get(manifest.level, "")


def _load(folder: Folder, manifest: RunManifest) -> tuple[Loaded | None, str]:
    try:
        return load_files(folder.inputs(), (manifest.scenario_sha256, manifest.injects_sha256)), ""
    except (WargameError, OSError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        return None, f"the frozen inputs cannot be read, so plans and titles are missing: {first}"


def of_journal(folder: Folder, manifest: RunManifest, records: Sequence[Record]) -> RunManifest:
    """Return the manifest with ending, outcomes and real time as the journal and the command log have them."""
    reached = {each.about: each.at for each in records if each.kind == "outcome"}
    if not manifest.outcomes:
        outcomes = {name: reached.get(name) for name in manifest.outcome_titles}
        manifest = msgspec.structs.replace(manifest, outcomes=outcomes)
    end = next((each for each in reversed(records) if each.kind == "run.end"), None)
    if end is None:
        return manifest
    if manifest.ended in (RUNNING, PAUSED):
        ended = "endex" if end.about == "endex" else f"{BY_OUTCOME}{end.about}"
        manifest = msgspec.structs.replace(manifest, ended=ended, reached=end.at)
    return msgspec.structs.replace(manifest, finished=_ended_at(folder, end, records) or manifest.finished)


def _ended_at(folder: Folder, end: Record, records: Sequence[Record]) -> str:
    """Return the wall time of the command that ended a live exercise; empty for other runs. Notes may follow it.

    That is the last command that is not possible after the end, unless an outcome by hand has ended it.
    """
    lines = commands_of(folder)
    by_hand = any(isinstance(each, OutcomeRecord) and each.about == end.about and each.by_hand for each in records)
    path = path_to(lines, len(lines))
    if by_hand:
        return next((each.wall for each in path if each.kind == "outcome" and each.data["outcome"] == end.about), "")
    return next((each.wall for each in reversed(path) if each.kind not in AFTERWARDS | ELSEWHERE), "")
