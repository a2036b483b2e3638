"""Records of what governments decide, do, perceive, plan and demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from wargame.journal.records.record import Audience, Effects, Record
from wargame.journal.viewer_memory import PUBLIC

if TYPE_CHECKING:
    from wargame.journal.viewer_memory import ViewerMemory


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
    shown = {
        Audience.OWN: (
            "dossier",
            "meeting",
            "took",
            "choice",
            "target",
            "p",
            "hazard",
            "draw",
            "threshold",
            "wait",
            "best",
            "chance",
            "noise",
            "candidates",
        )
    }

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
    shown = {Audience.OWN: ("option", "target", "title", "goldstein", "severity", "rung", "success", "source")}

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
    shown = {
        Audience.OWN: ("option", "actor", "target", "perceived", "surprise", "trust", "title"),
        Audience.PUBLIC: ("option", "actor", "target", "title"),
    }

    action: int
    option: str
    actor: str
    target: str | None
    perceived: float
    surprise: float
    trust: tuple[float, float]
    title: str = ""

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """The public sees a public action when the last government has its signal."""
        public = viewer.seat == PUBLIC and viewer.learns_now(self.cause[:1])
        return Audience.OWN if self.who == viewer.seat else Audience.PUBLIC if public else None


class RoutineRecord(Record, frozen=True):
    """The minor acts of a week: their number and total weight by receiver."""

    kind = "routine"

    acts: dict[str, tuple[int, float]]


class LeaderRecord(Record, frozen=True):
    """A leader takes office; `before` is the leader before."""

    kind = "leader"
    shown = {Audience.EVERYONE: ("leader", "title", "before")}

    leader: str
    title: str
    strategy: str | None
    before: str | None = field(name="from")


class StrategyRecord(Record, frozen=True):
    """A government follows a strategy from this stage on."""

    kind = "strategy"
    shown = {Audience.OWN: ("strategy", "stage", "why")}

    strategy: str
    stage: str
    why: str = ""


class DemandRecord(Record, frozen=True):
    """A demand on another government for one of some options, `until` a second."""

    kind = "demand"
    shown = {
        Audience.CONCERNED: ("of", "wants", "inducement", "threat", "until"),
        Audience.EVERYONE: ("of", "wants", "until"),
    }

    of: str
    wants: tuple[str, ...]
    inducement: str | None
    threat: str | None
    until: int

    def audience_of(self, viewer: ViewerMemory) -> Audience:
        """A message for the two concerned; others know of the action, and see only what is demanded."""
        return Audience.CONCERNED if viewer.seat in (self.who, self.of) else Audience.EVERYONE


class DemandSettledRecord(Record, frozen=True):
    """How a demand or a commitment was settled; `owes` is the option that its sender then owed."""

    kind = "demand.settled"
    shown = {Audience.CONCERNED: ("how", "of", "wants", "owes")}

    how: str
    of: str
    wants: tuple[str, ...]
    owes: str | None

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """That a covert threat was not carried out is known to the sender alone: it may have been, unnoticed."""
        covert = viewer.seat != self.who and self.how == "empty" and self.owes in viewer.facts.covert_options
        return Audience.CONCERNED if viewer.seat in (self.who, self.of) and not covert else None


class CommitmentRecord(Record, frozen=True):
    """A government commits itself to another, `until` a second."""

    kind = "commitment"
    shown = {Audience.EVERYONE: ("of", "option", "target", "until")}

    of: str
    option: str
    target: str | None
    until: int


class PlanBegunRecord(Record, frozen=True):
    """A government begins a plan, with the options that follow one another."""

    kind = "plan.begun"
    shown = {Audience.OWN: ("plan", "title", "steps")}

    plan: str
    title: str
    steps: tuple[str, ...]


class PlanEndedRecord(Record, frozen=True):
    """A plan is finished, abandoned or overdue; `done` counts its steps."""

    kind = "plan.ended"
    shown = {Audience.OWN: ("plan", "title", "how", "done", "reason")}

    plan: str
    title: str
    how: str
    done: int
    reason: str


class OrderCarriedOverRecord(Record, frozen=True):
    """An order given before STARTEX that is under way then; `given` and `until` are seconds."""

    kind = "order.carried_over"
    shown = {Audience.OWN: ("option", "target", "given", "until")}

    option: str
    target: str | None
    given: int
    until: int


class OrderReviewedRecord(Record, frozen=True):
    """A review of an order under way. Gains are scores above waiting: now, and when it was decided."""

    kind = "order.reviewed"
    shown = {Audience.OWN: ("option", "target", "how", "occasion", "gain", "when_decided", "until")}

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
    shown = {Audience.OWN: ("number", "option", "target", "until")}

    number: int
    option: str
    target: str | None
    until: int


class OrderCancelledRecord(Record, frozen=True):
    """An order is not carried out; `procedure` is the standing procedure that gave it."""

    kind = "order.cancelled"
    shown = {Audience.OWN: ("option", "target", "reason", "procedure")}

    option: str
    target: str | None
    reason: str
    procedure: str = ""
