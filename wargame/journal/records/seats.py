"""Records of decisions that people take, and of standing orders and procedures."""

from __future__ import annotations

from msgspec import field

from wargame.journal.records.record import Record


class DecisionDueRecord(Record, frozen=True):
    """A person has to decide on a dossier, `until` a second if that is limited; then the default follows."""

    kind = "decision.due"

    dossier: str
    meeting: str
    until: int | None
    default: str


class DecisionMissedRecord(Record, frozen=True):
    """A decision was not taken in time."""

    kind = "decision.missed"

    dossier: str
    default: str
    reason: str = ""


class StandingOrderRecord(Record, frozen=True):
    """The condition of a standing order has become true."""

    kind = "standing_order"

    number: int
    when: str
    option: str
    target: str | None
    why: str


class ProcedureProposedRecord(Record, frozen=True):
    """A standing procedure is put to the person in a seat, to be carried out at second `until`."""

    kind = "procedure.proposed"

    number: int
    title: str
    option: str
    target: str | None
    until: int
    mode: str


class ProcedureAnswerRecord(Record, frozen=True):
    """A person accepts or refuses a standing procedure."""

    kind = "procedure.answer"

    government: str
    number: int | str
    answer: str
    by: str = field(name="who", default="")


class ProcedureExpiredRecord(Record, frozen=True):
    """A standing procedure is not carried out, since nobody has answered."""

    kind = "procedure.expired"

    number: int
    title: str
    option: str
    target: str | None
