"""Records of what governments decide, do, perceive, plan and demand."""

from __future__ import annotations

from msgspec import Struct, field

from wargame.journal.records.record import Effects, Record


class WeighedCandidate(Struct, frozen=True):
    """An option that a decision weighed. `responses` are the chances of compliance, no response and retaliation."""

    option: str
    target: str | None
    score: float
    terms: dict[str, float]
    responses: tuple[float, ...]
    noise: float
    chance: float


class BestCandidate(Struct, frozen=True):
    """The best option of a decision to wait."""

    option: str
    target: str | None
    score: float


class DecisionRecord(Record, frozen=True):
    """A decision of a government at a meeting on a dossier.

    `took` are seconds of work, `p` the probability of acting, `hazard` what has accumulated against its `draw`.
    """

    kind = "decision"

    dossier: str
    meeting: str
    took: int
    choice: str
    target: str | None
    p: float
    hazard: float
    draw: float
    threshold: float
    wait: float
    best: BestCandidate | None = None
    chance: float | None = None
    noise: float | None = None
    candidates: tuple[WeighedCandidate, ...] = ()


class ActionRecord(Record, frozen=True):
    """An action. `source` is what brought it about; `visibility` is that of an improvised one."""

    kind = "action"

    option: str
    target: str | None
    title: str
    goldstein: float
    severity: float
    rung: int
    success: bool
    effects: Effects
    source: str = field(name="from")
    why: str = ""
    visibility: str = ""


class SignalRecord(Record, frozen=True):
    """What a government perceives of an action. `title` is that of an improvised one."""

    kind = "signal"

    action: int
    option: str
    actor: str
    target: str | None
    perceived: float
    surprise: float
    trust: tuple[float, float]
    title: str = ""


class RoutineRecord(Record, frozen=True):
    """The minor acts of a week: their number and total weight by receiver."""

    kind = "routine"

    acts: dict[str, tuple[int, float]]


class LeaderRecord(Record, frozen=True):
    """A leader takes office; `before` is the leader before."""

    kind = "leader"

    leader: str
    title: str
    strategy: str | None
    before: str | None = field(name="from")


class StrategyRecord(Record, frozen=True):
    """A government follows a strategy from this stage on."""

    kind = "strategy"

    strategy: str
    stage: str
    why: str = ""


class DemandRecord(Record, frozen=True):
    """A demand on another government for one of some options, `until` a second."""

    kind = "demand"

    of: str
    wants: tuple[str, ...]
    inducement: str | None
    threat: str | None
    until: int


class DemandSettledRecord(Record, frozen=True):
    """How a demand or a commitment was settled; `owes` is the option that its sender then owed."""

    kind = "demand.settled"

    how: str
    of: str
    wants: tuple[str, ...]
    owes: str | None


class CommitmentRecord(Record, frozen=True):
    """A government commits itself to another, `until` a second."""

    kind = "commitment"

    of: str
    option: str
    target: str | None
    until: int


class PlanBegunRecord(Record, frozen=True):
    """A government begins a plan, with the options that follow one another."""

    kind = "plan.begun"

    plan: str
    title: str
    steps: tuple[str, ...]


class PlanEndedRecord(Record, frozen=True):
    """A plan is finished, abandoned or overdue; `done` counts its steps."""

    kind = "plan.ended"

    plan: str
    title: str
    how: str
    done: int
    reason: str


class OrderCarriedOverRecord(Record, frozen=True):
    """An order given before STARTEX that is under way then; `given` and `until` are seconds."""

    kind = "order.carried_over"

    option: str
    target: str | None
    given: int
    until: int


class OrderReviewedRecord(Record, frozen=True):
    """A review of an order under way. Gains are scores above waiting: now, and when it was decided."""

    kind = "order.reviewed"

    option: str
    target: str | None
    how: str
    occasion: str
    gain: float
    when_decided: float
    until: int


class OrderInheritedRecord(Record, frozen=True):
    """An order of the model that is under way when a person takes the seat."""

    kind = "order.inherited"

    number: int
    option: str
    target: str | None
    until: int


class OrderCancelledRecord(Record, frozen=True):
    """An order is not carried out; `procedure` is the standing procedure that gave it."""

    kind = "order.cancelled"

    option: str
    target: str | None
    reason: str
    procedure: str = ""
