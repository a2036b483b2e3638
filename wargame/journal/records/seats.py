"""Records of decisions that people take, and of standing orders and procedures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import field

from wargame.journal.records.record import Audience, Record

if TYPE_CHECKING:
    from wargame.journal.viewer_memory import ViewerMemory


class DecisionDueRecord(Record, frozen=True):
    """A person has to decide on a dossier, `until` a second if that is limited; then the default follows."""

    kind = "decision.due"
    shown = {Audience.OWN: ("dossier", "meeting", "until", "default")}

    dossier: str
    meeting: str
    until: int | None
    default: str


class DecisionMissedRecord(Record, frozen=True):
    """A decision was not taken in time."""

    kind = "decision.missed"
    shown = {Audience.OWN: ("dossier", "default", "reason")}

    dossier: str
    default: str
    reason: str = ""


class StandingOrderRecord(Record, frozen=True):
    """The condition of a standing order has become true."""

    kind = "standing_order"
    shown = {Audience.OWN: ("number", "when", "option", "target", "why")}

    number: int
    when: str
    option: str
    target: str | None
    why: str


class ProcedureProposedRecord(Record, frozen=True):
    """A standing procedure is put to the person in a seat, to be carried out at second `until`."""

    kind = "procedure.proposed"
    shown = {Audience.OWN: ("number", "title", "option", "target", "until", "mode")}

    number: int
    title: str
    option: str
    target: str | None
    until: int
    mode: str


class ProcedureAnswerRecord(Record, frozen=True):
    """A person accepts or refuses a standing procedure."""

    kind = "procedure.answer"
    shown = {Audience.OWN: ("government", "number", "answer", "by")}

    government: str
    number: int | str
    answer: str
    by: str = field(name="who", default="")

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """The government whose procedure it is, also if the white cell has answered for it."""
        return Audience.OWN if self.government == viewer.seat else None


class ProcedureExpiredRecord(Record, frozen=True):
    """A standing procedure is not carried out, since nobody has answered."""

    kind = "procedure.expired"
    shown = {Audience.OWN: ("number", "title", "option", "target")}

    number: int
    title: str
    option: str
    target: str | None
