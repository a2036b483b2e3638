"""The injector: scheduled, held, released, skipped, expired; one SimPy process for each trigger in time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import sqrt
from typing import TYPE_CHECKING

from wargame.simulation.kernel.clock import INJECT
from wargame.simulation.kernel.patterns import fits, matches
from wargame.simulation.kernel.thinning import Thinning

if TYPE_CHECKING:
    from wargame.scenario.model import Inject
    from wargame.simulation.kernel.context import Action, RunContext
    from wargame.simulation.kernel.watch import Watched
    from wargame.simulation.mechanisms.release import Release


@dataclass(slots=True, eq=False)
class MselItem:
    """An inject's line of the MSEL in this run. `due` is the second at which it is due, if that is known.

    `shift` is by how many seconds the white cell has put it off; `pending` the record that it follows, once that is
    there; `missed` the trigger that came while it was held or put off, with causes; `before` its status before it was
    held; `not_before` the second until which the white cell has put off what waits for something without a date.
    """

    spec: Inject
    status: str = "scheduled"
    due: int | None = None
    shift: int = 0
    pending: int | None = None
    missed: tuple[str, tuple[int, ...]] | None = None
    not_before: int | None = None
    before: str = ""
    by_hand: bool = False
    ad_hoc: bool = False
    token: int = 0
    released: int = 0
    passed: int = 0
    """Dates of a series on which it was not released: each uses up one of its repeats."""
    last: int | None = None
    attempts: int = 0
    told: bool = False
    watched: Watched | None = None
    thinning: Thinning | None = None
    spent: bool = False
    """It comes no more, though repeats of it are left."""

    @property
    def left(self) -> bool:
        """Whether its trigger may release it once more."""
        return self.released + self.passed < self.spec.repeat and not self.spent


class Injector:
    """All injects of a run. `lines` are by id."""

    def __init__(self, context: RunContext, injects: tuple[Inject, ...], release: Release) -> None:
        self._context, self._release = context, release
        self.lines = {spec.id: MselItem(spec) for spec in sorted(injects, key=lambda i: i.id)}
        self._groups: dict[str, set[str]] = {}
        self._begun = False
        context.injects |= set(self.lines)

    def begin(self) -> None:
        """STARTEX: triggers are armed. What was due before it counts as past."""
        self._context.hooks.action.append(self._after_action)
        self._context.hooks.decision.append(self._after_decision)
        self._begun = True
        for line in self.lines.values():
            if line.spec.id in self._context.settings.skip:
                self._skip(line, "skipped by setting")
            elif line.status in ("scheduled", "held"):
                self._start(line)

    def _start(self, line: MselItem) -> None:
        """Arms a line if it is enabled; what was held before stays so."""
        held = line.status == "held"
        line.status = "scheduled" if line.spec.enabled else "disabled"
        if line.spec.enabled:
            self._arm(line)
        if held and line.status != "skipped":
            line.before, line.status = line.status, "held"

    # --- triggers ------------------------------------------------------------------------------

    def _arm(self, line: MselItem) -> None:
        spec, calendar = line.spec, self._context.calendar
        if spec.at is not None:
            self._schedule(line, calendar.seconds(spec.at) + line.shift)
        elif spec.when is not None:
            line.watched = self._context.watch.add(spec.when, partial(self._fire, line, "when"))
        elif spec.random is not None and spec.random.between is not None:
            self._schedule(line, self._random_time(spec) + line.shift)
        elif spec.random is not None and spec.random.rate is not None and spec.random.bound is not None:
            happen = partial(self._at_rate, line)
            line.thinning = Thinning(self._context, spec.id, spec.random.rate, spec.random.bound, happen)

    def _schedule(self, line: MselItem, due: int) -> None:
        line.due = due
        line.token += 1
        if due < self._context.now:
            self._skip(line, "its time was past")
        else:
            self._context.clock.at(due, INJECT, self._due, line, line.token)

    def _due(self, line: MselItem, token: int) -> None:
        if token != line.token:
            return
        self._fire(line, "random" if line.spec.random else "at")
        every = line.spec.every
        if line.spec.at is not None and every and line.left and line.status != "skipped":
            self._schedule(line, self._context.now + every)
        elif line.missed is None:
            line.due = None

    def _random_time(self, spec: Inject) -> int:
        """A time in the window that is still to come, by the stated shape."""
        assert spec.random is not None
        assert spec.random.between is not None
        first, last = (self._context.calendar.seconds(t) for t in spec.random.between)
        start = max(first, self._context.now)
        low = _share_before(spec.random.shape, start, first, last)
        u = low + (1.0 - low) * self._context.draws.uniform("time", spec.id)
        return max(start, first + int(_quantile(spec.random.shape, u) * (last - first)))

    def _at_rate(self, line: MselItem) -> bool:
        """A thinned candidate has come; False if the inject cannot fire any more."""
        if line.status in ("scheduled", "released", "held"):
            self._fire(line, "rate")
        return line.left and line.status not in ("skipped", "expired")

    def _after_action(self, action: Action) -> None:
        for line in self._waiting():
            after = line.spec.after
            if after is not None and after.action is not None and matches(after.action, action):
                self._fire_later(line, after.delay, action.seq)

    def _after_decision(self, actor: str, option: str, target: str | None, seq: int) -> None:
        for line in self._waiting():
            after = line.spec.after
            if after is not None and after.decision is not None and fits(after.decision, actor, option, target):
                self._fire_later(line, after.delay, seq)

    def _after_inject(self, name: str, seq: int) -> None:
        for line in self._waiting():
            if line.spec.after is not None and line.spec.after.inject == name:
                self._fire_later(line, line.spec.after.delay, seq)

    def _waiting(self) -> list[MselItem]:
        alive = ("scheduled", "released", "held")
        return [line for line in self.lines.values() if line.spec.after and line.status in alive]

    def _fire_later(self, line: MselItem, delay: int, cause: int) -> None:
        if not line.left:
            return
        line.due, line.pending = self._context.now + delay, cause
        line.token += 1
        self._context.clock.at(line.due, INJECT, self._fire_after, line, line.token, cause)

    def _fire_after(self, line: MselItem, token: int, cause: int) -> None:
        if token == line.token:
            self._fire(line, "after", (cause,))
            if line.missed is None and token == line.token:
                line.due, line.pending = None, None

    # --- firing --------------------------------------------------------------------------------

    def _fire(self, line: MselItem, trigger: str, cause: tuple[int, ...] = ()) -> None:
        spec, now = line.spec, self._context.now
        put_off = line.not_before is not None and now < line.not_before
        if line.status == "held" and line.before != "disabled":
            line.missed = (trigger, cause)
        elif put_off and trigger != "rate" and line.status in ("scheduled", "released"):
            line.missed = (trigger, (cause or self._context.log.just_changed()) if trigger == "when" else cause)
        if put_off or line.status not in ("scheduled", "released") or not line.left:
            return
        if line.last is not None and now - line.last < spec.cool_down:
            return
        over = self._why_over(line)
        reason = over or self._reason_to_skip(line)
        if over and line.released:
            self._spend(line, over)
        elif reason:
            line.passed += trigger == "at"
            self._skip(line, reason, final=bool(over) or trigger == "random" or not line.left)
        else:
            self.release(line, trigger, cause or self._context.log.just_changed() if trigger == "when" else cause)

    def _why_over(self, line: MselItem) -> str:
        """Why its trigger can never release it again; empty if it can."""
        spec, context = line.spec, self._context
        if spec.until is not None and context.now >= context.calendar.seconds(spec.until) + line.shift:
            return "its time is over"
        if spec.group and self._groups.get(spec.group, set()) - {spec.id}:
            return f"another inject of '{spec.group}' was released"
        return ""

    def _reason_to_skip(self, line: MselItem) -> str:
        spec, context = line.spec, self._context
        if spec.provided is not None:
            formula = context.world.compile(spec.provided)
            if not formula(context.world, context.events):
                return f"not provided that {spec.provided}"
        line.attempts += 1
        if spec.chance < 1.0 and context.draws.uniform("chance", spec.id, line.attempts) >= spec.chance:
            return "chance was against it"
        return ""

    def release(self, line: MselItem, trigger: str, cause: tuple[int, ...] = ()) -> int:
        """Releases an inject now, whatever its schedule; returns the seq of the record."""
        spec = line.spec
        line.status, line.last = "released", self._context.now
        line.released += 1
        if spec.group:
            self._groups.setdefault(spec.group, set()).add(spec.id)
        seq = self._release(spec, trigger, cause)
        for name in spec.disables:
            self._disable(self.lines[name])
        for name in spec.enables:
            self._enable(self.lines[name], seq)
        self._after_inject(spec.id, seq)
        return seq

    def _enable(self, line: MselItem, cause: int) -> None:
        held = line.status == "held" and line.before == "disabled"
        if line.status == "disabled" or held:
            self._context.log.write("inject.enabled", "", line.spec.id, (cause,))
            line.status, line.before = ("held", "scheduled") if held else ("scheduled", "")
            self._arm(line)

    def _disable(self, line: MselItem) -> None:
        if line.status in ("scheduled", "held"):
            self._skip(line, "disabled by another inject")
        elif self._repeats(line):
            self._spend(line, "its repeats are disabled by another inject")

    def _skip(self, line: MselItem, reason: str, *, final: bool = True) -> None:
        if final and line.status != "released":
            line.status = "skipped"
        line.told = True
        self._context.log.write("inject.skipped", "", line.spec.id, (), {"title": line.spec.title, "reason": reason})

    def _spend(self, line: MselItem, reason: str) -> None:
        """What has been released stays so; no repeat follows."""
        line.spent = True
        self._skip(line, reason, final=False)

    # --- the white cell's hand -----------------------------------------------------------------

    def hold(self, line: MselItem) -> None:
        """Keeps an inject that may still fire from doing so until it is let go."""
        if line.status in ("scheduled", "disabled") or self._repeats(line):
            line.before, line.status = line.status, "held"

    @staticmethod
    def _repeats(line: MselItem) -> bool:
        return line.status == "released" and line.left and not line.spec.manual

    def unhold(self, line: MselItem) -> None:
        """Lets a held inject go: what its trigger called for meanwhile happens now, if it still holds."""
        if line.status != "held":
            return
        line.status, missed, line.missed = line.before, line.missed, None
        if missed is not None and (line.watched is None or line.watched.true):
            self._fire(line, "manual", missed[1])

    def skip(self, line: MselItem) -> None:
        """Takes an inject off the list, or what is left of one that repeats."""
        if line.status in ("scheduled", "held", "disabled"):
            line.by_hand = True
            self._skip(line, "skipped by the white cell")
        elif self._repeats(line):
            self._spend(line, "its repeats are skipped by the white cell")

    @staticmethod
    def _to_come(line: MselItem) -> bool:
        return line.status in ("scheduled", "held") and line.missed is None

    def alive(self, line: MselItem) -> bool:
        """Whether the line may still fire by itself."""
        return line.status in ("scheduled", "held", "disabled") or self._repeats(line)

    def due_of(self, line: MselItem) -> int | None:
        """When it is due as things stand, also before STARTEX has armed it; None if that is not known."""
        if line.due is not None or line.spec.at is None or not self.alive(line):
            return line.due if self.alive(line) else None
        due = self._context.calendar.seconds(line.spec.at) + line.shift
        return due if due >= self._context.now else None

    def put_off(self, line: MselItem, by: int) -> None:
        """Moves the time of a line that is alive by so many seconds; what waits for a condition or an action stays."""
        if line.not_before is not None:
            self.defer(line, by)
        if line.missed is not None:
            return
        line.shift += by
        if line.due is None:
            return
        line.due += by
        line.token += 1
        clock = self._context.clock
        if line.pending is None:
            clock.at(line.due, INJECT, self._due, line, line.token)
        else:
            clock.at(line.due, INJECT, self._fire_after, line, line.token, line.pending)

    def defer(self, line: MselItem, by: int) -> None:
        """Keeps what waits for a condition, a rate or an action from firing for so long (less, if `by` is negative).

        A condition that turns true meanwhile fires it at the end if it still holds, and so does an action that comes
        meanwhile; a chance that would have come meanwhile is gone, and chance goes on.
        """
        now = self._context.now
        line.not_before = max(now, max(now, line.not_before or 0) + by)
        self._context.clock.at(line.not_before, INJECT, self._let_come, line, line.not_before)

    def _let_come(self, line: MselItem, not_before: int) -> None:
        if line.not_before != not_before:
            return
        line.not_before = None
        if line.status in ("scheduled", "released"):
            missed, line.missed = line.missed, None
            if missed is not None and (line.watched is None or line.watched.true):
                self._fire(line, *missed)

    def add(self, spec: Inject) -> None:
        """Puts an inject on the list that no file has."""
        line = self.lines[spec.id] = MselItem(spec, ad_hoc=True)
        self.lines = dict(sorted(self.lines.items()))
        self._context.injects.add(spec.id)
        if self._begun:
            self._start(line)

    def change(self, line: MselItem, spec: Inject) -> None:
        """Another content for a line; another trigger is set in the place of the old one, a hold stays."""
        before, line.spec = line.spec, spec
        triggers = ("at", "after", "when", "random", "manual", "enabled")
        moved = any(getattr(before, name) != getattr(spec, name) for name in triggers)
        if moved and line.status in ("scheduled", "held", "disabled"):
            self._disarm(line)
            if self._begun:
                self._start(line)

    def restore(self, line: MselItem, spec: Inject | None) -> None:
        """The line as it was written, unless it has been released; one that no file has goes."""
        before, line.spec = line.spec, spec or line.spec
        if line.status == "released":
            return
        moved = line.shift or line.not_before is not None
        touched = line.status == "held" or moved or before != line.spec or line.by_hand or spec is None
        if not touched:
            return
        self._disarm(line)
        line.not_before = None
        line.shift, line.before, line.status, line.told, line.by_hand = 0, "", "scheduled", False, False
        if spec is None:
            self._skip(line, "the written list was restored")
        elif self._begun:
            self._start(line)

    def _disarm(self, line: MselItem) -> None:
        line.token += 1
        line.due, line.missed, line.pending = None, None, None
        if line.watched is not None:
            self._context.watch.drop(line.watched)
        if line.thinning is not None:
            line.thinning.stop()
        line.watched, line.thinning = None, None

    def redraw(self) -> None:
        """A fork: random times still to come are drawn anew."""
        for line in self.lines.values():
            if line.thinning is not None:
                line.thinning.redraw()
            elif line.spec.random is not None and line.due is not None and self._to_come(line):
                self._schedule(line, self._random_time(line.spec) + line.shift)

    def finish(self) -> None:
        """ENDEX: what was never released is recorded with the reason, unless one was told already."""
        for line in self.lines.values():
            if line.status in ("scheduled", "held", "disabled") and not line.told:
                self._skip(line, self._why_never(line))

    @staticmethod
    def _why_never(line: MselItem) -> str:
        spec = line.spec
        if line.status != "scheduled":
            return {"held": "held to the end", "disabled": "never enabled"}[line.status]
        if spec.after is not None:
            return "what it was to follow did not happen in time"
        if spec.random is not None and line.due is not None:
            return "its time was after ENDEX"
        reasons = {"when": "its condition never held", "manual": "nobody released it", "at": "its time was after ENDEX"}
        return next((why for trigger, why in reasons.items() if getattr(spec, trigger)), "chance did not bring it")


def _quantile(shape: str, u: float) -> float:
    """Where in the unit window: uniform, or triangular with its peak at the start, the middle or the end."""
    if shape == "early":
        return 1.0 - sqrt(1.0 - u)
    if shape == "late":
        return sqrt(u)
    if shape == "middle":
        return sqrt(u / 2.0) if u < 0.5 else 1.0 - sqrt((1.0 - u) / 2.0)
    return u


def _share_before(shape: str, start: int, first: int, last: int) -> float:
    """The share of the window's probability that lies before `start`."""
    x = min(max((start - first) / (last - first), 0.0), 1.0) if last > first else 0.0
    if shape == "early":
        return 1.0 - (1.0 - x) ** 2
    if shape == "late":
        return x * x
    if shape == "middle":
        return 2.0 * x * x if x < 0.5 else 1.0 - 2.0 * (1.0 - x) ** 2
    return x
