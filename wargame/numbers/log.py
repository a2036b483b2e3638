"""The log of a run, which has its records as tuples, and the functions that an event calls."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from wargame.numbers import typed as cython
from wargame.numbers.curves import Instant

_CHANGES = frozenset({"forum", "agreement", "leader"})
"""Kinds of record that change the world; so does the command `set`, and what is marked, as actions (`mark_change`)."""


@cython.final
@cython.cclass
class Log:
    """Appends records. `seq` counts all of them, including those that the level leaves out.

    `keeps_any` and `keeps_all` say whether records are kept at all, and whether of every kind, also of those that
    `left_out` lists. Data of records that are not kept need not be computed. `readers` receive each record when it is
    written, whatever the level, those in `on_change` the seq of each that changed the world, once it has done so.
    """

    keeps_any = cython.declare(cython.bint, visibility="public")
    keeps_all = cython.declare(cython.bint, visibility="public")
    records = cython.declare(list[Any], visibility="public")
    readers = cython.declare(list[Any], visibility="public")
    next_seq = cython.declare(cython.longlong, visibility="public")
    on_change = cython.declare(list[Any], visibility="public")
    present: Instant
    left_out: Any
    changed: cython.longlong
    changed_at: cython.longlong

    def __init__(self, present: Instant, level: str, left_out: Container[str]) -> None:
        self.present, self.left_out = present, left_out
        self.keeps_any, self.keeps_all = level != "none", level == "full"
        self.records, self.readers, self.on_change, self.next_seq = [], [], [], 0
        self.changed, self.changed_at = 0, -1

    def mute(self) -> None:
        """Stop keeping records, for a future of which only counts are used."""
        self.keeps_any = self.keeps_all = False

    @cython.ccall
    def write(
        self, kind: str, who: str = "", about: str = "", cause: Iterable[int] = (), data: dict[str, Any] | None = None
    ) -> cython.longlong:
        """Append a record and return its seq."""
        seq = self.next_seq
        self.next_seq = seq + 1
        if kind in _CHANGES or (kind == "command" and about == "set"):
            self.mark_change(seq)
        if self.keeps_any or self.readers:
            record = (seq, self.present.now, kind, who, about, tuple(cause), data or {})
            for reader in self.readers:
                reader(record)
            if self.keeps_all or (self.keeps_any and kind not in self.left_out):
                self.records.append(record)
        return seq

    @cython.cfunc
    def leaves_out_all(self) -> cython.bint:
        """Count a record that nobody reads, if nobody reads any."""
        if self.keeps_any or self.readers:
            return False
        self.next_seq += 1
        return True

    @cython.ccall
    def mark_change(self, seq: cython.longlong) -> None:
        """Mark a record of this second as one that changed the world."""
        self.changed_at, self.changed = self.present.now, seq
        for call in self.on_change:
            call(seq)

    def just_changed(self) -> tuple[int, ...]:
        """Return the last record of this second that changed the world: the cause of a condition that became true."""
        return (self.changed,) if self.changed_at == self.present.now else ()


@cython.ccall
def follow(steps: tuple[Any, ...], event: Any) -> None:
    """Call the functions of an event, in order, except those that have nothing to do.

    A step is a function, a container, and whether that has options: it has nothing to do while the container is empty,
    or lacks the option of the event.
    """
    for step, concerned, by_option in steps:
        if concerned and (not by_option or event.option in concerned):
            step(event)
