"""A live exercise and its folder.

Theory of operation
-------------------
A `Session` is one exercise that is open in this process, with three things on disk: the inputs, which never change;
the command log (`commands.jsonl`), one line for each command; and the journal, one line for each record. The journal
is always the beginning of what the inputs, the seed and the command log produce. To resume, to go back and to change
branches is to re-simulate (`session_state.py`), and to compare.

What happens to a command, in this order (`Session.submit`):

1. It is checked against the exercise, which does not change. A UsageFault ends it here.
2. Its line is written to the command log, without the end of line. NotKept ends it: nothing has changed.
3. It acts on the exercise. If that fails, the line is taken back and the state before it is re-simulated.
4. The end of the line is written and forced onto the disk. This acknowledges it: from here on it is never refused.
5. The new records are appended to the journal. What cannot be written now is written with the next ones, or on
   resuming.
6. Listeners are called with the new records. What fails in one of them is reported, and changes nothing else.

Commands inside `together` are one command: steps 1 and 3 are taken for each, the others once, at the end. A command
that goes to another past (rewind, undo, switch; `time_travel.py`) re-simulates that past aside, writes its journal
aside, then its own line, then replaces the journal: after a crash in between, `_settle` completes or discards it. Its
listeners are `before_turn`, before anything changes, and `turn_listeners`.

States: an exercise is running, paused or over (`manifest.json` says which). The clock on top of it (`wall_clock.py`)
has six: READY, RUNNING, STOPPED, PAUSEX, NO PLAY, ENDEX. It moves the exercise by commands, too, so that a
re-simulation needs no clock.

Who calls whom: consoles (`live.console`) submit commands, one line at a time; the shared session
(`live.terminals.shared_session`) runs the lines of all terminals and browsers in one event loop, lets the wall clock
tick, and shows each console the news of its role. A long command works in steps, between which others have turns.
Programs in seats and the web server run beside the shared session and know it; nothing here knows them.
"""

import shlex
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar, cast

import msgspec

from wargame.dataclasses import dataclass
from wargame.errors import NotReproducible, SettingErrors, UsageFault
from wargame.executor.replay import TIME_TRAVEL, act, check_move
from wargame.executor.run import Destination, inputs_of, manifest_of, new_folder, settings_fault, settings_of
from wargame.journal import folder as folders
from wargame.journal import manifest as manifests
from wargame.journal.atomic import remove_unfinished, write_whole
from wargame.journal.command_log import ADVANCE, ELSEWHERE, CommandEntry, CommandLog, NotKept, not_written, path_to
from wargame.journal.folder import Folder
from wargame.journal.reader import common_length
from wargame.journal.records import Record, Stamps
from wargame.live.session.session_state import SessionState
from wargame.scenario.loading.load import Loaded
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CommandResult:
    """The number of a command in the log, the records that it produced, and why a move of the clock stopped."""

    n: int
    records: list[Record]
    why: str = ""


class _Tried(Exception):
    """A command has been checked and is not carried out."""


class Session(SessionState):
    """A live exercise that is open in this process, and takes commands.

    `listeners` are called with new records. When the exercise goes to another past (rewind, undo, switch), first
    `before_turn` is called with the second to which it goes, before anything changes, and afterwards `turn_listeners`
    with the kind of the command. `last_turn` is the number of the last such command, or 0.
    """

    def __init__(self, folder: Folder, log: CommandLog, loaded: Loaded, settings: Settings) -> None:
        super().__init__(folder, log, loaded, settings)
        self.listeners: list[Callable[[list[Record]], None]] = []
        self.before_turn: list[Callable[[int], None]] = []
        self.turn_listeners: list[Callable[[str], None]] = []
        self.on_failure: Callable[[Exception], None] = traceback.print_exception
        """Called with the error of a listener."""
        self.last_turn = _last_turn(log)
        self._tried: list[Command] | None = None
        """The commands that are only checked; None if they are carried out."""
        self._unreported: list[Record] = []
        self.resumed = False
        self._stamps = Stamps(self.exercise.calendar.iso)
        self._closed = False
        try:
            self._settle()
        except BaseException:
            self._journal.close()
            raise

    # --- begin and end -------------------------------------------------------------------------

    @classmethod
    def create(cls, loaded: Loaded, seed: int, settings: Settings, place: Destination, command: str = "") -> Self:
        """Create an exercise in a new run folder; UsageFault if a setting or the place is invalid."""
        exercise = Exercise(loaded, seed, settings)
        folder = new_folder(place, manifest_of(loaded, exercise, seed, settings, command), loaded, live=True)
        return cls(folder, CommandLog(folder.commands), loaded, settings)

    @classmethod
    def resume(cls, folder: Folder) -> Self:
        """Open the exercise of a folder in the state after its last command.

        Raises UsageFault if the run is not live or another console has it open, NotReproducible if re-simulation gives
        another journal.
        """
        if not folder.is_live:
            remedy = f"wargame fork {shlex.quote(folder.typed)} --at T simulates another future of it"
            raise UsageFault(f"{folder.name} is an unattended run ({remedy})")
        manifest = folder.manifest()
        log = CommandLog(folder.commands)
        try:
            session = cls(folder, log, inputs_of(folder, manifest), settings_of(folder, manifest))
        except BaseException as error:
            log.close()
            if isinstance(error, SettingErrors):
                raise settings_fault(folder, error) from None
            if isinstance(error, OSError):
                raise UsageFault(f"{folder.name} cannot be resumed: {error.filename}: {error.strerror}") from None
            raise
        session.resumed = True
        return session

    def close(self) -> None:
        """Close the exercise; it can be resumed. Raises NotKept if journal and manifest could not be completed."""
        if self._closed:
            return
        self._closed = True
        manifest = self.present_manifest()
        try:
            self._check_place()
            self._journal.sync()
            manifests.write_manifest(self.folder.path, manifest)
        except (NotKept, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise NotKept(f"{self.folder.path} could not be completed: {reason}; wargame resume completes it") from None
        finally:
            self._journal.close()
            self.log.close()

    # --- commands ------------------------------------------------------------------------------

    def submit(self, kind: str, /, **data: Any) -> CommandResult:
        """Check a command, log it and apply it. After UsageFault or NotKept, nothing has changed."""
        if kind == ADVANCE:
            check_move(self.exercise, data)
        elif kind not in ELSEWHERE:
            self.exercise.check(Command(kind=kind, data=data))
        if self._tried is not None:
            self._tried.append(Command(kind=kind, data=data))
            if self._group is None:
                raise _Tried
            return CommandResult(0, [], "")
        now = self.exercise.now
        entry = self.entry(kind, self.head, now, self.branch, data)
        if self._group is None:
            self._begin(entry)
        try:
            why = act(self.exercise, entry)
            self.resimulation.note(self.exercise, entry)
            if self._group is None:
                self.log.end()
        except BaseException:
            if self._group is None:
                self.log.take_back()
            self._restore(self.path, now)
            raise
        self.path.append(entry)
        if self._group is not None:
            self._group.append(entry)
        return CommandResult(entry.n, self._flush(), why)

    @contextmanager
    def trying(self) -> Iterator[list[Command]]:
        """Check what is submitted inside, one command or several together, which ends there; nothing changes.

        Yields the commands in a list.
        """
        self._tried = tried = list[Command]()
        try:
            yield tried
        except _Tried:
            pass
        finally:
            self._tried = None

    def attach(self, name: str, data: bytes) -> None:
        """Add a file to the inputs, for injects that are added from now on; NotKept if it cannot be written."""
        path = self.folder.path / folders.INPUTS / name
        try:
            path.parent.mkdir(exist_ok=True)
            write_whole(path, data)
            self.loaded.attach(name, data)
            self._manifest = msgspec.structs.replace(self._manifest, attachments=self.loaded.attachments_sha256)
            manifests.write_manifest(self.folder.path, self._manifest)
        except OSError as error:
            raise not_written(path, error) from None

    def name_players(self, players: dict[str, dict[str, Any]]) -> None:
        """Let the manifest name programs of the exercise from the next time on at which it is written."""
        self._manifest = msgspec.structs.replace(self._manifest, players=self._manifest.players | players)

    def keep(self, *entries: CommandEntry) -> None:
        """Write the entries of one command to the log; NotKept if they, or the folder, cannot be kept."""
        self._begin(*entries)
        self.log.end()

    def _begin(self, *entries: CommandEntry) -> None:
        """Write the entries without their end, which acknowledges them."""
        self._check_place()
        if self._manifest.ended != manifests.RUNNING:  # it no longer describes the journal
            manifest = msgspec.structs.replace(self._manifest, ended=manifests.RUNNING)
            try:
                manifests.write_manifest(self.folder.path, manifest)
            except OSError as error:
                raise not_written(self.folder.path / manifests.FILE, error) from None
            self._manifest = manifest
        self.log.begin(*entries)

    def _check_place(self) -> None:
        """Raise NotKept if the run folder was moved or deleted."""
        self.log.check_place()
        self._journal.check_place()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make the commands submitted inside one command, which happens completely or not at all.

        They are logged at the end, then their records are passed to the listeners. After an error inside, or NotKept,
        nothing has changed.
        """
        if self._group is not None:
            yield
            return
        path, now, marks = list(self.path), self.exercise.now, (dict(self.shown), dict(self.read))
        self._group, self._unreported = [], []
        try:
            yield
            turned = self._keep_group(self._group)
        except BaseException:
            if self._group:
                self._restore(path, now)
                self.shown, self.read = marks
            raise
        finally:
            self._group = None
        if turned:
            self._journal.switch()
            self.last_turn = _last_turn(self.log)
            self._notify(self.turn_listeners, turned)
        else:
            self._journal.append(self.records[len(self._journal.lines) :])
        if self._unreported:
            self._notify(self.listeners, self._unreported)

    def _keep_group(self, entries: list[CommandEntry]) -> str:
        """Write the commands of a group, and return the kind of the first one if it goes to another past.

        The journal of the other past is written aside first. Commands that are tried are not written.
        """
        if self._tried:
            raise _Tried
        if not entries:
            return ""
        if entries[0].kind not in TIME_TRAVEL:
            self.keep(*entries)
            return ""
        self._check_place()
        abandoned = self._abandoned(entries[0].n)
        self._journal.prepare(self.records, abandoned)
        try:
            self.keep(*entries)
        except BaseException:
            self._journal.discard(abandoned)
            raise
        return entries[0].kind

    def drift(self, to: int) -> None:
        """Move the clock to `to` if nothing happens before; this needs no command."""
        if to > self.exercise.now and self.exercise.next_event() >= to:
            self.exercise.advance(to)
            self._flush()

    def _restore(self, path: list[CommandEntry], now: int) -> None:
        """Re-simulate the state before a command that failed."""
        self.path, self.exercise = path, self.resimulation.simulate(path)
        self.exercise.advance(now)
        self.records = self._stamps.records(self.exercise.records())

    def _flush(self) -> list[Record]:
        """Write new records to the journal and pass them to the listeners; within a group, its end does both."""
        fresh = self._stamps.records(self.exercise.records()[len(self.records) :])
        self.records += fresh
        if self._group is not None:
            self._unreported += fresh
        elif fresh:
            self._journal.append(fresh)
            self._notify(self.listeners, fresh)
        return fresh

    def _notify(self, listeners: Iterable[Callable[[T], None]], news: T) -> None:
        """Call listeners, each also if another one fails; `on_failure` is called with what has failed."""
        for listener in list(listeners):
            try:
                listener(news)
            except Exception as error:  # noqa: BLE001 - whatever it is, the command has been carried out
                self.on_failure(error)

    # --- another past --------------------------------------------------------------------------

    def change_history(self, kind: str, parent: int, t: int, branch: str, data: dict[str, Any]) -> None:
        """Go to the state after command `parent`, on `branch`, with the clock at `t`.

        It is the first command of a group. The new journal is written aside, then the command to the log, then the
        journal is replaced; after a crash in between, resuming completes or discards the change.
        """
        with self.together():
            entry = self.entry(kind, parent, t, branch, data)
            path = [*path_to(self.log.lines, parent), entry]
            exercise = self.resimulation.state_after(parent, t)
            act(exercise, entry)
            self.resimulation.note(exercise, entry)
            self._notify(self.before_turn, exercise.now)
            self.resimulation.leave(self.head, self.exercise.now)
            cast("list[CommandEntry]", self._group).append(entry)
            before, self.path, self.exercise = self.records, path, exercise
            self.records = self._stamps.records(exercise.records())
            last = common_length(before, self.records) - 1
            self.shown |= {name: min(seq, last) for name, seq in self.shown.items()}
            injects = exercise.injector.lines.items()
            released = {(name, n) for name, each in injects for n in range(1, each.released + 1)}
            self.read = {name: opened & released for name, opened in self.read.items()}

    def _settle(self) -> None:
        """Compare the journal on disk with the re-simulated one; completes and removes what a crash has left."""
        self.records = self._stamps.records(self.exercise.records())
        abandoned = self._abandoned(len(self.log.lines) + 1)
        try:
            self._journal.compare(self.records)
        except NotReproducible:
            if self._journal.complete(self.records):
                pass
            elif self.log.torn and self._journal.starts_with(self.records):
                self._journal.prepare(self.records)
                self._journal.switch()
            else:
                raise
        else:
            self._journal.discard(abandoned)
        self._journal.append(self.records[len(self._journal.lines) :])
        self._journal.sync()
        for name in (manifests.FILE, folders.NEXT_JOURNAL):
            remove_unfinished(self.folder.path, name)
        remove_unfinished(self.folder.path / folders.BRANCHES)


def _last_turn(log: CommandLog) -> int:
    """Return the number of the last command that went to another past, 0 if there is none."""
    return next((entry.n for entry in reversed(log.lines) if entry.kind in TIME_TRAVEL), 0)
