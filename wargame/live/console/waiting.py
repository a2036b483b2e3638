"""Tasks that wait: for the white cell, as `queue` lists them, and decisions of people."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import ceil

from wargame.dataclasses import dataclass
from wargame.journal.template_cache import text_lines
from wargame.language.plain_text import clean
from wargame.live.console.console import Console
from wargame.live.session.session import Session
from wargame.seat.obligations import Obligation, dues
from wargame.simulation.control.correspondence import WHITE_CELL
from wargame.simulation.exercise import Exercise
from wargame.tables import tables


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
    re: int = 0
    """The number of a message among the messages of `to`, with which a reply names it."""


def queue(exercise: Exercise) -> Iterator[WaitingItem]:
    """Yield all that waits for the white cell, by kind and oldest first; after ENDEX, all that was not answered.

    Offers, demands and votes are numbered as the governments count them in whose names the white cell answers.
    """
    adjudication, talk = exercise.commands.adjudication, exercise.commands.correspondence
    for number, request in adjudication.requests.items():
        if not request.ruling:
            why = f" (why: {request.why})" if request.why else ""
            yield WaitingItem("request", number, request.government, WHITE_CELL, request.text + why, request.seq)
    rfis = (each for listed in talk.information_requests.values() for each in listed if each.waits)
    for rfi in sorted(rfis, key=lambda each: each.seq):
        yield WaitingItem("rfi", rfi.number, rfi.government, WHITE_CELL, rfi.text, rfi.seq)
    for each in talk.waiting:
        own = next(n for n, seq in talk.messages_of(each.to).items() if seq == each.seq)
        yield WaitingItem("message", each.number, each.sender, each.to, each.text, each.seq, re=own)
    for offer in talk.offers.values():
        for name in offer.open_to if talk.played(offer.sender) else ():
            if not talk.played(name):
                number = next(n for n, own in talk.offers_of(name).items() if own is offer)
                yield WaitingItem(offer.form, number, offer.sender, name, offer.text, offer.seq, ("yes", "no"))
    for vote in talk.votes.values():
        for name in vote.voters if not vote.closed else ():
            if name not in vote.ballots and not talk.played(name):
                number = next(n for n, own in talk.votes_of(name).items() if own is vote)
                yield WaitingItem("vote", number, vote.sender, name, vote.question, vote.seq, vote.choices)


KINDS: Mapping[str, Sequence[str]] = tables("live/console/waiting.yaml")["kinds"]
"""Kind of item -> title of its part of the queue, in this order; one, and several of them."""
ANSWERS: Mapping[str, str] = tables("live/console/waiting.yaml")["answers"]
"""The commands that answer an item, by its kind."""


def queue_counts(session: Session) -> str:
    """Return how many items of each kind wait, as text; empty if nothing waits, and after ENDEX."""
    counts = Counter(item.kind for item in (() if session.exercise.done else queue(session.exercise)))
    found = ((counts[kind], names) for kind, (_, *names) in KINDS.items() if counts[kind])
    return ", ".join(f"{number} {names[number > 1]}" for number, names in found)


def queue_lines(session: Session, proposals: Mapping[int, str]) -> list[str]:
    """Return the items by kind, each with the command that answers it; after ENDEX, what was not answered.

    `proposals` are those of a program in the white cell, by the record of the item.
    """
    exercise, over = session.exercise, session.exercise.done
    asked = [(each, exercise.questionnaires.silent(each)) for each in exercise.questionnaires.sent if not each.closed]
    reminders = [(each, silent) for each, silent in asked if silent and not over]
    shown = {"items": list(queue(exercise)), "kinds": KINDS, "reminders": reminders, "answer_to": answer_to}
    shown |= {"session": session, "calendar": exercise.calendar, "over": over, "proposals": {} if over else proposals}
    lines = text_lines("wargame.live", "queue.txt.j2", **shown)
    return lines or ["Everything was answered." if over else "Nothing waits for you."]


def answer_to(item: WaitingItem) -> str:
    """Return the command that answers an item."""
    tell = f"tell {item.sender}" if item.to == WHITE_CELL else f"message {item.to} {item.sender}"
    return clean(ANSWERS[item.kind].format(item=item, tell=tell, choices="|".join(item.choices)))


def open_decisions(exercise: Exercise, *seats: str) -> list[Obligation]:
    """Return the decisions and procedures that wait for these seats, by default all. After ENDEX, what was due."""
    found = [each for name in seats or exercise.governments for each in dues(exercise, name) if not each.answer]
    return [each for each in found if each.kind == "decision" or not exercise.done]


def with_deadline(console: Console, each: Obligation) -> str:
    """Return its name and the time that is left: `nuclear, 90s left`, `procedure 1 by 06-03 10:00`."""
    left, at = console.wall.left_of(each.government, each.dossier), console.exercise.calendar.at
    if left is not None:
        seconds = max(1, ceil(left))
        return f"{each.name}, {seconds}s left" if seconds < 120 else f"{each.name}, {-(-seconds // 60)} min left"
    return f"{each.name} by {at(each.until):%m-%d %H:%M}" if each.until is not None else each.name


def open_by_seat(console: Console) -> str:
    """Return the open decisions of people by seat: `KOR alliance, nuclear; USA trade`; empty after the exercise."""
    groups: dict[str, list[str]] = {}
    for each in () if console.exercise.done else open_decisions(console.exercise):
        text = each.name if each.since is not None else with_deadline(console, each)
        groups.setdefault(each.government, []).append(text)
    return "; ".join(f"{government} {', '.join(texts)}" for government, texts in groups.items())
