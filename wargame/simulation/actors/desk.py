"""The desk of a government: its dossiers, and which one it works on next."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp2
from typing import TYPE_CHECKING

from wargame.language.times import DAY

if TYPE_CHECKING:
    from wargame.scenario.model import DossierSettings as Spec
    from wargame.scenario.model import Rules

MOST_CAUSES = 3
"""Signals named as causes of a decision, besides its trigger."""
OLD = 60 * DAY
"""Signals older than this are not named as causes. Judgement."""


@dataclass(slots=True)
class DeskEntry:
    """One dossier: when it is due and why, the work left on it, and its recent signals.

    `due`, `deadline` and `salience_at` are times in seconds of the run; `left` and `spent` are seconds of work.
    `reason` and `trigger` (a record) say why it is due. `news` holds (strength, seq, time) of the strongest signals.
    """

    dossier: str
    spec: Spec
    due: int
    left: int
    reason: str = "routine"
    trigger: int | None = None
    deadline: int | None = None
    salience: float = 0.0
    salience_at: int = 0
    spent: int = 0
    news: list[tuple[float, int, int]] = field(default_factory=list)

    def add_news(self, strength: float, seq: int, now: int) -> None:
        """Adds a signal; only the strongest recent ones are kept."""
        fresh = [n for n in self.news if now - n[2] <= OLD]
        self.news = sorted([*fresh, (strength, seq, now)], key=lambda n: (-n[0], n[1]))[:MOST_CAUSES]

    def causes(self, now: int) -> list[int]:
        """The records that led to a decision now: the trigger, then recent signals in the order of their arrival."""
        trigger = [] if self.trigger is None else [self.trigger]
        return trigger + sorted(seq for _, seq, t in self.news if seq != self.trigger and now - t <= OLD)


class Desk:
    """The dossiers of one government. A waiting dossier gains rank; an interrupted one keeps its remaining work."""

    def __init__(self, specs: dict[str, Spec], rules: Rules, now: int) -> None:
        self._rules = rules
        count = len(specs)
        self.entries = {
            name: DeskEntry(name, spec, now + spec.every * (i + 1) // (count + 1), spec.work)
            for i, (name, spec) in enumerate(sorted(specs.items()))
        }

    def pick(self, now: int) -> DeskEntry | None:
        """The due dossier with the highest priority + age + salience, at a tie the one with the least work left."""
        waiting = [entry for entry in self.entries.values() if entry.due <= now]
        if len(waiting) < 2:
            return waiting[0] if waiting else None
        return max(waiting, key=lambda e: (self._rank(e, now), -e.left, e.dossier))

    def _rank(self, entry: DeskEntry, now: int) -> float:
        age = (now - entry.due) / entry.spec.every
        return entry.spec.priority + age + self.salience(entry, now) / self._rules.salience_crisis

    def next_due(self) -> int:
        """The time at which the next dossier is due."""
        return min(entry.due for entry in self.entries.values())

    def salience(self, entry: DeskEntry, now: int) -> float:
        """The salience of a dossier now; it decays with its half-life."""
        return entry.salience * exp2((entry.salience_at - now) / self._rules.salience_half_life)

    def add_salience(self, dossier: str, salience: float, now: int) -> float:
        """Adds salience and returns the sum; 0 for a dossier that is not on this desk."""
        entry = self.entries.get(dossier)
        if entry is None:
            return 0.0
        entry.salience = self.salience(entry, now) + salience
        entry.salience_at = now
        return entry.salience

    @staticmethod
    def summon(entry: DeskEntry, reason: str, now: int, trigger: int | None, deadline: int | None = None) -> None:
        """Makes a dossier due now; one that is due already keeps its time and reason.

        Of several deadlines the earliest applies, until the meeting is over.
        """
        if entry.due > now:
            entry.due, entry.reason, entry.trigger = now, reason, trigger
        if deadline is not None:
            entry.deadline = deadline if entry.deadline is None else min(entry.deadline, deadline)

    def done(self, entry: DeskEntry, now: int) -> None:
        """Ends a meeting: salience is halved, and the next meeting is sooner the more salience is left."""
        entry.salience, entry.salience_at = self.salience(entry, now) / 2.0, now
        interval = entry.spec.every / (1.0 + self._rules.urgency * entry.salience)
        entry.due, entry.left = now + max(round(interval), entry.spec.work), entry.spec.work
        entry.reason, entry.trigger, entry.deadline = "routine", None, None
