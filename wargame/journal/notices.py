"""What a seat, or the public screen, reads of a record that it may see, as data for the writer of each medium.

The input is a record as `visibility` lets the viewer see it, so that a notice cannot reveal anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from wargame.journal.action_sentences import BY_PROCEDURE
from wargame.journal.correspondence_sentences import RFI_STATUSES, RULINGS
from wargame.journal.questionnaire_sentences import (
    answers_in_words,
    asked_in_words,
    attached_in_words,
    results_in_words,
)
from wargame.journal.records import Record
from wargame.journal.sentences import headline
from wargame.journal.wording import Titles, sentence, signed, words
from wargame.language.markdown import plain
from wargame.sentence import Hint, Name, Part, Sentence

MESSAGE, REPORT, OWN = "message", "report", "own"
"""Sorts of notices: what others write to the reader, what happens, what the reader does."""
NOTHING = Sentence()


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the code of a government or `public`; with titles, and the calendar from seconds to local time."""

    seat: str
    titles: Titles
    at: Callable[[int], datetime]


@dataclass(frozen=True, slots=True)
class Notice:
    """What a viewer reads of a record.

    A page shows the label, the sender, whom it is `to` and its `name` (as `offer 2`) apart from the body. A terminal
    writes `lead` in their place. `letter` is the number by which a message of the script is acknowledged, 0 for others.
    `tone` is the assessment of a report and its weight. `end` is added where there are no buttons: how to answer.
    """

    label: str
    body: Sentence
    sort: str
    lead: Sentence
    end: Sentence = NOTHING
    sender: str = ""
    to: str = ""
    name: str = ""
    letter: int = 0
    tone: tuple[str, str] = ("", "")

    @property
    def hints(self) -> tuple[Hint, ...]:
        """The commands with which the reader can answer."""
        return self.end.hints

    def typed(self) -> str:
        """The text on a terminal, without the banner."""
        return f"{self._number}{self.lead.typed()}{self.body.typed()}{self.end.typed()}{self._assessed}"

    @property
    def _number(self) -> str:
        return f"[{self.letter}] " if self.letter else ""

    @property
    def _assessed(self) -> str:
        return "; assessed as {} ({})".format(*self.tone) if self.tone[0] else ""

    def brief(self) -> str:
        """The text on a terminal without number and commands."""
        return f"{self.lead.typed()}{self.body.typed()}{self.end.typed(hints=False)}"

    def line(self) -> str:
        """The text in one line of a page, for those who watch the reader: without commands, pictures by their names."""
        return f"{self._number}{self.lead.shown()}{self.body.typed()}{self.end.typed(hints=False)}{self._assessed}"


def notice(record: Record, reader: Reader) -> Notice | None:
    """What the reader reads; None for a record that is visible but not reported, such as a snapshot."""
    describe = _NOTICES.get(record.kind)
    return describe(record, reader) if describe else None


def _of(label: str, sort: str, *body: Part, lead: str | None = "", end: Sentence = NOTHING) -> Notice:
    """A notice; without a lead, terminals begin with the label and a colon."""
    return Notice(label, Sentence(*body), sort, Sentence(f"{label}: " if lead is None else lead), end)


def _told(label: str, sort: str = REPORT) -> Callable[[Record, Reader], Notice]:
    """For kinds whose sentence needs no other words for the reader."""
    return lambda record, reader: _of(label, sort, headline(record, titles=reader.titles))


def spans(numbers: Iterable[int]) -> str:
    """Numbers in order, consecutive ones drawn together: `1 to 4, 7`."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(low) if low == high else f"{low} to {high}" for low, high in runs)


HOSTILE, FRIENDLY = -0.5, 0.5
"""Perceived weights below and above which a report is called hostile or friendly."""


def _signal(record: Record, reader: Reader) -> Notice:
    data = record.data
    did = sentence(f"{reader.titles.government(data['actor'])} {reader.titles.action(data)}")
    if "perceived" not in data:
        return _of("Report", REPORT, did)
    weight = float(data["perceived"])
    tone = "hostile" if weight < HOSTILE else "friendly" if weight > FRIENDLY else "neutral"
    return replace(_of("Report", REPORT, did, lead=None), tone=(tone, signed(weight, 1)))


def _released(record: Record, _: Reader) -> Notice:
    data = record.data
    channel, questions = str(data.get("channel", "News")), asked_in_words(data)
    files = Name(*(f" with {each}" if (each := attached_in_words(data, described=d)) else "" for d in (True, False)))
    return Notice(
        channel,
        Sentence(plain(data.get("message") or data.get("subject") or data.get("title", ""))),
        MESSAGE,
        Sentence(f"{channel}{f' from {record.who}' if record.who else ''}", files, ": "),
        Sentence(f" [{questions}]" if questions else ""),
        sender=record.who,
        letter=int(data.get("number", 0)),
    )


def _retracted(record: Record, _: Reader) -> Notice:
    data = record.data
    number = f"message [{data['number']}]" if "number" in data else "an earlier message"
    return _of("Disregard", MESSAGE, f"DISREGARD {number}: {data['message']}")


def _action(record: Record, reader: Reader) -> Notice:
    failed = "" if record.data.get("success", True) else ", and it fails"
    label = _NOT_ORDERED.get(str(record.data.get("from")))
    by = f", {label}" if label else ""
    did = f"{reader.titles.government(record.who)} {reader.titles.action(record.data)}{by}{failed}"
    return _of("Done", OWN, did, lead=None)


_NOT_ORDERED = {
    "procedure": BY_PROCEDURE,
    "inject": "by the script",
    "hazard": "by chance",
    "adjudicated": "entered by EXCON",
}
"""Sources of actions of a government that its own decisions did not cause -> label."""


def _decision(record: Record, reader: Reader) -> Notice | None:
    if record.data.get("choice") == "wait":
        return None
    return _of("Staff", OWN, f"Decided by the staff: {reader.titles.choice(record.data, 'choice')}")


def _dossier(dossier: object, reader: Reader) -> Name:
    """A dossier, in quotes on terminals: on pages it is below its label."""
    title = reader.titles.dossiers.get(str(dossier)) or words(str(dossier))
    return Name(reader.titles.dossier(dossier), title)


def _due(record: Record, reader: Reader) -> Notice:
    until, default = record.data.get("until"), record.data.get("default")
    by = (", by ", reader.at(until)) if isinstance(until, int) else ()
    then = " (then your staff decides)" if by and default == "model" else ""
    dossier = _dossier(record.about, reader)
    return _of("Decision due", OWN, dossier, *by, then, lead="DECISION DUE on ")


def _missed(record: Record, reader: Reader) -> Notice:
    default = "the staff decides" if record.data.get("default") == "model" else "nothing is done"
    reason = f" ({record.data['reason']})" if record.data.get("reason") else ""
    dossier = reader.titles.dossier(record.about)
    return _of("Not decided", OWN, f"Not decided in time on {dossier}: {default}{reason}")


def _does(record: Record, reader: Reader) -> str:
    return sentence(f"{reader.titles.government(record.who)} {reader.titles.choice(record.data)}")


def _inherited(record: Record, reader: Reader) -> Notice:
    number, at = str(record.data["number"]), reader.at(record.data["until"])
    return _of(
        *("Under way", MESSAGE, _does(record, reader), " at ", at),
        lead=f"UNDER WAY {number}, ordered by the model: ",
        end=Sentence(", unless you cancel it", Hint(("cancel", number), label=f"Cancel order {number}")),
    )


def _proposed(record: Record, reader: Reader) -> Notice:
    data, number, at = record.data, str(record.data["number"]), reader.at(record.data["until"])
    accept, refuse = (Hint((verb, number), label=verb.title()) for verb in ("accept", "refuse"))
    acts = data["mode"] == "act"
    return _of(
        *("Standing procedure", MESSAGE, f"{data['title']}. {_does(record, reader)} at ", at),
        ", unless you refuse" if acts else ", if you accept",
        lead=f"STANDING PROCEDURE {number}: ",
        end=Sentence(refuse) if acts else Sentence(accept, refuse),
    )


def _procedure_answer(record: Record, _: Reader) -> Notice:
    answered = "Accepted" if record.data["answer"] == "accept" else "Refused"
    return _of("Standing procedure", OWN, f"{answered}: standing procedure {record.data['number']}")


def _procedure_expired(record: Record, reader: Reader) -> Notice:
    what = f"Standing procedure {record.data['number']} has expired without an answer"
    return _of("Standing procedure", OWN, f"{what}: {reader.titles.choice(record.data)}")


_MODES = {
    "act": ("acts unless you refuse", "act unless you refuse"),
    "propose": ("is proposed to you", "are proposed to you"),
    "off": ("is off", "are off"),
}
"""What one procedure does, and what all do."""


def _demand(record: Record, reader: Reader) -> Notice:
    data, titles = record.data, reader.titles
    who = titles.government(record.who)
    inducement = f"; if met, {who} {titles.option(data['inducement'])}" if data.get("inducement") else ""
    threat = f"; if not, {who} {titles.option(data['threat'])}" if data.get("threat") else ""
    until = f", by {reader.at(data['until']):%Y-%m-%d}"
    demand = f"{who} demands that {titles.government(data['of'])} {titles.any_of(data['wants'])}"
    return _of("Demand", MESSAGE, sentence(f"{demand}{until}{inducement}{threat}"))


def _end(record: Record, reader: Reader) -> Notice:
    """With what ended it, which not everyone may have heard before."""
    title = reader.titles.outcomes.get(record.about)
    return _of("Exercise", REPORT, "The exercise is over" + (f" ({title})" if title else ""))


def _leader(record: Record, reader: Reader) -> Notice:
    name = record.data.get("title") or words(record.about)
    who = reader.titles.government(record.who)
    return _of("Leadership", REPORT, sentence(f"{who}: {name} is in office"))


def _step(label: str) -> Callable[[Record, Reader], Notice | None]:
    """A change of state; what happens within one is not reported."""
    told = _told(label)
    return lambda record, reader: None if record.data.get("from") == record.data.get("to") else told(record, reader)


_SEATS = {"human": "a person", "model": "the model", "script": "the script"}


_ANNOUNCED = {
    "noplay": "NO PLAY NO PLAY NO PLAY: the exercise is stopped.",
    "playon": "The exercise continues.",
    "endex": "ENDEX ENDEX ENDEX",
}
"""Commands that everyone hears."""


def _deadline(record: Record) -> str:
    data = record.data
    game, wall = data.get("game"), data.get("wall")
    if not game and not wall:
        return "Decisions have no deadline from now on"
    limit = f"{game} of game time" if game else f"{wall} of real time"
    then = "your staff decides" if data.get("default") == "model" else "nothing is done"
    return f"Deadline for decisions: {limit}, for open ones from now on (then {then})"


def _command(record: Record, reader: Reader) -> Notice | None:
    data, kind = record.data, record.about
    by = "" if record.who == reader.seat else f", {_NOT_ORDERED['adjudicated']}"
    if kind == "deadline" or kind in _ANNOUNCED:
        text = _deadline(record) if kind == "deadline" else f"{_ANNOUNCED[kind]} {data.get('text', '')}"
        return _of("Exercise", REPORT, text.rstrip())
    if kind == "ack":
        numbers = spans(data["numbers"])
        plural = "" if numbers.isdigit() else "s"
        return _of("Acknowledged", OWN, Name(numbers, f"Message{plural} {numbers}"), lead=None) if numbers else None
    if kind == "seat":
        seat = reader.titles.government(data["government"])
        return _of("Seat", REPORT, f"The seat of {seat} is now played by {_SEATS.get(data['kind'], data['kind'])}")
    if kind == "procedures":
        one, every = _MODES[data["mode"]]
        title = reader.titles.procedures.get(str(data.get("procedure")))
        mode = f"Standing procedure '{title}' {one}" if title else f"Your standing procedures {every}"
        return _of("Standing procedures", MESSAGE, mode)
    if kind == "order":
        return _of("Ordered", OWN, f"{reader.titles.choice(data)}{by}", lead=None)
    if kind == "standing_order":
        choice = f"{reader.titles.choice(data)}, once {data['when']}{by}"
        return _of("Standing order", OWN, choice, lead="Ordered: ")
    what = _dossier(data["dossier"], reader) if data.get("dossier") else "all decisions that are due"
    return _of("Passed", OWN, what, by, lead=None) if kind == "pass" else None


def _talk(label: str, lead: str, text: str, record: Record, reader: Reader, name: str = "") -> Notice:
    """What a government, or EXCON, writes to others."""
    own, titles, to = record.who == reader.seat, reader.titles, list(record.data.get("to", ()))
    others = record.kind != "vote" and to != [reader.seat] and not record.data.get("public")
    return Notice(
        label,
        Sentence(text),
        OWN if own else MESSAGE,
        Sentence(f"{lead}: "),
        sender="" if own else sentence(titles.government(record.who)),
        to=titles.listed(to) if others else "",
        name=name,
    )


def _offer(record: Record, reader: Reader) -> Notice:
    data, titles = record.data, reader.titles
    form, number = "Demand" if data.get("form") == "demand" else "Offer", data["number"]
    lead = f"{form} {number} from {titles.government(record.who)} to {titles.listed(data['to'])}"
    return _talk(form, lead, data["text"], record, reader, f"offer {number}")


def _message(record: Record, reader: Reader) -> Notice:
    data, who = record.data, reader.titles.government(record.who)
    if data.get("public"):
        lead = f"Public {'notice' if record.who == 'EXCON' else 'statement'} of {who}"
        return _talk("Public statement", lead, data["text"], record, reader)
    return _talk("Message", f"Message from {who} to {reader.titles.listed(data['to'])}", data["text"], record, reader)


def _response(record: Record, _: Reader) -> Notice:
    data = record.data
    given = f"questionnaire {data.get('number', record.about)}, {answers_in_words(data)}"
    if data.get("person"):
        return _of("Answered", OWN, f"Answered by {data['person']}: {given}")
    return _of("Answered", OWN, given, lead=None)


def _closed(record: Record, _: Reader) -> Notice:
    number, title = record.data.get("number", record.about), record.data.get("title", "")
    return _of("Questionnaire", REPORT, f"Questionnaire {number} is closed: {title}")


def _results(record: Record, _: Reader) -> Notice:
    title = record.data.get("title") or record.about
    return _of("Results", REPORT, f"Results of '{title}': {results_in_words(record.data)}")


def _rfi_reply(record: Record, _: Reader) -> Notice:
    data = record.data
    status = RFI_STATUSES.get(str(data.get("status")), "")
    text = f": {data['text']}" if data.get("text") else ""
    return _of("Reply of EXCON", MESSAGE, f"Request for information {data['number']} is {status}{text}")


def _answer(record: Record, reader: Reader) -> Notice:
    data, titles = record.data, reader.titles
    text = f" ({data['text']})" if data.get("text") else ""
    answers = f"{titles.government(record.who)} answers {data['form']} {data['offer']}"
    said = sentence(f"{answers} from {titles.government(data['of'])}: {data['answer']}{text}")
    return _of("Answer", OWN if record.who == reader.seat else MESSAGE, said)


def _vote(record: Record, reader: Reader) -> Notice:
    data, who = record.data, reader.titles.government(record.who)
    text, number = f"{data['question']} ({' / '.join(map(str, data['choices']))})", data["number"]
    return _talk("Vote", f"Vote {number} called by {who}", text, record, reader, f"vote {number}")


def _result(record: Record, _: Reader) -> Notice:
    data = record.data
    count = ", ".join(f"{choice} {ballots}" for choice, ballots in data["count"].items())
    text = f"Result of vote {data['vote']} ({data['question']}): {count}, silent {data['silent']}"
    return _of("Result of a vote", MESSAGE, text)


def _ruling(record: Record, _: Reader) -> Notice:
    data = record.data
    why = f" ({data['why']})" if data.get("why") else ""
    how = RULINGS.get(str(data["how"]), data["how"])
    return _of("Ruling", MESSAGE, f"Ruling of the white cell on '{data['text']}': {how}{why}")


def _outcome(record: Record, _: Reader) -> Notice | None:
    return None if record.data.get("inherited") else _of("Event", REPORT, record.data["title"], lead="Outcome: ")


def _not_carried_out(record: Record, reader: Reader) -> Notice:
    what = f"{reader.titles.choice(record.data)}: {record.data['reason']}"
    return _of("Not carried out", OWN, what, lead=None)


def _standing(record: Record, reader: Reader) -> Notice:
    what = reader.titles.choice(record.data)
    return _of("Standing order", OWN, f"Standing order {record.data['number']} is triggered: {what}")


def _strategy(record: Record, reader: Reader) -> Notice:
    title = reader.titles.strategies.get(record.about) or words(record.about)
    return _of("Policy", OWN, title, lead="Strategy: ")


def _revoked(record: Record, _: Reader) -> Notice:
    return _of("Correction", REPORT, f"Taken back by the white cell: {record.data['title']}")


def _rfi(record: Record, _: Reader) -> Notice:
    text = f"Request for information {record.data['number']} to EXCON: {record.data['text']}"
    return _of("Question to EXCON", OWN, text)


def _request(record: Record, _: Reader) -> Notice:
    return _of("Sent to EXCON", OWN, record.data["text"], lead="Sent to the white cell: ")


def _ballot(record: Record, _: Reader) -> Notice:
    return _of("Your vote", OWN, f"You vote {record.data['choice']} in vote {record.data['vote']}")


_NOTICES: dict[str, Callable[[Record, Reader], Notice | None]] = {
    "startex": lambda *_: _of("Exercise", REPORT, "STARTEX: governments decide from now on"),
    "run.end": _end,
    "signal": _signal,
    "inject.released": _released,
    "inject.retracted": _retracted,
    "action": _action,
    "decision": _decision,
    "order.inherited": _inherited,
    "order.cancelled": _not_carried_out,
    "decision.due": _due,
    "decision.missed": _missed,
    "demand": _demand,
    "demand.settled": _told("Demand"),
    "outcome": _outcome,
    "outcome.revoked": _revoked,
    "hazard": lambda record, _: _of("News", REPORT, record.data["title"], lead=None),
    "leader": _leader,
    "strategy": _strategy,
    "forum": _step("Talks"),
    "agreement": _step("Agreement"),
    "command": _command,
    "procedure.proposed": _proposed,
    "procedure.answer": _procedure_answer,
    "procedure.expired": _procedure_expired,
    "standing_order": _standing,
    "questionnaire.answer": _response,
    "questionnaire.closed": _closed,
    "questionnaire.results": _results,
    "message": _message,
    "rfi": _rfi,
    "rfi.reply": _rfi_reply,
    "offer": _offer,
    "answer": _answer,
    "vote": _vote,
    "ballot": _ballot,
    "vote.result": _result,
    "request": _request,
    "ruling": _ruling,
}
