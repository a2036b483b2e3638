"""Who may see a record, and which of its data.

This is the only place that decides it: the terminals of a live exercise, the documents of a seat and the review use
`Viewer`, and it the rules of `visibility_rules`. A government sees what it did, what it was sent, its signals and what
is public. It learns of an action of another government by its own signal of that action, not before. What would reveal
the action earlier, such as an outcome that the action caused, is shown together with the signal.
"""

from __future__ import annotations

from collections.abc import Iterable

from wargame.journal.records import Record, shown
from wargame.journal.viewer_memory import PublicFacts, ViewerMemory
from wargame.journal.visibility_rules import RULES

_BY_NUMBER = {"answer": "offer", "ballot": "vote", "vote.result": "vote"}
"""Kind of a record that is about a number -> the key of its data with the viewer's own number."""

STEPS = frozenset({"forum", "agreement"})
"""Kinds that are public except for the government that caused them, which is shown to those who know of its action."""


class Viewer(ViewerMemory):
    """One government, or the public, which is passed every record of the run in order."""

    def __init__(self, seat: str, facts: PublicFacts, learned: Iterable[int] = ()) -> None:
        super().__init__(seat, facts, learned)
        self._waiting: list[Record] = []

    def see(self, record: Record) -> list[Record]:
        """What this record brings: itself, with the data that may be seen, and what has waited for its news."""
        self.remember(record)
        shown = self._show(record)
        if self._news:
            waiting, self._waiting = self._waiting, []
            shown += [each for waited in waiting for each in self._show(waited)]
        return shown

    def hear(self, seq: int, option: str) -> None:
        """Takes the action of any government; as `see`, but faster. Its own it then has to `learn`."""
        self._actions[seq] = option

    def learn(self, seq: int, action: int) -> list[Record]:
        """Takes an action of this government, or a signal of one; as `see`, but faster and without the record itself.

        Returns what has waited for the news of the action. A signal to another government need not be passed at all.
        """
        self._news.clear()
        self._shown.add(seq)
        if action in self.learned:
            return []
        self.learned.add(action)
        self._news.add(action)
        waiting, self._waiting = self._waiting, []
        return [each for waited in waiting for each in self._show(waited)]

    def _show(self, record: Record) -> list[Record]:
        if not self.knows(_awaited(record, self.seat)) or not self._has_counted(record):
            self._waiting.append(record)
            return []
        data = RULES[record.kind](record, self) if record.kind in RULES else None
        if data is None:
            return []
        self._shown.add(record.seq)
        who = record.who if record.kind not in STEPS or not self.learned.isdisjoint(record.cause) else ""
        about = str(data[_BY_NUMBER[record.kind]]) if record.kind in _BY_NUMBER else record.about
        cause = tuple(seq for seq in record.cause if seq in self._shown)
        return [shown(record, who, about, cause, data)]

    def _has_counted(self, record: Record) -> bool:
        """Whether it knows of all that the condition of an outcome counts, as far as that has happened."""
        counted = self.facts.outcome_events.get(record.about, ()) if record.kind == "outcome" else ()
        return not counted or (self._unsent | self._unlearned()).isdisjoint(counted)

    def _unlearned(self) -> set[str]:
        return {option for action, option in self._actions.items() if action not in self.learned}


def _awaited(record: Record, seat: str) -> tuple[int, ...]:
    """The records that this one would reveal. A viewer that does not yet know of an action among them sees it later."""
    within_a_state = record.kind in STEPS and record.data.get("from") == record.data.get("to")
    if record.kind == "outcome" or within_a_state:
        return record.cause
    if record.kind in ("demand", "commitment") and seat not in (record.who, record.data.get("of")):
        return record.cause
    if record.kind == "demand.settled" and seat != record.who:
        return record.cause[:1]
    return ()
