"""Writes an episode as the folder of a live exercise, by re-simulating its commands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from wargame.executor.replay import ADVANCE, replay
from wargame.executor.run import Place, completed, ending, manifest_of, new_folder
from wargame.journal import manifest as manifests
from wargame.journal.atomic import write_whole
from wargame.journal.command_log import CommandEntry
from wargame.journal.manifest import PAUSED
from wargame.journal.records import Stamps
from wargame.journal.writer import Writer
from wargame.simulation.exercise import Exercise

if TYPE_CHECKING:
    from wargame.env.episode import Episode

GIVEN_BY = "wargame.env"
"""Who gave the commands of a saved episode, as its command log says."""


def save_episode(episode: Episode, path: Path) -> Path:
    """Write the episode so far into a new run folder and return it; UsageFault if the folder cannot be created.

    An episode that is not over can be continued with `wargame resume`.
    """
    settings = replace(episode.settings, journal="full")
    exercise = Exercise(episode.loaded, episode.seed, settings)
    manifest = manifest_of(episode.loaded, exercise, episode.seed, settings, "")
    folder = new_folder(Place(out=path), manifest, episode.loaded, live=True)
    entries = _entries(episode)
    write_whole(folder.commands, b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries))
    for _ in replay(exercise, entries):
        pass
    with Writer(folder.journal) as writer:
        writer.append(Stamps(exercise.calendar.at).records(exercise.records()))
    written = msgspec.structs.replace(folder.manifest(), records=writer.records, journal_sha256=writer.sha256)
    ended = ending(exercise) if exercise.done else PAUSED
    manifests.write_manifest(folder.path, completed(written, exercise, ended))
    return folder.path


def _entries(episode: Episode) -> list[CommandEntry]:
    """Return the command log of an episode: what its agents did, and the advance of the clock after it."""
    wall, now = manifests.now(), episode.exercise.now
    given = [(each.t, each.kind, each.data) for each in episode.commands]
    last = given[-1][0] if given else episode.exercise.calendar.startex
    if now > last:
        given.append((last, ADVANCE, {"to": now}))
    return [
        CommandEntry(n=n, parent=n - 1, t=t, wall=wall, kind=kind, by=GIVEN_BY, data=data)
        for n, (t, kind, data) in enumerate(given, start=1)
    ]
