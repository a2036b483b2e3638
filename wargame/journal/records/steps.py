"""Records of talks, councils and agreements."""

from __future__ import annotations

from msgspec import field

from wargame.journal.notices import REPORT, Notice, Reader, notice_of
from wargame.journal.records.record import Audience, Record
from wargame.journal.viewer_memory import ViewerMemory
from wargame.journal.wording import Titles, sentence, words

_TALKS = {
    "propose": ("{who} proposes talks{with_other}", "talks{between} are proposed"),
    "commit": ("{who} agrees to talks{with_other}", "one side agrees to talks{between}"),
    "dilute": ("{who} asks for weaker terms of talks{with_other}", "one side asks for weaker terms of talks{between}"),
    "decline": ("{who} declines talks{with_other}", "one side declines talks{between}"),
    "veto": ("{who} prevents talks{with_other}", "talks{between} are prevented"),
    "return": ("{who} returns to talks{with_other}", "talks{between} resume"),
    "leave": ("{who} leaves the talks{with_other}", "one side leaves the talks{between}"),
    "suspend": ("talks{between} are suspended because of {who}", "talks{between} are suspended"),
    "convene": ("", "talks{between} begin"),
    "round": ("", "a round of talks{between} is held"),
    "block": ("{who} blocks a round of talks{with_other}", "a round of talks{between} is blocked"),
    "agree": ("", "talks{between} end in agreement"),
    "exhaust": ("", "talks{between} collapse without agreement"),
    "lapse": ("", "talks{between} lapse"),
    "reopen": ("", "talks{between} can be proposed again"),
}
"""Steps of talks by event: with the government that made it, and without one."""
_COUNCIL = {
    "propose": ("{who} proposes a resolution ({title})", "a resolution is proposed ({title})"),
    "commit": ("{who} supports the resolution ({title})", "a member supports the resolution ({title})"),
    "dilute": ("{who} has the resolution weakened ({title})", "the resolution is weakened ({title})"),
    "decline": (
        "{who} does not support the resolution ({title})",
        "a member does not support the resolution ({title})",
    ),
    "veto": ("{who} vetoes the resolution ({title})", "the resolution is vetoed ({title})"),
    "state": (
        "{who} supports a statement instead of the resolution ({title})",
        "a member supports a statement ({title})",
    ),
    "delay": ("{who} delays the decision on the resolution ({title})", "the decision is delayed ({title})"),
    "issue": ("", "a statement is issued in place of the resolution ({title})"),
    "lapse": ("", "the proposed resolution lapses ({title})"),
    "convene": ("", "the resolution has enough support ({title})"),
    "agree": ("", "the resolution is adopted ({title})"),
    "reopen": ("", "a new resolution can be proposed ({title})"),
}
"""The same for a council, which votes."""
_TERMS = {
    "offer": ("{who} offers the agreement '{title}'", "the agreement '{title}' is offered"),
    "accept": ("{who} accepts the agreement '{title}'", "one side accepts the agreement '{title}'"),
    "withdraw": ("{who} withdraws the offer of '{title}'", "the offer of '{title}' is withdrawn"),
    "lapse": ("", "the offer of '{title}' lapses"),
    "enter": ("", "the agreement '{title}' enters into force"),
    "verify": ("", "the agreement '{title}' is verified"),
    "doubt": ("", "the agreement '{title}' is no longer verified"),
    "break": ("{who} breaks the agreement '{title}'", "the agreement '{title}' is broken"),
}
"""Steps of an agreement."""
_NO_LONGER_OPEN = "a proposal is no longer open ({title})"
"""What those read of a step who do not know which it was (`records.steps.AMBIGUOUS`)."""


def _step(
    step: ForumRecord | AgreementRecord, titles: Titles, phrases: dict[str, tuple[str, str]], members: tuple[str, ...]
) -> str:
    title = step.title or words(step.about)
    unknown = f"{{title}}: {words(step.event)}" if step.event else _NO_LONGER_OPEN
    active, passive = phrases.get(step.event, ("", unknown))
    others = [name for name in members if name != step.who]
    bilateral = len(members) == 2
    return (active if step.who and active else passive).format(
        who=titles.government(step.who),
        title=title,
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
        """Private talks are for their members; of a hidden action others see only what the new state says."""
        members = viewer.facts.private_forums.get(self.about)
        is_open = self.about in viewer.facts.opening and not IN_SESSION.isdisjoint((self.before, self.after))
        return _audience(self, viewer) if members is None or is_open or viewer.seat in members else None

    def clause(self, titles: Titles) -> str:
        """Return the step, with who made it if that is known."""
        phrases = _TALKS | _COUNCIL if self.about in titles.councils else _COUNCIL | _TALKS
        return _step(self, titles, phrases, titles.members.get(self.about, ()))

    def notice(self, reader: Reader) -> Notice | None:
        return None if stays_in_state(self) else notice_of(self, sentence(self.clause(reader.titles)))


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
        return _step(self, titles, _TERMS, ())

    def notice(self, reader: Reader) -> Notice | None:
        return None if stays_in_state(self) else notice_of(self, sentence(self.clause(reader.titles)))
