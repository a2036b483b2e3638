"""Demands: an option wanted of another government by a deadline, with an inducement and a threat.

An open demand adds credibility[sender, addressee] · (1 + trust)/2 · (worth of the inducement + threatened loss) to the
score of the options that it wants. When it is met the sender owes the inducement; when it is refused, the threat.
Keeping this word raises credibility. An unpaid inducement or an empty threat lowers it, and costs approval at home.
"""

from dataclasses import dataclass, replace
from enum import Enum

from wargame.decision.menu import EffectTerm, effect_terms, placeholders
from wargame.numbers.signals import Signal
from wargame.scenario.model import Demand
from wargame.simulation.kernel.clock import EFFECT
from wargame.simulation.kernel.context import Action, RunContext

NOTICE = 10
"""The addressee meets again when 1/NOTICE of the time is left. Judgement."""
HOLDS = 0.05
"""Distance at which the effect of an option still holds, as a share of the range of the indicator. Judgement."""


class DemandStage(Enum):
    """The stage of a demand. `DONE`: met, unknown to the sender. `OWED`: the inducement or threat is due."""

    OPEN = "open"
    DONE = "done"
    OWED = "owed"
    SETTLED = "settled"


OPEN, DONE, OWED, SETTLED = DemandStage


@dataclass(slots=True, eq=False)
class ActiveDemand:
    """A demand that has been put. `until` is its deadline in seconds of the run, `cause` its latest record.

    `action` is the record of the action that met it, `owes` the option that keeps the sender's word.
    """

    sender: str
    spec: Demand
    until: int
    cause: int
    stage: DemandStage = OPEN
    owes: str | None = None
    met: bool = False
    action: int | None = None
    towards: str | None = None
    """The target of what the sender owes, if it is not the addressee."""
    stakes: list[EffectTerm] | None = None
    """What it links to its addressee, as the addressee weighs it; None until then."""
    joint: bool = False
    """Whether the sender has committed itself, without a demand."""

    @property
    def addressee(self) -> str:
        """The government that the demand is put to."""
        return self.spec.of

    def is_kept_by(self, target: str | None) -> bool:
        """Return whether the option that is owed keeps the sender's word if it is carried out towards this target."""
        return target in (self.towards or self.addressee, None)


class Demands:
    """The demands of a run that are not settled."""

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._active: list[ActiveDemand] = []
        self.concerning: dict[str, list[ActiveDemand]] = {name: [] for name in context.world.governments}
        """Government -> the active demands that it has put, or that are put to it."""
        self.weighed = {
            (name, dossier): list[ActiveDemand]()
            for name, government in context.scenario.governments.items()
            for dossier in government.dossiers
        }
        """Government and dossier -> the demands that its meetings weigh: open ones put to it, and what it owes."""
        self.unnoticed: list[ActiveDemand] = []
        """Demands that were met, unknown to their senders."""

    # --- queries -------------------------------------------------------------------------------

    def put_to(self, government: str) -> list[ActiveDemand]:
        """Open demands of others on a government."""
        return [d for d in self.concerning[government] if d.stage is OPEN and d.addressee == government]

    def owed_by(self, government: str) -> list[ActiveDemand]:
        """Return demands of a government whose inducement or threat is due."""
        return [d for d in self.concerning[government] if d.stage is OWED and d.sender == government]

    def wants(self, sender: str, addressee: str, option: str) -> bool:
        """Return whether the sender demands this option of the addressee, and does not know that it was carried out."""
        return any(
            d.sender == sender and d.addressee == addressee and option in d.spec.wants and d.stage in (OPEN, DONE)
            for d in self._active
        )

    # --- consequences --------------------------------------------------------------------------

    def acted(self, action: Action) -> None:
        """Take an action that may meet demands, keep the actor's word, or put the demands of the actor's strategy."""
        if self.concerning[action.actor]:
            met = [d for d in self.put_to(action.actor) if action.option in d.spec.wants]
            due = [d for d in self.owed_by(action.actor) if d.owes == action.option]
            for demand in met:
                self._pass(demand, DONE)
                demand.action = action.seq
                self.unnoticed.append(demand)
            for demand in due:
                if demand.is_kept_by(action.target):
                    self._keep_word(demand, action)
        if action.spec.demands:
            self._put(action)

    def learned(self, signal: Signal) -> None:
        """Let the sender learn that its demand was met."""
        for demand in tuple(self.unnoticed):
            if demand.action == signal.action.seq and demand.sender == signal.receiver:
                self.unnoticed.remove(demand)
                demand.met = True
                self._owe(demand, "met", signal.seq, demand.spec.inducement)

    # --- putting a demand ----------------------------------------------------------------------

    def _put(self, action: Action) -> None:
        stage = self._context.governments[action.actor].current_stage()
        for spec in stage.demands if stage else ():
            if action.target not in (spec.of, None):
                continue
            open_wants = tuple(each for each in spec.wants if not self._is_done(action.actor, spec.of, each))
            left = replace(spec, wants=open_wants)
            active = any(replace(d.spec, wants=open_wants) == left for d in self._active if d.sender == action.actor)
            if open_wants and not active:
                self._announce(ActiveDemand(action.actor, left, action.time + spec.within, action.seq))

    def _is_done(self, sender: str, addressee: str, option: str) -> bool:
        """Return whether everything that the option would set has that value already, as far as the sender can see."""
        spec, view = self._context.scenario.options[option], self._context.views[sender]
        for target in spec.to or (None,):
            terms = effect_terms(view.observability, spec.effects, placeholders(addressee, target))
            gaps = [
                (view.value(t.slot) - t.amount) / (t.high - t.low)
                for t in terms
                if t.sets and isinstance(t.amount, float)
            ]
            if gaps and max(map(abs, gaps)) < HOLDS:
                return True
        return False

    def _announce(self, demand: ActiveDemand) -> None:
        context, spec = self._context, demand.spec
        self._add(demand)
        terms = {"wants": list(spec.wants), "inducement": spec.inducement, "threat": spec.threat}
        data = {"of": spec.of, **terms, "until": demand.until}
        demand.cause = context.log.write("demand", demand.sender, spec.of, (demand.cause,), data)
        context.clock.at(demand.until, EFFECT, self._expire, demand)
        context.clock.at(demand.until - spec.within // NOTICE, EFFECT, self._remind, demand)
        self._summon_addressee(demand, "demand", None)

    def _remind(self, demand: ActiveDemand) -> None:
        if demand.stage is OPEN:
            self._summon_addressee(demand, "deadline", demand.until)

    def _summon_addressee(self, demand: ActiveDemand, reason: str, deadline: int | None) -> None:
        addressee = self._context.governments[demand.addressee]
        for dossier in sorted({self._context.scenario.options[o].dossier for o in demand.spec.wants}):
            addressee.summon(dossier, reason, demand.cause, deadline=deadline)

    def commit(self, sender: str, to: str, option: str, target: str | None, within: int, cause: int) -> None:
        """Commit a government to another, without a demand: it owes an option, as after a promise."""
        context = self._context
        demand = ActiveDemand(sender, Demand(of=to, wants=(), inducement=option), context.now + within, cause)
        demand.stage, demand.owes, demand.met = OWED, option, True
        demand.towards, demand.joint = target, True
        data = {"of": to, "option": option, "target": target, "until": demand.until}
        demand.cause = context.log.write("commitment", sender, option, (cause,), data)
        self._add(demand)
        context.clock.at(demand.until, EFFECT, self._break_word, demand)
        self._context.governments[sender].summon(context.scenario.options[option].dossier, "commitment", demand.cause)

    # --- settling it ---------------------------------------------------------------------------

    def _expire(self, demand: ActiveDemand) -> None:
        if demand.stage is OPEN:
            self._owe(demand, "refused", demand.cause, demand.spec.threat)

    def _owe(self, demand: ActiveDemand, how: str, cause: int, owes: str | None) -> None:
        """Take that the demand is met or refused: the sender now owes an option, or nothing."""
        demand.owes = owes
        seq = self._record(demand, how, cause)
        if owes is None:
            self._settle(demand)
            return
        self._pass(demand, OWED)
        demand.cause = seq
        due = self._context.clock.now + self._context.rules.inducement_time
        self._context.clock.at(due, EFFECT, self._break_word, demand)
        self._context.governments[demand.sender].summon(self._context.scenario.options[owes].dossier, "deadline", seq)

    def _keep_word(self, demand: ActiveDemand, action: Action) -> None:
        kept = "paid" if demand.met else "carried_out"
        self._record(demand, "honoured" if demand.joint else kept, action.seq)
        self._move_credibility(demand, 1.0)
        self._settle(demand)

    def _break_word(self, demand: ActiveDemand) -> None:
        if demand.stage is SETTLED:
            return
        broken = "unpaid" if demand.met else "empty"
        self._record(demand, "not_honoured" if demand.joint else broken, demand.cause)
        self._move_credibility(demand, 0.0)
        context = self._context
        if context.rules.audience is not None:
            slot = context.world.slot(context.rules.audience, (demand.sender,))
            context.world.nudge(slot, -context.rules.audience_cost)
        self._settle(demand)

    def _move_credibility(self, demand: ActiveDemand, towards: float) -> None:
        world = self._context.world
        slot = world.slot("credibility", (demand.sender, demand.addressee))
        value = world.value(slot)
        world.put(slot, value + self._context.rules.credibility_rate * (towards - value))

    def _add(self, demand: ActiveDemand) -> None:
        self._active.append(demand)
        for government in {demand.sender, demand.addressee}:
            self.concerning[government].append(demand)
        for weighed in self._weighed(demand):
            weighed.append(demand)

    def _weighed(self, demand: ActiveDemand) -> list[list[ActiveDemand]]:
        """Return the lists of `weighed` that a demand is in at its stage."""
        me, options = (demand.addressee, demand.spec.wants) if demand.stage is OPEN else (demand.sender, (demand.owes,))
        listed = options if demand.stage in (OPEN, OWED) else ()
        dossiers = {self._context.scenario.options[option].dossier for option in listed if option}
        return [self.weighed[me, dossier] for dossier in dossiers if (me, dossier) in self.weighed]

    def _pass(self, demand: ActiveDemand, stage: DemandStage) -> None:
        """Take a demand to its next stage."""
        for weighed in self._weighed(demand):
            weighed.remove(demand)
        demand.stage = stage
        for weighed in self._weighed(demand):
            weighed.append(demand)

    def _settle(self, demand: ActiveDemand) -> None:
        self._pass(demand, SETTLED)
        self._active.remove(demand)
        for government in {demand.sender, demand.addressee}:
            self.concerning[government].remove(demand)

    def _record(self, demand: ActiveDemand, how: str, cause: int) -> int:
        data = {"how": how, "of": demand.addressee, "wants": list(demand.spec.wants), "owes": demand.owes}
        causes = dict.fromkeys((cause, demand.cause))
        return self._context.log.write("demand.settled", demand.sender, demand.addressee, causes, data)
