"""Records of the run as a whole, and what the white cell and evaluators write."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, field

from wargame.journal.records.record import Record, Text


class RunStartRecord(Record, frozen=True):
    """The start of a run. `startex` and `end` are seconds; `inputs` are hashes of the files."""

    kind = "run.start"

    scenario: str
    seed: int
    replication: int
    startex: int
    end: int
    governments: tuple[str, ...]
    wargame: str
    inputs: dict[str, str]


class StartexRecord(Record, frozen=True):
    """STARTEX. `seats` has the kind of the seat of each government."""

    kind = "startex"

    seats: dict[str, str]


class SnapshotRecord(Record, frozen=True):
    """The indicators at midnight: a digest of all; on the first of a month their values, true and as seen."""

    kind = "snapshot"

    digest: str
    values: dict[str, float] | None = None
    seen: dict[str, dict[str, float]] | None = None


class RunEndRecord(Record, frozen=True):
    """The end of a run. `outcomes` has the second of each outcome, None if it was not met.

    `attention` has seconds of work by government and dossier.
    """

    kind = "run.end"

    reason: str
    outcomes: dict[str, int | None]
    attention: dict[str, dict[str, int | float]]
    actions: dict[str, int]
    expected: dict[str, int]
    decisions: int


class CommandRecord(Record, frozen=True):
    """A command of the white cell or of a seat that has no kind of record of its own; `about` is its kind."""

    kind = "command"

    data: dict[str, Any]


class NoteRecord(Record, frozen=True):
    """A note of the facilitator, the scribe or an evaluator, or a warning of the run."""

    kind = "note"

    text: str
    named: Text = field(name="about", default=UNSET)
    tag: Text = UNSET
    author: str = field(name="who", default="")
    evaluator: str = ""
    person: str = ""


class RatingRecord(Record, frozen=True):
    """The rating of an objective, or the judgement of expected actions after the inject that it is about."""

    kind = "rating"

    named: str = field(name="about")
    government: Text = UNSET
    number: int | str | None = None
    evidence: int | str | None = None
    rating: Text = UNSET
    why: Text = UNSET
    author: str = field(name="who", default="")
    evaluator: str = ""
    person: str = ""
