"""A leadership's desk: its dossiers, in the order in which it takes them up."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp2
from typing import TYPE_CHECKING

from wargame.language.times import DAY

if TYPE_CHECKING:
    from wargame.scenario.model import DossierSettings as Spec
    from wargame.scenario.model import Rules

MOST_CAUSES = 3
"""Contributions kept beside the trigger of a decision."""
OLD = 60 * DAY
"""News older than this contribute to no decision. Judgement."""


@dataclass(slots=True)
class DeskEntry:
    """One dossier: when it is due and why, the work left on it, and what has happened on it lately.

    `due` in seconds; `left` in seconds of work; `news` holds (strength, seq, second) of the signals that weigh most.
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

    def heard(self, strength: float, seq: int, now: int) -> None:
        """Remembers a signal among the few that weigh most; what has become old makes room."""
        fresh = [n for n in self.news if now - n[2] <= OLD]
        self.news = sorted([*fresh, (strength, seq, now)], key=lambda n: (-n[0], n[1]))[:MOST_CAUSES]

    def causes(self, now: int) -> list[int]:
        """The trigger first, then the contributions that are not old, in the order in which they came."""
        first = [] if self.trigger is None else [self.trigger]
        return first + sorted(seq for _, seq, t in self.news if seq != self.trigger and now - t <= OLD)


class Desk:
    """The dossiers of one government. Waiting ones gain priority; an interrupted one keeps the time it had left."""

    def __init__(self, specs: dict[str, Spec], rules: Rules, now: int) -> None:
        self._rules = rules
        count = len(specs)
        self.entries = {
            name: DeskEntry(name, spec, now + spec.every * (i + 1) // (count + 1), spec.work)
            for i, (name, spec) in enumerate(sorted(specs.items()))
        }

    def pick(self, now: int) -> DeskEntry | None:
        """The dossier to take up now: the highest of priority + age + salience, the least work left among equals."""
        waiting = [entry for entry in self.entries.values() if entry.due <= now]
        if len(waiting) < 2:
            return waiting[0] if waiting else None
        return max(waiting, key=lambda e: (self._rank(e, now), -e.left, e.dossier))

    def _rank(self, entry: DeskEntry, now: int) -> float:
        age = (now - entry.due) / entry.spec.every
        return entry.spec.priority + age + self.salience(entry, now) / self._rules.salience_crisis

    def next_due(self) -> int:
        """When the next dossier falls due."""
        return min(entry.due for entry in self.entries.values())

    def salience(self, entry: DeskEntry, now: int) -> float:
        """The dossier's salience now; it fades."""
        return entry.salience * exp2((entry.salience_at - now) / self._rules.salience_half_life)

    def add_salience(self, dossier: str, salience: float, now: int) -> float:
        """Adds salience and returns what it comes to; 0 for a dossier that is not on this desk."""
        entry = self.entries.get(dossier)
        if entry is None:
            return 0.0
        entry.salience = self.salience(entry, now) + salience
        entry.salience_at = now
        return entry.salience

    @staticmethod
    def call(entry: DeskEntry, reason: str, now: int, trigger: int | None, deadline: int | None = None) -> None:
        """Has the dossier taken up as soon as possible; one that is due already keeps its place and reason.

        The earliest of several deadlines stands until the meeting is over.
        """
        if entry.due > now:
            entry.due, entry.reason, entry.trigger = now, reason, trigger
        if deadline is not None:
            entry.deadline = deadline if entry.deadline is None else min(entry.deadline, deadline)

    def done(self, entry: DeskEntry, now: int) -> None:
        """The meeting is over: half of the salience is worked off, the next one comes the sooner the more is left."""
        entry.salience, entry.salience_at = self.salience(entry, now) / 2.0, now
        interval = entry.spec.every / (1.0 + self._rules.urgency * entry.salience)
        entry.due, entry.left = now + max(round(interval), entry.spec.work), entry.spec.work
        entry.reason, entry.trigger, entry.deadline = "routine", None, None
