"""What waits for the white cell, as `queue` lists it: each item with the command that answers it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from wargame.language.plain_text import clean
from wargame.live.session.session import Session
from wargame.simulation.control.adjudication import Adjudication
from wargame.simulation.control.correspondence import WHITE_CELL, Correspondence


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """Something that the white cell has to answer.

    `kind` is `request` (an order in free text), `rfi`, `message`, `offer`, `demand` or `vote`. `number` is the one that
    the answering command takes. `to` is the government in whose name the white cell answers, or EXCON. `choices` are
    the possible answers, where there is a list of them.
    """

    kind: str
    number: int
    sender: str
    to: str
    text: str
    seq: int
    choices: tuple[str, ...] = ()


def queue(session: Session) -> list[WaitingItem]:
    """Return all that waits for the white cell, by kind and oldest first; after ENDEX, all that was not answered."""
    commands = session.exercise.commands
    adjudication, correspondence = commands.adjudication, commands.correspondence
    rfis = [each for listed in correspondence.information_requests.values() for each in listed if each.waits]
    rfis.sort(key=lambda request: request.seq)
    return [
        *_requests(adjudication),
        *(WaitingItem("rfi", r.number, r.government, WHITE_CELL, r.text, r.seq) for r in rfis),
        *(WaitingItem("message", m.number, m.sender, m.to, m.text, m.seq) for m in correspondence.waiting),
        *_offers(correspondence),
        *_votes(correspondence),
    ]


def _requests(adjudication: Adjudication) -> Iterator[WaitingItem]:
    for number, request in adjudication.requests.items():
        if not request.ruling:
            why = f" (why: {request.why})" if request.why else ""
            yield WaitingItem("request", number, request.government, WHITE_CELL, request.text + why, request.seq)


def _offers(correspondence: Correspondence) -> Iterator[WaitingItem]:
    """Offers and demands of people to governments that no person plays, numbered as these count them."""
    for offer in correspondence.offers.values():
        for name in offer.open_to if correspondence.played(offer.sender) else ():
            if not correspondence.played(name):
                number = next(n for n, each in correspondence.offers_of(name).items() if each is offer)
                yield WaitingItem(offer.form, number, offer.sender, name, offer.text, offer.seq, ("yes", "no"))


def _votes(correspondence: Correspondence) -> Iterator[WaitingItem]:
    """Open votes in which a government takes part that no person plays, numbered as it counts them."""
    for vote in correspondence.votes.values():
        for name in vote.voters if not vote.closed else ():
            if name not in vote.ballots and not correspondence.played(name):
                number = next(n for n, each in correspondence.votes_of(name).items() if each is vote)
                yield WaitingItem("vote", number, vote.sender, name, vote.question, vote.seq, vote.choices)


TITLES = {
    "request": "Orders in free text",
    "rfi": "Requests for information",
    "message": "Messages to EXCON and to governments that no person plays",
    "offer": "Offers to governments that no person plays",
    "demand": "Demands on governments that no person plays",
    "vote": "Votes of governments that no person plays",
}
"""Kind of item -> title of its part of the queue, in this order."""
COUNTED = {
    "request": ("order to rule on", "orders to rule on"),
    "rfi": ("request for information", "requests for information"),
    "message": ("message", "messages"),
    "offer": ("offer", "offers"),
    "demand": ("demand", "demands"),
    "vote": ("vote", "votes"),
}
"""Kind of item -> one, and several of them."""


def queue_counts(session: Session) -> str:
    """Return how many items of each kind wait, in words; empty if nothing waits, and after ENDEX."""
    counts = Counter(item.kind for item in ([] if session.exercise.done else queue(session)))
    return ", ".join(f"{counts[kind]} {names[counts[kind] > 1]}" for kind, names in COUNTED.items() if counts[kind])


def queue_lines(session: Session) -> list[str]:
    """Return the items by kind, each with the command that answers it; after ENDEX, what was not answered."""
    items, over = queue(session), session.exercise.done
    lines = ["The exercise is over. Not answered:"] if over and items else []
    for kind, title in TITLES.items():
        listed = [item for item in items if item.kind == kind]
        if listed:
            lines.append(f"{title}:")
        for item in listed:
            at = session.exercise.calendar.at(session.records[item.seq].t)
            parties = item.sender if item.to == WHITE_CELL else f"{item.sender} to {item.to}"
            number = f"{item.number}  " if kind == "request" else ""
            lines.append(clean(f"  {number}{at:%Y-%m-%d %H:%M}  {parties}: {item.text}"))
            lines += [] if over else [f"    {answer_to(item)}"]
    lines += [] if over else _unanswered(session)
    return lines or ["Everything was answered." if over else "Nothing waits for you."]


def _unanswered(session: Session) -> list[str]:
    """Reminders: the open questionnaires that seats have not answered."""
    questionnaires = session.exercise.questionnaires
    lines = []
    for sent in questionnaires.sent:
        silent = [] if sent.closed else questionnaires.silent(sent)
        if silent:
            until = f", closes {session.instant(sent.until)}" if sent.until is not None else ""
            seats = ", ".join(silent)
            lines.append(clean(f"  {sent.inject.id}{until}: not answered in full by {seats} ({sent.inject.title})"))
            lines.append(f"    results {sent.inject.id}, or close {sent.inject.id}")
    return ["Questionnaires that seats have not answered in full:", *lines] if lines else []


def answer_to(item: WaitingItem) -> str:
    """Return the command that answers an item."""
    choices, rule = "|".join(item.choices), f"rule {item.number}"
    tell = f"tell {item.sender}" if item.to == WHITE_CELL else f"message {item.to} {item.sender}"
    return clean(
        {
            "request": f'{rule} action "TEXT" --goldstein N, {rule} order OPTION, or {rule} refuse "WHY"',
            "rfi": f'reply {item.sender} {item.number} "TEXT"',
            "message": f'{tell} "TEXT", or dismiss {item.number}',
            "offer": f"answer {item.to} {item.number} {choices}",
            "demand": f"answer {item.to} {item.number} {choices}",
            "vote": f"ballot {item.to} {item.number} {choices}",
        }[item.kind]
    )
