"""The bytes of attachments, for those who have been sent them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from wargame.journal.records import record_of
from wargame.journal.records.script import AttachedFile, InjectReleasedRecord
from wargame.journal.visibility import Viewer
from wargame.scenario.journal_context import public_facts
from wargame.simulation.mechanisms.inject_contents import attached_file

if TYPE_CHECKING:
    from wargame.simulation.exercise import Exercise


def sent_attachment(exercise: Exercise, seats: Iterable[str], sha256: str) -> tuple[AttachedFile, bytes] | None:
    """An attachment that one of these seats (or `PUBLIC`) has been sent so far, and its bytes; None for any other."""
    viewers = [Viewer(seat, public_facts(exercise.context.scenario)) for seat in seats]
    for raw in exercise.records():
        record = record_of(raw, "") if raw[2] == "inject.released" else None
        if isinstance(record, InjectReleasedRecord) and any(viewer.was_sent(record) for viewer in viewers):
            for each in record.attachments:
                if each.sha256 == sha256 and sha256 in exercise.loaded.attached:
                    return each, exercise.loaded.attached[sha256]
    return None


def any_attachment(exercise: Exercise, sha256: str) -> tuple[AttachedFile, bytes] | None:
    """An attachment of the exercise and its bytes, for the white cell, which also sees what has not been sent."""
    for item in exercise.injector.lines.values():
        for each in item.spec.attachments:
            if each.content and each.content.sha256 == sha256 and sha256 in exercise.loaded.attached:
                return attached_file(each), exercise.loaded.attached[sha256]
    return sent_attachment(exercise, exercise.governments, sha256)
