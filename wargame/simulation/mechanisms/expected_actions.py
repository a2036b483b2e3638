"""Expected actions: what the exercise expects of a government after an inject, and how it is judged.

A seat of the model is judged by its actions alone: met, late or missed. For a seat that a person holds, an action among
the listed options is met or late at once. Anything else that the seat does while the action is expected, or that later
names the inject, is a *candidate*, which an evaluator judges. What is still open when its time is over is `undecided`:
only an evaluator can rate an action of a person as missed. A rating by hand replaces any status.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wargame.errors import UsageFault, shortened
from wargame.journal.records import RawRecord
from wargame.journal.records.script import ORDER_BY_WHITE_CELL, AwaitedAction
from wargame.scenario.model import ExpectedAction
from wargame.simulation.kernel.clock import CONDITION
from wargame.simulation.kernel.context import Action, Release, RunContext

AWAITED, UNDECIDED = "awaited", "undecided"
"""Status before the time is over; status of what only an evaluator can judge."""
BY_SEATS = {"message": "who", "offer": "who", "answer": "who", "vote": "who", "ballot": "who", "request": "who",
            "order": "government"}  # fmt: skip
"""Commands that may be candidates, each with the key of its data that names the government. A request for information
is none, as it does nothing; a ruling is none, as what it makes, an action or an order, counts itself."""
NAMES = {"request": "order in free text"}
"""The names of candidates, where this is not the kind of the command."""
SHORTEST = 4
"""Characters from which the id or the title of an inject in a text counts as a reference to it. Judgement."""


@dataclass(slots=True, eq=False)
class ExpectedItem:
    """One expected action after one release of an inject. Times are in seconds of the run.

    `number` counts all expected actions of the run from 1, in the order of their releases. `objective` is its own or
    that of its inject, empty without one. `human` says whether a person held the seat at any time while the action was
    awaited. `automatic` is the status by rule (empty: none yet), `status` the present one; they differ once a person
    has judged it. `last` is the number of its last record. `candidates` are numbers of records.
    """

    number: int
    inject: str
    title: str
    released: int
    seq: int
    spec: ExpectedAction
    objective: str
    human: bool
    status: str = AWAITED
    automatic: str = ""
    last: int | None = None
    judged: bool = False
    candidates: list[int] = field(default_factory=list)
    ordered: set[tuple[str, str | None]] = field(default_factory=set)
    """Options and targets of orders that are candidates already: their actions are not candidates again."""

    @property
    def deadline(self) -> int:
        """The end of the time in which the action counts as met."""
        return self.released + self.spec.within

    @property
    def open(self) -> bool:
        """Whether a candidate may still be put to an evaluator."""
        return not self.judged and self.status in (AWAITED, UNDECIDED)

    def is_met_by(self, option: str, target: str | None) -> bool:
        """Return whether this option, directed at this target, is one of those listed."""
        spec = self.spec
        return option in spec.any_of and (not spec.towards or target is None or target in spec.towards)

    def is_named_in(self, text: str) -> bool:
        """Return whether a text contains the id or the title of the inject."""
        plain = text.casefold()
        return any(len(name) >= SHORTEST and name.casefold() in plain for name in (self.inject, self.title))


class ExpectedActions:
    """All expected actions of the injects released so far.

    `items` are all of them, by number from 1. `counts` maps a status to the number of actions; `undecided` is among
    them only if a person held a seat.
    """

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._awaited: list[ExpectedItem] = []
        self._of_people: defaultdict[str, list[ExpectedItem]] = defaultdict(list)
        """Government -> the expected actions of its human seat."""
        self._improvised = False
        """Whether the last command was an action of the white cell, and not a ruling on a request of a seat."""
        self._proposed: dict[int, int] = {}
        """Record of a candidate -> the record that is the candidate."""
        self.items: dict[int, ExpectedItem] = {}
        self.counts = {"met": 0, "late": 0, "missed": 0}

    def released(self, release: Release) -> None:
        """Await the expected actions of an inject from now on."""
        inject, now = release.inject, self._context.now
        for spec in inject.expected:
            human = self._seat_of(spec.who) == "human"
            objective, number = spec.objective or inject.objective or "", len(self.items) + 1
            item = ExpectedItem(number, inject.id, inject.title, now, release.seq, spec, objective, human)
            self.items[item.number] = item
            self._awaited.append(item)
            if human:
                self._of_people[spec.who].append(item)
            self._context.clock.at(now + spec.within + spec.late, CONDITION, self._expire, item)

    def _seat_of(self, government: str) -> str:
        """Return who holds a seat; for an inject that is released at STARTEX, who holds it from then on."""
        at_startex = not self._context.open and self._context.now >= self._context.calendar.startex
        kinds = dict(self._context.settings.seats) if at_startex else {}
        return kinds.get(government) or self._context.governments[government].seat

    # --- by rule -------------------------------------------------------------------------------

    def acted(self, action: Action) -> None:
        """Settle the expected actions that an action meets; for a human seat, it may be a candidate for others.

        What the white cell improvises without a request of the seat is no candidate.

        An action that an inject carries out does not count: the script would judge itself.
        """
        mine = [item for item in self._awaited if item.spec.who == action.actor] if action.source != "inject" else ()
        for item in mine:
            if item.is_met_by(action.option, action.target):
                self._settle(item, "met" if action.time <= item.deadline else "late", action)
        if not self._of_people or (self._improvised and action.source == "adjudicated"):
            return
        chosen, done = [], (action.option, action.target)
        for item in self._open_of(action.actor):
            if done in item.ordered:
                item.ordered.discard(done)
            elif item.status == AWAITED or item.is_met_by(*done):
                chosen.append(item)
        self._propose(chosen, action.actor, "action", action.seq)

    def commanded(self, kind: str, data: Mapping[str, Any], seq: int) -> None:
        """Take a command, before its effect, that may be a candidate, or that gives a seat to a person."""
        self._improvised = kind == "action"
        if kind == "seat" and data.get("kind") == "human":
            for item in self._awaited:
                if item.spec.who == data.get("government") and not item.human:
                    item.human = True
                    self._of_people[item.spec.who].append(item)
        if kind not in BY_SEATS or data.get("forced"):
            return
        who = str(data.get(BY_SEATS[kind]) or "")
        open_ones = self._open_of(who)
        if not open_ones:
            return
        texts = [str(data[key]) for key in ("text", "question", "why") if data.get(key)]
        option = (str(data["option"]), data.get("target") or None) if data.get("option") else None
        chosen = []
        for item in open_ones:
            if item.status == AWAITED or (option and item.is_met_by(*option)) or any(map(item.is_named_in, texts)):
                chosen.append(item)
                item.ordered |= {option} if option else set()
        what = "demand" if kind == "offer" and data.get("form") == "demand" else NAMES.get(kind, kind)
        what = ORDER_BY_WHITE_CELL if kind == "order" and not data.get("who") else what
        self._propose(chosen, who, what, seq)

    def _open_of(self, government: str) -> list[ExpectedItem]:
        """Return the expected actions of a human seat for which there may be candidates."""
        return [item for item in self._of_people.get(government, ()) if item.open]

    def _propose(self, items: list[ExpectedItem], who: str, what: str, seq: int) -> None:
        """Put a record to the evaluators as a candidate for some expected actions."""
        if not items:
            return
        for item in items:
            item.candidates.append(seq)
        listed = tuple(AwaitedAction(item.number, item.inject, item.spec.title) for item in items)
        cause = (seq, *dict.fromkeys(item.seq for item in items))
        proposal = self._context.log.write("expected.candidate", who, what, cause, {"record": seq, "for": listed})
        self._proposed[proposal] = seq

    def _expire(self, item: ExpectedItem) -> None:
        if item.status == AWAITED:
            self._settle(item, UNDECIDED if item.human else "missed", None)

    def finish(self) -> None:
        """Mark as undecided, at ENDEX, what human seats have not done in the time they had."""
        for item in tuple(self._awaited):
            if item.human:
                self._settle(item, UNDECIDED, None, {"open": True})

    # --- by hand -------------------------------------------------------------------------------

    def chosen(self, inject: str, government: str, number: int | None) -> list[ExpectedItem]:
        """Return the expected actions of a rating: one by number, or all of the last release; UsageFault if none."""
        items = [item for item in self.items.values() if item.inject == inject]
        if number is not None:
            item = self.items.get(number)
            if item is None or item not in items or government not in ("", item.spec.who):
                raise UsageFault(f"there is no expected action {number} after {inject} (`expected` lists them)")
            return [item]
        last = max((item.seq for item in items), default=0)
        chosen = [item for item in items if item.seq == last and government in ("", item.spec.who)]
        if not chosen:
            raise UsageFault(f"{inject} has not been released, so no action is expected yet")
        return chosen

    def evidence(self, record: int) -> int:
        """Return the record that a judgement names: the candidate itself if it names the record that proposed it."""
        return self._proposed.get(record, record)

    def judge(self, items: list[ExpectedItem], status: str, rating: int, data: Mapping[str, Any]) -> None:
        """Replace the status of expected actions by that of the command of the record `rating`."""
        judged: dict[str, Any] = {"by_hand": True, "judged_by": str(data.get("evaluator") or data.get("who") or "")}
        judged |= {"why": str(data["why"])} if data.get("why") else {}
        if data.get("evidence"):
            judged["evidence"] = self.evidence(int(data["evidence"]))
        for item in items:
            item.judged = True
            self._settle(item, status, None, {"number": item.number, **judged}, rating)

    # --- records -------------------------------------------------------------------------------

    def _settle(
        self,
        item: ExpectedItem,
        status: str,
        action: Action | None,
        extra: Mapping[str, Any] | None = None,
        rating: int | None = None,
    ) -> None:
        if item.status == AWAITED:
            self._awaited.remove(item)
        else:
            self.counts[item.status] -= 1
        self.counts[status] = self.counts.get(status, 0) + 1
        item.status = status
        spec = item.spec
        data: dict[str, Any] = {"inject": item.inject, "who": spec.who, "status": status}
        data |= {"title": spec.title, "any_of": list(spec.any_of), "objective": spec.objective}
        if action is not None:
            data |= {"by": action.option, "latency": action.time - item.released}
        if item.human:
            data |= {"number": item.number, "candidate_records": list(item.candidates)}
        data |= extra or {}
        cause = [item.seq] if action is None else [action.seq, item.seq]
        if rating is None:
            item.automatic = status
        else:
            data |= {"automatic": item.automatic} if item.automatic else {}
            causes = rating, item.last, data.get("evidence"), item.seq
            cause = [each for each in causes if each is not None]
        item.last = self._context.log.write("expected", spec.who, item.inject, cause, data)

    def open_ones(self) -> list[dict[str, object]]:
        """Return the expected actions that are still awaited."""
        return [{"inject": a.inject, "who": a.spec.who, "any_of": list(a.spec.any_of)} for a in self._awaited]


BY_GOVERNMENT = {*BY_SEATS, "action", "rfi", "demand", "standing_order", "inject.released"} - {"order"}
"""Kinds of records that are of the government in `who`."""
ORDERS = frozenset({"order", "standing_order"})
"""Commands that are of the government in their data, unless the white cell forces them."""


def check_evidence(records: Sequence[RawRecord], items: Sequence[ExpectedItem], evidence: int) -> None:
    """Raise UsageFault unless a record may be evidence for all of these expected actions."""
    place = bisect_left(records, evidence, key=lambda record: record[0])
    record = records[place] if place < len(records) and records[place][0] == evidence else None
    for item in items:
        if record is None or evidence < item.seq or not _is_of(record, item.spec.who):
            raise UsageFault(refusal(str(evidence), item))


def refusal(evidence: str, item: ExpectedItem) -> str:
    """Return why a record is no evidence, and what is accepted; the same for every record, so that it reveals none."""
    who = item.spec.who
    accepted = (
        f"an action, order, message, demand, offer, answer, vote or request of {who}, the ruling on its request, "
        "or a message of the script in its name"
    )
    named = f"name a record of {who} since the release of {item.inject} ({accepted})"
    return f"#{shortened(evidence, 20)} is not evidence for expected action {item.number}: {named}"


def _is_of(record: RawRecord, government: str) -> bool:
    """Return whether a record shows what a government did, or what was done on its behalf."""
    _, _, kind, who, about, _, data = record
    if kind in BY_GOVERNMENT:
        return who == government
    if kind == "procedure.answer":
        return data.get("government") == government
    if kind == "ruling":
        return about == government
    is_order = kind == "command" and about in ORDERS and not (data.get("forced") or data.get("override"))
    return is_order and data.get("government") == government
