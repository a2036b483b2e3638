"""The shapes of the data of records and commands: what those who read a journal or a command log rely on.

A shape lists only keys that are read, and none is required, since a level of the journal or an earlier record may
lack it. Other keys may have any value.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from wargame.journal.decoding import check_shape

Number = float | UnsetType | None
Text = str | UnsetType | None
Texts = list[str] | UnsetType | None
Effects = dict[str, tuple[float, float]] | UnsetType
"""The old and the new value of each number that changes, by path."""


class Candidate(Struct):
    """An option that a decision weighed."""

    option: str
    target: str | UnsetType | None = UNSET
    score: Number = UNSET
    terms: dict[str, float] | UnsetType = UNSET
    responses: list[float] | UnsetType | None = UNSET
    noise: Number = UNSET
    chance: Number = UNSET


class Best(Struct):
    """The best option of a decision to wait."""

    option: Text = UNSET
    target: Text = UNSET
    score: Number = UNSET


class Decision(Struct):
    """A decision of a government."""

    dossier: Text = UNSET
    meeting: Text = UNSET
    took: Number = UNSET
    choice: Text = UNSET
    target: Text = UNSET
    p: Number = UNSET
    hazard: Number = UNSET
    draw: Number = UNSET
    threshold: Number = UNSET
    wait: Number = UNSET
    chance: Number = UNSET
    noise: Number = UNSET
    best: Best | float | UnsetType | None = UNSET
    candidates: list[Candidate] | UnsetType = UNSET


class Change(Struct):
    """Something that changes numbers of the world: an action, a hazard, history."""

    title: Text = UNSET
    target: Text = UNSET
    goldstein: Number = UNSET
    severity: Number = UNSET
    rung: Number = UNSET
    success: bool | UnsetType = UNSET
    effects: Effects = UNSET


class AttachedFile(Struct):
    """An attachment of an inject."""

    file: str
    kind: Literal["picture", "document", "recording", "video"]
    media_type: str
    size: Annotated[int, Meta(ge=0)]
    sha256: str
    title: str = ""
    description: str = ""
    width: int = 0
    height: int = 0


class AskedQuestion(Struct):
    """A question of a questionnaire."""

    id: str
    text: str
    choices: list[str] = []
    several: bool = False
    scale: tuple[int, int] | None = None
    ends: tuple[str, str] | None = None


class AskedQuestions(Struct):
    """A questionnaire."""

    questions: list[AskedQuestion]
    each: Literal["seat", "person"] = "seat"
    within: int | None = None


class Inject(Struct):
    """An inject, released or not."""

    title: Text = UNSET
    kind: Text = UNSET
    trigger: Text = UNSET
    channel: Text = UNSET
    audience: Texts = UNSET
    subject: Text = UNSET
    message: Text = UNSET
    attachments: list[AttachedFile] | UnsetType = UNSET
    questionnaire: AskedQuestions | UnsetType = UNSET
    objective: Text = UNSET
    reason: Text = UNSET
    effects: Effects = UNSET


class Signal(Struct):
    """What a government perceives of an action."""

    option: Text = UNSET
    actor: Text = UNSET
    target: Text = UNSET
    perceived: Number = UNSET
    surprise: Number = UNSET
    trust: tuple[float, float] | UnsetType = UNSET


class Expected(Struct):
    """An expected action, settled."""

    inject: Text = UNSET
    who: Text = UNSET
    status: Text = UNSET
    title: Text = UNSET
    any_of: Texts = UNSET
    objective: Text = UNSET
    latency: Number = UNSET
    by: Text = UNSET
    number: int | UnsetType | None = UNSET
    candidate_records: list[int] | UnsetType = UNSET
    automatic: Text = UNSET
    judged_by: Text = UNSET
    why: Text = UNSET
    evidence: int | UnsetType | None = UNSET


class Awaited(Struct):
    """An expected action for which there is a candidate."""

    number: int | UnsetType = UNSET
    inject: Text = UNSET
    title: Text = UNSET


class Proposal(Struct):
    """A candidate for expected actions, which an evaluator judges."""

    record: int | UnsetType = UNSET
    for_: list[Awaited] | UnsetType = field(name="for", default=UNSET)


class Remark(Struct):
    """A note or a rating."""

    text: Text = UNSET
    rating: Text = UNSET
    why: Text = UNSET
    tag: Text = UNSET
    government: Text = UNSET
    evaluator: Text = UNSET
    person: Text = UNSET


class Snapshot(Struct):
    """The levels of indicators."""

    digest: Text = UNSET
    values: dict[str, float] | UnsetType | None = UNSET
    seen: dict[str, dict[str, float]] | UnsetType = UNSET


class Start(Struct):
    """The start of a run, or STARTEX."""

    governments: list[str] | UnsetType = UNSET
    seats: dict[str, str] | UnsetType = UNSET
    seed: int | UnsetType = UNSET


class End(Struct):
    """The end of a run."""

    reason: Text = UNSET
    attention: dict[str, dict[str, float]] | UnsetType = UNSET
    expected: dict[str, int] | UnsetType = UNSET


class Talk(Struct):
    """What people write to each other."""

    to: Texts = UNSET
    text: Text = UNSET
    question: Text = UNSET
    choices: Texts = UNSET
    count: dict[str, int] | UnsetType = UNSET
    silent: int | UnsetType = UNSET


class Response(Struct):
    """Answers to a questionnaire by question, how it was closed, or its results."""

    person: Text = UNSET
    answers: dict[str, str | int | list[str]] | UnsetType = UNSET
    how: Text = UNSET
    asked: list[str] | UnsetType = UNSET
    silent: list[str] | UnsetType = UNSET
    questions: list[dict[str, Any]] | UnsetType = UNSET


class Step(Struct):
    """A step of a forum or agreement, an outcome, a new leader or strategy."""

    title: Text = UNSET
    event: Text = UNSET
    ends: bool | UnsetType = UNSET
    inherited: bool | UnsetType = UNSET


class Demand(Struct):
    """A demand, and how it was settled."""

    of: Text = UNSET
    wants: Texts | str = UNSET
    how: Text = UNSET


class Settings(Struct):
    """The settings of a run, as its manifest has them."""

    startex: Text = UNSET
    until: Text = UNSET
    replication: int | UnsetType = UNSET
    set: list[str] | UnsetType = UNSET
    forbid: list[str] | UnsetType = UNSET
    force: list[str] | UnsetType = UNSET
    skip: list[str] | UnsetType = UNSET
    seats: list[tuple[str, str]] | UnsetType = UNSET
    strategies: list[tuple[str, str]] | UnsetType = UNSET
    leaders: list[tuple[str, str]] | UnsetType = UNSET
    journal: str | UnsetType = UNSET


SHAPES: dict[str, type[Struct]] = {
    "decision": Decision,
    **dict.fromkeys(("action", "hazard", "history"), Change),
    **dict.fromkeys(("inject.released", "inject.retracted", "inject.skipped", "inject.enabled"), Inject),
    "signal": Signal,
    "expected": Expected,
    "expected.candidate": Proposal,
    **dict.fromkeys(("note", "rating"), Remark),
    "snapshot": Snapshot,
    **dict.fromkeys(("run.start", "startex"), Start),
    "run.end": End,
    **dict.fromkeys(("questionnaire.answer", "questionnaire.closed", "questionnaire.results"), Response),
    **dict.fromkeys(("message", "offer", "vote", "vote.result"), Talk),
    **dict.fromkeys(("forum", "agreement", "outcome", "leader", "strategy"), Step),
    **dict.fromkeys(("demand", "demand.settled"), Demand),
}
"""The shape of each kind of record that has one."""


def check_data(kind: str, data: dict[str, Any]) -> None:
    """Raises Undecodable if the data of a record of this kind have another shape."""
    shape = SHAPES.get(kind)
    if shape is not None:
        check_shape(data, shape)


# --- commands that the console carries out itself --------------------------------------------------------------


class Advance(Struct):
    """A move of the clock: to which second, and for what it stops."""

    to: int
    when: Text = UNSET
    news: bool | UnsetType = UNSET
    due: bool | UnsetType = UNSET
    injects: bool | UnsetType = UNSET
    questions: bool | UnsetType = UNSET
    turns: list[str] | UnsetType = UNSET
    tick: bool | UnsetType = UNSET
    part: bool | UnsetType = UNSET


class Pace(Struct):
    """The pace of the clock as a text, seconds of wall time for the rest of the exercise, or that of each move."""

    pace: str | UnsetType = UNSET
    moves: bool | UnsetType = UNSET
    wall: Annotated[int, Meta(gt=0)] | UnsetType = UNSET


class Stop(Struct):
    """Where the clock stops by itself."""

    at: list[Literal["moves", "injects", "decisions"]]


class Stopped(Struct):
    """A stop at the end of a move, by its number."""

    move: int


class Timer(Struct):
    """A countdown in seconds, 0 for its end."""

    seconds: Annotated[int, Meta(ge=0)]
    label: Text = UNSET


class Turn(Struct):
    """A change of the past or of the branch: from which branch, at which second."""

    from_: str = field(name="from")
    at: int | UnsetType = UNSET


COMMAND_SHAPES: dict[str, type[Struct]] = {
    "advance": Advance,
    "pace": Pace,
    "stop": Stop,
    "stopped": Stopped,
    "timer": Timer,
    **dict.fromkeys(("rewind", "switch", "branch"), Turn),
}
"""The shape of each kind of command that the exercise does not check itself."""


def check_command_data(kind: str, data: dict[str, Any]) -> None:
    """Raises Undecodable if the data of a command of this kind have another shape."""
    shape = COMMAND_SHAPES.get(kind)
    if shape is not None:
        check_shape(data, shape)
