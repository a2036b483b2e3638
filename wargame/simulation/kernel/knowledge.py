"""The knowledge of the person in a seat: what the visibility rules let that seat see of the records of a run.

A terminal shows the same records, so that a condition of a seat reads nothing that its person could not have read.
A government that the model plays decides with another memory (`RunContext.memories`). It has the same actions and
injects, but every outcome at once, and the model sees the rung of each pair as it is.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from wargame.decision.menu import slot_of
from wargame.decision.view import View
from wargame.journal.records import RawRecord, record_of
from wargame.journal.records.steps import ForumRecord
from wargame.journal.visibility import RecordViewer
from wargame.numbers.arrays import longs
from wargame.numbers.curves import PartlyKnown
from wargame.scenario.journal_context import public_facts
from wargame.scenario.model import Forum, Scenario
from wargame.world.state import Events, World

PARTLY_KNOWN = frozenset({"rung", "committed", "strength"})
"""Numbers of the engine that would reveal a hidden action."""
DILUTION = 0.75
"""Factor of one dilution on a draft's strength. Judgement."""
OF_CONSEQUENCE = frozenset({"action", "signal", "outcome", "outcome.revoked", "inject.released", "forum"})
"""Kinds of records that teach something, or decide what a later one teaches."""


class PastAction(NamedTuple):
    """An action: `rung` is the rung of its option, `t` the second at which it was carried out."""

    actor: str
    target: str | None
    rung: int
    t: int


def act_of(raw: RawRecord) -> PastAction:
    """Return the action of a record."""
    return PastAction(raw[3], raw[6].get("target"), int(raw[6].get("rung", 0)), raw[1])


class Knowledge:
    """The knowledge of one government. Pass it the records of the run in order; `view` reads it.

    Signals of other governments can be left out. `acts` has the actions of all by the number of their record.

    `attacks` maps (attacker, victim) to the second of the last violent action that it knows of. Numbers of the engine
    that would reveal a hidden action (the rung of a pair, commitments to a forum and the strength of its draft) are
    computed from what the government knows: `in_part` has them.

    `counts` says whether an event of a name and a kind (`inject` or `outcome`) counts for that name.
    """

    def __init__(
        self,
        scenario: Scenario,
        world: World,
        events: Events,
        government: str,
        counts: Callable[[str, str], bool],
        acts: Mapping[int, PastAction],
    ) -> None:
        self.government, self.events = government, events
        slots = [slot for slot, spec in enumerate(world.slots) if spec.name in PARTLY_KNOWN]
        self._place = {slot: k for k, slot in enumerate(slots)}
        self.in_part = PartlyKnown(world.curves, longs(slots))
        self.view = View(world, government, events, self.in_part)
        self.attacks: dict[tuple[str, str], int] = {}
        self._violent_rung, self._world, self._counts = scenario.rules.violent_rung, world, counts
        self._viewer = RecordViewer(government, public_facts(scenario))
        self._acts = acts
        self._drafts = {name: _Draft(spec) for name, spec in scenario.forums.items()}
        for name in self._drafts:
            self._update(name)

    def share(self, forum: str) -> float:
        """Return the share of the required members that support a proposal to a forum, as far as it knows."""
        return self._drafts[forum].share

    def receive(self, raw: RawRecord) -> None:
        """Take the next record, and learn what the government may see of it."""
        seq, t, kind, who, about, cause, data = raw
        if kind == "action":
            self._viewer.hear(seq, about)
        if kind in ("action", "signal"):
            if who != self.government:
                return
            action = seq if kind == "action" else cause[0]
            shown = self._viewer.learn(seq, action)
            self.events.note(about, at=t)
            self._learn(action, t)
        elif kind in OF_CONSEQUENCE:
            shown = self._viewer.see(record_of(raw, ""))
        else:
            shown = []
            if (kind, about) == ("command", "set"):
                self._set(data, t)
        for record in shown:
            if record.kind in ("outcome", "inject.released"):
                self.events.note(record.about, counted=self._counts(record.about, record.kind.partition(".")[0]), at=t)
            elif isinstance(record, ForumRecord):  # an earlier one is within a state, and has waited for the news
                of_now = record.seq == seq
                self._drafts[record.about].take(record, cause if of_now else (), data["strength"] if of_now else 0.0)
                self._update(record.about)

    def _learn(self, seq: int, t: int) -> None:
        """Take note of an action: it has raised the rung of the pair when it was carried out."""
        act = self._acts[seq]
        for name, draft in self._drafts.items():
            if draft.proposed_by == seq:
                draft.support(act.actor)
                self._update(name)
        if act.target is None:
            return
        if act.rung >= self._violent_rung:
            self.attacks[act.actor, act.target] = max(act.t, self.attacks.get((act.actor, act.target), act.t))
        place = self._place[self._world.slot("rung", (act.actor, act.target))]
        self.in_part.lift(place, act.rung, act.t, t)

    def _update(self, forum: str) -> None:
        """Take over what is known of the draft of a forum."""
        slot, draft, now = self._world.slot, self._drafts[forum], self._world.clock.now
        self.in_part.put(self._place[slot("committed", (forum,))], draft.share, now)
        self.in_part.put(self._place[slot("strength", (forum,))], draft.strength, now)

    def _set(self, data: dict[str, Any], t: int) -> None:
        """Set a number that the white cell makes known to all."""
        slot = slot_of(self._world.layout, str(data["path"]), {})
        spec = self._world.slots[slot]
        if spec.name == "rung":
            self.in_part.put(self._place[slot], float(data["value"]), t)
        elif spec.name == "strength":
            self._drafts[spec.index[0]].strength = float(data["value"])
            self._update(spec.index[0])


class _Draft:
    """The known facts of a proposal to a forum: its supporters, and its strength."""

    def __init__(self, spec: Forum) -> None:
        self._required = spec.needed
        self._members: set[str] = set()
        self._since = -1
        self.proposed_by = -1
        """The action that is the latest proposal."""
        self.strength = 1.0

    @property
    def share(self) -> float:
        """The share of the required members that support it, as far as that is known."""
        return len(self._members & self._required) / len(self._required)

    def take(self, step: ForumRecord, cause: tuple[int, ...], strength: float) -> None:
        """Take a step of the forum that the government is shown, with the action that caused it."""
        event = step.event
        if event == "propose":
            self._members, self.strength, self._since = {step.who} - {""}, strength, step.seq
            self.proposed_by = next(iter(cause), -1)
        elif event in ("convene", "agree"):
            self._members, self.strength = self._members | self._required, strength
        elif step.seq > self._since and event == "commit":
            self._members.add(step.who)
        elif step.seq > self._since and event == "dilute":
            self.strength *= DILUTION

    def support(self, government: str) -> None:
        """Take note of who made the proposal."""
        self._members.add(government)
