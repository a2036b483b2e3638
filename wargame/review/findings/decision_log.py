"""The acts of people in an exercise: decisions of seats, messages, votes, and the white cell's log.

Each function takes an open run and returns rows in order of time. `evidence` lists the numbers of the records that a
row is based on; `seq` is that of them which gives the row its time.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wargame.journal import wording
from wargame.journal.command_words import is_setting
from wargame.journal.judgements import present_judgements, replaced_by, replaced_ratings
from wargame.journal.records import Record
from wargame.journal.records import correspondence as letters
from wargame.journal.records import seats as of_seats
from wargame.journal.records.governments import ActionRecord
from wargame.journal.records.run import CommandRecord, NoteRecord, RatingRecord
from wargame.journal.wording import author, date
from wargame.review.findings import people
from wargame.review.findings.finding_rows import Row, record_row
from wargame.review.findings.headlines import MSEL_COMMANDS, command_in_words
from wargame.review.findings.source import RunSource
from wargame.review.findings.turning_points import vote_count
from wargame.tables import tables

Followers = Mapping[int, Sequence[Record]]
NOT_ANSWERED, EXPIRED = "not answered", "expired without an answer"
NOT_YET = "not yet carried out at the end"
NOT_TRIGGERED = "not triggered: its condition was never true while the option was available"
PROCEDURE_STEPS = ("procedure.answer", "procedure.expired")
RULED = {"action": "the white cell entered it as an action", "order": "the white cell entered it as an order"}


def seat_decisions(source: RunSource) -> list[Row]:
    """Return orders, standing orders, requests in free text and passes of human seats, and missed decisions.

    `what` describes the decision, `reason` the one that the seat gave, `result` what came of it. `decided` is false
    for a decision that was missed and for a standing procedure without an answer. The time of a standing procedure is
    that of the answer, if there is one. `by` is the white cell where it decided in the place of the seat.
    """
    seats, followers = people.SeatHistory(source), people.consequences(source.since)
    rows = []
    for record in source.since:
        who = people.government_of(record)
        describe = _COMMANDS.get(record.about) if record.kind == "command" else _RECORDS.get(record.kind)
        if describe is not None and seats.is_human(who, record.seq) and not people.is_forced(record):
            what, result, evidence = describe(source, record, followers)
            reason = people.reason_of(record)
            steps = [each for each in map(source.index.__getitem__, evidence) if each.kind in PROCEDURE_STEPS]
            answers = [each for each in steps if each.kind == "procedure.answer"]
            given = answers[-1] if answers else record
            answered = bool(answers) and answers[-1] is steps[-1]
            decided = answered if record.kind == "procedure.proposed" else record.kind != "decision.missed"
            by = people.WHITE_CELL if decided and people.entered_by_white_cell(given) else ""
            columns = {"by": by, "what": what, "reason": reason, "result": result, "decided": decided}
            rows.append(_row(source, record, who, evidence, **columns) | record_row(source, given))
    return sorted(rows, key=lambda row: int(row["seq"]))


def decided_by(source: RunSource, decisions: Sequence[Row], adjudications: Sequence[Row]) -> dict[str, int]:
    """Return how many decisions people and programs took, and how many orders and actions the white cell entered."""
    taken = [row for row in decisions if row["decided"]]
    of_seats = [row["who"] in source.programs for row in taken if not row["by"]]
    entered = [source.index[row["seq"]] for row in adjudications]
    by_hand = sum(each.about in (*people.ORDERS, "action") and not is_setting(each.data) for each in entered)
    by_hand += sum(bool(row["by"]) for row in taken)
    return {"people": of_seats.count(False), "programs": of_seats.count(True), "the white cell": by_hand}


def _row(source: RunSource, record: Record, who: str, evidence: Sequence[int], **columns: Any) -> Row:
    return record_row(source, record, who=who, **columns, evidence=[record.seq, *evidence])


Described = tuple[str, str, list[int]]


def _order(source: RunSource, order: Record, followers: Followers) -> Described:
    result, evidence = carried_out(order, followers)
    what = f"{source.titles.choice(order.data)}{wording.beyond(order.data.get('beyond'))}"
    return what, result or NOT_YET, evidence


def carried_out(order: Record, followers: Followers) -> tuple[str, list[int]]:
    """Return what came of an order, and the records that show it; empty if it was not settled."""
    for after in followers.get(order.seq, ()):
        if isinstance(after, ActionRecord):
            failed = "" if after.success else ", and failed"
            return f"carried out on {date(after.at)}{failed}", [after.seq]
        if isinstance(after, of_seats.OrderCancelledRecord):
            return f"cancelled on {date(after.at)}: {after.reason}", [after.seq]
    return "", []


def _standing_order(source: RunSource, order: Record, followers: Followers) -> Described:
    when = f"as soon as it is possible and it believes that {order.data.get('when', '')}"
    what = f"{source.titles.choice(order.data)}, {when}"
    for after in followers.get(order.seq, ()):
        if after.kind == "standing_order":
            result, evidence = carried_out(after, followers)
            triggered = f"triggered on {date(after.at)}"
            return what, f"{triggered}; {result or NOT_YET}", [after.seq, *evidence]
    withdrawn = _withdrawal(source, order)
    return (what, f"withdrawn on {date(withdrawn.at)}", [withdrawn.seq]) if withdrawn else (what, NOT_TRIGGERED, [])


def _withdrawal(source: RunSource, order: Record) -> Record | None:
    """Return what withdrew a standing order; a government counts standing orders and inherited ones together from 1."""
    government, number = str(order.data.get("government")), 0
    for record in source.since:
        data = record.data if isinstance(record, CommandRecord) else {}
        if record.seq <= order.seq:
            if isinstance(record, of_seats.OrderInheritedRecord) and record.who == government:
                number = max(number, record.number)  # it keeps its number if it is inherited again
            number += record.about == "standing_order" and data.get("government") == government
        elif (record.about, data.get("government"), str(data.get("number"))) == ("cancel", government, str(number)):
            return record
    return None


def _request(_: RunSource, request: letters.RequestRecord, followers: Followers) -> Described:
    what = f"in free text: '{request.text}'"
    ruling = next((after for after in followers.get(request.seq, ()) if isinstance(after, letters.RulingRecord)), None)
    if ruling is None:
        return what, "no ruling", []
    how, why = ruling.how, ruling.why
    if how == "refuse":
        return what, "refused by the white cell" + (f": {why}" if why else ""), [ruling.seq]
    result, evidence = carried_out(ruling, followers)
    text = RULED.get(how, f"ruling: {wording.words(how)}")
    return what, f"{text}; {result}" if result else text, [ruling.seq, *evidence]


def _pass(source: RunSource, command: Record, _: Followers) -> Described:
    dossier = command.data.get("dossier")
    return f"does not act on {source.titles.dossier(dossier)}" if dossier else "does not act on what is due", "", []


def _missed(source: RunSource, record: of_seats.DecisionMissedRecord, _: Followers) -> Described:
    default = "the model decided instead" if record.default == "model" else "nothing was done"
    reason = f" ({record.reason})" if record.reason else ""
    return f"no decision on {source.titles.dossier(record.about)} in time{reason}", default, []


def _withdraw(source: RunSource, command: Record, _: Followers) -> Described:
    """Return a standing order, or an order of the model, whose cancellation has a record."""
    for after in source.since:
        if isinstance(after, of_seats.OrderCancelledRecord) and command.seq in after.cause:
            what = source.titles.ordered(after.option, after.target)
            return f"cancels an order of the model: {what}", "", [after.seq]
    return f"withdraws standing order {command.data.get('number', '')}", "", []


def _procedure(source: RunSource, proposed: of_seats.ProcedureProposedRecord, followers: Followers) -> Described:
    """Return a standing procedure that was put to the seat: the last answer, and whether it was carried out."""
    choice, record = source.titles.ordered(proposed.option, proposed.target), proposed  # type: str, Record
    what, result, evidence = f"standing procedure: {choice}", NOT_ANSWERED, list[int]()
    while answer := next((a for a in followers.get(record.seq, ()) if a.kind in PROCEDURE_STEPS), None):
        record = answer
        evidence.append(answer.seq)
        accepted = isinstance(answer, of_seats.ProcedureAnswerRecord) and answer.answer == "accept"
        result = EXPIRED if answer.kind != "procedure.answer" else "accepted" if accepted else "refused"
    came_of_it, more = carried_out(record, followers)
    if result == NOT_ANSWERED and not came_of_it and (off := _switched_off(source, proposed)):
        return what, f"{NOT_ANSWERED}; withdrawn by the white cell on {date(off.at)}", [off.seq]
    return what, f"{result}; {came_of_it}" if came_of_it else result, [*evidence, *more]


def _switched_off(source: RunSource, proposed: Record) -> Record | None:
    """Return the command of the white cell that withdrew what a standing procedure had put to a seat."""
    for record in source.since:
        if isinstance(record, CommandRecord) and record.about == "procedures" and record.seq > proposed.seq:
            data = record.data
            same = data.get("government") == proposed.who and data.get("procedure") in ("", None, proposed.about)
            if same and data.get("mode") == "off":
                return record
    return None


Describe = Callable[[RunSource, Any, Followers], Described]
_COMMANDS: dict[str, Describe] = {
    "order": _order,
    "standing_order": _standing_order,
    "cancel": _withdraw,
    "pass": _pass,
}
"""Commands by which a seat decides."""
_RECORDS: dict[str, Describe] = {"request": _request, "decision.missed": _missed, "procedure.proposed": _procedure}
"""Kinds of other records of its decisions."""


# --- messages and votes --------------------------------------------------------------------------------------------


def messages(source: RunSource) -> list[Row]:
    """Return messages, requests for information, offers and demands: sort, sender, addressees, text, answers.

    `by` is the white cell where it wrote in the name of a government; in the answers a word says so.
    """
    followers = people.consequences(source.since)
    rows = []
    for record in source.since:
        if isinstance(record, letters.MessageRecord | letters.OfferRecord | letters.RfiRecord):
            after = followers.get(record.seq, ())
            answers = [each for each in after if isinstance(each, letters.AnswerRecord | letters.RfiReplyRecord)]
            sort = (record.form or "offer") if isinstance(record, letters.OfferRecord) else _SORTS[record.kind]
            columns = {"sort": sort, "by": record.by, "to": _names(source, record), "text": record.text}
            result = "; ".join(_answer(source, answer) for answer in answers)
            if record.kind in ("offer", "rfi") and not answers:
                result = "no answer"
            rows.append(_row(source, record, record.who, [each.seq for each in answers], **columns, result=result))
    return rows


_SORTS = {"message": "message", "rfi": "request for information"}
BY_WHITE_CELL = ", by the white cell"


def _names(
    source: RunSource, record: letters.MessageRecord | letters.OfferRecord | letters.RfiRecord | letters.VoteRecord
) -> list[str]:
    if isinstance(record, letters.RfiRecord):
        return ["EXCON"]
    public = isinstance(record, letters.MessageRecord) and record.public
    return ["the public"] if public else [source.name(name) for name in record.to or [record.about]]


def _answer(source: RunSource, answer: letters.AnswerRecord | letters.RfiReplyRecord) -> str:
    text = f" ('{answer.text}')" if answer.text else ""
    if isinstance(answer, letters.RfiReplyRecord):
        return f"{wording.words(answer.status or '')}{text}"
    return f"{source.name(answer.who)}{BY_WHITE_CELL if answer.by else ''}: {answer.answer}{text}"


def votes(source: RunSource) -> list[Row]:
    """Return votes: who called them, the question, the ballots and the result."""
    followers = people.consequences(source.since)
    results = (record for record in source.since if isinstance(record, letters.VoteResultRecord))
    closed = {record.cause[-1]: record for record in results if record.cause}
    rows = []
    for vote in source.since:
        if isinstance(vote, letters.VoteRecord):
            ballots = [after for after in followers.get(vote.seq, ()) if isinstance(after, letters.BallotRecord)]
            result = closed.get(vote.seq)
            cast = (f"{source.name(b.who)}{BY_WHITE_CELL if b.by else ''}: {b.choice}" for b in ballots)
            columns = {
                "by": vote.by,
                "question": vote.question,
                "voters": ", ".join(_names(source, vote)),
                "ballots": "; ".join(cast) or "none",
                "result": vote_count(result) if result else "open at the end",
            }
            evidence = [ballot.seq for ballot in ballots] + ([result.seq] if result else [])
            rows.append(_row(source, vote, vote.who, evidence, **columns))
    return rows


# --- the white cell ------------------------------------------------------------------------------------------------


def adjudications(source: RunSource) -> list[Row]:
    """Return what the white cell decided: actions, values, outcomes, orders with their results, rulings, seats."""
    seats, followers, rows = people.SeatHistory(source), people.consequences(source.since), []
    for record in source.since:
        if record.kind == "ruling" or (record.kind == "command" and _is_adjudication(record, seats)):
            what, reason = command_in_words(source, record), people.reason_of(record)
            result, evidence = carried_out(record, followers)
            if record.about == "order":
                what = f"{what}; {result or NOT_YET}"
            rows.append(_row(source, record, record.who, evidence, what=what, reason=reason))
    return rows


def _is_adjudication(command: Record, seats: people.SeatHistory) -> bool:
    if command.about in people.ORDERS:
        government = str(command.data.get("government") or "")
        return people.is_forced(command) or not seats.is_human(government, command.seq)
    return command.about not in MSEL_COMMANDS and command.about not in _COMMANDS and command.about not in ROUTINE


ROUTINE = frozenset({"tally", "ack", "epoch", "decision.missed", "dismiss"})
"""Commands that need no separate row."""


def remarks(source: RunSource) -> list[Row]:
    """Return notes and ratings with author and subject, replaced ones marked; no judgements of expected actions."""
    elsewhere, replaced = present_judgements(source.since), replaced_ratings(source.since)
    return [
        _row(source, r, author(r.evaluator or r.who), [], sort=r.kind, **_remark(source, r, replaced))
        for r in source.since
        if isinstance(r, NoteRecord | RatingRecord) and r.seq not in elsewhere
    ]


def _remark(source: RunSource, record: NoteRecord | RatingRecord, replaced: frozenset[int]) -> dict[str, str]:
    about = record.named or record.about
    known = source.scenario.objectives if source.scenario else {}
    subject = known[about].title if about in known else f"record #{about}" if about.isdigit() else about
    subject = source.inject_titles.get(about, subject)
    if isinstance(record, RatingRecord):
        of = f", {source.name(record.government)}" if record.government else ""
        why = f": {record.why}" if record.why else ""
        later = f" ({replaced_by(record)})" if record.seq in replaced else ""
        return {"about": f"{subject}{of}", "text": f"{record.rating or ''}{why}{later}", "tag": ""}
    return {"about": subject, "text": record.text, "tag": str(record.tag or "")}


def in_short(source: RunSource) -> str:
    """Return what seats did besides orders, as counts: `2 messages, 1 vote`; empty if there was nothing."""
    seats = people.SeatHistory(source)
    said = [r for r in source.since if r.kind in _SAID and seats.is_human(r.who, r.seq) and not getattr(r, "by", "")]
    counts = {kind: sum(r.kind == kind for r in said) for kind in _SAID}
    return ", ".join(f"{number:,} {_SAID[kind][number > 1]}" for kind, number in counts.items() if number)


_SAID: Mapping[str, tuple[str, str]] = tables("review/words.yaml")["said"]
"""Kinds of what people say, in the singular and the plural."""
