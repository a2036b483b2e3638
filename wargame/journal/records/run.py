"""Records of the run as a whole, and what the white cell and evaluators write."""

from typing import Any

from msgspec import UNSET, field

from wargame.journal.command_words import KINDS_OF_SEAT, WHATEVER, argument, done, orderer, time_limit
from wargame.journal.notices import MESSAGE, OWN, REPORT, Notice, Reader, spans, written
from wargame.journal.records.record import Audience, OptionalText, Record
from wargame.journal.viewer_memory import PUBLIC, ViewerMemory
from wargame.journal.wording import PHRASES, Titles, aside, beyond, phrase, phrases
from wargame.sentence import Name
from wargame.tables import tables

SEAT_COMMANDS: dict[str, tuple[str, ...]] = {
    "seat": ("government", "kind"),
    "order": ("government", "option", "target", "why", "beyond"),
    "standing_order": ("government", "option", "target", "when", "why"),
    "pass": ("government", "dossier"),
    "procedures": ("government", "procedure", "mode"),
}
"""Commands about its seat that a government sees; why the facilitator forces an action is hidden."""
BY_HAND = frozenset({"action", "outcome"})
"""Commands of the white cell that decide what happens, for which there are sentences."""
OF_SEATS = frozenset({"order", "standing_order", "cancel", "pass", "ack"})
"""Commands of seats by what they say."""


class RunStartRecord(Record, frozen=True):
    """The start of a run. `startex` and `end` are seconds; `inputs` are hashes of the files."""

    kind = "run.start"

    scenario: str
    seed: int
    replication: int
    startex: int
    end: int
    governments: tuple[str, ...]
    wargame: str
    inputs: dict[str, str]

    def clause(self, titles: Titles) -> str:
        return f"the run starts: {self.scenario}, seed {self.seed}"


class StartexRecord(Record, frozen=True):
    """STARTEX. `seats` has the kind of the seat of each government."""

    kind = "startex"
    heading = "Exercise", REPORT
    shown = {Audience.EVERYONE: ()}

    seats: dict[str, str]

    def clause(self, titles: Titles) -> str:
        return "STARTEX: governments decide from here on"

    def notice(self, reader: Reader) -> Notice:
        return self.reported("STARTEX: governments decide from now on")


class SnapshotRecord(Record, frozen=True):
    """The indicators at midnight: a digest of all; on the first of a month their values, true and as seen."""

    kind = "snapshot"
    shown = {Audience.EVERYONE: ("values",)}

    digest: str
    values: dict[str, float] | None = None
    seen: dict[str, dict[str, float]] | None = None

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """Return only a snapshot with values says something."""
        return None if self.values is None else super().audience_of(viewer)

    def for_viewer(self, viewer: ViewerMemory) -> dict[str, Any]:
        """Return the values known to the viewer: by publications, as they are, by estimates, by formulas over these."""
        seen = self.seen or {}
        true = {path: v for path, v in (self.values or {}).items() if viewer.facts.knows_value(viewer.seat, path)}
        known = seen.get(PUBLIC, {}) | true | seen.get(viewer.seat, {})
        return {"values": {path: v for path, v in known.items() if v}}

    def clause(self, titles: Titles) -> str:
        return "daily snapshot of the world"


class RunEndRecord(Record, frozen=True):
    """The end of a run. `outcomes` has the second of each outcome, None if it was not met.

    `attention` has seconds of work by government and dossier.
    """

    kind = "run.end"
    heading = "Exercise", REPORT
    shown = {Audience.EVERYONE: ()}

    reason: str
    outcomes: dict[str, int | None]
    attention: dict[str, dict[str, int | float]]
    actions: dict[str, int]
    expected: dict[str, int]
    decisions: int

    def clause(self, titles: Titles) -> str:
        reason = self.reason or self.about
        return f"the run ends: {'ENDEX' if reason == 'endex' else titles.outcomes.get(reason) or reason}"

    def notice(self, reader: Reader) -> Notice:
        title = reader.titles.outcomes.get(self.about)  # what ended it, which not everyone may have heard before
        return self.reported("The exercise is over" + (f" ({title})" if title else ""))


class CommandRecord(Record, frozen=True):
    """A command of the white cell or of a seat that has no separate kind of record; `about` is its kind."""

    kind = "command"

    data: dict[str, Any]

    def clause(self, titles: Titles) -> str:
        """Describe it: `South Korea does not act on 'Sanctions'`, `the facilitator: skip first_summit`.

        An order of the facilitator is given by name: `the facilitator orders for Japan: sends an envoy (China)`.
        """
        kind, data = self.about, self.data
        if self.who and kind in (*OF_SEATS, "turn"):
            return f"{titles.government(self.who)} {done(kind, data, titles)}"
        if not self.who and kind == "order" and {"government", "option"} <= data.keys():
            forced = WHATEVER if data.get("override") else ""
            government = titles.government(data["government"])
            passed = beyond(data.get("beyond"))
            return f"{orderer(data, 'the facilitator')} orders for {government}: {titles.choice(data)}{forced}{passed}"
        if not self.who and kind in BY_HAND:
            return f"the facilitator {done(kind, data, titles)}"
        if kind == "epoch":
            return "random draws are new from here, as in every fork"
        who = titles.government(self.who) if self.who else "the facilitator"
        return f"{who}: {kind} {argument(data)}".rstrip()

    @property
    def initiative(self) -> str:
        """` on its own initiative`, if a seat gave an order that answers nothing, by what its command says."""
        own = self.who and "answers" in self.data and self.data["answers"] is None
        return " on its own initiative" if own else ""

    def notice(self, reader: Reader) -> Notice | None:
        data, kind = self.data, self.about
        by = "" if self.who == reader.seat else f", {phrase('not_ordered', 'adjudicated', '')}"
        if kind == "deadline" or kind in tables(PHRASES)["announced"]:
            text = _deadline(data) if kind == "deadline" else f"{phrase('announced', kind, '')} {data.get('text', '')}"
            return written("Exercise", REPORT, text.rstrip())
        if kind == "ack":
            if not (numbers := ", ".join(spans(data["numbers"]))):
                return None
            which = f"Message{'' if numbers.isdigit() else 's'} {numbers}"
            return written("Acknowledged", OWN, Name(numbers, which), lead=None)
        if kind == "seat":
            seat = reader.titles.government(data["government"])
            player = KINDS_OF_SEAT.get(data["kind"], data["kind"])
            return written("Seat", REPORT, f"The seat of {seat} is now played by {player}")
        if kind == "procedures":
            one, every = phrases("modes")[data["mode"]]
            title = reader.titles.procedures.get(str(data.get("procedure")))
            mode = f"Standing procedure '{title}' {one}" if title else f"Your standing procedures {every}"
            return written("Standing procedures", MESSAGE, mode)
        if kind == "order":
            return written("Ordered", OWN, f"{reader.titles.choice(data)}{beyond(data.get('beyond'))}{by}", lead=None)
        if kind == "standing_order":
            choice = f"{reader.titles.choice(data)}, once {data['when']}{by}"
            return written("Standing order", OWN, choice, lead="Ordered: ")
        what = reader.dossier(data["dossier"]) if data.get("dossier") else "all decisions that are due"
        return written("Passed", OWN, what, by, lead=None) if kind == "pass" else None

    def shown_data(self, viewer: ViewerMemory) -> dict[str, Any] | None:
        """Return the data of commands to all, and of commands about orders of this government; else None."""
        data, kind = self.data, self.about
        if kind in tables(PHRASES)["announced"]:
            return {key: data[key] for key in ("text",) if key in data}
        if kind == "deadline" and viewer.seat != PUBLIC:
            return {key: data[key] for key in ("default", "game", "wall") if key in data}
        if kind == "ack" and self.who == viewer.seat:
            release = data.get("release")
            return {"numbers": viewer.letter_numbers(str(data.get("inject")), release and int(release))}
        if data.get("government") != viewer.seat:
            return None
        hidden = {"why"} if data.get("forced") or data.get("override") else set[str]()
        keys = SEAT_COMMANDS.get(kind)
        return None if keys is None else {key: data[key] for key in keys if key in data and key not in hidden}


class NoteRecord(Record, frozen=True):
    """A note of the facilitator, the scribe or an evaluator, or a warning of the run."""

    kind = "note"
    shown = {Audience.OWN: ("text", "named", "tag", "author", "evaluator", "person")}

    text: str
    named: OptionalText = field(name="about", default=UNSET)
    tag: OptionalText = UNSET
    author: str = field(name="who", default="")
    evaluator: str = ""
    person: str = ""

    def clause(self, titles: Titles) -> str:
        return f"note{aside(self.evaluator, ' by ', '')}: {self.text}"


RATINGS = {
    "P": "performed without challenges",
    "S": "performed with some challenges",
    "M": "performed with major challenges",
    "U": "unable to be performed",
}
"""HSEEP's ratings of an objective."""


class RatingRecord(Record, frozen=True):
    """The rating of an objective, or the judgement of expected actions after the inject that it is about."""

    kind = "rating"

    named: str = field(name="about")
    government: OptionalText = UNSET
    number: int | str | None = None
    evidence: int | str | None = None
    rating: OptionalText = UNSET
    why: OptionalText = UNSET
    author: str = field(name="who", default="")
    evaluator: str = ""
    person: str = ""

    def clause(self, titles: Titles) -> str:
        who = f", {titles.government(self.government)}" if self.government else ""
        by = aside(self.evaluator, " by ", "")
        return f"rating of {titles.rated(self.about)}{who}{by}: {self.rating or ''}{aside(self.why)}"


def _deadline(data: dict[str, Any]) -> str:
    limit = time_limit(data)
    if not limit:
        return "Decisions have no deadline from now on"
    then = "your staff decides" if data.get("default") == "model" else "nothing is done"
    return f"Deadline for decisions: {limit}, for open ones from now on (then {then})"
