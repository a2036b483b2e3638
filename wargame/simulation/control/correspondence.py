"""Correspondence of seats: messages, requests for information, offers and demands with terms, votes.

It changes no indicator, and the model does not respond to it. What is addressed to a government that no person plays,
or to the white cell, waits until the white cell has answered it, in the name of the government, or has dismissed it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from wargame.errors import UsageFault, listed, shortened
from wargame.simulation.control.lookup import text_of, valid_name
from wargame.simulation.kernel.context import RunContext
from wargame.simulation.kernel.settings import CommandHandler

WHITE_CELL = "EXCON"
"""The name under which the white cell writes to seats."""
FORMS = ("offer", "demand")
ANSWERS = ("yes", "no")
OPEN, IN_WORK, ANSWERED, DECLINED = "open", "in_work", "answered", "declined"
REPLIES = (ANSWERED, IN_WORK, DECLINED)
"""What a reply can make of a request for information. In work, it still waits for its answer."""


@dataclass(slots=True)
class Offer:
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
    """A question of a seat to the white cell. `number` counts those of the seat from 1; `reply` is the last text."""

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
class Vote:
    """A question to several governments. `ballots` maps governments to their choices."""

    seq: int
    sender: str
    voters: tuple[str, ...]
    question: str
    choices: tuple[str, ...]
    ballots: dict[str, str] = field(default_factory=dict)
    closed: bool = False


class Correspondence:
    """The correspondence of one exercise.

    `offers` and `votes` are numbered from 1 for the white cell. Each government numbers those that concern it, so that
    no number reveals what others write to each other: commands of a government use its own numbers. `seat_of` gives the
    kind of seat of a government. `information_requests` are those of each government, oldest first.
    """

    def __init__(self, context: RunContext, seat_of: Callable[[str], str]) -> None:
        self._context, self._seat_of = context, seat_of
        self._last_message = 0
        self._waiting: list[WaitingMessage] = []
        self.information_requests: dict[str, list[InformationRequest]] = {}
        self.offers: dict[int, Offer] = {}
        self.votes: dict[int, Vote] = {}

    def handlers(self) -> dict[str, CommandHandler]:
        """Return the commands of this module."""
        return {
            "message": CommandHandler(self._check_message, self._message, "message", _recipients),
            "dismiss": CommandHandler(
                self._find_waiting, lambda data, _: self._waiting.remove(self._find_waiting(data))
            ),
            "rfi": CommandHandler(
                self._check_rfi, self._rfi, "rfi", lambda data: str(len(self._rfis(str(data["who"]))) + 1)
            ),
            "rfi.reply": CommandHandler(
                self._check_reply, self._reply, "rfi.reply", lambda data: str(data["government"]), self._find_rfi
            ),
            "offer": CommandHandler(self._check_offer, self._offer, "offer", _recipients),
            "answer": CommandHandler(self._check_answer, self._answer, "answer", "offer", self._find_offer),
            "vote": CommandHandler(self._check_vote, self._vote, "vote", _recipients),
            "ballot": CommandHandler(self._check_ballot, self._ballot, "ballot", "vote", self._find_vote),
            "tally": CommandHandler(self._find_any_vote, lambda data, seq: self._close(self._find_any_vote(data), seq)),
        }

    def _sender(self, data: dict[str, Any], *, white_cell: bool = True) -> str:
        names = {*self._context.scenario.governments, *((WHITE_CELL,) if white_cell else ())}
        return valid_name("government", str(data["who"]), names)

    def _check_recipients(self, data: dict[str, Any], *, least: int = 1, white_cell: bool = False) -> None:
        listed = data["to"]
        if not isinstance(listed, list | tuple) or len(set(listed)) < least:
            raise UsageFault(f"name at least {least} government{'' if least == 1 else 's'}")
        names = {*self._context.scenario.governments, *((WHITE_CELL,) if white_cell else ())}
        for name in listed:
            valid_name("government", str(name), names)

    def played(self, name: str) -> bool:
        """Return whether a person plays the government, and can answer for it."""
        return name in self._context.scenario.governments and self._seat_of(name) == "human"

    def offers_of(self, government: str) -> dict[int, Offer]:
        """Return the offers that a government has made or received, by its own numbers."""
        own = [offer for offer in self.offers.values() if government in (offer.sender, *offer.to)]
        return dict(enumerate(own, 1))

    def votes_of(self, government: str) -> dict[int, Vote]:
        """Return the votes that a government has called or may take part in, by its own numbers."""
        own = [vote for vote in self.votes.values() if government in (vote.sender, *vote.voters)]
        return dict(enumerate(own, 1))

    # --- messages ------------------------------------------------------------------------------

    @property
    def waiting(self) -> list[WaitingMessage]:
        """Messages to the white cell, and to governments that no person plays now, without an answer."""
        return [message for message in self._waiting if not self.played(message.to)]

    def _check_message(self, data: dict[str, Any], *, white_cell: bool = True) -> None:
        sender = self._sender(data)
        self._check_recipients(data, white_cell=white_cell)
        if list(data["to"]) == [sender]:
            raise UsageFault("a message needs a recipient other than its sender")
        text_of(data, "text")

    def _message(self, data: dict[str, Any], seq: int) -> None:
        """A message answers what its recipients have sent, unless it goes to all; it may wait for an answer itself."""
        sender, to = str(data["who"]), sorted({str(name) for name in data["to"]})
        to_all = len(to) > 1 and {*to, sender} >= set(self._context.scenario.governments)
        if not to_all and not data.get("public"):
            self._waiting = [each for each in self._waiting if not (each.to == sender and each.sender in to)]
        if sender == WHITE_CELL or data.get("public") or not self.played(sender):
            return
        for name in to:
            if not self.played(name) and name != sender:
                self._last_message += 1
                now, text = self._context.now, str(data["text"])
                self._waiting.append(WaitingMessage(self._last_message, seq, sender, name, text, now))

    def _find_waiting(self, data: dict[str, Any]) -> WaitingMessage:
        waiting = {message.number: message for message in self.waiting}
        return waiting[_numbered("message in the queue", "", data["message"], waiting)]

    # --- requests for information ----------------------------------------------------------------

    def _rfis(self, name: str) -> list[InformationRequest]:
        return self.information_requests.get(name, [])

    def _check_rfi(self, data: dict[str, Any]) -> None:
        self._sender(data, white_cell=False)
        text_of(data, "text")

    def _rfi(self, data: dict[str, Any], seq: int) -> None:
        name, requests = str(data["who"]), self.information_requests.setdefault(str(data["who"]), [])
        requests.append(InformationRequest(seq, name, len(requests) + 1, str(data["text"]), self._context.now))

    def _find_rfi(self, data: dict[str, Any]) -> InformationRequest:
        name = valid_name("government", str(data["government"]), self._context.scenario.governments)
        requests = {request.number: request for request in self._rfis(name)}
        return requests[_numbered("request for information", f"of {name}", data["number"], requests)]

    def _check_reply(self, data: dict[str, Any]) -> None:
        self._find_rfi(data)
        status = valid_name("status", str(data.get("status", ANSWERED)), REPLIES)
        text_of(data, "text", empty=status != ANSWERED)

    def _reply(self, data: dict[str, Any], _: int) -> None:
        request = self._find_rfi(data)
        request.status, request.reply = str(data.get("status", ANSWERED)), str(data.get("text", ""))

    # --- offers --------------------------------------------------------------------------------

    def _check_offer(self, data: dict[str, Any]) -> None:
        self._check_message(data, white_cell=False)
        if self._sender(data, white_cell=False) in data["to"]:
            raise UsageFault("an offer goes to other governments, not to its sender")
        valid_name("form", str(data.get("form", "offer")), FORMS)

    def _offer(self, data: dict[str, Any], seq: int) -> None:
        form = str(data.get("form", "offer"))
        to = tuple(sorted({str(name) for name in data["to"]}))
        self.offers[len(self.offers) + 1] = Offer(seq, str(data["who"]), to, str(data["text"]), form)

    def _find_offer(self, data: dict[str, Any]) -> Offer:
        who = self._sender(data, white_cell=False)
        received = {number: offer for number, offer in self.offers_of(who).items() if who in offer.to}
        return received[_numbered("offer", f"to {who}", data["offer"], received)]

    def _check_answer(self, data: dict[str, Any]) -> None:
        offer, who = self._find_offer(data), str(data["who"])
        if who in offer.answers:
            raise UsageFault(f"{who} has already answered {offer.form} {data['offer']}: {offer.answers[who]}")
        valid_name("answer", str(data["answer"]), ANSWERS)
        text_of(data, "text", empty=True)

    def _answer(self, data: dict[str, Any], _: int) -> None:
        self._find_offer(data).answers[str(data["who"])] = str(data["answer"])

    # --- votes ---------------------------------------------------------------------------------

    def _check_vote(self, data: dict[str, Any]) -> None:
        self._sender(data)
        self._check_recipients(data, least=2)
        text_of(data, "question")
        choices = data.get("choices") or ()
        if not isinstance(choices, list | tuple) or len(set(choices)) < 2:
            raise UsageFault("a vote needs at least two choices")
        for choice in choices:
            text_of({"choice": choice}, "choice")

    def _vote(self, data: dict[str, Any], seq: int) -> None:
        voters = tuple(sorted({str(name) for name in data["to"]}))
        choices = tuple(dict.fromkeys(str(choice) for choice in data["choices"]))
        self.votes[len(self.votes) + 1] = Vote(seq, str(data["who"]), voters, str(data["question"]), choices)

    def _find_vote(self, data: dict[str, Any]) -> Vote:
        """Return the open vote that a government means by its own number."""
        who = self._sender(data, white_cell=False)
        own = self.votes_of(who).items()
        votes = {number: vote for number, vote in own if who in vote.voters and not vote.closed}
        return votes[_numbered("open vote", f"of {who}", data["vote"], votes)]

    def _check_ballot(self, data: dict[str, Any]) -> None:
        vote, who = self._find_vote(data), str(data["who"])
        if who in vote.ballots:
            raise UsageFault(f"{who} has already voted")
        valid_name("choice", str(data["choice"]), vote.choices)

    def _ballot(self, data: dict[str, Any], seq: int) -> None:
        vote = self._find_vote(data)
        vote.ballots[str(data["who"])] = str(data["choice"])
        if len(vote.ballots) == len(vote.voters):
            self._close(vote, seq)

    def _find_any_vote(self, data: dict[str, Any]) -> Vote:
        votes = {number: vote for number, vote in self.votes.items() if not vote.closed}
        return votes[_numbered("open vote", "", data["vote"], votes)]

    def _close(self, vote: Vote, cause: int) -> None:
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


def _recipients(data: dict[str, Any]) -> str:
    return ", ".join(map(str, data["to"]))
