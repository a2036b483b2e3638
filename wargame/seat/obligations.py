"""What waits for a government, as one class for all media: decisions, procedures, demands, offers, votes, questions.

Its standing procedures are here, too.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from wargame.dataclasses import dataclass, field
from wargame.errors import shortened
from wargame.journal.records import record_of
from wargame.journal.records.seats import DecisionDueRecord
from wargame.journal.wording import called, phrase
from wargame.language.plain_text import clean
from wargame.seat.feed import brought, reader_of
from wargame.seat.questionnaires import seat_questionnaires
from wargame.simulation.control.seats import DueDecision
from wargame.simulation.exercise import Exercise

MOST_CAUSES, LONGEST_CAUSE = 3, 140
"""The number of causes that are named for a due decision, and the characters of each."""
LONGEST = 60
"""Characters of a title."""
BY = {"promise": "to", "vote": "called by"}
ANSWERS = {"accept": "accepted", "refuse": "refused"}
DECIDED = ("command", "decision", "standing_order", "decision.missed")
"""Kinds of records by which a decision is taken, or missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """Something that others, or a deadline, expect of the government.

    `kind` is `decision` (due), `procedure` (a response that is carried out at second `until` if it was accepted, or
    with the mode `act` if it was not refused), `demand` (made of it), `promise` (an inducement or a threat that it
    owes), `offer`, `vote` or `questionnaire` (to be answered). `form` is what people call it, and `heading` names the
    other government, too. `number` is that of a procedure, an offer, a vote or the message with a questionnaire,
    `sender` the other government, or who called the vote, `choices` the answers that can be given; `since` and `until`
    are seconds of game time. A decision has the title of its `dossier` as text, the number of `meetings` that wait for
    it, and `why` it is due as far as the seat knows; `options` are those that meet a demand. A procedure has its action
    as text, and its title as `subject`. `answer` is `accepted`, `refused` or `answered`, empty without one.
    """

    government: str
    kind: str
    form: str
    heading: str
    text: str
    sender: str = ""
    number: int = 0
    choices: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    dossier: str = ""
    meetings: int = field(default=0, compare=False)  # undoing what only calls another meeting is not announced
    options: tuple[str, ...] = ()
    why: str = ""
    subject: str = ""
    mode: str = ""
    answer: str = ""

    @property
    def title(self) -> str:
        """What it is, in one line: `offer from Brel: withdraw the patrols`."""
        return shortened(clean(f"{self.heading}: {self.text}"), LONGEST)

    @property
    def name(self) -> str:
        """Its name as typed: a dossier, or kind and number; a demand or promise has the other government instead."""
        return self.dossier or f"{self.kind} {self.number or self.sender}"


@dataclass(frozen=True, slots=True)
class ProcedureNote:
    """A standing procedure; `after` is in seconds, `mode` (`act`, `propose`, `off`) that of whoever plays now."""

    procedure: str
    title: str
    action: str
    after: int
    mode: str


def obligations(exercise: Exercise, seat: str) -> Iterator[Obligation]:
    """Yield what others, or a deadline, expect of a government now. It is not said why a decision is due."""
    titles, talk = reader_of(exercise, seat).titles, exercise.commands.correspondence
    made = partial(_obligation, exercise, seat)
    for each in exercise.demands.put_to(seat):
        wanted = tuple(each.spec.wants)
        yield made("demand", titles.any_of(wanted), sender=each.sender, until=each.until, options=wanted)
    for each in exercise.demands.owed_by(seat):
        yield made("promise", titles.option(each.owes or ""), sender=each.addressee)
    for number, offer in talk.offers_of(seat).items():
        if seat in offer.open_to:
            yield made("offer", offer.text, offer.form, offer.sender, number=number, choices=("yes", "no"))
    for number, vote in talk.votes_of(seat).items():
        if seat in vote.voters and seat not in vote.ballots and not vote.closed:
            yield made("vote", vote.question, sender=vote.sender, number=number, choices=tuple(vote.choices))
    for sent in seat_questionnaires(exercise, seat):
        if sent.is_open:
            answer = "" if sent.unanswered else "answered"
            given = {"number": sent.number, "since": sent.since, "until": sent.until, "answer": answer}
            yield made("questionnaire", sent.title, "questions", "", **given)
    yield from dues(exercise, seat)


def dues(exercise: Exercise, seat: str) -> Iterator[Obligation]:
    """Yield the decisions that wait for a seat, then the procedures that are put to it, also those that it answered."""
    for due in exercise.commands.seats.dues.values():
        if due.government == seat:
            text = exercise.context.scenario.dossiers[due.dossier].title
            given = {"dossier": due.dossier, "since": due.since, "until": due.until, "meetings": due.meetings}
            yield _obligation(exercise, seat, "decision", text, "decision", "", **given)
    yield from proposed_procedures(exercise, seat)


def standing_procedures(exercise: Exercise, seat: str) -> tuple[ProcedureNote, ...]:
    """Return the standing procedures of a government, by id."""
    titles, specs = reader_of(exercise, seat).titles, exercise.context.scenario.procedures
    found = []
    for name in exercise.procedures.of(seat):
        spec, mode = specs[name], exercise.procedures.mode_with(exercise.commands.seats.of(seat), name)
        action = titles.ordered(spec.does, None if spec.to == "actor" else spec.to)
        found.append(ProcedureNote(name, spec.title, action, spec.after, mode))
    return tuple(found)


def proposed_procedures(exercise: Exercise, seat: str) -> list[Obligation]:
    """Return the responses that are put to a seat and not carried out yet, oldest first."""
    found = []
    for each in exercise.procedures.open_to(seat):
        text = reader_of(exercise, seat).titles.order(each)
        form = "standing procedure" if each.spec is not None else "consent"
        given = {"subject": each.title, "mode": each.mode, "answer": ANSWERS.get(each.answer, "")}
        found.append(
            _obligation(exercise, seat, "procedure", text, form, number=each.number, until=each.until, **given)
        )
    return found


def _obligation(
    exercise: Exercise, seat: str, kind: str, text: str, form: str = "", sender: str = "", **given: Any
) -> Obligation:
    """Return an obligation with its heading."""
    other = exercise.context.scenario.governments.get(sender)
    by = f" {BY.get(kind, 'from')} {called(other.name) if other else sender}" if sender else ""
    given |= {"form": form or kind, "heading": f"{form or kind}{by}"}
    return Obligation(government=seat, kind=kind, text=text, sender=sender, **given)


def answers_to(proposed: Obligation, who: str) -> str:
    """Return the answer of a seat to a standing procedure, or what can be typed; `who` comes before the number."""
    number = f"{who}{proposed.number}"
    without = "carried out" if proposed.mode == "act" else "not carried out"
    return proposed.answer or f"accept {number} or refuse {number}; without an answer it is {without}"


def why_due(exercise: Exercise, owed: Obligation) -> str:
    """Return what called the meeting, as far as the seat has read of it, else which kind of meeting it was.

    What it had read before its last decision on the dossier is no news. Empty for what is not a decision.
    """
    if owed.kind != "decision":
        return ""
    due = exercise.commands.seats.dues[owed.government, owed.dossier]
    record = record_of(exercise.records()[due.seq], "")
    assert isinstance(record, DecisionDueRecord)
    last = _last_decided(exercise, due, min(record.cause, default=due.seq))
    news = brought(exercise, due.government, [seq for seq in record.cause if seq > last])
    read = dict.fromkeys(shortened(clean(each.brief()), LONGEST_CAUSE) for each in news)
    return "; ".join(list(read)[:MOST_CAUSES]) or phrase("meetings", record.meeting, "")


def _last_decided(exercise: Exercise, due: DueDecision, since: int) -> int:
    """Return the record of the decision on the same dossier before one that is due, if it is not before `since`."""
    options = exercise.context.scenario.options
    for seq in range(due.seq - 1, since, -1):
        _, _, kind, who, about, _, data = exercise.records()[seq]
        if who != due.government or kind not in DECIDED or (kind == "command" and about not in ("order", "pass")):
            continue
        option = options.get(data.get("option") or about)
        dossier = option.dossier if option else data.get("dossier") or ("" if about == "pass" else None)
        if dossier in (due.dossier, ""):
            return seq
    return -1
