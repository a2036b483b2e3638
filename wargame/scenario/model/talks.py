"""Forums (talks and councils) and agreements."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from wargame.language.times import DAY
from wargame.scenario.model.annotations import (
    JUDGEMENT,
    ActorFormula,
    Bounds,
    Choices,
    Count,
    DossierId,
    GovernmentId,
    Number,
    OptionId,
    Path,
    Period,
    Positive,
    Share,
    Signed,
    ViewFormula,
    WorldFormula,
)
from wargame.scenario.model.indicators import Effect
from wargame.scenario.model.options import ActionPattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Forum:
    """Talks, or a council that votes: proposed, accepted, convened, concluded."""

    title: str
    dossier: DossierId
    """The subject on which it meets."""
    members: tuple[GovernmentId, ...]
    """Governments that take part."""
    visibility: Annotated[str, Choices(("public", "private_until_convened", "private"))] = "public"
    """Who sees its steps and reads its state. public: all; private: its members, for others it is not proposed;
    private_until_convened: its members, and all from its convening to its end."""
    required: tuple[GovernmentId, ...] = ()
    """Members whose acceptance is needed to convene it; all by default."""
    needs: WorldFormula | None = None
    """Condition to convene it, such as that another forum is in session: `convened[five_party] > 0`."""
    floor: Signed = -1.0
    """Lowest trust between required members at which it can convene."""
    window: Period = 90 * DAY
    """How long commitments stay open."""
    pull: Positive = 0.4
    """κ: how much the share of members already committed adds to the score of accepting."""
    every: Period = 30 * DAY
    """Time between rounds."""
    pace: Share = 0.25
    """Progress per round under full trust in every pair."""
    offers: WorldFormula | None = None
    """Multiplier on the progress of a round, 0 to 1: how much is on offer."""
    rounds: Count = 12
    """Number of rounds after which talks without an agreement collapse."""
    suspends_at: Annotated[float, Bounds(0.0, 60.0)] = 60.0
    """Severity of a member's action at which a convened forum is suspended."""
    offences: tuple[ActionPattern, ...] = ()
    """Actions of members that suspend a convened forum whatever their severity, such as a test during talks with those
    whom it offends."""
    restraint: Positive | None = None
    """v₀: the least that a member's action costs it, in units of score, if it would suspend the forum by `offences`;
    more if the remaining rounds are worth more to it. Without it, members do not consider it."""
    resumes: Period | None = None
    """Time without a further offence after which a suspended forum resumes by itself. Without it, only a member's
    `return` resumes it."""
    patience: Period = 120 * DAY
    """How long a suspended forum can be resumed before it collapses."""
    cool_down: Period = 180 * DAY
    """Time after a collapse or a conclusion in which it cannot be proposed again."""
    council: bool = False
    """A vote: the forum concludes at its first round and becomes dormant again."""
    strength: WorldFormula | None = None
    """Strength of a council's draft when it is proposed, 0 to 1; each `dilute` removes a quarter of it."""
    statement: dict[Path, Effect] | None = None
    """Effects of a statement of a council. The council issues it in place of a resolution once each required member
    supports either the draft or a statement (move `state`), and one of them the statement alone. Without it, a council
    adopts a resolution or nothing."""
    votes: Count | None = None
    """How many members of a council must have voted for a draft for it to be adopted at the end of `window`, although a
    required member has not voted: it abstains, and only its `veto` prevents the resolution. Without it, a council
    adopts a resolution only with the votes of all required members."""
    veto: ActorFormula | None = None
    """Condition under which a member, `actor`, blocks a round of talks because of another member, `target`, by what it
    believes. A blocked round makes no progress and has no effects. Without a block, a round progresses by the mean of
    the relations: the worst one limits it through this veto only. Without the key, it progresses by their soft
    minimum."""
    gives: dict[GovernmentId, dict[Path, Effect]] = field(default_factory=dict)
    """What each member offers in a round that no member blocks, in addition to the effects of `round`."""
    pools: tuple[Path, ...] = ()
    """Estimated indicators on which the members share their knowledge in a round that no member blocks: each takes the
    best estimate among them as a report."""
    delay: Period | None = None
    """How long one `delay` of a member keeps a council from deciding on a draft; each member may delay a draft once."""
    convened: dict[Path, Effect] = field(default_factory=dict)
    """What convening it does to indicators."""
    round: dict[Path, Effect] = field(default_factory=dict)
    """What each round does to indicators."""
    agreed: dict[Path, Effect] = field(default_factory=dict)
    """What an agreement does to indicators."""
    collapsed: dict[Path, Effect] = field(default_factory=dict)
    """Effects when its rounds end without an agreement. They do not apply when a suspension outlasts `patience`."""
    source: str = JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Terms between governments: none, offered, in force, verified, broken."""

    title: str
    parties: tuple[GovernmentId, ...]
    """Governments between which it can be agreed."""
    rules_out: dict[GovernmentId, tuple[OptionId, ...]] = field(default_factory=dict)
    """Options that a party gives up while the agreement is in force."""
    benefits: dict[GovernmentId, Number | ViewFormula] = field(default_factory=dict)
    """Value of the terms to a party over its horizon, in units of score, evaluated with what it believes."""
    assent: Annotated[str, Choices(("givers", "parties"))] = "givers"
    """Who must have offered or accepted it for it to enter into force. givers: all that give something up
    (`rules_out`); parties: every party, to its own terms."""
    gives: dict[GovernmentId, dict[Path, Effect]] = field(default_factory=dict)
    """What each party gives when the agreement enters into force, such as a guarantee. Only those give that have
    offered or accepted it."""
    holds: Period = 365 * DAY
    """How long an offer stays open."""
    proof: dict[Path, Positive] = field(default_factory=dict)
    """Estimated indicators that verify the agreement, each with a variance in shares of the range squared. It is
    verified while the estimates of all other parties have at most this variance."""
    caution: Positive = 0.0
    """Value that a party subtracts from the terms, in units of score, if its estimates of `proof` have a standard
    deviation of their whole range; less in proportion."""
    in_force: dict[Path, Effect] = field(default_factory=dict)
    """What it does to indicators when it enters into force."""
    verified: dict[Path, Effect] = field(default_factory=dict)
    """What it does to indicators when it is verified."""
    broken: dict[Path, Effect] = field(default_factory=dict)
    """What it does to indicators when a party breaks it."""
    source: str = JUDGEMENT
