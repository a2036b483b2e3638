"""The base of all records."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar

import msgspec

from wargame.journal.notices import NOTHING, REPORT, Notice, Reader, written
from wargame.journal.viewer_memory import ViewerMemory
from wargame.journal.wording import Titles
from wargame.sentence import Part, Sentence

RawRecord = tuple[int, int, str, str, str, tuple[int, ...], dict[str, Any]]
"""A record in a run, `(seq, t, kind, who, about, cause, data)`: appending a tuple is cheap."""

OptionalText = str | msgspec.UnsetType
"""A text that a command may lack; unset, which is false, if it does."""
RecordedEffects = dict[str, tuple[float, float]]
"""The old and the new value of each number that changes, by path."""


class Audience(StrEnum):
    """The relation of a viewer to a record."""

    OWN = "its government"
    CONCERNED = "those concerned"
    UNINFORMED = "those who do not know of the action"
    PUBLIC = "the public"
    EVERYONE = "everyone"


class Record(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One thing that happened. Each kind is a separate class, with what is particular to it as fields.

    `seq` counts all records of a run from 0, including those that the level of the journal leaves out. `t` is in
    seconds from the start of the scenario's calendar, `at` is the same as an ISO time with offset. `who` is the code of
    a government, or empty. `cause` lists numbers of earlier records: first the trigger, then what contributed.

    In a line of a journal, the fields of a kind are the object `data`; those that have their default are left out.
    """

    kind: ClassVar[str] = ""
    heading: ClassVar[tuple[str, str]] = "", REPORT
    """The label of its notice, and its sort."""
    shown: ClassVar[Mapping[Audience, tuple[str, ...]]] = {}
    """The fields that a viewer is shown. What is not listed is hidden, as is the record from those who are not."""

    seq: int
    t: int
    at: str
    who: str = msgspec.field(name=".who")  # the data of some kinds have keys of these names, too
    about: str = msgspec.field(name=".about")
    cause: tuple[int, ...]

    def clause(self, titles: Titles) -> str:
        """Return what happened, as a part of a sentence."""
        return f"{self.kind} {self.who} {self.about}".rstrip()

    def unlabelled(self, titles: Titles) -> str:
        """Return the clause without the label with which it begins, `outcome: …`; empty for one without a label."""
        del titles
        return ""

    def notice(self, reader: Reader) -> Notice | None:
        """Return its notice for a viewer that is shown these fields; None if it is not reported, as a snapshot."""
        del reader
        return None

    def reported(self, *body: Part, lead: str | None = "", end: Sentence = NOTHING) -> Notice:
        """Return a notice with this body; without a lead, terminals begin with the label and a colon."""
        return written(*self.heading, *body, lead=lead, end=end)

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """Return who a viewer is to this record now; None if it may not see it."""
        own = Audience.OWN in self.shown and self.who == viewer.seat
        return Audience.OWN if own else Audience.EVERYONE if Audience.EVERYONE in self.shown else None

    def for_viewer(self, viewer: ViewerMemory) -> dict[str, Any]:
        """Return values that fields have for a viewer, such as its own number, in place of the run's."""
        return {}

    @property
    def data(self) -> dict[str, Any]:
        """The data of the line as plain values."""
        line = msgspec.json.decode(encoder.encode(self))
        return {key: value for key, value in line.items() if key not in _HEAD}


_HEAD = frozenset(each.encode_name for each in msgspec.structs.fields(Record))


def _scalar(value: object) -> object:
    """Return the Python number for a NumPy scalar; raises TypeError for anything else."""
    item = getattr(value, "item", None)
    if item is None:
        raise TypeError(f"a record cannot contain a {type(value).__name__}")
    return item()


encoder = msgspec.json.Encoder(enc_hook=_scalar)
"""Floats have their shortest form, so that equal runs give equal bytes."""


def is_hidden(value: object) -> bool:
    """Return whether a viewer is not shown the field that has this value."""
    return value is msgspec.UNSET
