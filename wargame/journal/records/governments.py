"""Records of what governments decide, do, perceive, plan and demand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from msgspec import Struct, field

from wargame.journal.notices import BY_PROCEDURE, MESSAGE, OWN, REPORT, Notice, Reader
from wargame.journal.records.record import Audience, Record, RecordedEffects, is_hidden
from wargame.journal.viewer_memory import PUBLIC, ViewerMemory
from wargame.journal.wording import Titles, aside, phrase, sentence, signed, words

ADJUDICATED = "adjudicated"
"""The label of what happened by a ruling of the white cell."""
BY_WHITE_CELL = {"adjudicated": "ruling of the white cell", "forced": "order of the white cell without requirements"}
"""Sources of actions that only the white cell made possible: why they happened."""
HOSTILE, FRIENDLY = -0.5, 0.5
"""Perceived weights below and above which a report is called hostile or friendly."""
PLAN_ENDS = {"finished": "finishes", "abandoned": "abandons", "overdue": "runs out of time for"}


class WeighedCandidate(Struct, frozen=True, gc=False):
    """An option that a decision weighed. `responses` are the chances of compliance, no response and retaliation."""

    option: str
    target: str | None
    score: float
    terms: dict[str, float]
    responses: tuple[float, ...]
    noise: float
    chance: float

    @property
    def named(self) -> str:
        """The option with its target, by their ids, as a user types them."""
        return f"{self.option} {self.target}" if self.target else self.option

    def is_chosen(self, decision: DecisionRecord) -> bool:
        """Return whether a decision was for it."""
        return (self.option, self.target) == (decision.choice, decision.target)


class BestCandidate(Struct, frozen=True, gc=False):
    """The best option of a decision to wait."""

    option: str
    target: str | None
    score: float


class DecisionRecord(Record, frozen=True):
    """A decision of a government at a meeting on a dossier.

    `took` are seconds of work, `p` the probability of acting, `hazard` what has accumulated against its `draw`.
    """

    kind = "decision"
    heading = "Staff", OWN
    shown = {
        Audience.OWN: (
            *("dossier", "meeting", "took", "choice", "target", "p", "hazard", "draw", "threshold", "wait"),
            *("best", "chance", "noise", "candidates"),
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

    def clause(self, titles: Titles) -> str:
        who = titles.government(self.who)
        if self.choice == "wait":
            return f"{who} waits"
        on = f" on {titles.dossier(self.dossier)}" if self.dossier else ""
        return f"{who} decides{on}: {titles.ordered(self.choice, self.target)}"

    @property
    def held_at(self) -> str:
        """The kind of meeting at which it was taken: `a routine meeting`."""
        return phrase("meetings", self.meeting, f"a meeting ({self.meeting})" if self.meeting else "a meeting")

    def is_after_missed_deadline(self, index: Mapping[int, Record]) -> bool:
        """Return whether the model took it since a person had not in time; the two records follow each other."""
        before = index.get(self.seq - 1)
        if before is None or before.kind != "decision.missed":
            return False
        return (before.who, getattr(before, "dossier", "")) == (self.who, self.dossier)

    def notice(self, reader: Reader) -> Notice | None:
        choice = reader.titles.ordered(self.choice, self.target)
        return None if self.choice == "wait" else self.reported(f"Decided by the staff: {choice}")


class ActionRecord(Record, frozen=True):
    """An action. `source` is what brought it about; `visibility` is that of an improvised one."""

    kind = "action"
    heading = "Done", OWN
    shown = {Audience.OWN: ("option", "target", "title", "goldstein", "severity", "rung", "success", "source")}

    option: str
    target: str | None
    title: str
    goldstein: float
    severity: float
    rung: int
    success: bool
    effects: RecordedEffects
    source: str = field(name="from")
    why: str = ""
    visibility: str = ""

    def clause(self, titles: Titles) -> str:
        """Return what was done, with how it came about for those who may know it."""
        label = BY_PROCEDURE if self.source == "procedure" else ADJUDICATED if self.source in BY_WHITE_CELL else ""
        return self.act(titles) + (f", {label}" if label else "")

    def act(self, titles: Titles) -> str:
        """Return who did what, and to whom: `North Korea detains a foreign visitor (Japan)`."""
        fails = ", and fails" if self.success is False else ""
        return f"{titles.government(self.who)} {self.done(titles)}{fails}"

    def done(self, titles: Titles) -> str:
        """Return what was done, and to whom: `detains a foreign visitor (Japan)`."""
        return titles.toward(self.title or titles.option(self.option or self.about), self.target)

    def notice(self, reader: Reader) -> Notice:
        by = aside(phrase("not_ordered", self.source, ""), ", ", "")
        failed = ", and it fails" if self.success is False else ""
        who = reader.titles.government(self.who)
        return self.reported(f"{who} {self.done(reader.titles)}{by}{failed}", lead=None)


class SignalRecord(Record, frozen=True):
    """The perception of an action by a government. `title` is that of an improvised one."""

    kind = "signal"
    heading = "Report", REPORT
    shown = {
        Audience.OWN: ("option", "actor", "target", "perceived", "surprise", "trust", "title", "success"),
        Audience.PUBLIC: ("option", "actor", "target", "title", "success"),
    }

    action: int
    option: str
    actor: str
    target: str | None
    perceived: float
    surprise: float
    trust: tuple[float, float]
    title: str = ""
    success: bool = True

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """Return the public sees a public action when the last government has its signal."""
        public = viewer.seat == PUBLIC and not viewer.news.isdisjoint(self.cause[:1])
        return Audience.OWN if self.who == viewer.seat else Audience.PUBLIC if public else None

    def clause(self, titles: Titles) -> str:
        return f"{titles.government(self.who)} learns that {self.act(titles)}"

    def act(self, titles: Titles) -> str:
        """Return who did what, to whom, and whether it failed: `North Korea tests a missile, and it fails`."""
        did = titles.toward(self.title or titles.option(self.option or self.about), self.target)
        return f"{titles.government(self.actor or '?')} {did}{'' if self.success else ', and it fails'}"

    def notice(self, reader: Reader) -> Notice:
        said = sentence(self.act(reader.titles))
        if is_hidden(self.perceived):
            return self.reported(said)
        tone = "hostile" if self.perceived < HOSTILE else "friendly" if self.perceived > FRIENDLY else "neutral"
        return replace(self.reported(said, lead=None), tone=(tone, signed(self.perceived, 1)))


class RoutineRecord(Record, frozen=True):
    """The minor acts of a week: their number and total weight by receiver."""

    kind = "routine"

    acts: dict[str, tuple[int, float]]

    def clause(self, titles: Titles) -> str:
        return f"{titles.government(self.who)} has minor acts towards {titles.listed(list(self.acts or ()))}"


class LeaderRecord(Record, frozen=True):
    """A leader takes office; `before` is the leader before."""

    kind = "leader"
    heading = "Leadership", REPORT
    shown = {Audience.EVERYONE: ("leader", "title", "before")}

    leader: str
    title: str
    strategy: str | None
    before: str | None = field(name="from")

    def clause(self, titles: Titles) -> str:
        return f"{titles.government(self.who)} has a new leader: {self.title or words(self.leader or self.about)}"

    def notice(self, reader: Reader) -> Notice:
        name = self.title or words(self.about)
        return self.reported(sentence(f"{reader.titles.government(self.who)}: {name} is in office"))


class StrategyRecord(Record, frozen=True):
    """A government follows a strategy from this stage on."""

    kind = "strategy"
    heading = "Policy", OWN
    shown = {Audience.OWN: ("strategy", "stage", "why")}

    strategy: str
    stage: str
    why: str = ""

    def clause(self, titles: Titles) -> str:
        title = titles.strategies.get(self.strategy) or words(self.strategy)
        stage = aside(self.stage, ", stage ", "")
        return f"{titles.government(self.who)} follows the strategy '{title}'{stage}{aside(self.why)}"

    def notice(self, reader: Reader) -> Notice:
        return self.reported(reader.titles.strategies.get(self.about) or words(self.about), lead="Strategy: ")


class DemandRecord(Record, frozen=True):
    """A demand on another government for one of some options, `until` a second."""

    kind = "demand"
    heading = "Demand", MESSAGE
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
        """Return a message for the two concerned; others know of the action, and see only what is demanded."""
        return Audience.CONCERNED if viewer.seat in (self.who, self.of) else Audience.EVERYONE

    def clause(self, titles: Titles) -> str:
        return f"{titles.government(self.who)} demands that {titles.government(self.of)} {titles.any_of(self.wants)}"

    def notice(self, reader: Reader) -> Notice:
        titles, who = reader.titles, reader.titles.government(self.who)
        inducement = f"; if met, {who} {titles.option(self.inducement)}" if self.inducement else ""
        threat = f"; if not, {who} {titles.option(self.threat)}" if self.threat else ""
        demand = f"{who} demands that {titles.government(self.of)} {titles.any_of(self.wants)}"
        return self.reported(sentence(f"{demand}, by {reader.at(self.until):%Y-%m-%d}{inducement}{threat}"))


class DemandSettledRecord(Record, frozen=True):
    """The end of a demand or a commitment; `owes` is the option that its sender then owed."""

    kind = "demand.settled"
    heading = "Demand", REPORT
    shown = {Audience.CONCERNED: ("how", "of", "wants", "owes")}

    how: str
    of: str
    wants: tuple[str, ...]
    owes: str | None

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """Return its audience: the sender alone knows that a covert threat was not carried out."""
        covert = viewer.seat != self.who and self.how == "empty" and self.owes in viewer.facts.covert_options
        return Audience.CONCERNED if viewer.seat in (self.who, self.of) and not covert else None

    def clause(self, titles: Titles) -> str:
        parties = {"sender": titles.government(self.who), "of": titles.government(self.of)}
        return phrase("settled", self.how, f"demand of {{sender}} to {{of}}: {words(self.how)}").format(**parties)

    def notice(self, reader: Reader) -> Notice:
        return self.reported(sentence(self.clause(reader.titles)))


class CommitmentRecord(Record, frozen=True):
    """A government commits itself to another, `until` a second."""

    kind = "commitment"
    shown = {Audience.EVERYONE: ("of", "option", "target", "until")}

    of: str
    option: str
    target: str | None
    until: int

    def clause(self, titles: Titles) -> str:
        return f"{titles.government(self.who)} commits itself to {titles.government(self.of)}: {titles.order(self)}"


class PlanBegunRecord(Record, frozen=True):
    """A government begins a plan, with the options that follow one another."""

    kind = "plan.begun"
    shown = {Audience.OWN: ("plan", "title", "steps")}

    plan: str
    title: str
    steps: tuple[str, ...]

    def clause(self, titles: Titles) -> str:
        return f"{titles.government(self.who)} begins a plan: {self.title or words(self.about)}"


class PlanEndedRecord(Record, frozen=True):
    """A plan is finished, abandoned or overdue; `done` counts its steps."""

    kind = "plan.ended"
    shown = {Audience.OWN: ("plan", "title", "how", "done", "reason")}

    plan: str
    title: str
    how: str
    done: int
    reason: str

    def clause(self, titles: Titles) -> str:
        ends = PLAN_ENDS.get(self.how, "ends")
        return f"{titles.government(self.who)} {ends} a plan: {self.title or words(self.about)}"
