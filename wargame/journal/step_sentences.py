"""Steps of talks, of councils and of agreements as clauses."""

from __future__ import annotations

from collections.abc import Callable

from wargame.journal.records import Record
from wargame.journal.wording import Titles, words

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


def _step(record: Record, titles: Titles) -> str:
    """A step of talks, of a council or of an agreement."""
    data, members = record.data, titles.members.get(record.about, ())
    council = record.about in titles.councils
    phrases = _TERMS if record.kind == "agreement" else _COUNCIL | _TALKS if not council else _TALKS | _COUNCIL
    title, event = str(data.get("title") or words(record.about)), str(data.get("event", ""))
    active, passive = phrases.get(event, ("", f"{{title}}: {words(event)}" if event else _NO_LONGER_OPEN))
    others = [name for name in members if name != record.who]
    bilateral = len(members) == 2 and record.kind == "forum"
    return (active if record.who and active else passive).format(
        who=titles.government(record.who),
        title=title,
        with_other=f" with {titles.government(others[0])}" if bilateral and len(others) == 1 else f" ({title})",
        between=f" between {' and '.join(map(titles.government, members))}" if bilateral else f" ({title})",
    )


STEP_SENTENCES: dict[str, Callable[[Record, Titles], str]] = {
    "forum": _step,
    "agreement": _step,
}
