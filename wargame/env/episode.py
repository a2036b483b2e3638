"""An episode: a run in which agents give commands, how it is saved, and how a moment of it is restored."""

from pathlib import Path
from typing import Any

import msgspec

from wargame.dataclasses import dataclass, replace
from wargame.decision.menu import Candidate
from wargame.errors import NotReproducible, UsageFault
from wargame.executor.replay import replay
from wargame.executor.run import Destination, completed, ending, manifest_of, new_folder
from wargame.journal import manifest as manifests
from wargame.journal.atomic import write_whole
from wargame.journal.command_log import ADVANCE, CommandEntry
from wargame.journal.manifest import PAUSED
from wargame.journal.records import Stamps
from wargame.journal.writer import Writer
from wargame.scenario.loading.load import Loaded
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings
from wargame.simulation.kernel.snapshot import digest

GIVEN_BY = "wargame.env"
"""The author of the commands of an episode, as in its command log."""


@dataclass(frozen=True, slots=True)
class EpisodeState:
    """A moment of an episode: the commands that lead to it, and what the environment remembers.

    `now` is its second, `over` whether the episode has ended, `digest` that of all values, with which a repetition is
    compared. `rewards` and `fields` are what the next rewards and the next step depend on besides.
    """

    seed: int
    replication: int
    commands: tuple[CommandEntry, ...]
    now: int
    over: bool
    digest: str
    rewards: tuple[dict[str, Any], ...]
    fields: dict[str, Any]


class Episode:
    """A run in which agents act. `commands` are those that they have given, without wall times, which reproduce it.

    The exercise keeps no records while it is played, which is faster: a re-simulation with the commands gives them.
    """

    def __init__(self, loaded: Loaded, seed: int, settings: Settings, journal: str = "none") -> None:
        self.loaded, self.seed = loaded, seed
        self.settings = settings
        self.exercise = Exercise(loaded, seed, replace(self.settings, journal=journal))
        self.commands: list[CommandEntry] = []
        self._dues = self.exercise.commands.seats.dues
        self.exercise.advance(self.exercise.calendar.startex + 1)  # seats are assigned at STARTEX

    def next_turn(self) -> tuple[str, str] | None:
        """Advance to the next decision that is due; its government and dossier, None once the exercise is over."""
        exercise = self.exercise
        while not self._dues and not exercise.done:
            exercise.advance(exercise.end, to_due=True)
        return next(iter(self._dues)) if not exercise.done else None

    def due(self, government: str) -> list[str]:
        """Return the dossiers on which a government has to decide."""
        return [dossier for name, dossier in self._dues if name == government]

    def act(self, government: str, candidate: Candidate | None, dossier: str = "") -> bool:
        """Give an order, or pass on what is due (on `dossier`, or on all); returns whether that was possible."""
        if self.exercise.done:
            return True
        if candidate is not None:
            data = {"government": government, "option": candidate.option, "who": government}
            if candidate.target is not None:
                data["target"] = candidate.target
            return self.give("order", data)
        if not self.due(government):
            return True
        named = {"dossier": dossier} if dossier else {}
        return self.give("pass", {"government": government, **named, "who": government})

    def give(self, kind: str, data: dict[str, Any]) -> bool:
        """Give a command; returns whether that was possible."""
        n, now = len(self.commands) + 1, self.exercise.now
        try:
            self.exercise.apply(Command(kind=kind, data=data))
        except UsageFault:
            return False
        self.commands.append(CommandEntry(n=n, parent=n - 1, t=now, wall="", kind=kind, data=data, by=GIVEN_BY))
        return True

    def state(self, rewards: tuple[dict[str, Any], ...], fields: dict[str, Any]) -> EpisodeState:
        """Return the present moment, with what the environment remembers."""
        exercise, given = self.exercise, tuple(self.commands)
        replication, check = self.settings.replication, digest(exercise.context.world)
        return EpisodeState(self.seed, replication, given, exercise.now, exercise.done, check, rewards, fields)

    def repeat(self, state: EpisodeState) -> None:
        """Give the commands of a state again, and go on to its moment; NotReproducible if that is another one."""
        exercise = self.exercise
        for command in state.commands:
            exercise.advance(command.t)
            if not self.give(command.kind, command.data):
                raise NotReproducible(f"{command.kind} cannot be given again: the state is of another environment")
        exercise.advance(state.now + 1 if state.over else state.now)
        if (exercise.now, exercise.done, digest(exercise.context.world)) != (state.now, state.over, state.digest):
            raise NotReproducible("the same actions lead to another moment: the state is of another environment")


def save_episode(episode: Episode, path: Path) -> Path:
    """Write the episode so far into a new run folder and return it; UsageFault if the folder cannot be created.

    An episode that is not over can be continued with `wargame resume`.
    """
    settings = replace(episode.settings, journal="full")
    exercise = Exercise(episode.loaded, episode.seed, settings)
    manifest = manifest_of(episode.loaded, exercise, episode.seed, settings, "")
    folder = new_folder(Destination(out=path), manifest, episode.loaded, live=True)
    wall, now = manifests.now(), episode.exercise.now
    entries = [msgspec.structs.replace(each, wall=wall) for each in episode.commands]
    n, last = len(entries), entries[-1].t if entries else episode.exercise.calendar.startex
    if now > last:
        entries.append(CommandEntry(n=n + 1, parent=n, t=last, wall=wall, kind=ADVANCE, data={"to": now}, by=GIVEN_BY))
    write_whole(folder.commands, b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries))
    for _ in replay(exercise, entries):
        pass
    with Writer(folder.journal) as writer:
        writer.append(Stamps(exercise.calendar.iso).records(exercise.records()))
    written = msgspec.structs.replace(folder.manifest(), records=writer.records, journal_sha256=writer.sha256)
    manifests.write_manifest(folder.path, completed(written, exercise, ending(exercise) if exercise.done else PAUSED))
    return folder.path
