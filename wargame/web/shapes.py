"""The shapes of what clients send and receive; the OpenAPI description has them as schemas."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from wargame.live.terminals.lookahead_questions import LookaheadAnswer
from wargame.web.viewer import FeedEntry, Presence


class Joining(msgspec.Struct, forbid_unknown_fields=True):
    """A person, or with `program` a client that is not a browser, joins with a code."""

    code: Annotated[str, Meta(max_length=100, description="The join code; spaces, dashes and case do not matter.")]
    name: Annotated[str, Meta(max_length=200, description="1 to 60 characters.")]
    program: Annotated[bool, Meta(description="Answer with a token instead of a cookie.")] = False


class Joined(msgspec.Struct, omit_defaults=True):
    """The person who has joined. `token` is for programs: `Authorization: Bearer TOKEN`."""

    id: Annotated[str, Meta(description="Identifies the person in this exercise.")]
    role: Annotated[str, Meta(description="`facilitator`, `deputy`, `seat`, `evaluator` or `screen`.")]
    seat: Annotated[str, Meta(description="The government's code; empty for those without a seat.")]
    admitted: Annotated[bool, Meta(description="False while the person waits in the lobby.")]
    token: Annotated[str | msgspec.UnsetType, Meta(description="For programs alone.")] = msgspec.UNSET


class Verb(msgspec.Struct):
    """A command that the role may give."""

    name: Annotated[str, Meta(description="The name of the command.")]
    usage: Annotated[str, Meta(description="The command with its arguments, as it is typed.")]
    help: Annotated[str, Meta(description="What it does, in a sentence.")]


Verbs = list[Verb]


class Me(msgspec.Struct):
    """The person who asks: `epoch` and `k` are of the last entry; `commands` are the possible ones."""

    id: Annotated[str, Meta(description="Identifies the person in this exercise.")]
    name: Annotated[str, Meta(description="The name under which the person has joined.")]
    role: Annotated[str, Meta(description="`facilitator`, `deputy`, `seat`, `evaluator` or `screen`.")]
    seat: Annotated[str, Meta(description="The government's code; empty for those without a seat.")]
    admitted: Annotated[bool, Meta(description="False while the person waits in the lobby.")]
    epoch: Annotated[int, Meta(description="Changes whenever the past of this role does.")]
    k: Annotated[int, Meta(description="The number of the last entry that the role has been sent.")]
    commands: Annotated[list[Verb], Meta(description="The commands that the role may give.")]


class Opened(msgspec.Struct, forbid_unknown_fields=True):
    """Messages that a person has opened; the answer has none."""

    numbers: Annotated[list[int], Meta(max_length=1000, description="The numbers of messages of the script.")]


class Text(msgspec.Struct, frozen=True):
    """The name of a file, by which an inject attaches it; or a message as its recipients see it, as HTML."""

    text: str = ""


class Have(msgspec.Struct, forbid_unknown_fields=True):
    """The hashes of the parts that the page has, by key, and the query of its address."""

    have: Annotated[dict[str, str], Meta(description="The hash of each part that the page has.")] = {}
    query: Annotated[
        str, Meta(max_length=1024, description="The query of the address of the page, such as `view=why&seq=512`.")
    ] = ""


class Parts(msgspec.Struct):
    """The keys of all parts in order, and the HTML and hash of those that have changed."""

    epoch: Annotated[int, Meta(description="Changes whenever the past of this role does.")]
    k: Annotated[int, Meta(description="The number of the last entry that the role has been sent.")]
    order: Annotated[list[str], Meta(description="The keys of all parts, in the order of the page.")]
    parts: Annotated[dict[str, str], Meta(description="The HTML of each part that has changed.")]
    hashes: Annotated[dict[str, str], Meta(description="The hash of each part that has changed.")]


class Entries(msgspec.Struct):
    """Entries; `k` is the number of the last one that the role has been sent."""

    epoch: Annotated[int, Meta(description="Changes whenever the past of this role does.")]
    k: Annotated[int, Meta(description="The number of the last entry that the role has been sent.")]
    entries: Annotated[list[FeedEntry], Meta(description="The entries, oldest first.")]


class Line(msgspec.Struct, forbid_unknown_fields=True):
    """The rest of a line as typed at the console."""

    line: Annotated[str, Meta(description="The text after the verb.")]


class Posted(msgspec.Struct, forbid_unknown_fields=True):
    """A command. `args` are its words, or the rest of its line."""

    key: Annotated[str, Meta(min_length=1, max_length=64, pattern="^[ -~]+$", description="Chosen by the client.")]
    epoch: Annotated[int, Meta(description="The epoch of what the person has seen.")]
    verb: Annotated[str, Meta(max_length=4096, description="The name of a command of the console.")]
    args: Annotated[list[str] | Line, Meta(description="The words after the verb, or the rest of its line.")] = []


class Suggestion(msgspec.Struct):
    """A command that an answer offers next: a page shows a button."""

    label: Annotated[str, Meta(description="What the button says.")]
    verb: Annotated[str, Meta(description="The name of a command.")]
    args: Annotated[list[str], Meta(description="The words after the verb.")]
    view: Annotated[str, Meta(description="The view with the form for it; empty if the button gives the command.")]


class Lines(msgspec.Struct):
    """The lines of the console; for a person at a page, in the words of the page."""

    lines: Annotated[list[str], Meta(description="One text for each line.")]
    hints: Annotated[list[Suggestion], Meta(description="Commands that people can give next; none for programs.")]
    epoch: Annotated[int, Meta(description="Changes whenever the past of this role does.")]
    k: Annotated[int, Meta(description="The number of the last entry that the role has been sent.")]


class Asked(msgspec.Struct):
    """The question that was put."""

    number: Annotated[int, Meta(description="Names the question in `/ask`.")]


class Questions(msgspec.Struct):
    """The latest questions to the look-ahead, with their answers so far."""

    questions: Annotated[list[LookaheadAnswer], Meta(description="The questions with their answers.")]


class Access(msgspec.Struct):
    """Codes by seat or role, people, and whether new ones are refused."""

    join_url: Annotated[str, Meta(description="The address of the page where people enter their code.")]
    codes: Annotated[dict[str, str], Meta(description="The join code of each seat and role.")]
    people: Annotated[list[Presence], Meta(description="Everybody who has joined.")]
    locked: Annotated[bool, Meta(description="Whether new people are refused.")]


class ErrorMessage(msgspec.Struct, omit_defaults=True):
    """The fault and its remedy."""

    message: Annotated[str, Meta(description="One sentence or more, with the remedy.")]
    hints: Annotated[list[Suggestion] | msgspec.UnsetType, Meta(description="Remedies as buttons.")] = msgspec.UNSET


class Error(msgspec.Struct, omit_defaults=True):
    """A refusal. `epoch` is there if the request was written for another past: the present one."""

    error: Annotated[ErrorMessage, Meta(description="The reason.")]
    epoch: Annotated[int | msgspec.UnsetType, Meta(description="The present epoch, with status 409.")] = msgspec.UNSET


Document = dict[str, Any]
