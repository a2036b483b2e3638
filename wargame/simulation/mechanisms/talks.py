"""The state of talks or of a council between two steps, and the moves that it allows."""

from dataclasses import dataclass, field
from typing import NamedTuple

from wargame.decision.menu import Candidate
from wargame.scenario.model import Forum
from wargame.simulation.kernel.state_tables import FORUM, ForumState

DORMANT, PROPOSED, CONVENED, SUSPENDED, AGREED, COLLAPSED = ForumState


class CouncilOrder(NamedTuple):
    """An order that waits for the sitting of a council: for the draft (`accept`) or a statement (`state`).

    `cause` is the record that it follows from, `source` what brought it about. The author of the draft and a procedure
    give no order.
    """

    move: str
    candidate: Candidate
    cause: int
    source: str
    ordered: bool = True


@dataclass(slots=True)
class Talks:
    """The current state of one forum. `cause` is the record that led to it, `author` made the last proposal."""

    name: str
    spec: Forum
    state: ForumState = DORMANT
    author: str = ""
    committed: set[str] = field(default_factory=set)
    declined: set[str] = field(default_factory=set)
    progress: float = 0.0
    strength: float = 1.0
    rounds: int = 0
    stay: int = 0
    """Counts the changes of state, so that a wait for an earlier state is not mistaken for the current one."""
    cause: int | None = None
    since: int = 0
    """When it entered its present state."""
    left: bool = False
    """Whether a member has left, so that only its return resumes the talks."""
    offended: int = 0
    """When the last offence against it occurred."""
    stated: set[str] = field(default_factory=set)
    """Members that support a statement in place of the draft."""
    delayed: set[str] = field(default_factory=set)
    """Members that have delayed the draft."""
    not_before: int = 0
    """The council does not decide before."""
    ready: dict[str, CouncilOrder] = field(default_factory=dict)
    """How members vote once the council sits, in the order in which they became ready."""

    def allows(self, move: str, actor: str) -> bool:
        """Return whether this government can make the move now."""
        if actor not in self.spec.members:
            return False
        if move in ("accept", "decline", "dilute", "veto"):
            undecided = actor not in self.committed and (move != "decline" or actor not in self.declined)
            return self.state is PROPOSED and undecided
        if move == "state":
            supports = self.committed | self.stated
            return self.state is PROPOSED and self.spec.statement is not None and actor not in supports
        if move == "delay":
            can_wait = self.spec.delay is not None and actor not in self.delayed
            return self.state is PROPOSED and can_wait and actor not in self.committed
        if move == "propose":
            return self.state is DORMANT
        if move == "leave":
            return self.state in (CONVENED, AGREED)
        return (self.state, move) in FORUM

    @property
    def share(self) -> float:
        """The share of the required members that have committed."""
        required = self.spec.needed
        return len(self.committed & required) / len(required)
