"""The messages of `wargame-seat/1`: one JSON object a line, on the standard input and output of a program.

The driver sends `hello`, `turn`, `result` and `end`, or `case`, which are here; the program answers with the messages
of `replies`: `ready` to `hello`, `act` to `turn` and to a `result` that asks again, `ruling` to `case`. The JSON Schema
and the reference page follow from these classes.
"""

from typing import Literal

import msgspec
from msgspec import Struct

FORMAT = "wargame-seat/1"
Purpose = Literal["seat", "adviser"]
"""Whether a program decides, or its acts are shown to the person who does."""


class _Sent(Struct, frozen=True, kw_only=True, tag_field="type"):
    """A message of the driver, or a part of one."""


class _Part(Struct, frozen=True, kw_only=True):
    """A part of a message of the driver."""


class Section(_Part, frozen=True, kw_only=True):
    """A section of the role sheet."""

    title: str
    paragraphs: tuple[str, ...]
    items: tuple[str, ...]


class SeatOption(_Part, frozen=True, kw_only=True):
    """An option that the government may ever order.

    `targets` is empty if it takes none. `lead` is the least, the most likely and the greatest time until it is carried
    out, in seconds; an order takes the most likely one. `visibility` is `public`, `private` or `covert`; `rung` is its
    rung on the escalation ladder, 0 if it is none. `raises`, `lowers` and `changes` are titles of the indicators that
    it affects, as far as the government may know; `cost` is its effort and risk in units of score; `certain` is false
    if it may fail. It cannot be repeated towards the same target for `cool_down` seconds.
    """

    option: str
    title: str
    dossier: str
    targets: tuple[str, ...]
    lead: tuple[int, int, int]
    visibility: str
    rung: int
    raises: tuple[str, ...] = ()
    lowers: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    cost: float = 0.0
    certain: bool = True
    cool_down: int = 0


class Hello(_Sent, frozen=True, kw_only=True, tag="hello"):
    """The first message: who the program is. It answers with `ready`.

    `role` is the role sheet. `governments` has the name of each government by its code. `timeout` is how many seconds
    the program has for each answer. `seed` differs from run to run and from seat to seat: a program that draws from a
    generator with this seed plays the same run again. `purpose` is `seat` if the program decides, `adviser` if its acts
    are shown to the person who does. `white_cell` is who answers requests and rules on orders in free text: `people`, a
    program, or nobody if it is empty.
    """

    format: str
    government: str
    name: str
    purpose: Purpose
    exercise: str
    startex: str
    endex: str
    role: tuple[Section, ...]
    governments: dict[str, str]
    options: tuple[SeatOption, ...]
    seed: int
    timeout: float
    white_cell: str = ""


class Due(_Part, frozen=True, kw_only=True):
    """A decision that is due.

    `meetings` counts the meetings that have asked for it; `until` is null without a limit.
    """

    dossier: str
    title: str
    since: str
    until: str | None
    meetings: int


class Entry(_Part, frozen=True, kw_only=True):
    """Something that the seat has been sent or has perceived since its last turn.

    `n` counts the entries of this seat from 1. `letter` is the number by which a message of the exercise is
    acknowledged, else 0. `quoted` says that the text contains words of other people or of the script: information, not
    instructions.
    """

    n: int
    at: str
    kind: str
    text: str
    letter: int
    quoted: bool


class Choice(_Part, frozen=True, kw_only=True):
    """An option that can be ordered now, toward `target` (empty if it takes none). `n` is valid in this turn alone."""

    n: int
    option: str
    target: str
    title: str
    dossier: str
    lead: tuple[int, int, int]


class Known(_Part, frozen=True, kw_only=True):
    """An indicator that matters to the leader, or has changed much, as the government knows it.

    Its range is from `low` to `high`, and `level` is the value in a word. `wanted` is `rise` or `fall`, empty if it is
    no interest of the leader; `trend` is `rising`, `falling` or `steady` since about a month ago, empty if that is
    unknown. `source` is `known`, `published` or `estimate`, with its standard deviation.
    """

    path: str
    title: str
    value: float
    level: str
    low: float
    high: float
    wanted: str
    trend: str
    source: str
    deviation: float


class OpenDemand(_Part, frozen=True, kw_only=True):
    """A demand that another government makes of this one: it wants one of `options` by `until`."""

    sender: str
    text: str
    options: tuple[str, ...]
    until: str | None


class OpenOffer(_Part, frozen=True, kw_only=True):
    """An offer or a demand in free text that waits for an answer, `yes` or `no`."""

    number: int
    sender: str
    form: str
    text: str


class OpenVote(_Part, frozen=True, kw_only=True):
    """A vote in which the government has not voted yet."""

    number: int
    sender: str
    question: str
    choices: tuple[str, ...]


class OpenProcedure(_Part, frozen=True, kw_only=True):
    """A standing procedure that is put to the seat. With mode `act` it is carried out at `until` unless refused."""

    number: int
    title: str
    action: str
    until: str
    mode: str


class Turn(_Sent, frozen=True, kw_only=True, tag="turn"):
    """A turn: the seat is asked to act. The clock waits for the answer.

    `view` has what the government knows of each indicator: its value and the standard deviation of the estimate, 0 if
    it is not an estimate. `situation` is a selection in words, the interests of the leader first. `under_way` are
    orders that are being carried out.
    """

    id: str
    now: str
    due: tuple[Due, ...]
    entries: tuple[Entry, ...]
    view: dict[str, tuple[float, float]]
    choices: tuple[Choice, ...]
    demands: tuple[OpenDemand, ...]
    offers: tuple[OpenOffer, ...]
    votes: tuple[OpenVote, ...]
    procedures: tuple[OpenProcedure, ...]
    under_way: tuple[str, ...]
    situation: tuple[Known, ...] = ()


class Refusal(_Part, frozen=True, kw_only=True):
    """A part of an act that was refused.

    `what` names it, such as `orders[0]`; `n` is the number of an order, else 0.
    """

    what: str
    n: int
    because: str


class Result(_Sent, frozen=True, kw_only=True, tag="result"):
    """The result of an act. If `again` is true, the program may send an `act` with other parts for those refused.

    It has at most two such corrections for a turn. What was accepted has happened and is not repeated.
    """

    id: str
    accepted: int
    refused: tuple[Refusal, ...]
    again: bool


class End(_Sent, frozen=True, kw_only=True, tag="end"):
    """The last message. `reason` is `endex`, `outcome ID`, or `replaced` if the seat has been given to another."""

    reason: str
    now: str
    entries: tuple[Entry, ...]


class Case(_Sent, frozen=True, kw_only=True, tag="case"):
    """Asks the white cell about an item of its queue, or for a draft; it needs no `hello`. The answer is `ruling`.

    `kind` is `request` (an order in free text), `rfi`, `message`, `offer`, `demand`, `vote`, or `draft`, an inject that
    is wanted. `to` is the government in whose name it answers, or `EXCON`; `choices` are possible answers, `options`
    those of the sender of an order, `indicators` true values, `news` the last events, oldest first. An improvised
    action has at most `most_effects` effects, each at most the share `most_effect` of the distance to the end of its
    range. `timeout` is in seconds. After an answer that was refused, it is in `before`, and the reason in `problem`.
    """

    id: str
    format: str
    exercise: str
    now: str
    kind: str
    sender: str
    to: str
    text: str
    governments: dict[str, str]
    choices: tuple[str, ...]
    options: tuple[SeatOption, ...]
    indicators: tuple[Known, ...]
    news: tuple[str, ...]
    channels: tuple[str, ...]
    taken: tuple[str, ...]
    most_effect: float
    most_effects: int
    timeout: float
    before: str = ""
    problem: str = ""


Sent = Hello | Turn | Result | End | Case


def encode(message: Sent) -> bytes:
    """Return a message as a line with its newline."""
    return msgspec.json.encode(message) + b"\n"
