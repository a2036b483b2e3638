"""What waits for the white cell: requests, questions, messages to governments that no person plays, offers, votes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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


def waiting_items(adjudication: Adjudication, correspondence: Correspondence) -> list[WaitingItem]:
    """Return all that waits for the white cell, by kind and oldest first."""
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
