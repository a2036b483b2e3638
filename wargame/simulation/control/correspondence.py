"""Correspondence of seats: messages, requests for information, offers and demands with terms, votes.

It changes no indicator, and the model does not respond to it. What is addressed to a government that no person plays,
or to the white cell, waits until the white cell has answered it, in the name of the government, or has dismissed it.
"""

from collections.abc import Callable, Iterable
from typing import Any

from wargame.dataclasses import dataclass, field
from wargame.errors import UsageFault, listed, shortened
from wargame.language.plain_text import folded_name
from wargame.simulation.control.lookup import text_of, valid_name
from wargame.simulation.kernel.context import RunContext
from wargame.simulation.kernel.settings import CommandModule, RecordParts, Steps

WHITE_CELL = "EXCON"
"""The name under which the white cell writes to seats."""
FORMS = ("offer", "demand")
ANSWERS = ("yes", "no")
OPEN, IN_WORK, ANSWERED, DECLINED = "open", "in_work", "answered", "declined"
REPLIES = (ANSWERED, IN_WORK, DECLINED)
"""The status that a reply can give a request for information. In work, it still waits for its answer."""


@dataclass(slots=True)
class OfferedTerms:
    """Terms offered to others. `answers` maps governments to `yes` or `no`."""

    seq: int
    sender: str
    to: tuple[str, ...]
    text: str
    form: str
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def open_to(self) -> list[str]:
        """The governments that have not answered."""
        return [name for name in self.to if name not in self.answers]


@dataclass(slots=True)
class InformationRequest:
    """A question of a seat to the white cell. `number` counts the seat's questions from 1; `reply` is the last text."""

    seq: int
    government: str
    number: int
    text: str
    since: int
    status: str = OPEN
    reply: str = ""

    @property
    def waits(self) -> bool:
        """Whether it still waits for its answer."""
        return self.status in (OPEN, IN_WORK)


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """A message that waits for an answer of the white cell, in the name of `to` or as EXCON. Numbered from 1."""

    number: int
    seq: int
    sender: str
    to: str
    text: str
    since: int


@dataclass(slots=True)
class CalledVote:
    """A question to several governments. `ballots` maps governments to their choices."""

    seq: int
    sender: str
    voters: tuple[str, ...]
    question: str
    choices: tuple[str, ...]
    ballots: dict[str, str] = field(default_factory=dict)
    closed: bool = False


class Correspondence(CommandModule):
    """The correspondence of one exercise.

    `offers` and `votes` are numbered from 1 for the white cell. Each government numbers those that concern it, so that
    no number reveals what others write to each other: commands of a government use its own numbers. `seat_of` gives the
    kind of seat of a government. `information_requests` has the requests of each government, oldest first.
    """

    KINDS = ("message", "dismiss", "rfi", "rfi.reply", "offer", "answer", "vote", "ballot", "tally")

    def __init__(self, context: RunContext, seat_of: Callable[[str], str]) -> None:
        self._context, self._seat_of = context, seat_of
        self._last_message = 0
        self._waiting: list[WaitingMessage] = []
        self._messages: list[tuple[int, frozenset[str]]] = []
        """The number of the record of each message that is not public, with its parties."""
        self.information_requests: dict[str, list[InformationRequest]] = {}
        self.offers: dict[int, OfferedTerms] = {}
        self.votes: dict[int, CalledVote] = {}

    def _sender(self, data: dict[str, Any], *, white_cell: bool = True) -> str:
        names = {*self._context.scenario.governments, *((WHITE_CELL,) if white_cell else ())}
        return valid_name("government", str(data["who"]), names)

    def _recipients(self, data: dict[str, Any], *, least: int = 1, white_cell: bool = False) -> list[str]:
        """Return the governments that a command is addressed to, as it lists them."""
        listed = data["to"]
        if not isinstance(listed, list | tuple) or len(set(listed)) < least:
            raise UsageFault(f"name at least {least} government{'' if least == 1 else 's'}")
        names = {*self._context.scenario.governments, *((WHITE_CELL,) if white_cell else ())}
        return [valid_name("government", str(name), names) for name in listed]

    def played(self, name: str) -> bool:
        """Return whether a person plays the government, and can answer for it."""
        return name in self._context.scenario.governments and self._seat_of(name) == "human"

    def _is_government(self, name: str) -> bool:
        known = self._context.scenario.governments.items()
        return folded_name(name) in {folded_name(word) for code, each in known for word in (code, each.name)}

    def offers_of(self, government: str) -> dict[int, OfferedTerms]:
        """Return the offers that a government has made or received, by its own numbers."""
        own = [offer for offer in self.offers.values() if government in (offer.sender, *offer.to)]
        return dict(enumerate(own, 1))

    def messages_of(self, name: str) -> dict[int, int]:
        """Return the records of the messages that a government or EXCON has sent or received, by its own numbers."""
        return dict(enumerate((seq for seq, parties in self._messages if name in parties), 1))

    def votes_of(self, government: str) -> dict[int, CalledVote]:
        """Return the votes that a government has called or may take part in, by its own numbers."""
        own = [vote for vote in self.votes.values() if government in (vote.sender, *vote.voters)]
        return dict(enumerate(own, 1))

    # --- messages ------------------------------------------------------------------------------

    @property
    def waiting(self) -> list[WaitingMessage]:
        """Messages to the white cell, and to governments that no person plays now, without an answer."""
        return [message for message in self._waiting if not self.played(message.to)]

    def _addressed(self, data: dict[str, Any], *, white_cell: bool = True) -> tuple[str, list[str], str]:
        """Return the sender, the recipients and the text of a message."""
        sender = self._sender(data, white_cell=white_cell)
        listed = self._recipients(data, white_cell=white_cell)
        if listed == [sender]:
            raise UsageFault("a message needs a recipient other than its sender")
        return sender, listed, text_of(data, "text")

    def _message(self, data: dict[str, Any]) -> Steps:
        """Send a message, which answers what its recipients have sent, unless it goes to all, and may wait for one."""
        sender, listed, text = self._addressed(data)
        if "persona" in data and (sender != WHITE_CELL or self._is_government(text_of(data, "persona"))):
            raise UsageFault("EXCON plays a person or a medium; 'message' writes in the name of a government")
        known = self.messages_of(sender)
        answered = known[_numbered("message", f"of {sender}", data["re"], known)] if "re" in data else None
        seq = yield RecordParts("message", ", ".join(listed), answered)
        to = sorted(set(listed))
        if not data.get("public"):
            self._messages.append((seq, frozenset((sender, *to))))
        to_all = len(to) > 1 and {*to, sender} >= set(self._context.scenario.governments)
        if not to_all and not data.get("public"):
            self._waiting = [each for each in self._waiting if not (each.to == sender and each.sender in to)]
        if sender == WHITE_CELL or data.get("public") or not self.played(sender):
            return
        for name in to:
            if not self.played(name) and name != sender:
                self._last_message += 1
                self._waiting.append(WaitingMessage(self._last_message, seq, sender, name, text, self._context.now))

    def _dismiss(self, data: dict[str, Any]) -> Steps:
        waiting = {message.number: message for message in self.waiting}
        message = waiting[_numbered("message in the queue", "", data["message"], waiting)]
        yield RecordParts()
        self._waiting.remove(message)

    # --- requests for information ----------------------------------------------------------------

    def _rfi(self, data: dict[str, Any]) -> Steps:
        name, text = self._sender(data, white_cell=False), text_of(data, "text")
        number = len(self.information_requests.get(name, ())) + 1
        seq = yield RecordParts("rfi", str(number))
        request = InformationRequest(seq, name, number, text, self._context.now)
        self.information_requests.setdefault(name, []).append(request)

    def _rfi_reply(self, data: dict[str, Any]) -> Steps:
        name = valid_name("government", str(data["government"]), self._context.scenario.governments)
        requests = {request.number: request for request in self.information_requests.get(name, ())}
        request = requests[_numbered("request for information", f"of {name}", data["number"], requests)]
        status = valid_name("status", str(data.get("status", ANSWERED)), REPLIES)
        text = text_of(data, "text", empty=status != ANSWERED)
        yield RecordParts("rfi.reply", name, request.seq)
        request.status, request.reply = status, text

    # --- offers --------------------------------------------------------------------------------

    def _offer(self, data: dict[str, Any]) -> Steps:
        sender, listed, text = self._addressed(data, white_cell=False)
        if sender in listed:
            raise UsageFault("an offer goes to other governments, not to its sender")
        form = valid_name("form", str(data.get("form", "offer")), FORMS)
        seq = yield RecordParts("offer", ", ".join(listed))
        self.offers[len(self.offers) + 1] = OfferedTerms(seq, sender, tuple(sorted(set(listed))), text, form)

    def _answer(self, data: dict[str, Any]) -> Steps:
        who = self._sender(data, white_cell=False)
        received = {number: offer for number, offer in self.offers_of(who).items() if who in offer.to}
        offer = received[_numbered("offer", f"to {who}", data["offer"], received)]
        if who in offer.answers:
            raise UsageFault(f"{who} has already answered {offer.form} {data['offer']}: {offer.answers[who]}")
        answer = valid_name("answer", str(data["answer"]), ANSWERS)
        text_of(data, "text", empty=True)
        yield RecordParts("answer", str(data["offer"]), offer.seq)
        offer.answers[who] = answer

    # --- votes ---------------------------------------------------------------------------------

    def _vote(self, data: dict[str, Any]) -> Steps:
        sender, listed = self._sender(data), self._recipients(data, least=2)
        question = text_of(data, "question")
        choices = data.get("choices") or ()
        if not isinstance(choices, list | tuple) or len(set(choices)) < 2:
            raise UsageFault("a vote needs at least two choices")
        distinct = tuple(dict.fromkeys(text_of({"choice": choice}, "choice") for choice in choices))
        seq = yield RecordParts("vote", ", ".join(listed))
        self.votes[len(self.votes) + 1] = CalledVote(seq, sender, tuple(sorted(set(listed))), question, distinct)

    def _ballot(self, data: dict[str, Any]) -> Steps:
        """Cast the vote of a government in the open vote that has this number for it."""
        who = self._sender(data, white_cell=False)
        own = self.votes_of(who).items()
        votes = {number: vote for number, vote in own if who in vote.voters and not vote.closed}
        vote = votes[_numbered("open vote", f"of {who}", data["vote"], votes)]
        if who in vote.ballots:
            raise UsageFault(f"{who} has already voted")
        choice = valid_name("choice", str(data["choice"]), vote.choices)
        seq = yield RecordParts("ballot", str(data["vote"]), vote.seq)
        vote.ballots[who] = choice
        if len(vote.ballots) == len(vote.voters):
            self._close(vote, seq)

    def _tally(self, data: dict[str, Any]) -> Steps:
        votes = {number: vote for number, vote in self.votes.items() if not vote.closed}
        vote = votes[_numbered("open vote", "", data["vote"], votes)]
        seq = yield RecordParts()
        self._close(vote, seq)

    def _close(self, vote: CalledVote, cause: int) -> None:
        """Close a vote. Who called it and those who could vote learn the count, not who voted for what."""
        vote.closed = True
        number = next(number for number, each in self.votes.items() if each is vote)
        count = {choice: sum(b == choice for b in vote.ballots.values()) for choice in vote.choices}
        silent = len(vote.voters) - len(vote.ballots)
        data = {"vote": number, "question": vote.question, "to": list(vote.voters), "count": count, "silent": silent}
        self._context.log.write("vote.result", "", str(number), (cause, vote.seq), data)


def _numbered(kind: str, whose: str, number: object, choices: Iterable[int]) -> int:
    """Return the number, if it is one of the choices."""
    numbers = {str(each): each for each in choices}
    if str(number) in numbers:
        return numbers[str(number)]
    hint = f"one of {listed(numbers)}" if numbers else "there are none"
    raise UsageFault(f"there is no {kind} '{shortened(str(number))}'{f' {whose}' if whose else ''} ({hint})")
