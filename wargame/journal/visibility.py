"""Who may see a record, and which of its data.

This is the only place that decides it: the terminals of a live exercise, the documents of a seat and the review use
`RULES`. A government sees what it did, what it was sent, its signals and what is public. It learns of an action of
another government by its own signal of that action, not before. What would reveal the action earlier, such as an
outcome that the action caused, is shown together with the signal.

A rule names what is shown; a kind, or a key of its data, that no rule names is hidden.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wargame.journal.records import Record

PUBLIC = "public"
"""The viewer that stands for everyone, as on a screen in the room."""
BELIEF = "belief of "
"""Prefix of the path of an estimate in a snapshot: `belief of PRK in deterrence[USA]`."""

CHANNELS = {
    "News": True,
    "Social": True,
    "Email": False,
    "Phone": False,
    "Intel": False,
    "Reporting": False,
    "Orders": False,
    "Cable": False,
    "Hotline": False,
    "UNSC": True,
}
"""Channel of an inject -> whether it is public: what goes to all on it is also shown on the screen in the room."""

Data = dict[str, Any]
Rule = Callable[[Record, "Viewer"], "Data | None"]
"""The data of a record that a viewer may see; None if it may not see the record."""


@dataclass(frozen=True, slots=True)
class PublicFacts:
    """What the rules need to know of a scenario.

    `option_is_public` says of an option's id whether everyone can observe the action; `public_indicators` says of
    each indicator's id whether all governments know its value; `outcome_events` has the options and injects that the
    condition of an outcome counts. `covert_options` are carried out without the knowledge even of their target.
    """

    governments: Collection[str]
    option_is_public: Callable[[str], bool]
    public_indicators: Mapping[str, bool]
    outcome_events: Mapping[str, Collection[str]] = field(default_factory=dict)
    covert_options: Collection[str] = ()

    def knows_value(self, seat: str, path: str) -> bool:
        """Whether a seat knows the true value at this path, or the path is one of its own estimates."""
        if path.startswith(BELIEF):
            return path.startswith(f"{BELIEF}{seat} in ")
        name, _, index = path.partition("[")
        is_public = self.public_indicators.get(name)
        first = index.rstrip("]").split(",")[0].strip()
        return is_public is not None and (is_public or first == seat)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message of the script that a seat has been sent.

    `number` counts the seat's own messages, so that it reveals nothing of what others were sent; `release` counts the
    releases of the inject from 1.
    """

    number: int
    seq: int
    inject: str
    release: int


class Viewer:
    """One government, or the public, and what it has learned so far.

    Pass it every record of the run in order. `learned` holds the numbers of the actions that it knows of; a review,
    which looks back from the end of the run, starts with those that were learned in the whole of it.
    """

    def __init__(self, seat: str, facts: PublicFacts, learned: Iterable[int] = ()) -> None:
        self.seat, self.facts = seat, facts
        self.learned = set(learned)
        self.letters: list[Letter] = []
        self.numbered: dict[int, Record] = {}
        """Seq -> offer, vote or request that concerns it."""
        self._numbers: dict[int, int] = {}
        self._unsent: set[str] = set()
        """Injects that were sent to others alone."""
        self.revoked: set[int] = set()
        """Numbers of the outcomes that the white cell has revoked."""
        self._actions: dict[int, str] = {}
        self._public_actions: set[int] = set()
        self._informed: dict[int, set[str]] = defaultdict(set)
        self._releases: Counter[str] = Counter()
        self._news: set[int] = set()
        self._waiting: list[Record] = []
        self._shown: set[int] = set()

    def see(self, record: Record) -> list[Record]:
        """What this record brings: itself, with the data that may be seen, and what has waited for its news."""
        self._news.clear()
        remember = _MEMORY.get(record.kind)
        if remember is not None:
            remember(self, record)
        shown = self._show(record)
        if self._news:
            waiting, self._waiting = self._waiting, []
            shown += [each for waited in waiting for each in self._show(waited)]
        return shown

    def hear(self, seq: int, kind: str, about: str) -> None:
        """Takes an action of another government or a signal to one; as `see`, which shows nothing of it, but faster."""
        self._news.clear()
        if kind == "action":
            self._actions[seq] = about

    def learn(self, seq: int, action: int) -> list[Record]:
        """Takes a signal of this government; as `see`, but faster and without the signal itself.

        Returns what has waited for the news of the action.
        """
        self._news.clear()
        self._shown.add(seq)
        if action in self.learned:
            return []
        self.learned.add(action)
        self._news.add(action)
        waiting, self._waiting = self._waiting, []
        return [each for waited in waiting for each in self._show(waited)]

    def knows(self, seqs: Iterable[int]) -> bool:
        """Whether it knows of every action among these records."""
        return all(seq in self.learned or seq not in self._actions for seq in seqs)

    def number(self, seq: int) -> int:
        """The number of an offer, vote or request among those of its kind that concern this viewer."""
        return self._numbers[seq]

    def referred(self, record: Record) -> Record | None:
        """The offer, vote or request, among those that concern this viewer, that a record is about."""
        return next((self.numbered[seq] for seq in record.cause if seq in self.numbered), None)

    def has_been_shown(self, seqs: Iterable[int]) -> bool:
        """Whether it has been shown all of these records."""
        return all(seq in self._shown for seq in seqs)

    def learns_now(self, seqs: Iterable[int]) -> bool:
        """Whether the record that it sees now is its first news of one of these actions."""
        return not self._news.isdisjoint(seqs)

    def was_sent(self, data: Mapping[str, Any]) -> bool:
        """Whether a message of the script goes to it.

        A message without audience goes to all governments. The public receives it if its channel is public.
        """
        audience = data.get("audience") or ()
        if self.seat == PUBLIC and not CHANNELS.get(str(data.get("channel", "News")), False):
            return False
        return data.get("kind") != "facilitation" and (not audience or self.seat in audience)

    def letter_numbers(self, inject: str, release: int | None = None) -> list[int]:
        """The numbers of the messages that it was sent by the releases of an inject, or by one of them."""
        sent = [letter for letter in self.letters if letter.inject == inject]
        return [letter.number for letter in sent if release in (None, letter.release)]

    def _show(self, record: Record) -> list[Record]:
        if not self.knows(_awaited(record, self.seat)) or not self._has_counted(record):
            self._waiting.append(record)
            return []
        data = RULES[record.kind](record, self) if record.kind in RULES else None
        if data is None:
            return []
        self._shown.add(record.seq)
        who = record.who if record.kind not in STEPS or not self.learned.isdisjoint(record.cause) else ""
        about = str(data[_BY_NUMBER[record.kind]]) if record.kind in _BY_NUMBER else record.about
        cause = tuple(seq for seq in record.cause if seq in self._shown)
        return [Record(record.seq, record.t, record.at, record.kind, who, about, cause, data)]

    def _has_counted(self, record: Record) -> bool:
        """Whether it knows of all that the condition of an outcome counts, as far as that has happened."""
        counted = self.facts.outcome_events.get(record.about, ()) if record.kind == "outcome" else ()
        return not counted or (self._unsent | self._unlearned()).isdisjoint(counted)

    def _unlearned(self) -> set[str]:
        return {option for action, option in self._actions.items() if action not in self.learned}

    def _remember_action(self, action: Record) -> None:
        self._actions[action.seq] = action.about
        visibility = action.data.get("visibility")  # of an action that the white cell improvised
        if visibility == "public" or (visibility is None and self.facts.option_is_public(action.about)):
            self._public_actions.add(action.seq)
        self._inform(action.who, action.seq)

    def _remember_signal(self, signal: Record) -> None:
        if signal.cause:
            self._inform(signal.who, signal.cause[0])

    def _inform(self, government: str, action: int) -> None:
        if self.seat == PUBLIC and action in self._public_actions:
            self._informed[action].add(government)
            knows = self._informed[action].issuperset(self.facts.governments)
        else:
            knows = government == self.seat
        if knows and action not in self.learned:
            self.learned.add(action)
            self._news.add(action)

    def _remember_letter(self, inject: Record) -> None:
        self._releases[inject.about] += 1
        if not self.was_sent(inject.data):
            self._unsent.add(inject.about)
        else:
            number = len(self.letters) + 1
            self.letters.append(Letter(number, inject.seq, inject.about, self._releases[inject.about]))

    def _remember_numbered(self, record: Record) -> None:
        if self.seat in _party(record):
            alike = sum(each.kind == record.kind for each in self.numbered.values())
            self.numbered[record.seq], self._numbers[record.seq] = record, alike + 1


_MEMORY: dict[str, Callable[[Viewer, Record], None]] = {
    "action": Viewer._remember_action,  # noqa: SLF001 (the table of this class)
    "signal": Viewer._remember_signal,  # noqa: SLF001
    "inject.released": Viewer._remember_letter,  # noqa: SLF001
    **dict.fromkeys(("offer", "vote", "request"), Viewer._remember_numbered),  # noqa: SLF001
    "outcome.revoked": lambda viewer, record: viewer.revoked.update(record.cause[1:]),
}
"""What a viewer remembers of a record, whether or not it may see it."""

_BY_NUMBER = {"answer": "offer", "ballot": "vote", "vote.result": "vote"}
"""Kind of a record that is about a number -> the key of its data with the viewer's own number."""

STEPS = frozenset({"forum", "agreement"})
"""Kinds that are public except for the government that caused them, which is shown to those who know of its action."""


def _awaited(record: Record, seat: str) -> tuple[int, ...]:
    """The records that this one would reveal. A viewer that does not yet know of an action among them sees it later."""
    within_a_state = record.kind in STEPS and record.data.get("from") == record.data.get("to")
    if record.kind == "outcome" or within_a_state:
        return record.cause
    if record.kind in ("demand", "commitment") and seat not in (record.who, record.data.get("of")):
        return record.cause
    if record.kind == "demand.settled" and seat != record.who:
        return record.cause[:1]
    return ()


# --- rules ---------------------------------------------------------------------------------------------------


def _hidden(_record: Record, _viewer: Viewer) -> Data | None:
    """For the white cell alone."""
    return None


def _only(data: Mapping[str, Any], *keys: str) -> Data:
    return {key: data[key] for key in keys if key in data}


def _to_all(*keys: str) -> Rule:
    """Everyone sees these data."""
    return lambda record, _: _only(record.data, *keys)


def _own(record: Record, viewer: Viewer) -> Data | None:
    """All of it, for the government that it is of."""
    return dict(record.data) if record.who == viewer.seat else None


def _own_only(*keys: str) -> Rule:
    """These data, for the government that it is of."""
    return lambda record, viewer: _only(record.data, *keys) if record.who == viewer.seat else None


def _signal(record: Record, viewer: Viewer) -> Data | None:
    """A government's own signals. The public sees a public action when the last government has its signal."""
    if record.who == viewer.seat:
        return _only(record.data, "option", "title", "actor", "target", "perceived", "surprise", "trust")
    public = viewer.seat == PUBLIC and viewer.learns_now(record.cause[:1])
    return _only(record.data, "option", "title", "actor", "target") if public else None


def _outcome(record: Record, viewer: Viewer) -> Data | None:
    """Everyone learns of it, unless the white cell has set it for itself, or has revoked it before."""
    hidden = record.data.get("private") or record.seq in viewer.revoked
    return None if hidden else _only(record.data, "title", "ends")


def _revoked(record: Record, viewer: Viewer) -> Data | None:
    """For those who have been shown the outcome."""
    shown = viewer.has_been_shown(record.cause[1:]) and not record.data.get("private")
    return _only(record.data, "title") if shown else None


def _inject(record: Record, viewer: Viewer) -> Data | None:
    """A message to the seat or to all; facilitation is for the white cell."""
    data = record.data
    sent = viewer.was_sent(data)
    if viewer.seat == PUBLIC and record.kind == "inject.retracted":
        sent = bool(viewer.letter_numbers(record.about))  # its record has no channel
    if not sent:
        return None
    numbers = viewer.letter_numbers(record.about)[-1:] if viewer.seat != PUBLIC else []
    number = {"number": numbers[0]} if numbers else {}
    keys = ("title" if not data.get("subject") else "subject", "channel", "message", "attachments", "questionnaire")
    return _only(data, *keys) | {"audience": list(data.get("audience") or ())} | number


AMBIGUOUS = frozenset({"veto", "withdraw"})
"""Steps that end a proposal, as its lapse does: only the step itself says that a government made a move."""


def _step(record: Record, viewer: Viewer) -> Data | None:
    """A change of state, for all; of a hidden action only what the new state says."""
    keys = ("from", "to", "event", "title", "progress")
    if not viewer.knows(record.cause) and record.data.get("event") in AMBIGUOUS:
        return _only(record.data, *(key for key in keys if key != "event"))
    return _only(record.data, *keys)


def _demand(record: Record, viewer: Viewer) -> Data:
    """A message: all of it for the two concerned; for others, who know of the action, only what is demanded."""
    if viewer.seat in (record.who, record.data.get("of")):
        return dict(record.data)
    return _only(record.data, "of", "wants", "until")


def _commitment(record: Record, _viewer: Viewer) -> Data:
    """Part of a joint statement: for the two concerned, and for all who know of the visit."""
    return _only(record.data, "of", "option", "target", "until")


def _settled(record: Record, viewer: Viewer) -> Data | None:
    """For the two concerned. That a covert threat was not carried out is known to the sender alone."""
    data = record.data
    if viewer.seat not in (record.who, data.get("of")):
        return None
    if viewer.seat != record.who and data.get("how") == "empty" and data.get("owes") in viewer.facts.covert_options:
        return None  # it may have been carried out unnoticed, and would not be reported then
    return dict(data)


def _snapshot(record: Record, viewer: Viewer) -> Data | None:
    """Public and own indicators, and the government's own estimates of the rest."""
    values = record.data.get("values")
    if not isinstance(values, dict):
        return None
    return {"values": {path: v for path, v in values.items() if viewer.facts.knows_value(viewer.seat, path)}}


def _talk(record: Record, viewer: Viewer) -> Data | None:
    """What seats write to each other: for the sender and the addressees, or for everyone if it is public."""
    return _written(record) if record.data.get("public") or viewer.seat in _party(record) else None


def _written(record: Record) -> Data:
    """The data of what was written, without who plays the government that wrote it."""
    return {key: value for key, value in record.data.items() if key != "by"}


def _rfi(record: Record, viewer: Viewer) -> Data | None:
    """A request for information, for the government that sent it."""
    return dict(record.data) | {"number": int(record.about)} if record.who == viewer.seat else None


def _rfi_reply(record: Record, viewer: Viewer) -> Data | None:
    """The reply to a request for information, for the government that sent the request."""
    return _only(record.data, "number", "status", "text") if record.data.get("government") == viewer.seat else None


def _numbered(record: Record, viewer: Viewer) -> Data | None:
    """Talk that others refer to by its number: each government has its own numbers."""
    return _written(record) | {"number": viewer.number(record.seq)} if viewer.seat in _party(record) else None


def _party(record: Record) -> tuple[str, ...]:
    return (record.who, *(record.data.get("to") or ()))


def _answer(record: Record, viewer: Viewer) -> Data | None:
    """For the sender and all addressees of the offer."""
    offer = viewer.referred(record)
    if offer is None:
        return None
    own = {"offer": viewer.number(offer.seq), "form": offer.data.get("form", "offer"), "of": offer.who}
    return _written(record) | own


def _ballot(record: Record, viewer: Viewer) -> Data | None:
    """For the government that votes."""
    vote = viewer.referred(record)
    if vote is None or record.who != viewer.seat:
        return None
    return _written(record) | {"vote": viewer.number(vote.seq)}


def _vote_result(record: Record, viewer: Viewer) -> Data | None:
    """The count, for all who could vote; who voted how is hidden."""
    vote = viewer.referred(record)
    if vote is None or viewer.seat not in record.data.get("to", ()):
        return None
    return dict(record.data) | {"vote": viewer.number(vote.seq)}


def _ruling(record: Record, viewer: Viewer) -> Data | None:
    """The answer of the white cell to the government that made the request."""
    request = viewer.referred(record)
    if request is None:
        return None
    number, text = viewer.number(request.seq), request.data.get("text", "")
    return _only(record.data, "how", "why") | {"request": number, "text": text}


def _questionnaire_answer(record: Record, viewer: Viewer) -> Data | None:
    """For the government whose people have answered."""
    return dict(record.data) | _letter_number(record, viewer) if record.who == viewer.seat else None


def _questionnaire_closed(record: Record, viewer: Viewer) -> Data | None:
    """For those who have received it; who has answered is known to the white cell alone."""
    return _only(record.data, "title", "how") | _letter_number(record, viewer) if _received(record, viewer) else None


def _questionnaire_results(record: Record, viewer: Viewer) -> Data | None:
    """What the facilitator shows to everyone: counts and means, without who answered what."""
    return _only(record.data, "title", "questions") | _letter_number(record, viewer)


def _received(record: Record, viewer: Viewer) -> bool:
    return any(letter.seq in record.cause for letter in viewer.letters) and viewer.seat != PUBLIC


def _letter_number(record: Record, viewer: Viewer) -> Data:
    """The number of the message of the script that a record is about, for those who have received it."""
    numbers = [letter.number for letter in viewer.letters if letter.seq in record.cause]
    return {"number": numbers[0]} if numbers and viewer.seat != PUBLIC else {}


def _procedure_answer(record: Record, viewer: Viewer) -> Data | None:
    """For the government whose procedure it is, also if the white cell has answered for it."""
    return dict(record.data) if record.data.get("government") == viewer.seat else None


ANNOUNCED = frozenset({"noplay", "playon", "endex"})
"""Commands that everyone hears."""


def _command(record: Record, viewer: Viewer) -> Data | None:
    """Commands to everyone, and those that give or take the orders of this government."""
    data, kind = record.data, record.about
    if kind in ANNOUNCED:
        return _only(data, "text")
    if kind == "ack":
        if record.who != viewer.seat:
            return None
        release = data.get("release")
        return {"numbers": viewer.letter_numbers(str(data.get("inject")), release and int(release))}
    keys = _SEAT_COMMANDS.get(kind)
    if keys is None or data.get("government") != viewer.seat:
        return None
    return _only(data, *(key for key in keys if not (key == "why" and (data.get("forced") or data.get("override")))))


_SEAT_COMMANDS: dict[str, tuple[str, ...]] = {
    "seat": ("government", "kind"),
    "order": ("government", "option", "target", "why"),
    "standing_order": ("government", "option", "target", "when", "why"),
    "pass": ("government", "dossier"),
    "procedures": ("government", "procedure", "mode"),
}
"""What a government sees of commands about its seat; why the facilitator forces an action is hidden."""

RULES: dict[str, Rule] = {
    # the run
    "run.start": _hidden,
    "startex": _to_all(),
    "snapshot": _snapshot,
    "run.end": _to_all(),
    # what governments do, and perceive
    "decision": _own,
    "action": _own_only("option", "target", "title", "goldstein", "severity", "rung", "success", "from"),
    "signal": _signal,
    "plan.begun": _own,
    "plan.ended": _own,
    "routine": _hidden,
    "order.carried_over": _own,
    "order.reviewed": _own,
    "order.inherited": _own,
    "order.cancelled": _own,
    "strategy": _own,
    "leader": _to_all("leader", "title", "from"),
    "demand": _demand,
    "demand.settled": _settled,
    "commitment": _commitment,
    # what happens
    "history": _hidden,
    "hazard": _to_all("title"),
    "outcome": _outcome,
    "outcome.revoked": _revoked,
    "forum": _step,
    "agreement": _step,
    # the script
    "inject.released": _inject,
    "inject.retracted": _inject,
    "inject.enabled": _hidden,
    "inject.skipped": _hidden,
    "expected": _hidden,
    "expected.candidate": _hidden,
    # people in seats, and the white cell
    "decision.due": _own,
    "decision.missed": _own,
    "standing_order": _own,
    "procedure.proposed": _own,
    "procedure.answer": _procedure_answer,
    "procedure.expired": _own,
    "command": _command,
    "questionnaire.answer": _questionnaire_answer,
    "questionnaire.closed": _questionnaire_closed,
    "questionnaire.results": _questionnaire_results,
    "message": _talk,
    "rfi": _rfi,
    "rfi.reply": _rfi_reply,
    "offer": _numbered,
    "answer": _answer,
    "vote": _numbered,
    "ballot": _ballot,
    "vote.result": _vote_result,
    "request": _numbered,
    "ruling": _ruling,
    "note": _own,
    "rating": _hidden,
}
"""The rule of every kind of record. The public is no government: what is own, or talk, is hidden from it."""
