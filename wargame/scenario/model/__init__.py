"""What an author writes: a scenario and its injects, as frozen data.

Every class is one mapping of the YAML files and every field one key, under the same name. Fields
with a default may be left out. Any number may also be written `{value: 0.3, range: [0.1, 0.6],
source: ...}`; its range and source then appear in `Scenario.parameters`. Times are resolved
against the calendar when a run is set up; expressions stay text until then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from wargame.language.times import DAY, HOUR
from wargame.scenario.model.annotations import (
    ActionPath,
    ActorFormula,
    Bounds,
    Choices,
    Count,
    DossierId,
    Duration,
    GovernmentId,
    Id,
    Moment,
    Number,
    OptionId,
    OwnFormula,
    Path,
    Pattern,
    Period,
    Positive,
    Ref,
    Share,
    Signed,
    ViewFormula,
    WorldFormula,
)
from wargame.scenario.model.chronology import Chronology
from wargame.scenario.model.questions import Claim, Evidence
from wargame.scenario.model.targets import Target

JUDGEMENT = "judgement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When the scenario plays. `start` is second 0 of the run's clock; all times are local to `zone`."""

    zone: str = "UTC"
    start: Moment
    startex: Moment | None = None
    """When the governments begin to decide; before it the record is replayed. `start` if left out."""
    end: Moment
    """ENDEX: events at or after it do not happen."""
    move: Period = 30 * DAY
    """The length of one move of a live exercise."""
    resolution: Period = DAY
    """How often conditions without a closed-form crossing are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Constants of the engine; MODEL names the equation of each. All are judgements unless sourced."""

    trust_rate: Share = 0.08
    """α: how far one action of weight 10 moves trust towards what it says."""
    attribution: Share = 0.4
    """β < 1: how far the actions of the distrusted are read worse than they are."""
    triangle: Share = 0.4
    """c < 1: how far an action against a third party counts, times one's trust in that party."""
    trust_half_life: Period = 1500 * DAY
    """Trust moves back to its rest value this slowly: memory is long."""
    flow_half_life: Period = 60 * DAY
    """Memory of the expected flow f of actions, from which surprise is measured."""
    flow_rate: Share = 0.25
    """How far one perceived action moves the expected flow f towards its own weight."""
    surprise_half_life: Period = 30 * DAY
    """Memory of the sum of surprises that reciprocity answers."""
    salience_half_life: Period = 10 * DAY
    """How fast a dossier's salience fades."""
    salience_meeting: Positive = 4.0
    """Salience above which a government meets on a dossier at once."""
    salience_crisis: Positive = 9.0
    """Salience above which that meeting pushes the dossier in hand aside."""
    urgency: Positive = 0.8
    """How much faster a government meets and acts on a stirred dossier: interval and tempo by 1 + urgency·salience."""
    response_window: Period = 30 * DAY
    """How long after an action a reply counts as its answer."""
    response_half_life: Period = 730 * DAY
    """Memory of the tallies of answers."""
    response_prior: Positive = 8.0
    """Pseudo-counts behind the priors of answers."""
    rung_half_life: Period = 45 * DAY
    """How fast the rung that a pair stands on fades."""
    violent_rung: Count = 7
    """Rungs from here up need an attack, an expired ultimatum or a collapse before."""
    violence_window: Period = 60 * DAY
    """How long after an attack or an expired ultimatum the violent rungs stay on the menu."""
    reference_half_life: Period = 365 * DAY
    """How slowly the reference of the prospect value follows the status quo."""
    estimate_every: Period = 30 * DAY
    """How often a government prices its interests anew."""
    settle_every: Period = 7 * DAY
    """How often slow couplings take their rest from the present state, besides after each action."""
    habit_half_life: Period = 365 * DAY
    """Memory of how often a government does a thing, which commitments are reckoned at."""
    grid: Positive = 1e-6
    """Scores are rounded to this grid before noise is added, so that bits below it decide nothing."""
    credibility_rate: Share = 0.2
    """How far one kept or broken word moves credibility."""
    kept_word: Positive = 0.3
    """Score that a due promise or threat adds to the option that keeps it."""
    inducement_time: Period = 90 * DAY
    """How long the asker has to deliver the carrot after the asked has complied."""
    trust_responses: Share = 0.0
    """How far trust shades the priors of answers: the trusted are expected to comply, the distrusted to retaliate."""
    audience: Annotated[str, Ref("indicator")] | None = None
    """Indicator of governments that an empty threat or an unpaid carrot costs."""
    audience_cost: Share = 0.04
    """How far it falls, as a share of its range."""
    collapse: Annotated[str, Ref("outcome")] | None = None
    """The outcome after which the violent rungs are on every menu."""
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A subject that leaderships have on their desks."""

    title: str
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSettings:
    """One government's dossier."""

    priority: Share = 0.5
    """Rank on the desk; waiting adds to it."""
    every: Period = 14 * DAY
    """Time between routine meetings."""
    work: Period = 8 * HOUR
    """Working time that one meeting takes the leadership."""
    stake: Share = 0.5
    """What actions without a target mean to this government; scales salience."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Perception:
    """How a government learns of the actions of others."""

    delay: Duration = 6 * HOUR
    """From a public action to its signal; private and covert ones take three times as long."""
    noise: Positive = 0.5
    """Standard deviation of the perceived Goldstein weight."""
    detection: Share = 0.4
    """Chance to notice a covert action."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Government:
    """A state that decides."""

    name: str
    leader: Annotated[str, Ref("leader")]
    """In office at `calendar.start`."""
    dossiers: dict[DossierId, DossierSettings]
    perception: Perception = field(default_factory=Perception)
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader:
    """A profile that an election or another inject installs: what a leadership wants and how it chooses."""

    government: GovernmentId
    title: str
    """The office held and how the leader is told from the predecessor."""
    interests: dict[Path, Number]
    """Weight of each indicator, per whole range; the sign says whether more is better."""
    regard: dict[GovernmentId, Number] = field(default_factory=dict)
    """Worth of an action of weight 10 to that government for its own sake."""
    leanings: dict[OptionId, Number] = field(default_factory=dict)
    """Score added to an option: habit, doctrine, promises made."""
    strategy: Annotated[str, Ref("strategy")] | None = None
    horizon: Period = 365 * DAY
    """H: how far ahead effects count."""
    rationality: Positive = 6.0
    """λ: how sharply the better option is preferred."""
    threshold: Number = 0.15
    """What the best option must beat waiting by to be even odds."""
    tempo: Period = 30 * DAY
    """τ: the mean time to act when acting is certain to be wanted."""
    reciprocity: Positive = 0.25
    """r: the pull to answer in kind."""
    loss_aversion: Annotated[float, Bounds(1.0, 10.0)] = 1.8
    curvature: Annotated[float, Bounds(0.01, 1e6)] = 2.0
    """κ of the prospect value v(z) = z/(1+|z|/κ): the score at which gains have lost half their slope's worth."""
    step: Count = 2
    """How many rungs above the present one this leader will go at once."""
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a government wants of another, and what it offers and threatens."""

    of: GovernmentId
    wants: tuple[OptionId, ...]
    """Any of these, done by the asked within `within`, meets the ask."""
    inducement: OptionId | None = None
    """What the asker will do if it is met."""
    threat: OptionId | None = None
    """What the asker will do if it is not."""
    within: Period = 90 * DAY
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage of a strategy."""

    name: str
    favours: dict[str, Number] = field(default_factory=dict)
    """`option` or `option TARGET` to the score that the strategy adds."""
    demands: tuple[Demand, ...] = ()
    """Made by the options that ask (`Option.demands`), to the target of that action."""
    until: OwnFormula | None = None
    """Moves the strategy to its next stage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """A policy as data: what it favours, asks and offers, stage after stage."""

    title: str
    stages: tuple[Stage, ...]
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A named number of the world; `x(t) = baseline + (x0 - baseline) * 2**(-(t - t0) / half_life)`."""

    title: str
    scope: Annotated[str, Choices(("world", "government", "pair"))] = "world"
    range: tuple[Number, Number] = (0.0, 1.0)
    start: Number | dict[str, Number] = 0.0
    """One number, or one for each of `CHN` (government) or `CHN, PRK` (pair); `default` for the others."""
    baseline: Number | WorldFormula | dict[str, Number | WorldFormula] | None = None
    """Where it goes by itself: its start if left out. A formula makes a slow coupling."""
    half_life: Period | None = None
    """None: it stays where it was put."""
    formula: WorldFormula | dict[str, WorldFormula] | None = None
    """Makes it derived: an expression over others; `self` and `other` stand for its own indexes."""
    known: Annotated[str, Choices(("public", "own", "estimated"))] = "public"
    """Who knows it: all; its (first) government alone; that government, and the others by estimate."""
    variance: Positive = 0.04
    """Of the others' first estimates, in shares of the range squared; `Agreement.proof` says how narrow is verified."""
    bias: Signed = 0.0
    """Of the others' first estimates, as a share of the range."""
    unit: str = ""
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What an action does to one indicator. A plain number is short for `{by: number}`."""

    SHORT: ClassVar[str] = "by"
    by: Number | ActorFormula | None = None
    """Share of the way to the end of the range (up if positive, down if negative): effects saturate."""
    to: Number | ActorFormula | None = None
    """Sets the value instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Responses:
    """Prior chances of what the one concerned does about it; they are normalised."""

    comply: Share = 0.1
    ignore: Share = 0.7
    retaliate: Share = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something that a government may do; done, it is an action."""

    title: str
    """A verb phrase that follows the actor's name: 'tests a long-range missile'."""
    dossier: DossierId
    by: tuple[GovernmentId, ...]
    to: tuple[GovernmentId, ...] = ()
    """Possible targets; none: the action has no target."""
    cameo: Annotated[
        str,
        Pattern(r"(0[1-9]|1\d|20)\d{0,2}", "a CAMEO event code, such as 173: a root from 01 to 20 and up to two more"),
    ]
    goldstein: Annotated[float, Bounds(-10.0, 10.0)]
    """Goldstein weight."""
    shock: Annotated[float, Bounds(-1.0, 3.0)] = 0.0
    """Perceived weight is goldstein·(1 + shock): the table gives an exercise and a nuclear test the same."""
    severity: Annotated[float, Bounds(-2.0, 60.0)] = 0.0
    """How far it escalates, by the classes of Rivera et al. 2024: de-escalation -2, status quo 0, posturing 4 (also
    exercises), non-violent escalation 12 (also public criticism), violent 28, nuclear 60. Only reviews and measures
    read it."""
    rung: Annotated[int, Bounds(0, 10)] = 0
    """On the scenario's own ladder."""
    kahn: Annotated[int, Bounds(0, 44)] = 0
    """Kahn's rung, reported only."""
    lead: tuple[Duration, Duration, Duration] = (0, DAY, 3 * DAY)
    """Least, likeliest and most time from decision to action."""
    cool_down: Duration = 14 * DAY
    requires: ActorFormula | None = None
    """What the actor must believe true for the option to be on its menu."""
    cost: Positive = 0.05
    """Effort and risk, in units of score."""
    value: ActorFormula | None = None
    """Worth to the actor that no indicator carries, in units of score."""
    effects: dict[ActionPath, Effect] = field(default_factory=dict)
    chance: Number | ActorFormula = 1.0
    """Of success; it may depend on the actor's skill."""
    failure: dict[ActionPath, Effect] = field(default_factory=dict)
    """Effects in place of `effects` when it fails."""
    responses: Responses = field(default_factory=Responses)
    comply: dict[ActionPath, Effect] = field(default_factory=dict)
    """What the actor expects compliance to bring, besides the effects."""
    retaliate: dict[ActionPath, Effect] = field(default_factory=dict)
    """What the actor expects retaliation to bring, besides the effects."""
    loss: Positive = 0.3
    """What being retaliated against costs the actor, in units of score."""
    visibility: Annotated[str, Choices(("public", "private", "covert"))] = "public"
    """Who perceives it: all; actor and target; those who detect it."""
    reports: dict[ActionPath, Positive] = field(default_factory=dict)
    """Estimated indicators that the action reports on, with the variance of the report."""
    agenda: dict[DossierId, Positive] = field(default_factory=dict)
    """Dossiers that the action puts before actor and target, with the salience that it gives them."""
    demands: bool = False
    """The action puts the asks of the actor's strategy to its target."""
    forum: ForumMove | None = None
    agreement: TermMove | None = None
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class ForumMove:
    """What the action means in a forum."""

    name: Annotated[str, Ref("forum")]
    move: Annotated[str, Choices(("propose", "accept", "decline", "dilute", "veto", "leave", "return"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermMove:
    """What the action means for an agreement."""

    name: Annotated[str, Ref("agreement")]
    move: Annotated[str, Choices(("offer", "accept", "verify", "break", "withdraw"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forum:
    """Talks, or a council that votes: proposed, canvassed, convened, concluded."""

    title: str
    dossier: DossierId
    members: tuple[GovernmentId, ...]
    required: tuple[GovernmentId, ...] = ()
    """Whose acceptance convenes it: all members if left out."""
    needs: WorldFormula | None = None
    """Must hold for it to convene, such as another forum's being convened: `convened[five_party] > 0`."""
    floor: Signed = -1.0
    """The worst trust between required members at which it can convene."""
    window: Period = 90 * DAY
    """How long commitments stay open."""
    pull: Positive = 0.4
    """κ: what the share already committed adds to the score of accepting."""
    every: Period = 30 * DAY
    """Time between rounds."""
    pace: Share = 0.25
    """Progress a round when every pair trusts fully."""
    offers: WorldFormula | None = None
    """Multiplies the progress of a round: what is on the table, 0 to 1."""
    rounds: Count = 12
    """Rounds after which talks without agreement collapse."""
    suspends_at: Annotated[float, Bounds(0.0, 60.0)] = 60.0
    """Severity of a member's action from which a convened forum is suspended."""
    patience: Period = 120 * DAY
    """How long a suspended forum can be taken up again before it collapses."""
    cool_down: Period = 180 * DAY
    """How long after a collapse or a conclusion it cannot be proposed."""
    council: bool = False
    """Concludes at its first round and returns to dormant: a vote."""
    strength: WorldFormula | None = None
    """Of a council's draft when it is proposed, 0 to 1; `dilute` takes a quarter off."""
    convened: dict[Path, Effect] = field(default_factory=dict)
    round: dict[Path, Effect] = field(default_factory=dict)
    agreed: dict[Path, Effect] = field(default_factory=dict)
    collapsed: dict[Path, Effect] = field(default_factory=dict)
    """When its rounds are over without agreement; a suspension that runs out of patience has none of these effects."""
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Terms between governments: none, offered, in force, verified, broken."""

    title: str
    parties: tuple[GovernmentId, ...]
    rules_out: dict[GovernmentId, tuple[OptionId, ...]] = field(default_factory=dict)
    """Options that a party gives up while it is in force."""
    benefits: dict[GovernmentId, Number | ViewFormula] = field(default_factory=dict)
    """What the terms are worth to a party over its horizon, in units of score, by what it believes now."""
    holds: Period = 365 * DAY
    """How long an offer stays open."""
    proof: dict[Path, Positive] = field(default_factory=dict)
    """Estimated indicators that it rests on, each with a variance in shares of the range squared: once the estimates of
    all other parties are as narrow as that, it is verified; once one has grown wider, it no longer is."""
    caution: Positive = 0.0
    """What a party's worth of the terms loses with each whole range of standard deviation that it has about `proof`."""
    in_force: dict[Path, Effect] = field(default_factory=dict)
    verified: dict[Path, Effect] = field(default_factory=dict)
    broken: dict[Path, Effect] = field(default_factory=dict)
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPattern:
    """Matches actions: any of these options, by and to any of these governments (any if left out)."""

    options: tuple[OptionId, ...]
    by: tuple[GovernmentId, ...] = ()
    to: tuple[GovernmentId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSpec:
    """An action that an inject, a procedure or the record makes happen."""

    option: OptionId
    by: GovernmentId
    to: GovernmentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """A standing procedure: a government's answer without a meeting."""

    title: str
    government: GovernmentId
    on: ActionPattern
    when: OwnFormula | None = None
    does: OptionId
    to: (
        Annotated[
            str, Pattern(r"actor|[A-Za-z][A-Za-z0-9_\-]*", "a government, or `actor` for the one that did the action")
        ]
        | None
    ) = None
    after: Duration = DAY
    chance: Share = 1.0
    cool_down: Duration = 14 * DAY
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """A chance event whose rate depends on the state of the world (thinning against `bound`)."""

    title: str
    rate: WorldFormula
    """Events a year."""
    bound: Annotated[float, Bounds(1e-6, 1000.0)]
    """The rate never exceeds it; a higher value is an error of the scenario, reported in the journal."""
    once: bool = False
    action: ActionSpec | None = None
    effects: dict[Path, Effect] = field(default_factory=dict)
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """An action answered by one of the same list within a time: an attack answered by an attack."""

    options: tuple[OptionId, ...]
    within: Period = 7 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A named condition with its time of first passage, counted from STARTEX.

    Exactly one of `when`, `action`, `exchange`.
    """

    title: str
    when: WorldFormula | None = None
    hold: Duration = 0
    """How long `when` must hold without a break."""
    action: ActionPattern | None = None
    exchange: Exchange | None = None
    ends: bool = False
    """Ends the run."""
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What the exercise is to show or to train."""

    title: str
    capability: str = ""
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """A dated row of what happened."""

    id: Id
    at: Moment
    mark: Annotated[str, Choices(("decided", "exogenous"))]
    """decided: replays only before STARTEX; exogenous: fires whatever STARTEX, if `when` holds."""
    title: str
    by: tuple[GovernmentId, ...] = ()
    to: tuple[GovernmentId, ...] = ()
    option: OptionId | None = None
    success: bool = True
    effects: dict[Path, Effect] = field(default_factory=dict)
    leader: Annotated[str, Ref("leader")] | None = None
    when: WorldFormula | None = None
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Everything that a run needs but its seed, settings and injects."""

    format: Literal["wargame-scenario/1"] = "wargame-scenario/1"
    name: Id
    title: str
    summary: str = ""
    calendar: Calendar
    injects: tuple[str, ...] = ()
    """Inject files that are part of it, beside the scenario or, for a built-in one, under `injects/`."""
    rules: Rules = field(default_factory=Rules)
    pacts: tuple[tuple[GovernmentId, GovernmentId], ...] = ()
    """Defence pacts in force, each a pair."""
    dossiers: dict[Id, Dossier]
    governments: dict[Id, Government]
    leaders: dict[Id, Leader]
    strategies: dict[Id, Strategy] = field(default_factory=dict)
    indicators: dict[Id, Indicator] = field(default_factory=dict)
    options: dict[Id, Option]
    forums: dict[Id, Forum] = field(default_factory=dict)
    agreements: dict[Id, Agreement] = field(default_factory=dict)
    procedures: dict[Id, Procedure] = field(default_factory=dict)
    hazards: dict[Id, Hazard] = field(default_factory=dict)
    outcomes: dict[Id, Outcome] = field(default_factory=dict)
    objectives: dict[Id, Objective] = field(default_factory=dict)
    history: tuple[HistoryRow, ...] = ()
    claims: dict[Id, Claim] = field(default_factory=dict)
    targets: dict[Id, Target] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=Evidence)
    events: Chronology = field(default_factory=Chronology)
    """How a chronology is read, to score futures against what happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """A trigger: after an inject, an action or a government's decision, with a delay."""

    inject: Annotated[str, Ref("inject")] | None = None
    action: ActionPattern | None = None
    decision: ActionPattern | None = None
    delay: Duration = 0
    """From the last such event on: one that comes again meanwhile starts it anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomTime:
    """A trigger at a random time: in a window, or at a rate."""

    between: tuple[Moment, Moment] | None = None
    shape: Annotated[str, Choices(("uniform", "early", "middle", "late"))] = "uniform"
    """Where in the window: evenly, or triangular with its peak at the start, the middle or the end."""
    rate: WorldFormula | None = None
    """Events a year."""
    bound: Annotated[float, Bounds(1e-6, 1000.0)] | None = None
    """The most that `rate` can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedAction:
    """What the exercise expects a government to do about an inject, and by when."""

    who: GovernmentId
    any_of: tuple[OptionId, ...]
    to: GovernmentId | tuple[GovernmentId, ...] = ()
    """Towards this one, or any of these, where the option has a target; towards anybody if left out."""
    within: Period = 14 * DAY
    late: Period = 14 * DAY
    """How long after that it still counts as late instead of missed."""
    objective: Annotated[str, Ref("objective")] | None = None
    title: str = ""

    @property
    def towards(self) -> tuple[str, ...]:
        """Those towards whom it counts; none: all."""
        return (self.to,) if isinstance(self.to, str) else self.to


@dataclass(frozen=True, slots=True, kw_only=True)
class Install:
    """A change of leader or strategy."""

    leader: Annotated[str, Ref("leader")] | None = None
    government: GovernmentId | None = None
    strategy: Annotated[str, Ref("strategy")] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inject:
    """A scripted event: when it is released, who sees it, what it does.

    Exactly one trigger (`at`, `after`, `when`, `random`, `manual`).
    """

    id: Id
    title: str
    storyline: str = ""
    kind: Annotated[str, Choices(("inject", "information", "contingency", "facilitation"))] = "inject"
    at: Moment | None = None
    after: After | None = None
    when: WorldFormula | None = None
    random: RandomTime | None = None
    manual: bool = False
    provided: WorldFormula | None = None
    """Looked at when the trigger fires: if false, the inject is skipped."""
    chance: Share = 1.0
    until: Moment | None = None
    """Not released at or after it, nor are its repeats."""
    repeat: Count = 1
    """Most releases of a `when`, `after` or rate trigger; of an `at` trigger its dates, with `every`."""
    every: Period | None = None
    """Time between repeats of an `at` trigger."""
    cool_down: Duration = 0
    """Least time between two releases of a repeated one."""
    group: str = ""
    """At most one inject of a group is released; repeats of that one go on."""
    enabled: bool = True
    enables: tuple[Annotated[str, Ref("inject")], ...] = ()
    disables: tuple[Annotated[str, Ref("inject")], ...] = ()
    channel: Annotated[
        str,
        Choices(("News", "Social", "Email", "Phone", "Intel", "Reporting", "Orders", "Cable", "Hotline", "UNSC")),
    ] = "News"
    sender: str = ""
    audience: tuple[GovernmentId, ...] = ()
    """Who gets the message: all if left out."""
    message: str = ""
    notes: str = ""
    """For the facilitator only."""
    salience: dict[DossierId, Positive] = field(default_factory=dict)
    """Salience that it gives to the dossiers of its audience."""
    action: ActionSpec | None = None
    effects: dict[Path, Effect] = field(default_factory=dict)
    reports: dict[Path, Positive] = field(default_factory=dict)
    """Estimated indicators that it reports on to its audience, with the variance of the report."""
    installs: tuple[Install, ...] = ()
    objective: Annotated[str, Ref("objective")] | None = None
    expected: tuple[ExpectedAction, ...] = ()
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Injects:
    """One inject file."""

    format: Literal["wargame-injects/1"] = "wargame-injects/1"
    scenario: str
    title: str = ""
    injects: tuple[Inject, ...]
