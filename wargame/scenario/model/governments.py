"""Governments and their choices: options, dossiers, governments, leaders, strategies, role sheets."""

from typing import Annotated

from wargame.dataclasses import dataclass, field
from wargame.language.times import DAY, HOUR
from wargame.scenario.model import annotations as values
from wargame.scenario.model.indicators import Effect

HostOrTarget = Annotated[
    str, values.Pattern(r"target|[A-Za-z][A-Za-z0-9_\-]*", "a government, or `target` for the target of the action")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Responses:
    """Prior probabilities of the target's responses; they are normalised."""

    comply: values.Share = 0.1
    """That the target does what the action asks for."""
    ignore: values.Share = 0.7
    """That the target does not respond."""
    retaliate: values.Share = 0.2
    """That the target responds in kind."""


LIMITS = ("leader", "law", "none")
"""Limits of a player in a seat: all of its leader; all but the ladder; no ladder, licence or restraint."""
LEADER, LAW, NONE = LIMITS
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_OF_A_YEAR = values.Pattern(
    r"(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "a day such as 10-03, or of one year such as 2017-10-04"
)
MOVES = ("propose", "accept", "decline", "dilute", "veto", "state", "delay", "leave", "return")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForumMove:
    """The step of an action in a forum."""

    name: Annotated[str, values.Ref("forum")]
    """The forum."""
    move: Annotated[str, values.Choices(MOVES)]
    """`state` supports a statement in place of a council's draft, `delay` keeps a council from deciding for a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermMove:
    """The step of an action in an agreement."""

    name: Annotated[str, values.Ref("agreement")]
    """The agreement."""
    move: Annotated[str, values.Choices(("offer", "accept", "verify", "break", "withdraw"))]
    """The step of the actor with its terms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something that a government may do. Once done, it is an action."""

    title: str
    """A verb phrase that follows the actor's name, such as 'tests a long-range missile'."""
    dossier: values.DossierId
    """The subject to which it belongs."""
    by: tuple[values.GovernmentId, ...]
    """Governments that may do it."""
    to: tuple[values.GovernmentId, ...] = ()
    """Possible targets; if empty, the action has no target."""
    cameo: Annotated[
        str,
        values.Pattern(
            r"(0[1-9]|1\d|20)\d{0,2}", "a CAMEO event code, such as 173: a root from 01 to 20 and up to two more digits"
        ),
    ]
    goldstein: Annotated[float, values.Bounds(-10.0, 10.0)]
    """Goldstein weight, from -10 (most hostile) to 10 (most friendly)."""
    shock: Annotated[float, values.Bounds(-1.0, 3.0)] = 0.0
    """The perceived weight is goldstein·(1 + shock). It separates actions with equal Goldstein weights, such as an
    exercise and a nuclear test."""
    severity: Annotated[float, values.Bounds(-2.0, 60.0)] = 0.0
    """Degree of escalation, by the classes of Rivera et al. 2024: de-escalation -2, status quo 0, posturing 4 (also
    exercises), non-violent escalation 12 (also public criticism), violent 28, nuclear 60. Only reviews and measures
    use it."""
    rung: Annotated[int, values.Bounds(0, 10)] = 0
    """Rung on the scenario's own escalation ladder."""
    kahn: Annotated[int, values.Bounds(0, 44)] = 0
    """Kahn's rung; only reported."""
    lead: tuple[values.Duration, values.Duration, values.Duration] = (0, DAY, 3 * DAY)
    """Least, likeliest and most time from decision to action."""
    milestones: tuple[values.Duration, ...] = ()
    """Times after the decision at which an order is reviewed, ascending and before the longest lead time, in place of
    the parts of `rules.reviews`."""
    cool_down: values.Duration = 14 * DAY
    """Time after the action in which the actor cannot repeat it towards the same target."""
    working_days: bool = False
    """Whether it is done on working days of its government only (`weekend`, `holidays`), such as a law, a listing or an
    official visit: what the model orders for another day is done at the same hour of the next working day."""
    requires: values.ActorFormula | None = None
    """Condition under which the option is possible at all, evaluated with what the actor believes: means and
    sequence."""
    restraint: values.ActorFormula | None = None
    """A further condition under which a leader considers it, evaluated likewise. It does not bind a player with
    `--limits GOV=none`."""
    occasion: values.ActorFormula | None = None
    """A further condition under which a model government considers it, evaluated likewise. It never binds a person."""
    cost: values.Positive = 0.05
    """Effort and risk, in units of score."""
    value: values.ActorFormula | None = None
    """Value to the actor that no indicator carries, in units of score."""
    effects: dict[values.ActionPath, Effect] = field(default_factory=dict)
    """Its effects on indicators when it succeeds."""
    chance: values.Number | values.ActorFormula = 1.0
    """Probability of success; it may depend on the actor's capabilities."""
    failure: dict[values.ActionPath, Effect] = field(default_factory=dict)
    """Effects in place of `effects` when the action fails."""
    responses: Responses = field(default_factory=Responses)
    """The expected responses of its target."""
    responses_between: dict[values.GovernmentId, dict[values.GovernmentId, Responses]] = field(default_factory=dict)
    """In place of `responses`, by actor and target, such as partners who take up each other's offers."""
    comply: dict[values.ActionPath, Effect] = field(default_factory=dict)
    """Effects that the actor expects of compliance, in addition to `effects`."""
    retaliate: dict[values.ActionPath, Effect] = field(default_factory=dict)
    """Effects that the actor expects of retaliation, in addition to `effects`."""
    loss: values.Positive = 0.3
    """Cost of retaliation to the actor, in units of score."""
    visibility: Annotated[str, values.Choices(("public", "private", "covert"))] = "public"
    """Who perceives it. public: all; private: actor and target; covert: governments that detect it."""
    reports: dict[values.ActionPath, values.Positive] = field(default_factory=dict)
    """Estimated indicators that the action reveals, with the variance of the report."""
    agenda: dict[values.DossierId, values.Positive] = field(default_factory=dict)
    """Dossiers that the action raises with actor and target, with the salience added to each."""
    demands: bool = False
    """The action makes the demands of the actor's strategy to its target."""
    forum: ForumMove | None = None
    """Its step in a forum."""
    agreement: TermMove | None = None
    """Its step in an agreement."""
    hosts: tuple[HostOrTarget, ...] = ()
    """Governments on whose soil it is done, or whose assent it needs: ids, or `target`. If one of them gives it up in
    an agreement (`rules_out`), nobody can do it."""
    source: str = values.JUDGEMENT

    def bound_with(self, actor: str, target: str | None) -> tuple[str, ...]:
        """Return the governments whose agreements bind the action: its actor, then its hosts."""
        return actor, *(target or actor if host == "target" else host for host in self.hosts)

    def condition(self, limits: str = LEADER, *, person: bool = False) -> str | None:
        """Return the condition for the option under these limits, for a person or a model; None if there is none."""
        restraint, occasion = None if limits == NONE else self.restraint, None if person else self.occasion
        parts = [each for each in (self.requires, restraint, occasion) if each is not None]
        return " and ".join(f"({each})" for each in parts) if len(parts) > 1 else next(iter(parts), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPattern:
    """Matches actions with any of these options, by and to any of these governments (any if left out)."""

    options: tuple[values.OptionId, ...]
    """The options that match."""
    by: tuple[values.GovernmentId, ...] = ()
    """The actors that match."""
    to: tuple[values.GovernmentId, ...] = ()
    """The targets that match."""

    def fits(self, option: str, by: str, to: str | None) -> bool:
        """Return whether an action matches; an empty list of governments matches any."""
        return option in self.options and (not self.by or by in self.by) and (not self.to or to in self.to)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSpec:
    """An action that an inject, a procedure, a hazard or the history carries out."""

    option: values.OptionId
    """The act."""
    by: values.GovernmentId
    """The actor."""
    to: values.GovernmentId | None = None
    """Towards whom, for an option with targets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A subject on which governments meet and decide."""

    title: str
    source: str = values.JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSettings:
    """Settings of a dossier of one government."""

    priority: values.Share = 0.5
    """Rank on the desk; waiting time raises it."""
    every: values.Period = 14 * DAY
    """Time between routine meetings."""
    work: values.Period = 8 * HOUR
    """Working time of the leadership that one meeting takes."""
    stake: values.Share = 0.5
    """How much actions without a target concern this government; scales salience."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Perception:
    """Perception of the actions of others."""

    delay: values.Duration = 6 * HOUR
    """Time from a public action to its signal; private and covert actions take three times as long."""
    noise: values.Positive = 0.5
    """Standard deviation of the perceived Goldstein weight."""
    detection: values.Share = 0.4
    """Probability of detecting a covert action."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """Options that a domestic body without a seat, such as a parliament or a party, does not allow its government."""

    title: str
    """The body, as in 'the National Assembly does not allow it'."""
    over: ActionPattern
    """The actions of its government that it can prevent."""
    unless: values.ActorFormula
    """Condition under which it allows them, by what the government believes; `actor` is the government."""
    source: str = values.JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Government:
    """A state that makes decisions."""

    name: str
    """Its name where people read; its id is used where one types."""
    leader: Annotated[str, values.Ref("leader")]
    """In office at `calendar.start`."""
    dossiers: dict[values.DossierId, DossierSettings]
    """The subjects that it decides on, and how often."""
    perception: Perception = field(default_factory=Perception)
    """Perception of the actions of others."""
    vetoes: dict[values.Id, Veto] = field(default_factory=dict)
    """Domestic bodies that can prevent some of its actions. They do not bind a player with `--limits GOV=none`."""
    weekend: tuple[Annotated[str, values.Choices(WEEKDAYS)], ...] = ()
    """Days of the week that are no working days; none by default."""
    holidays: tuple[Annotated[str, DAY_OF_A_YEAR], ...] = ()
    """Public holidays: `10-03` of each year, or `2017-10-04`."""
    source: str = values.JUDGEMENT

    def vetoes_over(self, option: str, target: str | None) -> list[Veto]:
        """Return the vetoes that concern an action of this government."""
        return [veto for veto in self.vetoes.values() if veto.over.fits(option, "", target)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader:
    """The profile of a leadership: what it wants and how it chooses. An election or another inject can install it."""

    government: values.GovernmentId
    """The government that this leader leads."""
    title: str
    """The office held, and how this leader differs from the predecessor."""
    interests: dict[values.Path, values.Number]
    """Weight of each indicator over its whole range; positive if more is better, negative if less is."""
    regard: dict[values.GovernmentId, values.Number] = field(default_factory=dict)
    """Intrinsic value of an action of weight 10 towards that government."""
    leanings: dict[values.OptionId, values.Number] = field(default_factory=dict)
    """Score added to an option: habit, doctrine, earlier promises."""
    strategy: Annotated[str, values.Ref("strategy")] | None = None
    """The strategy in force when the leader takes office."""
    repertoire: tuple[Annotated[str, values.Ref("strategy")], ...] = ()
    """Strategies to which this leader may turn, besides the one in force (`rules.aspirations`)."""
    horizon: values.Period = 365 * DAY
    """H: time ahead over which effects count."""
    rationality: values.Positive = 6.0
    """λ: how strongly better options are preferred."""
    threshold: values.Number = 0.15
    """How much better than waiting the best option must be for acting to have a probability of one half."""
    tempo: values.Period = 30 * DAY
    """τ: mean time to an action when acting is certain to be preferred."""
    reciprocity: values.Positive = 0.25
    """r: strength of the tendency to respond in kind."""
    loss_aversion: Annotated[float, values.Bounds(1.0, 10.0)] = 1.8
    """How much more a loss counts than an equal gain."""
    curvature: Annotated[float, values.Bounds(0.01, 1e6)] = 2.0
    """κ of the prospect value v(z) = z/(1 + |z|/κ): at a gain of κ the value is half of what it would be without
    curvature."""
    step: values.Count = 2
    """How many rungs above the present one this leader may climb at once."""
    source: str = values.JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Motives:
    """The aims and fears of a leader, in sentences.

    Without them the role sheet lists the indicators of the leader's interests.
    """

    wants: tuple[str, ...] = ()
    """Sentences that address the players, such as 'You want to keep the strait open.'"""
    fears: tuple[str, ...] = ()
    """As for `wants`, such as 'You fear a blockade.'"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Texts for the role sheet of a government. They have no effect on runs.

    Only the players of this government read them: write nothing that it may not know at STARTEX.
    """

    situation: str = ""
    """The situation of the government at the STARTEX in `calendar`. A run with another STARTEX leaves it out."""
    tasks: tuple[str, ...] = ()
    """Tasks of these players in the exercise."""
    leaders: dict[Annotated[str, values.Ref("leader")], Motives] = field(default_factory=dict)
    """Wants and fears of each leader that may hold office."""
    source: str = values.JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """A demand of one government on another, with a promise and a threat."""

    of: values.GovernmentId
    """The addressee."""
    wants: tuple[values.OptionId, ...]
    """Any of these options, taken by the addressee within `within`, meets the demand."""
    inducement: values.OptionId | None = None
    """The option that the sender promises to carry out if the demand is met."""
    threat: values.OptionId | None = None
    """The option that the sender threatens to carry out if it is not met."""
    stakes: dict[values.Path, Effect] = field(default_factory=dict)
    """Stakes that compliance preserves besides inducement and threat, as the addressee sees it: effects on other
    matters that the demand is linked to, such as trade. They enter its scores alone and change no indicator."""
    within: values.Period = 90 * DAY
    """Deadline, counted from when the demand is made."""
    source: str = values.JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class StageExit:
    """A way out of a stage, to another stage or another strategy. The first one that is open is taken, at a meeting."""

    when: values.OwnFormula | None = None
    """Condition that opens it, such as that the aim is met, the cost too high or an offer better."""
    after: values.Duration = 0
    """How long the stage must have lasted."""
    to: Annotated[str, values.Ref("strategy")] | None = None
    """The strategy to which it leads; the same by default."""
    stage: values.Id | None = None
    """The stage to which it leads; the first by default."""
    why: str = ""
    """The reason, as it appears in the journal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage of a strategy."""

    name: str
    """The name of the stage in the journal."""
    favours: dict[str, values.Number] = field(default_factory=dict)
    """Score that the strategy adds, for each `option` or `option TARGET`."""
    demands: tuple[Demand, ...] = ()
    """Made by options with `demands: true`, to the target of that action."""
    until: values.OwnFormula | None = None
    """Condition that moves the strategy to its next stage."""
    exits: tuple[StageExit, ...] = ()
    """Other ways out of the stage; they are tried before `until`."""
    interests: dict[values.Path, values.Number] = field(default_factory=dict)
    """Weights of the leader's interests that differ while the stage lasts, as after a completed programme."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """A policy as data: what it favours, demands and offers, stage by stage."""

    title: str
    stages: tuple[Stage, ...]
    """Its stages, in order; a strategy begins with the first."""
    aim: values.OwnFormula | None = None
    """The aim of the strategy; its change over a window is the strategy's progress (`rules.aspirations`)."""
    floor: values.Number = 0.0
    """Progress below which no leader's aspiration falls, so that constant failure is not accepted."""
    appeal: values.OwnFormula | None = None
    """Score of the strategy when a leader searches for one, in units of score."""
    source: str = values.JUDGEMENT
