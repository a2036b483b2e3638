"""When a government meets on what, and when it acts: the desk, salience, and the hazard of acting."""

from __future__ import annotations

from bisect import insort
from typing import Any

from wargame.numbers import typed as cython
from wargame.numbers.c_math import exp2, rint

ROUTINE = "routine"
"""The reason of a meeting that comes back by itself."""
MOST_CAUSES = 3
"""Signals named as causes of a decision, besides its trigger."""
OLD = 60 * 86400
"""Signals older than this, in seconds, are not named as causes. Judgement."""

_MOST_CAUSES = cython.declare(cython.longlong, MOST_CAUSES)
_OLD = cython.declare(cython.longlong, OLD)


@cython.cclass
class Matter:
    """A matter on a desk, a `dossier`. Times are in seconds of the run, `every`, `work`, `left` and `spent` in seconds.

    It is due at `due`, takes `work`, of which some is `left`, and comes back after `every` by itself. `priority` is its
    rank; its `salience`, as of `salience_at`, raises the rank. `reason` and `trigger` (a record, or None) say why it is
    due, and a decision must be possible before `deadline`, None without one. Work on it goes on since `began`, and has
    a first part, after which `assessed` is left. `news` holds (−strength, seq, time) of the strongest recent signals.
    """

    dossier = cython.declare(str, visibility="public")
    due = cython.declare(cython.longlong, visibility="public")
    left = cython.declare(cython.longlong, visibility="public")
    assessed = cython.declare(cython.longlong, visibility="public")
    began = cython.declare(cython.longlong, visibility="public")
    spent = cython.declare(cython.longlong, visibility="public")
    salience = cython.declare(cython.double, visibility="public")
    salience_at = cython.declare(cython.longlong, visibility="public")
    reason = cython.declare(str, visibility="public")
    trigger = cython.declare(object, visibility="public")  # type: Any
    deadline = cython.declare(object, visibility="public")  # type: Any
    news = cython.declare(list[Any], visibility="public")
    priority: cython.double
    every: cython.double
    work: cython.longlong

    def __init__(
        self, dossier: str, priority: cython.double, every: cython.longlong, work: cython.longlong, due: cython.longlong
    ) -> None:
        self.dossier = dossier
        self.priority, self.every, self.work = priority, every, work
        self.due, self.left, self.spent = due, work, 0
        self.assessed, self.began, self.news = 0, 0, []
        self.salience, self.salience_at = 0.0, 0
        self.reason, self.trigger, self.deadline = ROUTINE, None, None

    @cython.ccall
    def call(self, reason: str, now: cython.longlong, trigger: int | None, deadline: int | None = None) -> None:
        """Make it due; a due one keeps time and reason. The earliest deadline applies until a meeting ends."""
        if self.due > now:
            self.due, self.reason, self.trigger = now, reason, trigger
        if deadline is not None:
            self.deadline = deadline if self.deadline is None else min(self.deadline, deadline)

    @cython.ccall
    def add_news(self, strength: cython.double, seq: int, now: cython.longlong) -> None:
        """Add a signal; only the strongest recent ones are kept."""
        recent = self.recent(now)
        insort(recent, (-strength, seq, now))
        self.news = recent[:_MOST_CAUSES]

    @cython.cfunc
    def recent(self, now: cython.longlong) -> list[Any]:
        """Return the recent ones of its news."""
        since: Any = now - _OLD
        return [each for each in self.news if each[2] >= since]

    @cython.ccall
    def causes(self, now: cython.longlong) -> list[int]:
        """The records that led to a decision now: the trigger, then recent signals in the order of their arrival."""
        signals = sorted([seq for _, seq, _ in self.recent(now) if seq != self.trigger])
        return signals if self.trigger is None else [self.trigger, *signals]

    @cython.cfunc
    def part(self) -> cython.longlong:
        """Return what is left after the part of the work in hand."""
        return self.assessed if self.left > self.assessed else 0

    @cython.ccall
    def work_down_to(self, left: cython.longlong) -> None:
        """Work has been done on it, and so much is left."""
        self.spent += self.left - left
        self.left = left

    @cython.ccall
    def put_aside(self, now: cython.longlong) -> None:
        """The work on it is interrupted; it is resumed later."""
        self.work_down_to(self.left - (now - self.began))
        if self.reason == ROUTINE:
            self.reason = "resumed"


@cython.cfunc
def faded(matter: Matter, half_life: cython.double, now: cython.longlong) -> cython.double:
    """Return the salience of a matter now."""
    return matter.salience * exp2((matter.salience_at - now) / half_life)


@cython.cclass
class Attention:
    """How a government divides its time among its matters, the `entries` by name.

    Salience decays with `half_life`, in seconds. A salience of `crisis` raises the rank of a matter by 1; `urgency`
    shortens the interval of meetings. `in_work` is the matter that it works on, or None.
    """

    entries = cython.declare(dict[Any, Any], visibility="public")
    in_work = cython.declare(object, visibility="public")  # type: Any
    matters: list[Any]
    half_life: cython.double
    crisis: cython.double
    urgency: cython.double

    def __init__(
        self, entries: dict[str, Any], half_life: cython.double, crisis: cython.double, urgency: cython.double
    ) -> None:
        self.entries, self.matters, self.in_work = entries, list(entries.values()), None
        self.half_life, self.crisis, self.urgency = half_life, crisis, urgency

    def salience_of(self, matter: Matter, now: cython.longlong) -> float:
        """Return the salience of a matter now."""
        return faded(matter, self.half_life, now)

    @cython.ccall
    @cython.exceptval(check=False)
    def add_salience(self, matter: Matter, salience: cython.double, now: cython.longlong) -> cython.double:
        """Add salience to a matter and return the sum."""
        matter.salience = faded(matter, self.half_life, now) + salience
        matter.salience_at = now
        return matter.salience

    @cython.ccall
    def pick(self, now: cython.longlong) -> Any:
        """Return the due matter with the highest priority + age + salience, None without one.

        Of several equal ones it is the one with the least work left, and of those the last.
        """
        best: Matter | None = None
        highest = 0.0
        matter: Matter
        for matter in self.matters:
            if matter.due <= now:
                age = (now - matter.due) / matter.every
                rank = matter.priority + age + faded(matter, self.half_life, now) / self.crisis
                if best is None or rank > highest or (rank == highest and matter.left <= best.left):
                    best, highest = matter, rank
        return best

    @cython.ccall
    def next_due(self) -> cython.longlong:
        """Return the time at which the next matter is due."""
        matter: Matter = self.matters[0]
        due = matter.due
        for matter in self.matters:
            due = min(due, matter.due)
        return due

    @cython.cfunc
    def goes_on(self, now: cython.longlong) -> cython.longlong:
        """Take up the first matter that is due, or go on to the next part of the work in hand.

        Return when that ends, or when the next matter is due; -1 if the work in hand is done.
        """
        matter: Matter | None = self.in_work
        if matter is not None:
            matter.work_down_to(matter.part())
        else:
            matter = self.in_work = self.pick(now)
        if matter is None:
            return self.next_due()
        matter.began = now
        return now + matter.left - matter.part() if matter.left else -1

    @cython.ccall
    def done(self, matter: Matter, now: cython.longlong) -> None:
        """End a meeting: salience is halved, and the next meeting is sooner the more salience is left.

        That one is routine, unless another reason is given.
        """
        matter.salience, matter.salience_at = faded(matter, self.half_life, now) / 2.0, now
        interval = cython.cast(cython.longlong, rint(matter.every / (1.0 + self.urgency * matter.salience)))
        matter.due, matter.left = now + max(interval, matter.work), matter.work
        matter.reason, matter.trigger, matter.deadline = ROUTINE, None, None


@cython.cclass
class AccumulatedHazard:
    """The accumulated hazard of acting on one matter, and the draw at which the government acts."""

    hazard = cython.declare(cython.double, visibility="public")
    draw = cython.declare(cython.double, visibility="public")
    pace: cython.double
    last: cython.longlong
    tested: cython.double

    def __init__(self, now: cython.longlong) -> None:
        self.pace, self.last = 0.0, now
        self.begin(0.0)

    def begin(self, draw: cython.double) -> None:
        """Begin the next wait, with a new draw."""
        self.hazard = self.tested = 0.0
        self.draw = draw

    def again(self, draw: cython.double) -> None:
        """Draw again. Waiting has no memory: the hazard tested at meetings is reset, what has come since is kept."""
        untested = self.hazard - self.tested
        self.begin(draw)
        self.hazard = untested

    @cython.ccall
    def close(self, now: cython.longlong) -> None:
        """Close the present interval at the rate of the last meeting."""
        self.hazard += self.pace * (now - self.last)
        self.last = now

    @cython.ccall
    def meet(self, p: cython.double, tempo: cython.double, now: cython.longlong) -> cython.bint:
        """Add the hazard since the last meeting or news; True when the government acts. `tempo` is in seconds."""
        self.pace = p / tempo
        self.close(now)
        self.tested = self.hazard
        return self.hazard >= self.draw
