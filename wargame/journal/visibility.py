"""Who may see a record, and which of its data.

This is the only place that decides it: the terminals of a live exercise, the documents of a seat and the review use
`RecordViewer`. The class of a record lists what each kind of viewer is shown (`Record.shown`). A government sees what
it did, what it was sent, its signals and what is public. It learns of an action of another government by its own signal
of that action, not before. What would reveal the action earlier, such as an outcome that it caused, is shown with the
signal.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from operator import attrgetter

import msgspec
from msgspec import UNSET

from wargame.journal.records import Record, governments
from wargame.journal.records.correspondence import MessageRecord, OfferRecord, RequestRecord, VoteRecord
from wargame.journal.records.run import CommandRecord
from wargame.journal.records.script import InjectReleasedRecord, OutcomeRecord, OutcomeRevokedRecord
from wargame.journal.records.steps import AgreementRecord, ForumRecord
from wargame.journal.viewer_memory import PUBLIC, Letter, PublicFacts, ViewerMemory

_BY_NUMBER = {"answer": "offer", "ballot": "vote", "vote.result": "vote"}
"""Kind of a record that is about a number -> the key of its data with the viewer's own number."""

STEPS = frozenset({"forum", "agreement"})
"""Kinds that are public except for the government that caused them, which is shown to those who know of its action."""


class RecordViewer(ViewerMemory):
    """One government, or the public, which is passed every record of the run in order."""

    def __init__(self, seat: str, facts: PublicFacts, learned: Iterable[int] = ()) -> None:
        super().__init__(seat, facts, learned)
        self._after: defaultdict[int, list[Record]] = defaultdict(list)
        """Action -> records that wait for the news of it."""
        self._uncounted: list[Record] = []
        """Outcomes that wait for the news of what their conditions count."""
        self._unsent: set[str] = set()
        """Injects that were sent to others alone."""
        self._public_actions: set[int] = set()
        self._informed: dict[int, set[str]] = defaultdict(set)
        self._releases: Counter[str] = Counter()

    def see(self, record: Record) -> list[Record]:
        """Return what this record brings: itself, with the data that may be seen, and what has waited for its news."""
        self.news.clear()
        match record:
            case governments.ActionRecord():
                self._actions[record.seq] = record.about
                visibility = record.visibility  # of an action that the white cell improvised
                if visibility == "public" or (not visibility and self.facts.option_is_public(record.about)):
                    self._public_actions.add(record.seq)
                self._inform(record.who, record.seq)
            case governments.SignalRecord():
                for action in record.cause[:1]:
                    self._inform(record.who, action)
            case InjectReleasedRecord():
                self._releases[record.about] += 1
                if record.goes_to(self.seat):
                    number, release = len(self.letters) + 1, self._releases[record.about]
                    self.letters.append(Letter(number, record.seq, record.about, release))
                else:
                    self._unsent.add(record.about)
            case MessageRecord(public=False) | OfferRecord() | VoteRecord() | RequestRecord() if (
                self.seat in record.parties
            ):
                alike = sum(isinstance(each, type(record)) for each in self.numbered.values())
                self.numbered[record.seq], self._numbers[record.seq] = record, alike + 1
            case OutcomeRevokedRecord():
                self.revoked.update(record.cause[1:])
        return self._show(record) + self._show_waiting()

    def hear(self, seq: int, option: str) -> None:
        """Take the action of any government; as `see`, but faster. Its own it then has to `learn`."""
        self._actions[seq] = option

    def learn(self, seq: int, action: int) -> list[Record]:
        """Take an action of this government, or a signal of one; as `see`, but faster and without the record itself.

        Returns what has waited for the news of the action. A signal to another government need not be passed at all.
        """
        self.news.clear()
        self._shown.add(seq)
        if action in self.learned:
            return []
        self.learned.add(action)
        self.news.add(action)
        return self._show_waiting()

    def _show_waiting(self) -> list[Record]:
        """Return what has waited for the news, in order."""
        if not self.news:
            return []
        waiting, self._uncounted = self._uncounted, []
        for action in self.news:
            waiting += self._after.pop(action, ())
        return [shown for record in sorted(waiting, key=attrgetter("seq")) for shown in self._show(record)]

    def _inform(self, government: str, action: int) -> None:
        if self.seat == PUBLIC and action in self._public_actions:
            self._informed[action].add(government)
            knows = self._informed[action].issuperset(self.facts.governments)
        else:
            knows = government == self.seat
        if knows and action not in self.learned:
            self.learned.add(action)
            self.news.add(action)

    def _show(self, record: Record) -> list[Record]:
        unknown = next(filter(self.is_unknown, _awaited(record, self.seat)), None)
        if unknown is not None or not self._has_counted(record):
            (self._uncounted if unknown is None else self._after[unknown]).append(record)
            return []
        shown = _as_shown(record, self)
        if shown is None:
            return []
        self._shown.add(record.seq)
        who = record.who if record.kind not in STEPS or not self.learned.isdisjoint(record.cause) else ""
        about = str(getattr(shown, _BY_NUMBER[record.kind])) if record.kind in _BY_NUMBER else record.about
        cause = tuple(seq for seq in record.cause if seq in self._shown)
        return [msgspec.structs.replace(shown, who=who, about=about, cause=cause)]

    def _has_counted(self, record: Record) -> bool:
        """Return whether it knows of all that the condition of an outcome counts, as far as that has happened."""
        counted = self.facts.outcome_events.get(record.about, ()) if record.kind == "outcome" else ()
        if not counted:
            return True
        unlearned = {option for action, option in self._actions.items() if action not in self.learned}
        return (self._unsent | unlearned).isdisjoint(counted)


def _as_shown(record: Record, viewer: ViewerMemory) -> Record | None:
    """Return the record with the fields that a viewer is shown; the others are unset."""
    if isinstance(record, CommandRecord):
        data = record.shown_data(viewer)
        return None if data is None else msgspec.structs.replace(record, data=data)
    audience = record.audience_of(viewer)
    if audience is None:
        return None
    hidden = own_fields(type(record)) - set(record.shown[audience])
    return msgspec.structs.replace(record, **dict.fromkeys(hidden, UNSET) | record.for_viewer(viewer))


@cache
def own_fields(kind: type[Record]) -> frozenset[str]:
    """Return the fields that a kind of record has besides the common ones."""
    return frozenset(kind.__struct_fields__) - frozenset(Record.__struct_fields__)


def _awaited(record: Record, seat: str) -> tuple[int, ...]:
    """Return the records that this one reveals. A viewer that does not know of an action among them sees it later."""
    match record:
        case OutcomeRecord():
            return record.cause
        case ForumRecord() | AgreementRecord() if record.before == record.after:
            return record.cause
        case governments.DemandRecord() | governments.CommitmentRecord() if seat not in (record.who, record.of):
            return record.cause
        case governments.DemandSettledRecord() if seat != record.who:
            return record.cause[:1]
    return ()
