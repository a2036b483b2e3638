"""What people write to each other, and what evaluators and the white cell record, as clauses."""

from __future__ import annotations

from collections.abc import Callable

from wargame.journal.records import Record
from wargame.journal.wording import Titles


def author(name: object) -> str:
    """Who wrote a note or a rating: a name, or `the facilitator` or `the scribe`."""
    return {"": "the facilitator", "scribe": "the scribe"}.get(str(name or ""), str(name or ""))


def _writer(record: Record, titles: Titles) -> str:
    """Who writes, and whether the white cell does so in its name."""
    return titles.government(record.who) + (" (by the white cell)" if record.data.get("by") else "")


def _message(record: Record, titles: Titles) -> str:
    to = "the public" if record.data.get("public") else _addressees(record, titles)
    return f"{_writer(record, titles)} to {to}: {record.data.get('text', '')}"


RFI_STATUSES = {"answered": "answered", "in_work": "in work", "declined": "declined"}


def _rfi_reply(record: Record, titles: Titles) -> str:
    data, who = record.data, titles.government(record.data.get("government", ""))
    status = RFI_STATUSES.get(str(data.get("status")), "")
    text = f": {data['text']}" if data.get("text") else ""
    return f"request for information {data.get('number', '')} of {who} is {status}{text}"


def _answer(record: Record, titles: Titles) -> str:
    text = f" ({record.data['text']})" if record.data.get("text") else ""
    return f"{_writer(record, titles)} answers offer {record.about}: {record.data.get('answer', '')}{text}"


def _offer(record: Record, titles: Titles) -> str:
    data = record.data
    verb = "demands of" if data.get("form") == "demand" else "offers"
    return f"{_writer(record, titles)} {verb} {_addressees(record, titles)}: {data.get('text', '')}"


def _addressees(record: Record, titles: Titles) -> str:
    return titles.listed(record.data.get("to") or record.about)


def _voters(record: Record, titles: Titles) -> str:
    """Those who are asked to vote: `Japan, China and the United States`."""
    *others, last = _addressees(record, titles).split(", ")
    return f"{', '.join(others)} and {last}" if others else last


def _result(record: Record, _: Titles) -> str:
    data, count = record.data, record.data.get("count")
    counted = ", ".join(f"{name} {ballots}" for name, ballots in count.items()) if isinstance(count, dict) else ""
    question = f", '{data['question']}'" if data.get("question") else ""
    return f"vote {record.about}{question}: {counted}" + (f", silent {data['silent']}" if data.get("silent") else "")


RULINGS = {"action": "done", "order": "ordered as an option", "refuse": "refused"}


def _ruling(record: Record, titles: Titles) -> str:
    how, why = str(record.data.get("how", "")), record.data.get("why")
    ruled = RULINGS.get(how, how) + (", whatever the requirements" if record.data.get("override") else "")
    return f"ruling for {titles.government(record.about)}: {ruled}" + (f" ({why})" if why else "")


def _rating(record: Record, titles: Titles) -> str:
    data = record.data
    who = f", {titles.government(data['government'])}" if data.get("government") else ""
    why = f" ({data['why']})" if data.get("why") else ""
    return f"rating of {record.about}{who}{_by(record)}: {data.get('rating', '')}{why}"


def _by(record: Record) -> str:
    """The author of a note or a rating, if it is an evaluator."""
    return f" by {record.data['evaluator']}" if record.data.get("evaluator") else ""


CORRESPONDENCE_SENTENCES: dict[str, Callable[[Record, Titles], str]] = {
    "message": _message,
    "rfi": lambda r, t: f"{t.government(r.who)} sends request for information {r.about}: {r.data.get('text', '')}",
    "rfi.reply": _rfi_reply,
    "offer": _offer,
    "answer": _answer,
    "vote": lambda r, t: f"{_writer(r, t)} calls a vote of {_voters(r, t)}: {r.data.get('question', '')}",
    "ballot": lambda r, t: f"{_writer(r, t)} votes {r.data.get('choice', '')} in vote {r.about}",
    "vote.result": _result,
    "request": lambda r, t: f"{t.government(r.who)} asks the white cell: {r.data.get('text', '')}",
    "ruling": _ruling,
    "rating": _rating,
    "note": lambda r, _: f"note{_by(r)}: {r.data.get('text', r.about)}",
}
