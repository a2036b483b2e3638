"""Records of decisions that people take, of orders under way, and of standing orders and procedures."""

from msgspec import field

from wargame.journal.notices import MESSAGE, OWN, Notice, Reader
from wargame.journal.records.record import Audience, Record
from wargame.journal.viewer_memory import ViewerMemory
from wargame.journal.wording import Titles, aside, beyond
from wargame.sentence import Hint, Sentence

DEFAULTS = {"model": "the model decides", "nothing": "nothing is done"}
PROPOSED = {"act": "will act unless its seat refuses"}
REVIEWED = {"continued": "continues with", "postponed": "postpones"}


class DecisionDueRecord(Record, frozen=True):
    """A person has to decide on a dossier, `until` a second if that is limited; then the default follows."""

    kind = "decision.due"
    heading = "Decision due", OWN
    shown = {Audience.OWN: ("dossier", "meeting", "until", "default")}

    dossier: str
    meeting: str
    until: int | None
    default: str

    def clause(self, titles: Titles) -> str:
        return f"decision due: {titles.government(self.who)} on {titles.dossier(self.about)}"

    def notice(self, reader: Reader) -> Notice:
        by = () if self.until is None else (", by ", reader.at(self.until))
        then = " (then your staff decides)" if by and self.default == "model" else ""
        return self.reported(reader.dossier(self.about), *by, then, lead="DECISION DUE on ")


class DecisionMissedRecord(Record, frozen=True):
    """A decision was not taken in time."""

    kind = "decision.missed"
    heading = "Not decided", OWN
    shown = {Audience.OWN: ("dossier", "default", "reason")}

    dossier: str
    default: str
    reason: str = ""

    def clause(self, titles: Titles) -> str:
        who, default = titles.government(self.who), DEFAULTS.get(self.default, self.default)
        return f"{who} misses its decision on {titles.dossier(self.about)} ({default}){aside(self.reason, ': ', '')}"

    def notice(self, reader: Reader) -> Notice:
        default = "the staff decides" if self.default == "model" else "nothing is done"
        dossier = reader.titles.dossier(self.about)
        return self.reported(f"Not decided in time on {dossier}: {default}{aside(self.reason)}")


class StandingOrderRecord(Record, frozen=True):
    """The condition of a standing order has become true."""

    kind = "standing_order"
    heading = "Standing order", OWN
    shown = {Audience.OWN: ("number", "when", "option", "target", "why", "beyond")}

    number: int
    when: str
    option: str
    target: str | None
    why: str
    beyond: list[str] = field(default_factory=list)

    def clause(self, titles: Titles) -> str:
        order = f"{titles.order(self)}{beyond(self.beyond)}"
        return f"standing order of {titles.government(self.who)} is triggered: {order}"

    def notice(self, reader: Reader) -> Notice:
        return self.reported(f"Standing order {self.number} is triggered: {reader.titles.order(self)}")


def _called(about: str, titles: Titles) -> str:
    """Return what is proposed: a standing procedure, or what the script or chance would do in the name of a seat."""
    return "standing procedure" if about in titles.procedures else "proposal"


class ProcedureProposedRecord(Record, frozen=True):
    """A standing procedure is put to the person in a seat, to be carried out at second `until`."""

    kind = "procedure.proposed"
    heading = "Standing procedure", MESSAGE
    shown = {Audience.OWN: ("number", "title", "option", "target", "until", "mode")}

    number: int
    title: str
    option: str
    target: str | None
    until: int
    mode: str

    def clause(self, titles: Titles) -> str:
        verb = PROPOSED.get(self.mode, "is proposed to its seat")
        if self.about not in titles.procedures:
            return f"{titles.government(self.who)} is asked for its consent: {titles.order(self)}"
        return f"standing procedure of {titles.government(self.who)} {verb}: {titles.order(self)}"

    def notice(self, reader: Reader) -> Notice:
        number, acts = str(self.number), self.mode == "act"
        accept, refuse = (Hint((verb, number), label=verb.title()) for verb in ("accept", "refuse"))
        does = reader.does(self.who, self.option, self.target)
        return self.reported(
            *(f"{self.title}: {does} at ", reader.at(self.until)),
            ", unless you refuse" if acts else ", if you accept",
            lead=f"{_called(self.about, reader.titles).upper()} {number}: ",
            end=Sentence(refuse) if acts else Sentence(accept, refuse),
        )


class ProcedureAnswerRecord(Record, frozen=True):
    """A person accepts or refuses a standing procedure."""

    kind = "procedure.answer"
    heading = "Standing procedure", OWN
    shown = {Audience.OWN: ("government", "number", "answer", "by")}

    government: str
    number: int | str
    answer: str
    by: str = field(name="who", default="")

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """Return the government whose procedure it is, also if the white cell has answered for it."""
        return Audience.OWN if self.government == viewer.seat else None

    def clause(self, titles: Titles) -> str:
        verb = "accepts" if self.answer == "accept" else "refuses"
        who = f"{titles.government(self.government)}{'' if self.who else ' (by the white cell)'}"
        if title := titles.procedures.get(self.about):
            return f"{who} {verb} its standing procedure '{title}'"
        return f"{who} {verb} proposal {self.number}"

    def notice(self, reader: Reader) -> Notice:
        answered = "Accepted" if self.answer == "accept" else "Refused"
        return self.reported(f"{answered}: {_called(self.about, reader.titles)} {self.number}")


class ProcedureExpiredRecord(Record, frozen=True):
    """A standing procedure is not carried out, since nobody has answered."""

    kind = "procedure.expired"
    heading = "Standing procedure", OWN
    shown = {Audience.OWN: ("number", "title", "option", "target")}

    number: int
    title: str
    option: str
    target: str | None

    def clause(self, titles: Titles) -> str:
        of = "of" if self.about in titles.procedures else "to"
        what = f"{_called(self.about, titles)} {of} {titles.government(self.who)}"
        return f"{what} expires without an answer: {titles.order(self)}"

    def notice(self, reader: Reader) -> Notice:
        what = f"{_called(self.about, reader.titles).capitalize()} {self.number} has expired without an answer"
        return self.reported(f"{what}: {reader.titles.order(self)}")


class OrderCarriedOverRecord(Record, frozen=True):
    """An order given before STARTEX that is under way then; `given` and `until` are seconds."""

    kind = "order.carried_over"
    shown = {Audience.OWN: ("option", "target", "given", "until")}

    option: str
    target: str | None
    given: int
    until: int

    def clause(self, titles: Titles) -> str:
        return f"{titles.government(self.who)} has ordered before STARTEX, and is preparing: {titles.order(self)}"


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

    def clause(self, titles: Titles) -> str:
        how = REVIEWED.get(self.how, "reviews")
        return f"{titles.government(self.who)} {how} its order ({titles.order(self)})"


class OrderInheritedRecord(Record, frozen=True):
    """An order of the model that is under way when a person takes the seat."""

    kind = "order.inherited"
    heading = "Under way", MESSAGE
    shown = {Audience.OWN: ("number", "option", "target", "until")}

    number: int
    option: str
    target: str | None
    until: int

    def clause(self, titles: Titles) -> str:
        return f"order of the model for {titles.government(self.who)} is under way: {titles.order(self)}"

    def notice(self, reader: Reader) -> Notice:
        number, does = str(self.number), reader.does(self.who, self.option, self.target)
        cancel = Hint(("cancel", number), label=f"Cancel order {number}")
        lead, end = f"UNDER WAY {number}, ordered by the model: ", Sentence(", unless you cancel it", cancel)
        return self.reported(does, " at ", reader.at(self.until), lead=lead, end=end)


class OrderCancelledRecord(Record, frozen=True):
    """An order is not carried out; `procedure` is the standing procedure that gave it."""

    kind = "order.cancelled"
    heading = "Not carried out", OWN
    shown = {Audience.OWN: ("option", "target", "reason", "procedure")}

    option: str
    target: str | None
    reason: str
    procedure: str = ""

    def clause(self, titles: Titles) -> str:
        return f"{titles.government(self.who)} cancels its order ({titles.order(self)}): {self.reason}"

    def notice(self, reader: Reader) -> Notice:
        return self.reported(f"{reader.titles.order(self)}: {self.reason}", lead=None)
