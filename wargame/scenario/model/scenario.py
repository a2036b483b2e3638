"""The scenario file as a whole, its calendar, and the constants of the engine."""

from typing import Annotated, Literal

from wargame.dataclasses import dataclass, field
from wargame.language.times import DAY
from wargame.scenario.model import annotations as values
from wargame.scenario.model.conduct import Aspirations, Plan, Reviews, Routine, Visits
from wargame.scenario.model.events import Absurdity, Agreement, Forum, Hazard, HistoryRow, Outcome, Procedure
from wargame.scenario.model.governments import Dossier, Government, Leader, Option, Role, Strategy
from wargame.scenario.model.indicators import Indicator
from wargame.scenario.model.injects import Objective
from wargame.scenario.model.map import Map
from wargame.scenario.model.questions import Chronology, Claim, Evidence
from wargame.scenario.model.targets import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When the scenario takes place. `start` is second 0 of the run's clock; all times are local to `zone`."""

    zone: str = "UTC"
    """The time zone, such as `Asia/Seoul`."""
    start: values.Moment
    """The first moment of the run, with which the history begins."""
    startex: values.Moment | None = None
    """When the governments begin to decide; before it the history is replayed. `start` by default."""
    end: values.Moment
    """ENDEX. Events at or after it do not happen."""
    move: values.Period = 30 * DAY
    """Length of one move of a live exercise."""
    resolution: values.Period = DAY
    """How often conditions without a closed-form crossing are checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Constants of the engine; `docs/explanation/model.md` has the equations. Unsourced values are judgements."""

    trust_rate: values.Share = 0.08
    """α: step of trust, by one action of weight 10, towards the intention that it signals."""
    attribution: values.Share = 0.4
    """β < 1: how much more hostile the actions of a distrusted government appear."""
    triangle: values.Share = 0.4
    """c < 1: weight of an action against a third party, multiplied by one's trust in that party."""
    trust_half_life: values.Period = 1500 * DAY
    """Half-life with which trust returns to its baseline."""
    flow_half_life: values.Period = 60 * DAY
    """Half-life of the expected flow f of actions, from which surprise is measured."""
    flow_rate: values.Share = 0.25
    """Step of the expected flow f towards the weight of one perceived action, as a share of the distance."""
    surprise_half_life: values.Period = 30 * DAY
    """Half-life of the sum of surprises, which drives reciprocity."""
    salience_half_life: values.Period = 10 * DAY
    """Half-life of a dossier's salience."""
    salience_meeting: values.Positive = 4.0
    """Salience above which a government calls an extraordinary meeting on a dossier."""
    salience_crisis: values.Positive = 9.0
    """Salience above which that meeting interrupts the dossier under discussion."""
    urgency: values.Positive = 0.8
    """How much faster a government meets and acts on a salient dossier: meetings and tempo by 1 + urgency·salience."""
    response_window: values.Period = 30 * DAY
    """How long after an action a reaction counts as a response to it."""
    response_half_life: values.Period = 730 * DAY
    """Half-life of the counts of past responses."""
    response_prior: values.Positive = 8.0
    """Pseudo-counts behind the prior probabilities of responses."""
    rung_half_life: values.Period = 45 * DAY
    """Half-life of the rung that a pair of governments has reached on the escalation ladder."""
    violent_rung: values.Count = 7
    """Rungs from here up require an earlier attack, expired ultimatum or collapse."""
    violence_window: values.Period = 60 * DAY
    """How long violent rungs stay available after an attack or an expired ultimatum."""
    reference_half_life: values.Period = 365 * DAY
    """Half-life with which the reference point of the prospect value follows the status quo."""
    estimate_every: values.Period = 30 * DAY
    """How often a government recomputes the prices of its interests."""
    settle_every: values.Period = DAY
    """How often baselines that are formulas are recomputed."""
    habit_half_life: values.Period = 365 * DAY
    """Half-life of a government's action counts, from which the cost of a commitment is estimated."""
    grid: values.Positive = 1e-6
    """Scores are rounded to this grid before noise is added, so that rounding errors never decide."""
    credibility_rate: values.Share = 0.2
    """Change of credibility by one kept or broken promise or threat."""
    kept_word: values.Positive = 0.3
    """Score added to the option that carries out a promise or threat that is due."""
    inducement_time: values.Period = 90 * DAY
    """How long the sender of a demand has to deliver the inducement after the addressee has complied."""
    trust_responses: values.Share = 0.0
    """Weight with which trust shifts the priors of responses: trusted governments are expected to comply, others to
    retaliate."""
    audience: Annotated[str, values.Ref("indicator")] | None = None
    """Indicator of governments that falls after an empty threat or an undelivered inducement."""
    audience_cost: values.Share = 0.04
    """Its fall, as a share of its range."""
    collapse: Annotated[str, values.Ref("outcome")] | None = None
    """The outcome after which violent rungs are available to everyone."""
    warm_start: values.Duration | None = None
    """How long before STARTEX, within the history, governments meet, decide and give orders of which none is carried
    out before STARTEX. Orders in hand and cool-downs carry over. Without it, nothing is under way at STARTEX."""
    unnamed: values.Positive | None = None
    """How large the weight of an everyday act is at most that the history before STARTEX may not name. An order of the
    warm start that falls due without an action of the history, and has at most this weight, adds salience to the
    dossiers of those who would notice it. Without it, it adds none."""
    reviews: Reviews | None = None
    """How orders are reviewed before they are carried out. Without it, an order is only checked when it is due."""
    routine: Routine | None = None
    """Minor acts below the threshold of decision. Without it, governments do nothing but what they decide."""
    aspirations: Aspirations | None = None
    """How leaders revise strategies that fall short. Without it, a strategy changes only by its stages and exits."""
    reluctance: values.Positive | None = None
    """Largest distance of a chosen candidate below waiting, in units of score. Only candidates above that
    bound count for the probability of acting. Without it, a government whose hazard of acting has reached its draw
    takes the best of what is left."""
    visits: Visits | None = None
    """Restraint during visits, and joint commitments after them. Without it, a visit has only the effects of its
    option."""
    source: str = values.JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Scenario:
    """Everything that a run needs except its seed, settings and injects."""

    format: Literal["wargame-scenario/1"] = "wargame-scenario/1"
    name: values.Id
    """The name by which commands and inject files call it."""
    title: str
    summary: str = ""
    """A paragraph for those who choose a scenario."""
    calendar: Calendar
    """Start, STARTEX and ENDEX."""
    injects: tuple[str, ...] = ()
    """Inject files that belong to it, in the folder of the scenario or, for a built-in one, under `injects/`. Other
    inject files in the folder are not used; without this key, all of them are."""
    rules: Rules = field(default_factory=Rules)
    """Constants of the engine."""
    pacts: tuple[tuple[values.GovernmentId, values.GovernmentId], ...] = ()
    """Defence pacts in force, each a pair of governments."""
    dossiers: dict[values.Id, Dossier]
    """Subjects on which governments decide, by id."""
    governments: dict[values.Id, Government]
    """Who decides, by id."""
    leaders: dict[values.Id, Leader]
    """Profiles of leaderships, in office or possible successors, by id."""
    strategies: dict[values.Id, Strategy] = field(default_factory=dict)
    """Policies that leaders can follow, by id."""
    indicators: dict[values.Id, Indicator] = field(default_factory=dict)
    """Indicators, by id, in addition to the built-in ones."""
    options: dict[values.Id, Option]
    """The options of governments, by id."""
    forums: dict[values.Id, Forum] = field(default_factory=dict)
    """Talks and councils, by id."""
    agreements: dict[values.Id, Agreement] = field(default_factory=dict)
    """Terms that governments can offer and accept, by id."""
    plans: dict[values.Id, Plan] = field(default_factory=dict)
    """Optional: several actions that governments carry out one after the other, by id."""
    procedures: dict[values.Id, Procedure] = field(default_factory=dict)
    """Standing procedures, by id."""
    hazards: dict[values.Id, Hazard] = field(default_factory=dict)
    """Random events, by id."""
    conditions: dict[values.ActorFormula, str] = field(default_factory=dict)
    """Conditions of options as sentences, for people whose order is refused, by formula. Without one, the
    titles of indicators say it."""
    outcomes: dict[values.Id, Outcome] = field(default_factory=dict)
    """Conditions that runs are judged by, by id."""
    objectives: dict[values.Id, Objective] = field(default_factory=dict)
    """The objectives that exercises with this scenario test or train, by id."""
    roles: dict[values.GovernmentId, Role] = field(default_factory=dict)
    """Texts for the role sheets of players, by government."""
    map: Map | None = None
    """Where governments and places are, for the public screen and the review. Without it, there is no map."""
    history: tuple[HistoryRow, ...] = ()
    """Dated events, in order; those before STARTEX are replayed."""
    claims: dict[values.Id, Claim] = field(default_factory=dict)
    """Statements about the crisis as experiments, by id, for `wargame claims`."""
    targets: dict[values.Id, Target] = field(default_factory=dict)
    """Observed statistics, by id, for `wargame targets`."""
    absurdities: dict[values.Id, Absurdity] = field(default_factory=dict)
    """Kinds of absurd conduct in this crisis, by id, in addition to the general ones of `wargame conduct`."""
    evidence: Evidence = field(default_factory=Evidence)
    """How claims and targets are tested."""
    events: Chronology = field(default_factory=Chronology)
    """How a chronology of dated events is read, to compare runs with it."""

    def range_of(self, name: str) -> tuple[float, float]:
        """Return the range of an indicator or of a number of the engine."""
        return self.indicators[name].range if name in self.indicators else (-1.0 if name == "trust" else 0.0, 1.0)

    def __repr__(self) -> str:
        return f"Scenario({self.name!r}, {self.title!r})"
