"""Forums: talks and councils, from a proposal through rounds to agreement or collapse.

Progress in a round is pace · offers · softmin over the required pairs of (1 + trust)/2, so that the worst relation
limits it. The states are in `state_tables.FORUM`.
"""

from collections.abc import Callable, Generator, Mapping
from functools import partial
from typing import Any

from simpy.events import Event
from simpy.exceptions import Interrupt

from wargame.decision.menu import Candidate
from wargame.journal.records.steps import IN_SESSION
from wargame.numbers.log import follow
from wargame.scenario.model import Forum, Option
from wargame.scenario.model.governments import ForumMove
from wargame.scenario.model.indicators import UNTIL_CONVENED
from wargame.simulation.kernel.clock import EFFECT
from wargame.simulation.kernel.context import Action, ForumStep, RunContext
from wargame.simulation.kernel.knowledge import DILUTION
from wargame.simulation.kernel.state_tables import FORUM, ForumState
from wargame.simulation.mechanisms import joint_rounds
from wargame.simulation.mechanisms.actions import Effects
from wargame.simulation.mechanisms.talks import AGREED, COLLAPSED, CONVENED, PROPOSED, SUSPENDED, CouncilOrder, Talks

FOREVER = 200 * 365 * 86400
_SHOWN = (PROPOSED, CONVENED, SUSPENDED, AGREED)
"""States that conditions can read, as indicators of the same name."""
_EVENTS = {"accept": "commit", "leave": "suspend", "return": "return"}
"""Move of a member -> event of the state table, where the two differ."""

PROCEDURE = "procedure"
"""The source of what a standing procedure does."""
_VOTES = ("accept", "state")
_ENDS_OF_A_DRAFT = {"convene": "accept", "issue": "state", "veto": "", "lapse": ""}
"""Event that ends the work on a draft -> which votes the members cast then."""


class Forums:
    """All forums of a run. Each is a process that wakes for a round, or when its state has lasted long enough."""

    def __init__(self, context: RunContext, effects: Effects) -> None:
        self._context, self._effects = context, effects
        self._talks = {name: Talks(name, spec) for name, spec in sorted(context.scenario.forums.items())}
        members = sorted({member for talks in self._talks.values() for member in talks.spec.members})
        self._talks_of = {m: [talks for talks in self._talks.values() if m in talks.spec.members] for m in members}
        scenario = context.scenario
        self._offences = context.world.layout.memo("offences", partial(_offences_of, scenario.forums))
        self._accepting = context.world.layout.memo("accepting", partial(_accepting, scenario.options))
        numbers, slot = (*_SHOWN, "progress", "committed", "strength"), context.world.slot
        self._slots = {name: {number: slot(number, (name,)) for number in numbers} for name in self._talks}
        """Forum -> the slots of the indicators that show it."""
        self.changed: set[str] = set()
        """The forums about which `allows` may give another answer. `Feasibility` clears it."""
        self.in_session: set[str] = set()
        self._processes = {name: context.clock.process(self._life(talks)) for name, talks in self._talks.items()}

    # --- queries -------------------------------------------------------------------------------

    def allows(self, move: ForumMove, actor: str) -> bool:
        """Return whether this government can make the move now."""
        return self._talks[move.name].allows(move.move, actor)

    def pull(self, name: str, share: float | None = None) -> float:
        """Return κ times the share of the required members that have committed, or the share that is known."""
        talks = self._talks[name]
        return talks.spec.pull * (talks.share if share is None else share)

    def offended(self, actor: str, option: str, target: str | None) -> list[str]:
        """Return the forums in session that an action of a member would suspend by their `offences`."""
        names = self._offences.get((actor, option)) if self.in_session else None
        if not names:
            return []
        in_session = [talks for name in names if (talks := self._talks[name]).state is CONVENED]
        return [t.name for t in in_session if any(each.fits(option, actor, target) for each in t.spec.offences)]

    def restraint(self, actor: str, option: str, target: str | None, worth: Callable[[str, int], float]) -> float:
        """Return what the action would cost its actor by suspending forums in session, in units of score, 0 or more.

        `worth(forum, rounds)` is what this many further rounds of a forum are worth to the actor.
        """
        cost = 0.0
        for name in self.offended(actor, option, target):
            talks = self._talks[name]
            if talks.spec.restraint is not None:
                cost += max(worth(name, talks.spec.rounds - talks.rounds), talks.spec.restraint)
        return cost

    # --- moves ---------------------------------------------------------------------------------

    def awaits_sitting(self, move: ForumMove, actor: str, candidate: Candidate, cause: int, source: str) -> bool:
        """Return whether an order for this move waits for a sitting of the council; the member is ready from now on."""
        talks = self._talks[move.name]
        if not talks.spec.sitting or move.move not in _VOTES:
            return False
        talks.ready[actor] = CouncilOrder(move.move, candidate, cause, source, ordered=source != PROCEDURE)
        self._support(talks, move.move, actor, cause)
        self._try_to_convene(talks, cause)
        return True

    def moved(self, action: Action) -> None:
        """Take an action that may be a move in a forum, or suspend talks by its severity."""
        option = action.spec
        if option.forum is not None and self.allows(option.forum, action.actor):
            self._move(self._talks[option.forum.name], option.forum.move, action)
        for talks in self._talks_of.get(action.actor, ()):
            if talks.state is CONVENED:
                if option.severity >= talks.spec.suspends_at or any(map(action.matches, talks.spec.offences)):
                    talks.left, talks.offended = False, action.time
                    self._take(talks, "suspend", action.seq, action.actor)
            elif talks.state is SUSPENDED and any(map(action.matches, talks.spec.offences)):
                talks.offended = action.time

    def _move(self, talks: Talks, move: str, action: Action) -> None:
        if move == "propose":
            self._propose(talks, action)
        elif move == "delay":
            self._delay(talks, action)
        elif move in _VOTES:
            self._support(talks, move, action.actor, action.seq)
        else:
            if move == "decline":
                talks.declined.add(action.actor)
            elif move == "dilute":
                talks.strength *= DILUTION
            else:
                talks.left = move == "leave"
            event = "leave" if move == "leave" and talks.state is AGREED else _EVENTS.get(move, move)
            self._take(talks, event, action.seq, action.actor)
            if move == "decline" and joint_rounds.is_final(self._context, talks.name, talks.committed, action.actor):
                self._take(talks, "lapse", action.seq, "")
        if talks.state is PROPOSED:
            self._try_to_convene(talks, action.seq)

    def _support(self, talks: Talks, move: str, actor: str, cause: int) -> None:
        """Record the support of a member for the proposal, or for a statement in its place."""
        for position in (talks.committed, talks.stated, talks.declined):
            position.discard(actor)
        (talks.committed if move == "accept" else talks.stated).add(actor)
        self._take(talks, _EVENTS.get(move, move), cause, actor)

    def _propose(self, talks: Talks, action: Action) -> None:
        talks.author, talks.committed, talks.declined = action.actor, {action.actor}, set()
        talks.stated, talks.delayed, talks.not_before = set(), set(), 0
        talks.progress, talks.rounds, talks.cause = 0.0, 0, action.seq
        talks.strength = joint_rounds.value_of(self._context, talks.spec.strength)
        talks.ready = self._votes_of_author(talks, action) if talks.spec.sitting else {}
        self._take(talks, "propose", action.seq, action.actor)
        for member in talks.spec.members:
            if member != action.actor:
                self._context.governments[member].invite(talks.spec.dossier, action.seq, talks.spec.answers)

    def _delay(self, talks: Talks, action: Action) -> None:
        """Keep the council from deciding for a time, for a member; the draft stays open for as much longer."""
        talks.delayed.add(action.actor)
        earliest = max(talks.not_before, self._context.now) + (talks.spec.delay or 0)
        talks.not_before = joint_rounds.sitting(self._context, talks.spec, earliest)
        self._take(talks, "delay", action.seq, action.actor)
        self._wake(talks)

    def _votes_of_author(self, talks: Talks, action: Action) -> dict[str, CouncilOrder]:
        """Return the vote that who circulates a draft casts for it."""
        option = self._accepting.get((talks.name, action.actor))
        if option is None:
            return {}
        return {action.actor: CouncilOrder("accept", Candidate(option), action.seq, action.source, ordered=False)}

    def _withdraw(self, talks: Talks) -> None:
        """Drop the votes whose orders were cancelled since their members were ready."""
        for member, vote in list(talks.ready.items()):
            if vote.ordered and vote.candidate not in self._context.governments[member].pending:
                del talks.ready[member]
                talks.committed.discard(member)
                talks.stated.discard(member)

    def _sit(self, talks: Talks, move: str) -> None:
        """Cast the votes for what the council decides, all at once; the others are given up."""
        ready, talks.ready = talks.ready, {}
        for member, vote in ready.items():
            if vote.move == move:
                self._context.governments[member].vote(vote.candidate, vote.cause, vote.source)
            elif vote.ordered:
                self._context.governments[member].withhold(vote.candidate, "the council does not vote on it")

    def _try_to_convene(self, talks: Talks, cause: int | None) -> None:
        required = talks.spec.needed
        if self._context.now < talks.not_before:
            return
        self._withdraw(talks)
        if not required <= talks.committed and talks.stated & required and required <= talks.committed | talks.stated:
            self._take(talks, "issue", cause, "")
            return
        can_sit = required <= talks.committed and joint_rounds.value_of(self._context, talks.spec.needs) != 0.0
        if can_sit and min(joint_rounds.trusts(self._context, talks.spec)) >= talks.spec.floor:
            self._take(talks, "convene", cause, "")

    # --- time ----------------------------------------------------------------------------------

    def _life(self, talks: Talks) -> Generator[Event, Any, None]:
        """Wake for the next round, or when the current state has lasted as long as it may."""
        while True:
            stay = talks.stay
            try:
                yield self._context.clock.moment(self._context.now + self._time_left(talks), EFFECT)
            except Interrupt:
                continue
            if stay == talks.stay:
                self._time_out(talks)

    def _time_left(self, talks: Talks) -> int:
        """Return seconds until the next round, or until the current state ends by itself."""
        spec = talks.spec
        if talks.state is CONVENED:
            return min(spec.every, 86400) if spec.council else spec.every
        if talks.state is PROPOSED:
            now = self._context.now
            until = talks.not_before if now < talks.not_before else self._end_of_window(talks)
            return max(until - now, 0)
        if talks.state is SUSPENDED and spec.resumes is not None and not talks.left:
            return max(min(talks.offended + spec.resumes, talks.since + spec.patience) - self._context.now, 0)
        times = {SUSPENDED: spec.patience, COLLAPSED: spec.cool_down, AGREED: spec.cool_down}
        return times.get(talks.state, FOREVER)

    def _time_out(self, talks: Talks) -> None:
        if talks.state is CONVENED:
            self._round(talks)
        elif talks.state is PROPOSED:
            self._try_to_convene(talks, talks.cause)
            waits = self._context.now < self._end_of_window(talks)
            if not waits and talks.state is PROPOSED:
                self._take(talks, joint_rounds.end_of_draft(talks.spec, talks.committed, talks.stated), talks.cause, "")
        elif talks.state is SUSPENDED:
            resumes, now = talks.spec.resumes, self._context.now
            if resumes is None or talks.left or now >= talks.since + talks.spec.patience:
                self._take(talks, "lapse", talks.cause, "")
            elif now >= talks.offended + resumes:  # else they wait on, after a later offence
                self._take(talks, "return", talks.cause, "")
        elif talks.state in (COLLAPSED, AGREED):
            self._take(talks, "reopen", talks.cause, "")

    def _end_of_window(self, talks: Talks) -> int:
        end = talks.since + talks.spec.window + len(talks.delayed) * (talks.spec.delay or 0)
        return joint_rounds.sitting(self._context, talks.spec, end)

    def _round(self, talks: Talks) -> None:
        spec = talks.spec
        talks.rounds += 1
        exhausted, blocked = talks.rounds >= spec.rounds, joint_rounds.aggrieved(self._context, spec)
        if blocked is not None:
            self._take(talks, "exhaust" if exhausted else "block", talks.cause, blocked[0], because_of=blocked[1])
            return
        meeting = joint_rounds.closeness(self._context, spec)
        joint_rounds.hold_round(self._context, self._effects, talks.name, spec)
        gained = 1.0 if spec.council else spec.pace * joint_rounds.value_of(self._context, spec.offers) * meeting
        talks.progress = min(talks.progress + max(gained, 0.0), 1.0)
        self._take(talks, "agree" if talks.progress >= 1.0 else "exhaust" if exhausted else "round", talks.cause, "")

    # --- state ---------------------------------------------------------------------------------

    def _take(self, talks: Talks, event: str, cause: int | None, who: str, because_of: str = "") -> None:
        """Take an event: next state, record, consequences, effects. `because_of` is whom a block is directed at."""
        if talks.ready and event in _ENDS_OF_A_DRAFT:
            self._sit(talks, _ENDS_OF_A_DRAFT[event])
        before, talks.state = talks.state, FORUM[talks.state, event]
        if event not in ("round", "block"):
            self.changed.add(talks.name)
            (self.in_session.add if talks.state is CONVENED else self.in_session.discard)(talks.name)
        self._show(talks, before)
        log = self._context.log
        data = _record(talks, before, event, because_of) if log.keeps_any or log.readers else None
        seq = log.write("forum", who, talks.name, () if cause is None else (cause,), data)
        follow(self._context.consequences.of_forum_step, ForumStep(talks.name, event, who))
        self._effects.apply((talks.name, event), talks.spec.effects_of(event), {})
        if before != talks.state:
            if before is PROPOSED and not talks.spec.council:
                self._count_answers(talks)
            talks.stay += 1
            talks.since = self._context.now
            talks.cause = seq
            self._wake(talks)
            if talks.state is CONVENED and not talks.spec.council:
                for member in talks.spec.members:
                    self._context.governments[member].review_orders(talks.spec.members, "talks")
        if event == "agree" and talks.spec.council:
            self._take(talks, "reopen", seq, "")

    def _count_answers(self, talks: Talks) -> None:
        """Let members learn who accepted a proposal; a silence for as long as `response_window` counts as a refusal."""
        silent = self._context.now - talks.since >= self._context.rules.response_window
        asked = [m for m in talks.spec.members if m != talks.author]
        answers = {m: m in talks.committed for m in asked if silent or m in talks.committed | talks.declined}
        for member in talks.spec.members:
            invited = [m for m in talks.spec.members if m != member]
            self._context.governments[member].responses.answered(talks.name, invited, answers, self._context.now)

    def _wake(self, talks: Talks) -> None:
        """Interrupt the process so that it waits for the new state, unless it is the process that is running."""
        process = self._processes[talks.name]
        if process is not self._context.clock.active_process and process.is_alive:
            process.interrupt()

    def _show(self, talks: Talks, before: ForumState) -> None:
        world, slots = self._context.world, self._slots[talks.name]
        put = world.put
        for state in _SHOWN:
            put(slots[state], float(talks.state == state))
        put(slots["progress"], talks.progress)
        put(slots["committed"], talks.share)
        put(slots["strength"], talks.strength)
        if talks.spec.visibility == UNTIL_CONVENED and not IN_SESSION.isdisjoint((before, talks.state)):
            for slot in slots.values():
                put(world.layout.outside[slot], world.value(slot))


def _record(talks: Talks, before: ForumState, event: str, because_of: str) -> dict[str, Any]:
    """Return the data of the record of a step."""
    data: dict[str, Any] = {"from": before, "to": talks.state, "event": event, "title": talks.spec.title}
    data |= {"progress": round(talks.progress, 4), "strength": round(talks.strength, 4)}
    data |= {"committed": sorted(talks.committed)} | ({"because_of": because_of} if because_of else {})
    return data | ({"stated": sorted(talks.stated)} if talks.stated else {})


def _accepting(options: Mapping[str, Option]) -> dict[tuple[str, str], str]:
    """Return (forum, member) -> the first option by which it accepts a proposal there."""
    moves = [(name, option) for name, option in sorted(options.items(), reverse=True) if option.forum]
    return {(o.forum.name, by): name for name, o in moves if o.forum and o.forum.move == "accept" for by in o.by}


def _offences_of(forums: Mapping[str, Forum]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return (member, option) -> the forums that such an action may suspend by their `offences`."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for name, forum in sorted(forums.items()):
        for member in forum.members:
            mine = {o for pattern in forum.offences if not pattern.by or member in pattern.by for o in pattern.options}
            for option in sorted(mine):
                found[member, option] = (*found.get((member, option), ()), name)
    return found
