"""How a live exercise ended, from its journal and its command log: the manifest says so only after `quit`."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from wargame.errors import WargameError
from wargame.executor.replay import ELSEWHERE
from wargame.journal.command_log import path_to, read_commands
from wargame.journal.folder import Folder
from wargame.journal.manifest import PAUSED, RUNNING, RunManifest
from wargame.journal.records import Record
from wargame.journal.records.script import OutcomeRecord
from wargame.simulation.control.commands import AFTERWARDS


def of_journal(folder: Folder, manifest: RunManifest, records: Sequence[Record]) -> RunManifest:
    """Return the manifest with ending, outcomes and real time as the journal and the command log have them."""
    reached = {each.about: each.at for each in records if each.kind == "outcome"}
    if not manifest.outcomes:
        manifest = msgspec.structs.replace(
            manifest, outcomes={name: reached.get(name) for name in manifest.outcome_titles}
        )
    end = next((each for each in reversed(records) if each.kind == "run.end"), None)
    if end is None:
        return manifest
    if manifest.ended in (RUNNING, PAUSED):
        ended = "endex" if end.about == "endex" else f"outcome {end.about}"
        manifest = msgspec.structs.replace(manifest, ended=ended, reached=end.at)
    return msgspec.structs.replace(manifest, finished=_ended_at(folder, end, records) or manifest.finished)


def _ended_at(folder: Folder, end: Record, records: Sequence[Record]) -> str:
    """The wall time of the command that ended a live exercise; empty for other runs. Notes and ratings may follow it.

    That is the last command that is not possible after the end, unless an outcome by hand has ended it.
    """
    if not folder.is_live:
        return ""
    try:
        lines = read_commands(folder.commands)
    except WargameError:
        return ""
    by_hand = any(isinstance(each, OutcomeRecord) and each.about == end.about and each.by_hand for each in records)
    path = path_to(lines, len(lines))
    if by_hand:
        return next((each.wall for each in path if each.kind == "outcome" and each.data["outcome"] == end.about), "")
    return next((each.wall for each in reversed(path) if each.kind not in AFTERWARDS | ELSEWHERE), "")
