"""Records of the script: injects, expected actions, chance events, history and outcomes."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, field

from wargame.journal.notices import MESSAGE, NOTHING, REPORT, Notice, Reader
from wargame.journal.records.governments import ADJUDICATED
from wargame.journal.records.record import Audience, OptionalText, Record, RecordedEffects
from wargame.journal.viewer_memory import CHANNELS, PUBLIC, ViewerMemory
from wargame.journal.wording import Titles, aside, author, words
from wargame.language.markdown import plain
from wargame.sentence import Name, Sentence

STATUSES = {"undecided": "for the evaluator to judge"}
"""Words for a status of an expected action that differ from its name."""
FEW = 2
"""Options that are named one by one where any of them is enough."""
INHERITED = "already true at STARTEX"
"""Label of an outcome which the history, and no event of the run, has made true."""


class AttachedFile(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An attachment of an inject. `size` is in bytes, `width` and `height` are of a picture, in pixels."""

    file: str
    title: str = ""
    description: str = ""
    kind: Annotated[str, Meta(pattern="^(picture|document|recording|video)$")]
    media_type: str
    size: Annotated[int, Meta(ge=0)]
    sha256: str
    width: int
    height: int

    def named(self, *, described: bool) -> str:
        """Return its title or file name, with the description if it has one."""
        name = self.title or self.file
        return f"{name}: {self.description}" if described and self.description else name


class AskedQuestion(Struct, frozen=True, omit_defaults=True):
    """A question of a questionnaire, with choices, a scale and the names of its ends, or neither for a text."""

    id: str
    text: str
    choices: tuple[str, ...] = ()
    several: bool | UnsetType = UNSET
    scale: tuple[int, int] | None = None
    ends: tuple[str, str] | None = None


class AskedQuestions(Struct, frozen=True):
    """A questionnaire: each seat or each person answers it, `within` seconds if that is limited."""

    each: Annotated[str, Meta(pattern="^(seat|person)$")]
    within: int | None
    questions: tuple[AskedQuestion, ...]


def _letter(record: InjectReleasedRecord | InjectRetractedRecord, viewer: ViewerMemory) -> dict[str, Any]:
    """Return the number that a viewer has for a message, and hide the title where there is a subject."""
    numbers = viewer.letter_numbers(record.about)[-1:] if viewer.seat != PUBLIC else []
    return ({"number": numbers[0]} if numbers else {}) | ({"title": UNSET} if record.subject else {})


class HistoryRecord(Record, frozen=True):
    """An event of the history; `mark` says whether governments decided it, `source` where it is from."""

    kind = "history"

    title: str
    mark: str
    source: str
    effects: RecordedEffects = field(default_factory=dict)

    def clause(self, titles: Titles) -> str:
        return f"historical event '{self.title or words(self.about)}'"


class HazardRecord(Record, frozen=True):
    """A chance event."""

    kind = "hazard"
    heading = "News", REPORT
    shown = {Audience.EVERYONE: ("title",)}

    title: str
    effects: RecordedEffects

    def clause(self, titles: Titles) -> str:
        return f"chance event {self.unlabelled(titles)}"

    def unlabelled(self, titles: Titles) -> str:
        del titles
        return f"'{self.title or words(self.about)}'"

    def notice(self, reader: Reader) -> Notice:
        return self.reported(self.title, lead=None)


class OutcomeRecord(Record, frozen=True):
    """An outcome is met. `inherited`: by the history; `by_hand`: by a ruling, which may be `private`."""

    kind = "outcome"
    heading = "Event", REPORT
    shown = {Audience.EVERYONE: ("title", "ends", "inherited")}

    title: str
    ends: bool
    inherited: bool = False
    by_hand: bool = False
    why: OptionalText = UNSET
    private: bool | UnsetType = UNSET

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """Return its audience learns of it, unless the white cell has set it for itself, or has revoked it before."""
        others = viewer.seat not in viewer.facts.audiences.get(self.about, (viewer.seat,))
        return None if others or self.private or self.seq in viewer.revoked else Audience.EVERYONE

    def clause(self, titles: Titles) -> str:
        return f"outcome: {self.unlabelled(titles)}"

    def unlabelled(self, titles: Titles) -> str:
        title = self.title or titles.outcomes.get(self.about) or words(self.about)
        return f"{title}{f' ({INHERITED})' if self.inherited else self.ruling}"

    @property
    def ruling(self) -> str:
        """The label of an outcome that the white cell has set, with its reason; empty for others."""
        return f" ({ADJUDICATED}{aside(self.why, ': ', '')})" if self.by_hand else ""

    def notice(self, reader: Reader) -> Notice | None:
        return None if self.inherited else self.reported(self.title, lead="Outcome: ")


class OutcomeRevokedRecord(Record, frozen=True):
    """An outcome is taken back by a ruling of the white cell."""

    kind = "outcome.revoked"
    heading = "Correction", REPORT
    shown = {Audience.CONCERNED: ("title",)}

    title: str
    ends: bool
    by_hand: bool
    why: str
    private: bool

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """Return its audience: the viewers who have been shown the outcome."""
        return Audience.CONCERNED if viewer.has_been_shown(self.cause[1:]) and not self.private else None

    def clause(self, titles: Titles) -> str:
        title = self.title or titles.outcomes.get(self.about) or words(self.about)
        return f"outcome revoked: {title}{aside(self.why)}"

    @property
    def ruling(self) -> str:
        """The label of an outcome that the white cell has revoked, with its reason; empty for others."""
        return f" (revoked by the white cell{aside(self.why, ': ', '')})" if self.by_hand else ""

    def notice(self, reader: Reader) -> Notice:
        return self.reported(f"Taken back by the white cell: {self.title}")


class InjectReleasedRecord(Record, frozen=True):
    """The release of an inject. `trigger` is the kind of its trigger; an empty `to` is everyone.

    `number` is the one that a viewer has for the message; the journal does not have it.
    """

    kind = "inject.released"
    heading = "Message", MESSAGE
    shown = {
        Audience.CONCERNED: (
            *("title", "channel", "to", "message", "subject", "attachments", "questionnaire", "number"),
        )
    }

    title: str
    inject_kind: str = field(name="kind")
    storyline: str
    trigger: str
    channel: str
    to: tuple[str, ...] = field(name="audience")
    message: str
    subject: str = ""
    attachments: tuple[AttachedFile, ...] = ()
    questionnaire: AskedQuestions | None = None
    effects: RecordedEffects = field(default_factory=dict)
    objective: str = ""
    number: int = 0

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """Return a message to the seat or to all; facilitation is for the white cell."""
        return Audience.CONCERNED if self.goes_to(viewer.seat) else None

    def goes_to(self, seat: str) -> bool:
        """Return whether a seat receives it: one of its audience, or all. The public does if its channel is public."""
        if seat == PUBLIC and not CHANNELS.get(self.channel or "News", (False,))[0]:
            return False
        return self.inject_kind != "facilitation" and (not self.to or seat in self.to)

    for_viewer = _letter

    def clause(self, titles: Titles) -> str:
        return f"inject {self.unlabelled(titles)}"

    def unlabelled(self, titles: Titles) -> str:
        return titles.inject(self.about, self.title)

    def attached(self, *, described: bool = True) -> str:
        """Return what is sent with it: `1 picture (map.png: the two bridges)`; empty if nothing is."""
        parts = []
        for kind in dict.fromkeys(each.kind for each in self.attachments or ()):
            names = [each.named(described=described) for each in self.attachments if each.kind == kind]
            parts.append(f"{len(names)} {kind}{'' if len(names) == 1 else 's'} ({'; '.join(names)})")
        return " and ".join(parts)

    @property
    def asked(self) -> str:
        """The number of its questions; empty if it asks none."""
        count = len(self.questionnaire.questions) if self.questionnaire else 0
        return f"{count} question{'' if count == 1 else 's'}" if count else ""

    def notice(self, reader: Reader) -> Notice:
        channel = self.channel or "News"
        attached = (self.attached(described=described) for described in (True, False))
        files = Name(*(f" with {each}" if each else "" for each in attached))
        shows = Name(f": questions {self.number} shows them" if self.number else "")
        return Notice(
            channel,
            Sentence(plain(self.message or self.subject or self.title or "")),
            MESSAGE,
            Sentence(f"{channel}{f' from {self.who}' if self.who else ''}", files, ": "),
            Sentence(f" [{self.asked}", shows, "]") if self.asked else NOTHING,
            sender=self.who,
            letter=self.number,
        )


class InjectRetractedRecord(Record, frozen=True):
    """An inject is retracted; `number` as for its release."""

    kind = "inject.retracted"
    heading = "Disregard", MESSAGE
    shown = {Audience.CONCERNED: ("title", "to", "message", "subject", "number")}

    to: tuple[str, ...] = field(name="audience")
    message: str
    title: str
    subject: str = ""
    number: int = 0

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """Return those who have received the message; the public, if it has seen it."""
        sent = viewer.seat == PUBLIC or not self.to or viewer.seat in self.to
        received = viewer.seat != PUBLIC or bool(viewer.letter_numbers(self.about))
        return Audience.CONCERNED if sent and received else None

    for_viewer = _letter

    def clause(self, titles: Titles) -> str:
        return f"inject {titles.inject(self.about, self.title)} is retracted"

    def notice(self, reader: Reader) -> Notice:
        which = f"message [{self.number}]" if self.number else "an earlier message"
        return self.reported(f"DISREGARD {which}: {self.message}")


class InjectEnabledRecord(Record, frozen=True):
    """An inject is enabled by another one."""

    kind = "inject.enabled"

    def clause(self, titles: Titles) -> str:
        return f"inject {titles.inject(self.about)} is enabled"


class InjectSkippedRecord(Record, frozen=True):
    """An inject is not released."""

    kind = "inject.skipped"

    title: str
    reason: str

    def clause(self, titles: Titles) -> str:
        return f"inject {titles.inject(self.about, self.title)} is skipped: {self.reason}"


class ExpectedRecord(Record, frozen=True):
    """The status of an expected action. `latency` is in seconds after the inject.

    `by` is the option that met it; `evidence` and `candidate_records` are numbers of records.
    """

    kind = "expected"

    inject: str
    government: str = field(name="who")
    status: str
    title: str
    any_of: tuple[str, ...]
    objective: str | None
    by: str = ""
    latency: int | None = None
    number: int | None = None
    candidate_records: tuple[int, ...] | None = None
    open: bool = False
    by_hand: bool = False
    judged_by: OptionalText = UNSET
    why: str = ""
    evidence: int | None = None
    automatic: str = ""

    def clause(self, titles: Titles) -> str:
        """Describe it by its title, its options if they are few, or its inject. Both statuses if they differ."""
        judged = f", judged by {author(self.judged_by)}" if self.by_hand else ""
        if self.automatic and judged:
            judged += f" (automatic: {self.automatic})"
        who, status = titles.government(self.government or self.who), STATUSES.get(self.status, self.status)
        return f"expected action of {who} {status}{judged}: {self.expectation(titles)}"

    def expectation(self, titles: Titles) -> str:
        """Return what is expected."""
        few = 0 < len(self.any_of or ()) <= FEW
        return self.title or (titles.any_of(self.any_of) if few else f"an answer to {titles.inject(self.inject)}")


class AwaitedAction(Struct, frozen=True):
    """An expected action for which there is a candidate."""

    number: int
    inject: str
    title: str


ORDER_BY_WHITE_CELL = "order by the white cell"
"""A candidate that the white cell ordered in the name of a government."""


class ExpectedCandidateRecord(Record, frozen=True):
    """A record that may be an expected action, for an evaluator to judge."""

    kind = "expected.candidate"

    record: int
    awaited: tuple[AwaitedAction, ...] = field(name="for")

    def clause(self, titles: Titles) -> str:
        """Return what an evaluator is asked to judge."""
        listed = [
            f"{each.number} ({each.title or 'an answer to ' + titles.inject(each.inject)})"
            if len(self.awaited) <= FEW
            else str(each.number)
            for each in self.awaited
        ]
        of = "in the name of" if self.about == ORDER_BY_WHITE_CELL else "of"
        what = f"{self.about} #{self.record} {of} {titles.government(self.who)}"
        actions = f"expected action{'s' if len(listed) > 1 else ''} {', '.join(listed)}"
        return f"candidate for {actions}: {what}, for the evaluator to judge"
