"""Records of the script: injects, expected actions, chance events, history and outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, field

from wargame.journal.records.record import Audience, Effects, Record, Text
from wargame.journal.viewer_memory import PUBLIC

if TYPE_CHECKING:
    from wargame.journal.viewer_memory import ViewerMemory


class AttachedFile(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An attachment of an inject. `size` is in bytes, `width` and `height` are those of a picture in pixels."""

    file: str
    title: str = ""
    description: str = ""
    kind: Annotated[str, Meta(pattern="^(picture|document|recording|video)$")]
    media_type: str
    size: Annotated[int, Meta(ge=0)]
    sha256: str
    width: int
    height: int


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


def _letter(inject: str, subject: str, viewer: ViewerMemory) -> dict[str, Any]:
    """What a viewer is told of a message: its own number for it, and the title only without a subject."""
    numbers = viewer.letter_numbers(inject)[-1:] if viewer.seat != PUBLIC else []
    return ({"number": numbers[0]} if numbers else {}) | ({"title": UNSET} if subject else {})


class HistoryRecord(Record, frozen=True):
    """An event of the history; `mark` says whether governments decided it, `source` where it is from."""

    kind = "history"

    title: str
    mark: str
    source: str
    effects: Effects = field(default_factory=dict)


class HazardRecord(Record, frozen=True):
    """A chance event."""

    kind = "hazard"
    shown = {Audience.EVERYONE: ("title",)}

    title: str
    effects: Effects


class OutcomeRecord(Record, frozen=True):
    """An outcome is met. `inherited`: by the history; `by_hand`: by a ruling, which may be `private`."""

    kind = "outcome"
    shown = {Audience.EVERYONE: ("title", "ends", "inherited")}

    title: str
    ends: bool
    inherited: bool = False
    by_hand: bool = False
    why: Text = UNSET
    private: bool | UnsetType = UNSET

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """Everyone learns of it, unless the white cell has set it for itself, or has revoked it before."""
        return None if self.private or self.seq in viewer.revoked else Audience.EVERYONE


class OutcomeRevokedRecord(Record, frozen=True):
    """An outcome is taken back by a ruling of the white cell."""

    kind = "outcome.revoked"
    shown = {Audience.CONCERNED: ("title",)}

    title: str
    ends: bool
    by_hand: bool
    why: str
    private: bool

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """For those who have been shown the outcome."""
        return Audience.CONCERNED if viewer.has_been_shown(self.cause[1:]) and not self.private else None


class InjectReleasedRecord(Record, frozen=True):
    """The release of an inject. `trigger` is the kind of its trigger; an empty `to` is everyone.

    `number` is that of the message among those of a viewer; the journal does not have it.
    """

    kind = "inject.released"
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
    effects: Effects = field(default_factory=dict)
    objective: str = ""
    number: int = 0

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """A message to the seat or to all; facilitation is for the white cell."""
        return Audience.CONCERNED if viewer.was_sent(self) else None

    def for_viewer(self, viewer: ViewerMemory) -> dict[str, Any]:
        """Its number, and the title only if there is no subject."""
        return _letter(self.about, self.subject, viewer)


class InjectRetractedRecord(Record, frozen=True):
    """An inject is retracted; `number` as for its release."""

    kind = "inject.retracted"
    shown = {Audience.CONCERNED: ("title", "to", "message", "subject", "number")}

    to: tuple[str, ...] = field(name="audience")
    message: str
    title: str
    subject: str = ""
    number: int = 0

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """Those who have received the message; the public, if it has seen it."""
        sent = viewer.seat == PUBLIC or not self.to or viewer.seat in self.to
        received = viewer.seat != PUBLIC or bool(viewer.letter_numbers(self.about))
        return Audience.CONCERNED if sent and received else None

    def for_viewer(self, viewer: ViewerMemory) -> dict[str, Any]:
        """As for the release."""
        return _letter(self.about, self.subject, viewer)


class InjectEnabledRecord(Record, frozen=True):
    """An inject is enabled by another one."""

    kind = "inject.enabled"


class InjectSkippedRecord(Record, frozen=True):
    """An inject is not released."""

    kind = "inject.skipped"

    title: str
    reason: str


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
    judged_by: Text = UNSET
    why: str = ""
    evidence: int | None = None
    automatic: str = ""


class AwaitedAction(Struct, frozen=True):
    """An expected action for which there is a candidate."""

    number: int
    inject: str
    title: str


class ExpectedCandidateRecord(Record, frozen=True):
    """A record that may be an expected action, for an evaluator to judge."""

    kind = "expected.candidate"

    record: int
    awaited: tuple[AwaitedAction, ...] = field(name="for")
