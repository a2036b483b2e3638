"""Forums and agreements, procedures, hazards, outcomes, and the rows of the history."""

from typing import Annotated, ClassVar

from wargame.dataclasses import dataclass, field
from wargame.language.times import DAY
from wargame.scenario.model import annotations as values
from wargame.scenario.model.governments import ActionPattern, ActionSpec
from wargame.scenario.model.indicators import Effect

ActorOrGovernment = Annotated[
    str, values.Pattern(r"actor|[A-Za-z][A-Za-z0-9_\-]*", "a government, or `actor` for the one that did the action")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forum:
    """Talks, or a council that votes: proposed, accepted, convened, concluded."""

    title: str
    dossier: values.DossierId
    """The subject on which it meets."""
    members: tuple[values.GovernmentId, ...]
    """Governments that take part."""
    visibility: Annotated[str, values.Choices(("public", "private_until_convened", "private"))] = "public"
    """Who sees its steps and reads its state. public: all; private: its members, for others it is not proposed;
    private_until_convened: its members, and all from its convening to its end."""
    required: tuple[values.GovernmentId, ...] = ()
    """Members whose acceptance is needed to convene it; all by default."""
    needs: values.WorldFormula | None = None
    """Condition to convene it, such as that another forum is in session: `convened[five_party] > 0`."""
    floor: values.Signed = -1.0
    """Lowest trust between required members at which it can convene."""
    window: values.Period = 90 * DAY
    """How long commitments stay open."""
    answers: values.Share = 1.0
    """Factor on the time that an invited member waits before it acts on the dossier."""
    refusal_ends: bool = False
    """Whether a proposal ends when a required member declines it, unless the strategy of a committed member demands
    that it accepts. Without it, proposals stay open for `window`."""
    pull: values.Positive = 0.4
    """κ: how much the share of members already committed adds to the score of accepting."""
    every: values.Period = 30 * DAY
    """Time between rounds."""
    pace: values.Share = 0.25
    """Progress per round under full trust in every pair."""
    offers: values.WorldFormula | None = None
    """Multiplier on the progress of a round, 0 to 1: how much is on offer."""
    rounds: values.Count = 12
    """Number of rounds after which talks without an agreement collapse."""
    suspends_at: Annotated[float, values.Bounds(0.0, 60.0)] = 60.0
    """Severity of a member's action at which a convened forum is suspended."""
    offences: tuple[ActionPattern, ...] = ()
    """Actions of members that suspend a convened forum whatever their severity, such as a test during talks with those
    whom it offends."""
    restraint: values.Positive | None = None
    """v₀: the least that a member's action costs it, in units of score, if it would suspend the forum by `offences`;
    more if the remaining rounds are worth more to it. Without it, members do not consider it."""
    resumes: values.Period | None = None
    """Time without a further offence after which a suspended forum resumes by itself. Without it, only a member's
    `return` resumes it."""
    patience: values.Period = 120 * DAY
    """How long a suspended forum can be resumed before it collapses."""
    cool_down: values.Period = 180 * DAY
    """Time after a collapse or a conclusion in which it cannot be proposed again."""
    council: bool = False
    """A vote: the forum concludes at its first round and becomes dormant again."""
    adopts: str | None = None
    """The name of a text that a council adopts, for the review and the seats; a resolution by default."""
    strength: values.WorldFormula | None = None
    """Strength of a council's draft when it is proposed, 0 to 1; each `dilute` removes a quarter of it."""
    statement: dict[values.Path, Effect] | None = None
    """Effects of a statement of a council. The council issues it in place of a resolution once each required member
    supports either the draft or a statement (move `state`), and one of them the statement alone. Without it, a council
    adopts a resolution or nothing."""
    votes: values.Count | None = None
    """How many members of a council must have voted for a draft for it to be adopted at the end of `window`, although a
    required member has not voted: it abstains, and only its `veto` prevents the resolution. Without it, a council
    adopts a resolution only with the votes of all required members."""
    sitting: bool = False
    """Whether the members of a council vote in one sitting: a member that has decided to support the draft, or a
    statement, is ready, and the votes are cast together once enough members are. Those on what is not decided are given
    up."""
    veto: values.ActorFormula | None = None
    """Condition under which a member, `actor`, blocks a round of talks because of another member, `target`, by what it
    believes. A blocked round makes no progress and has no effects. Without a block, a round progresses by the mean of
    the relations: the worst one limits it through this veto only. Without the key, it progresses by their soft
    minimum."""
    gives: dict[values.GovernmentId, dict[values.Path, Effect]] = field(default_factory=dict)
    """Offers of each member in a round that no member blocks, in addition to the effects of `round`."""
    pools: tuple[values.Path, ...] = ()
    """Estimated indicators on which the members share their knowledge in a round that no member blocks: each takes the
    best estimate among them as a report."""
    delay: values.Period | None = None
    """How long one `delay` of a member keeps a council from deciding on a draft; each member may delay a draft once."""
    convened: dict[values.Path, Effect] = field(default_factory=dict)
    """Effects of convening it on indicators."""
    round: dict[values.Path, Effect] = field(default_factory=dict)
    """Effects of each round on indicators."""
    agreed: dict[values.Path, Effect] = field(default_factory=dict)
    """Effects of an agreement on indicators."""
    collapsed: dict[values.Path, Effect] = field(default_factory=dict)
    """Effects when its rounds end without an agreement. They do not apply when a suspension outlasts `patience`."""
    source: str = values.JUDGEMENT

    @property
    def needed(self) -> frozenset[str]:
        """The members whose acceptance is needed to convene it."""
        return frozenset(self.required or self.members)

    def effects_of(self, step: str) -> dict[str, Effect]:
        """Return the effects of a step, by the event of the talks."""
        effects = {"convene": self.convened, "round": self.round, "agree": self.agreed, "exhaust": self.collapsed}
        return {**effects, "issue": self.statement or {}}.get(step, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Terms between governments: none, offered, in force, verified, broken."""

    title: str
    parties: tuple[values.GovernmentId, ...]
    """Governments between which it can be agreed."""
    rules_out: dict[values.GovernmentId, tuple[values.OptionId, ...]] = field(default_factory=dict)
    """Options that a party gives up while the agreement is in force."""
    benefits: dict[values.GovernmentId, values.Number | values.ViewFormula] = field(default_factory=dict)
    """Value of the terms to a party over its horizon, in units of score, evaluated with what it believes."""
    assent: Annotated[str, values.Choices(("givers", "parties"))] = "givers"
    """Who must have offered or accepted it for it to enter into force. givers: all that give something up
    (`rules_out`); parties: every party, to its own terms."""
    gives: dict[values.GovernmentId, dict[values.Path, Effect]] = field(default_factory=dict)
    """Concessions of each party when the agreement enters into force, such as a guarantee. Only those give that have
    offered or accepted it."""
    holds: values.Period = 365 * DAY
    """How long an offer stays open."""
    answers: values.Share | None = None
    """Factor on the time that a party in `rules_out` waits before it acts on the dossier of an offer, which then
    invites it as a proposal of talks does. Without it, an offer invites nobody."""
    proof: dict[values.Path, values.Positive] = field(default_factory=dict)
    """Estimated indicators that verify the agreement, each with a variance in shares of the range squared. It is
    verified while the estimates of all other parties have at most this variance."""
    caution: values.Positive = 0.0
    """Value that a party subtracts from the terms, in units of score, if its estimates of `proof` have a standard
    deviation of their whole range; less in proportion."""
    in_force: dict[values.Path, Effect] = field(default_factory=dict)
    """Its effects on indicators when it enters into force."""
    verified: dict[values.Path, Effect] = field(default_factory=dict)
    """Its effects on indicators when it is verified."""
    broken: dict[values.Path, Effect] = field(default_factory=dict)
    """Its effects on indicators when a party breaks it."""
    source: str = values.JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """A standing procedure: a government's reaction without a meeting."""

    title: str
    government: values.GovernmentId
    """The government that reacts."""
    on: ActionPattern
    """Actions that trigger it."""
    when: values.OwnFormula | None = None
    """Condition for the reaction, by what the government knows."""
    does: values.OptionId
    """The option that it carries out."""
    to: ActorOrGovernment | None = None
    """Towards whom it reacts, for an option with targets."""
    after: values.Duration = DAY
    """Time from learning of the action to the reaction."""
    latest: values.Duration = 0
    """The longest such time. If given, the time is drawn between `after`, the least and likeliest, and this."""
    chance: values.Share = 1.0
    """Probability that it reacts."""
    cool_down: values.Duration = 14 * DAY
    """Time after a reaction in which it does not react again."""
    delegated: values.Id | None = None
    """The row of the history with which the government gave it as a standing order. It reacts only once that row has
    happened. Its actions have the row as a cause, and `wargame conduct` counts them as decided."""
    source: str = values.JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """A random event whose rate depends on the state of the world (thinning against `bound`)."""

    title: str
    rate: values.WorldFormula
    """Events per year."""
    bound: Annotated[float, values.Bounds(1e-6, 1000.0)]
    """Upper bound of the rate. A higher rate is an error of the scenario and is reported in the journal."""
    once: bool = False
    """Whether it happens at most once."""
    action: ActionSpec | None = None
    """An action that it carries out."""
    effects: dict[values.Path, Effect] = field(default_factory=dict)
    """Its effects on indicators."""
    source: str = values.JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """An action answered by an action from the same list within a time, such as an attack answered by an attack."""

    options: tuple[values.OptionId, ...]
    """The options that count as the action and as the answer."""
    within: values.Period = 7 * DAY
    """Time in which the answer must follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A named condition with its time of first passage, counted from STARTEX.

    Exactly one of `when`, `action`, `exchange`.
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("when", "action", "exchange")
    title: str
    when: values.WorldFormula | None = None
    """A condition that becomes true."""
    hold: values.Duration = 0
    """How long `when` must hold without interruption."""
    action: ActionPattern | None = None
    """An action that occurs."""
    exchange: Exchange | None = None
    """An action that is answered."""
    ends: bool = False
    """Ends the run."""
    audience: tuple[values.GovernmentId, ...] = ()
    """Governments that learn of it; all by default."""
    source: str = values.JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """A dated event of the history."""

    id: values.Id
    """Its name in commands and in the journal."""
    at: values.Moment
    """When it happened."""
    mark: Annotated[str, values.Choices(("decided", "exogenous"))]
    """decided: replayed before STARTEX, left out after it; exogenous: happens in any case, if `when` is true."""
    title: str
    by: tuple[values.GovernmentId, ...] = ()
    """Who acted; several governments act together."""
    to: tuple[values.GovernmentId, ...] = ()
    """Towards whom."""
    option: values.OptionId | None = None
    """The act."""
    success: bool = True
    """Whether the action succeeded."""
    effects: dict[values.Path, Effect] = field(default_factory=dict)
    """Its effects on indicators."""
    leader: Annotated[str, values.Ref("leader")] | None = None
    """The leader who took office."""
    when: values.WorldFormula | None = None
    """Condition for an exogenous event to happen."""
    window: tuple[values.Moment, values.Moment] | None = None
    """After STARTEX an exogenous event happens on one of the days from the first to the last, instead of `at`."""
    source: str = values.JUDGEMENT


RECORDED = {
    "forum": ("proposed", "convened", "suspended", "agreed"),
    "agreement": ("offered", "in_force", "verified", "broken"),
}
"""The numbers of formulas that a journal shows at any moment, by the kind of record that changes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absurdity:
    """Actions that a historian of the crisis would call absurd, for `wargame conduct`. They do not affect runs."""

    title: str
    """A verb phrase for tables, such as 'vetoes a resolution'."""
    action: ActionPattern
    """The actions."""
    when: values.WorldFormula | None = None
    """Condition just before the action, by what a journal shows: `count`, `days_since`, `leads`, `follows`, `yearly`,
    and the states of forums and agreements, such as `convened[FORUM]`."""
    source: str = values.JUDGEMENT
    """Why it is absurd: the precedents, or that it is a judgement."""
