"""Records of talks, councils and agreements."""

from __future__ import annotations

from msgspec import field

from wargame.journal.notices import REPORT, Notice, Reader
from wargame.journal.records.record import Audience, Record
from wargame.journal.viewer_memory import ViewerMemory
from wargame.journal.wording import Titles, phrases, sentence, words

_NO_LONGER_OPEN = "a proposal is no longer open ({title})"
"""The description of a step for readers who do not know which it was (`records.steps.AMBIGUOUS`)."""


def _step(
    step: ForumRecord | AgreementRecord, titles: Titles, said: dict[str, tuple[str, str]], members: tuple[str, ...]
) -> str:
    title = step.title or words(step.about)
    unknown = f"{{title}}: {words(step.event)}" if step.event else _NO_LONGER_OPEN
    active, passive = said.get(step.event, ("", unknown))
    others = [name for name in members if name != step.who]
    bilateral = len(members) == 2
    return (active if step.who and active else passive).format(
        who=titles.government(step.who),
        title=title,
        text=titles.councils.get(step.about, ""),
        with_other=f" with {titles.government(others[0])}" if bilateral and len(others) == 1 else f" ({title})",
        between=f" between {' and '.join(map(titles.government, members))}" if bilateral else f" ({title})",
    )


AMBIGUOUS = frozenset({"veto", "withdraw"})
"""Steps that end a proposal, as its lapse does: only the step itself says that a government made a move."""
IN_SESSION = frozenset({"convened", "suspended", "agreed"})
"""States of a forum from its convening to its end."""


def stays_in_state(record: Record) -> bool:
    """Return whether a record is a step that happens within a state."""
    return isinstance(record, ForumRecord | AgreementRecord) and record.before == record.after


def _audience(step: ForumRecord | AgreementRecord, viewer: ViewerMemory) -> Audience:
    """Return a change of state is for all; of a hidden action only what the new state says."""
    return Audience.UNINFORMED if step.event in AMBIGUOUS and not viewer.knows(step.cause) else Audience.EVERYONE


class ForumRecord(Record, frozen=True):
    """A step of talks or of a council, from one state to another.

    `committed` and `stated` are governments that support the proposal or a statement; `because_of` is the government
    that a block is directed at.
    """

    kind = "forum"
    heading = "Talks", REPORT
    shown = {
        Audience.EVERYONE: ("before", "after", "event", "title", "progress"),
        Audience.UNINFORMED: ("before", "after", "title", "progress"),
    }

    before: str = field(name="from")
    after: str = field(name="to")
    event: str
    title: str
    progress: float
    strength: float
    committed: tuple[str, ...]
    because_of: str = ""
    stated: tuple[str, ...] = ()

    def audience_of(self, viewer: ViewerMemory) -> Audience | None:
        """Return its audience: private talks are for their members; others see the new state of a hidden action."""
        members = viewer.facts.private_forums.get(self.about)
        is_open = self.about in viewer.facts.opening and not IN_SESSION.isdisjoint((self.before, self.after))
        return _audience(self, viewer) if members is None or is_open or viewer.seat in members else None

    def clause(self, titles: Titles) -> str:
        """Return the step, with who made it if that is known."""
        first, last = ("talks", "council") if self.about in titles.councils else ("council", "talks")
        return _step(self, titles, phrases(first) | phrases(last), titles.members.get(self.about, ()))

    def notice(self, reader: Reader) -> Notice | None:
        return None if stays_in_state(self) else self.reported(sentence(self.clause(reader.titles)))


class AgreementRecord(Record, frozen=True):
    """A step of an agreement, from one state to another."""

    kind = "agreement"
    heading = "Agreement", REPORT
    shown = {
        Audience.EVERYONE: ("before", "after", "event", "title"),
        Audience.UNINFORMED: ("before", "after", "title"),
    }

    before: str = field(name="from")
    after: str = field(name="to")
    event: str
    title: str

    audience_of = _audience

    def clause(self, titles: Titles) -> str:
        """Return the step, with who made it if that is known."""
        return _step(self, titles, phrases("agreement"), ())

    def notice(self, reader: Reader) -> Notice | None:
        return None if stays_in_state(self) else self.reported(sentence(self.clause(reader.titles)))
