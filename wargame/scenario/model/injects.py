"""Objectives, injects with their triggers, attachments and questionnaires, and the actions expected in response."""

from typing import Annotated, ClassVar, Literal

from wargame.dataclasses import dataclass, field
from wargame.journal.viewer_memory import CHANNELS
from wargame.language.times import DAY
from wargame.scenario.model import annotations as values
from wargame.scenario.model.governments import ActionPattern, ActionSpec
from wargame.scenario.model.indicators import Effect

ScaleMark = Annotated[int, values.Bounds(-100, 100)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question: answered by choosing (`choices`), by a mark (`scale`), or in the person's own words."""

    id: values.Id
    """Its name in the journal and in tables of answers."""
    text: str
    """The question."""
    choices: tuple[str, ...] = ()
    """The possible answers. Without choices and scale, the answer is a text."""
    several: bool = False
    """Whether several of the choices may be chosen."""
    scale: tuple[ScaleMark, ScaleMark] | None = None
    """The lowest and the highest mark, such as `[1, 5]`; marks are whole numbers."""
    ends: tuple[str, str] | None = None
    """The meaning of the lowest and the highest mark, such as `[not at all, completely]`."""

    @property
    def form(self) -> str:
        """The form of its answers: `choices`, `scale` or `text`."""
        return "choices" if self.choices else "scale" if self.scale else "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """Questions to the people who receive an inject. A government that the model plays does not answer."""

    questions: tuple[Question, ...]
    """The questions, in order."""
    each: Annotated[str, values.Choices(("seat", "person"))] = "seat"
    """Whether each seat answers once, or each person in it."""
    within: values.Period | None = None
    """Game time after the release at which it closes; until the facilitator closes it, or ENDEX, if left out."""


@dataclass(frozen=True, slots=True)
class AttachedContent:
    """The known facts of the bytes of an attachment.

    `kind` is `picture`, `document`, `recording` or `video`; `media_type` is as browsers name it, such as `image/png`;
    `size` is in bytes; `width` and `height` are of a picture, in pixels.
    """

    kind: str
    media_type: str
    size: int
    sha256: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A picture, PDF, recording or video that is sent with an inject: `map.png`, or a mapping with its title."""

    SHORT: ClassVar[str] = "file"
    COMPUTED: ClassVar[tuple[str, ...]] = ("content",)
    """Fields that are not written in files."""
    file: str
    """The path of the file, relative to the inject file, in its folder or below it."""
    title: str = ""
    """Shown with the attachment; its file name if left out."""
    description: str = ""
    """A description for those who cannot see or hear it."""
    content: AttachedContent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """A goal that the exercise tests or trains."""

    title: str
    capability: str = ""
    """The capability to which it belongs, as in the improvement plan of the review."""
    source: str = values.JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """A trigger: after an inject, an action or a government's decision, with a delay."""

    ONE_OF: ClassVar[tuple[str, ...]] = ("inject", "action", "decision")
    inject: Annotated[str, values.Ref("inject")] | None = None
    """The inject whose release starts the delay."""
    action: ActionPattern | None = None
    """The actions that start the delay."""
    decision: ActionPattern | None = None
    """The decisions that start the delay, before they are carried out."""
    delay: values.Duration = 0
    """Counted from the latest such event: another one before the delay is over restarts it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomTime:
    """A trigger at a random time: within a window, or at a rate."""

    ONE_OF: ClassVar[tuple[str, ...]] = ("between", "rate")
    between: tuple[values.Moment, values.Moment] | None = None
    """The first and the last moment of the window."""
    shape: Annotated[str, values.Choices(("uniform", "early", "middle", "late"))] = "uniform"
    """Distribution over the window: uniform, or triangular with its peak at the start, the middle or the end."""
    rate: values.WorldFormula | None = None
    """Events per year."""
    bound: Annotated[float, values.Bounds(1e-6, 1000.0)] | None = None
    """Upper bound of `rate`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedAction:
    """The action that the exercise expects of a government in response to an inject, and its time."""

    who: values.GovernmentId
    """The government that is expected to act."""
    any_of: tuple[values.OptionId, ...]
    """The options that count as the expected action."""
    to: values.GovernmentId | tuple[values.GovernmentId, ...] = ()
    """One target, or any of a list, for options with a target; any target if left out."""
    within: values.Period = 14 * DAY
    """Time after the release in which the action counts as met."""
    late: values.Period = 14 * DAY
    """Time after `within` in which the action counts as late instead of missed."""
    objective: Annotated[str, values.Ref("objective")] | None = None
    """The objective that the action serves; that of the inject if left out."""
    title: str = ""
    """The expectation, in a phrase; the titles of the options if left out."""

    @property
    def towards(self) -> tuple[str, ...]:
        """The accepted targets; empty if any is accepted."""
        return (self.to,) if isinstance(self.to, str) else self.to


@dataclass(frozen=True, slots=True, kw_only=True)
class Install:
    """A change of leader or strategy."""

    leader: Annotated[str, values.Ref("leader")] | None = None
    """The leader who takes office; a leader belongs to one government."""
    government: values.GovernmentId | None = None
    """The government whose strategy changes."""
    strategy: Annotated[str, values.Ref("strategy")] | None = None
    """The strategy from then on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inject:
    """A scripted event: when it is released, who sees it, what it does.

    Exactly one trigger (`at`, `after`, `when`, `random`, `manual`).
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("at", "after", "when", "random", "manual")
    """The kinds of triggers. Each also has its phrase in `scenario.trigger_phrases`."""
    id: values.Id
    """Its name in commands, formulas and the journal."""
    title: str
    """The title for facilitators and reviewers."""
    storyline: str = ""
    """The thread to which it belongs."""
    kind: Annotated[str, values.Choices(("inject", "information", "contingency", "facilitation"))] = "inject"
    """Its kind in the MSEL. Only the facilitator sees a facilitation."""
    at: values.Moment | None = None
    """Trigger: a time."""
    after: After | None = None
    """Trigger: after another event."""
    when: values.WorldFormula | None = None
    """Trigger: the moment at which a condition becomes true."""
    random: RandomTime | None = None
    """Trigger: a random time."""
    manual: bool = False
    """Trigger: the facilitator releases it."""
    provided: values.WorldFormula | None = None
    """Condition checked when the trigger fires; if it is false, the inject is skipped."""
    chance: values.Share = 1.0
    """Probability of release when the trigger fires."""
    until: values.Moment | None = None
    """From this time on, neither the inject nor its repeats are released."""
    repeat: values.Count = 1
    """Maximum number of releases of a `when`, `after` or rate trigger; with `every`, of an `at` trigger."""
    every: values.Period | None = None
    """Time between repeats of an `at` trigger."""
    cool_down: values.Duration = 0
    """Minimum time between two releases of a repeated inject."""
    group: str = ""
    """At most one inject of a group is released; its own repeats continue."""
    enabled: bool = True
    """Whether its trigger works from the start; if not, another inject has to enable it."""
    enables: tuple[Annotated[str, values.Ref("inject")], ...] = ()
    """Injects that can be released from then on."""
    disables: tuple[Annotated[str, values.Ref("inject")], ...] = ()
    """Injects that can no longer be released."""
    channel: Annotated[str, values.Choices(tuple(CHANNELS))] = "News"
    """`News`, `Social` and `UNSC` are public: what goes to all on them is also shown on the screen in the room."""
    sender: str = ""
    """From whom the message is, as its readers see it."""
    audience: tuple[values.GovernmentId, ...] = ()
    """Recipients of the message; all if left out. In conditions of other governments it has not happened."""
    subject: str = ""
    """The subject or headline for its readers; the title if left out."""
    message: str = ""
    """Text, with a small part of Markdown: paragraphs, headings, lists, quotations, `**bold**` and `*italics*`."""
    attachments: tuple[Attachment, ...] = ()
    """Files that are sent with the message."""
    questionnaire: Questionnaire | None = None
    """Questions to the people who receive the message."""
    notes: str = ""
    """For the facilitator only."""
    salience: dict[values.DossierId, values.Positive] = field(default_factory=dict)
    """Salience added to dossiers of the recipients."""
    action: ActionSpec | None = None
    """An action of a government that it carries out."""
    effects: dict[values.Path, Effect] = field(default_factory=dict)
    """Its effects on indicators."""
    reports: dict[values.Path, values.Positive] = field(default_factory=dict)
    """Estimated indicators that the inject reveals to its recipients, with the variance of the report."""
    installs: tuple[Install, ...] = ()
    """Changes of leaders and strategies."""
    objective: Annotated[str, values.Ref("objective")] | None = None
    """The objective that it serves."""
    expected: tuple[ExpectedAction, ...] = ()
    """The actions that are expected of governments in response."""
    source: str = values.JUDGEMENT

    @property
    def heading(self) -> str:
        """The subject or headline for its readers."""
        return self.subject or self.title

    @property
    def trigger_kind(self) -> str:
        """The kind of its trigger, one of ONE_OF."""
        return next(kind for kind in self.ONE_OF if getattr(self, kind))


@dataclass(frozen=True, slots=True, kw_only=True)
class Injects:
    """One inject file."""

    format: Literal["wargame-injects/1"] = "wargame-injects/1"
    scenario: str
    """The scenario to which the file belongs."""
    title: str = ""
    injects: tuple[Inject, ...]
    """The injects, in any order."""
