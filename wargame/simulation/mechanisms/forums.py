"""Forums: talks and councils. A proposal is canvassed; enough commitments convene it; rounds make progress.

Progress a round is pace · offers · softmin over the required pairs of (1 + T)/2: the worst relation binds.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import permutations
from math import exp, log
from typing import TYPE_CHECKING, Any

from simpy.exceptions import Interrupt

from wargame.simulation.kernel.clock import EFFECT
from wargame.simulation.kernel.state_tables import FORUM, allows, next_state

if TYPE_CHECKING:
    from wargame.scenario.model import Effect, Forum, ForumMove
    from wargame.simulation.actors.government import GovernmentProcess
    from wargame.simulation.kernel.clock import WakeEvent
    from wargame.simulation.kernel.context import Action, RunContext
    from wargame.simulation.mechanisms.actions import Effects

SHARPNESS = 12.0
"""Of the soft minimum: at 12 it lies within 0.15 of the worst of five pairs. Judgement."""
FOREVER = 200 * 365 * 86400
DILUTION = 0.75
"""What one dilution leaves of a draft's strength. Judgement."""
_EVENTS = {"accept": "commit", "leave": "suspend", "return": "return"}


def softmin(values: Iterable[float], sharpness: float = SHARPNESS) -> float:
    """−log(mean exp(−s·v))/s: between the least and the mean, nearer the least the larger s."""
    listed = list(values)
    return -log(sum(exp(-sharpness * v) for v in listed) / len(listed)) / sharpness


@dataclass(slots=True)
class _Talks:
    """The present state of one forum."""

    name: str
    spec: Forum
    state: str = "dormant"
    committed: set[str] = field(default_factory=set)
    declined: set[str] = field(default_factory=set)
    progress: float = 0.0
    strength: float = 1.0
    rounds: int = 0
    stay: int = 0
    cause: int | None = None


class Forums:
    """All forums of a run; each is a process that wakes for rounds, lapses and rests."""

    def __init__(self, context: RunContext, effects: Effects) -> None:
        self._context, self._effects = context, effects
        self._talks = {name: _Talks(name, spec) for name, spec in sorted(context.scenario.forums.items())}
        self._formulas = {
            (name, part): context.world.compile(text)
            for name, talks in self._talks.items()
            for part, text in (
                ("needs", talks.spec.needs),
                ("offers", talks.spec.offers),
                ("strength", talks.spec.strength),
            )
            if text is not None
        }
        self.governments: dict[str, GovernmentProcess] = {}
        self.version = 0
        """Grows with whatever may change what is allowed."""
        context.hooks.action.append(self.moved)
        self._processes = {name: context.clock.process(self._life(talks)) for name, talks in self._talks.items()}

    # --- questions -----------------------------------------------------------------------------

    def allows(self, move: ForumMove, actor: str) -> bool:
        """Whether this government can make the move now."""
        talks = self._talks[move.name]
        if actor not in talks.spec.members:
            return False
        if move.move in ("accept", "decline", "dilute", "veto"):
            undecided = actor not in talks.committed and (move.move != "decline" or actor not in talks.declined)
            return talks.state == "proposed" and undecided
        if move.move == "propose":
            return talks.state == "dormant"
        if move.move == "leave":
            return talks.state in ("convened", "agreed")
        return allows(FORUM, talks.state, move.move)

    def pull(self, name: str) -> float:
        """κ times the share of the required members that has committed."""
        talks = self._talks[name]
        return talks.spec.pull * self._share(talks)

    @staticmethod
    def _share(talks: _Talks) -> float:
        required = talks.spec.required or talks.spec.members
        return len(talks.committed & set(required)) / len(required)

    def _formula(self, talks: _Talks, part: str, default: float) -> float:
        world, formula = self._context.world, self._formulas.get((talks.name, part))
        return default if formula is None else formula(world, world.events)

    # --- moves ---------------------------------------------------------------------------------

    def moved(self, action: Action) -> None:
        """An action may be a move in a forum, or shock one in session."""
        option = self._context.scenario.options[action.option]
        if option.forum is not None and self.allows(option.forum, action.actor):
            self._move(self._talks[option.forum.name], option.forum.move, action)
        for talks in self._talks.values():
            shocked = option.severity >= talks.spec.suspends_at and action.actor in talks.spec.members
            if shocked and talks.state == "convened":
                self._turn(talks, "suspend", action.seq, action.actor)

    def _move(self, talks: _Talks, move: str, action: Action) -> None:
        if move == "propose":
            self._propose(talks, action)
        elif move == "accept":
            talks.committed.add(action.actor)
            talks.declined.discard(action.actor)
            self._turn(talks, "commit", action.seq, action.actor)
        elif move == "decline":
            talks.declined.add(action.actor)
            self._turn(talks, "decline", action.seq, action.actor)
        elif move == "dilute":
            talks.strength *= DILUTION
            self._turn(talks, "dilute", action.seq, action.actor)
        else:
            event = "leave" if move == "leave" and talks.state == "agreed" else _EVENTS.get(move, move)
            self._turn(talks, event, action.seq, action.actor)
        if talks.state == "proposed":
            self._try_to_convene(talks, action.seq)

    def _propose(self, talks: _Talks, action: Action) -> None:
        talks.committed, talks.declined = {action.actor}, set()
        talks.progress, talks.rounds, talks.cause = 0.0, 0, action.seq
        talks.strength = self._formula(talks, "strength", 1.0)
        self._turn(talks, "propose", action.seq, action.actor)
        for member in talks.spec.members:
            if member != action.actor:
                self.governments[member].call(talks.spec.dossier, "invitation", action.seq)

    def _try_to_convene(self, talks: _Talks, cause: int | None) -> None:
        required = set(talks.spec.required or talks.spec.members)
        if not required <= talks.committed or self._formula(talks, "needs", 1.0) == 0.0:
            return
        if min(self._trusts(talks)) >= talks.spec.floor:
            self._turn(talks, "convene", cause, "")

    def _trusts(self, talks: _Talks) -> list[float]:
        world, required = self._context.world, sorted(talks.spec.required or talks.spec.members)
        return [world.get("trust", a, b) for a, b in permutations(required, 2)]

    # --- time ----------------------------------------------------------------------------------

    def _life(self, talks: _Talks) -> Generator[WakeEvent, Any, None]:
        """Wakes when the present state has lasted as long as it may, or for the next round."""
        while True:
            stay = talks.stay
            try:
                yield self._context.clock.moment(self._context.now + self._patience(talks), EFFECT)
            except Interrupt:
                continue
            if stay == talks.stay:
                self._time_out(talks)

    def _patience(self, talks: _Talks) -> int:
        spec = talks.spec
        if talks.state == "convened":
            return min(spec.every, 86400) if spec.council else spec.every
        times = {
            "proposed": spec.window,
            "suspended": spec.patience,
            "collapsed": spec.cool_down,
            "agreed": spec.cool_down,
        }
        return times.get(talks.state, FOREVER)

    def _time_out(self, talks: _Talks) -> None:
        if talks.state == "convened":
            self._round(talks)
        elif talks.state == "proposed":
            self._try_to_convene(talks, talks.cause)
            if talks.state == "proposed":
                self._turn(talks, "lapse", talks.cause, "")
        elif talks.state in ("suspended", "collapsed", "agreed"):
            self._turn(talks, "lapse" if talks.state == "suspended" else "reopen", talks.cause, "")

    def _round(self, talks: _Talks) -> None:
        spec = talks.spec
        talks.rounds += 1
        meeting = softmin((1.0 + trust) / 2.0 for trust in self._trusts(talks))
        gained = 1.0 if spec.council else spec.pace * self._formula(talks, "offers", 1.0) * meeting
        talks.progress = min(talks.progress + max(gained, 0.0), 1.0)
        if talks.progress >= 1.0:
            self._turn(talks, "agree", talks.cause, "")
        elif talks.rounds >= spec.rounds:
            self._turn(talks, "exhaust", talks.cause, "")
        else:
            self._turn(talks, "round", talks.cause, "")

    # --- state ---------------------------------------------------------------------------------

    def _turn(self, talks: _Talks, event: str, cause: int | None, who: str) -> None:
        before, talks.state = talks.state, next_state(FORUM, talks.state, event)
        if event != "round":
            self.version += 1
        self._show(talks)
        data = {
            "from": before,
            "to": talks.state,
            "event": event,
            "title": talks.spec.title,
            "progress": round(talks.progress, 4),
            "strength": round(talks.strength, 4),
            "committed": sorted(talks.committed),
        }
        seq = self._context.log.write("forum", who, talks.name, () if cause is None else (cause,), data)
        for told in self._context.hooks.forum:
            told(talks.name, event, who)
        effects = _effects_of(talks.spec, event)
        self._effects.apply((talks.name, event), effects, {})
        if before != talks.state:
            talks.stay += 1
            talks.cause = seq
            self._wake(talks)
        if event == "agree" and talks.spec.council:
            self._turn(talks, "reopen", seq, "")

    def _wake(self, talks: _Talks) -> None:
        """The process must wait for something else now, unless it is the one that is acting."""
        process = self._processes[talks.name]
        if process is not self._context.clock.active_process and process.is_alive:
            process.interrupt()

    def _show(self, talks: _Talks) -> None:
        world = self._context.world
        values = {
            "proposed": float(talks.state == "proposed"),
            "convened": float(talks.state == "convened"),
            "suspended": float(talks.state == "suspended"),
            "agreed": float(talks.state == "agreed"),
            "progress": talks.progress,
            "committed": self._share(talks),
            "strength": talks.strength,
        }
        for name, value in values.items():
            world.put(world.slot(name, (talks.name,)), value)


def _effects_of(spec: Forum, event: str) -> Mapping[str, Effect]:
    return {
        "convene": spec.convened,
        "round": spec.round,
        "agree": spec.agreed,
        "exhaust": spec.collapsed,
    }.get(event, {})
