"""The script as clauses: injects, expected actions, chance events, outcomes, the beginning and the end of the run."""

from __future__ import annotations

from collections.abc import Callable

from wargame.journal.action_sentences import ADJUDICATED
from wargame.journal.correspondence_sentences import author
from wargame.journal.records import Record
from wargame.journal.wording import Titles, words


def _expected(record: Record, titles: Titles) -> str:
    """By its title; without one by its options if they are few, else by its inject. Both statuses if they differ."""
    data = record.data
    status, automatic = str(data.get("status", "")), str(data.get("automatic", ""))
    judged = f", judged by {author(data.get('judged_by'))}" if data.get("by_hand") else ""
    if automatic and judged:
        judged += f" (automatic: {automatic})"
    who = titles.government(data.get("who", record.who))
    return f"expected action of {who} {STATUSES.get(status, status)}{judged}: {expected_title(record, titles)}"


STATUSES = {"undecided": "for the evaluator to judge"}
"""Words for a status of an expected action that differ from its name."""


def expected_title(record: Record, titles: Titles) -> str:
    """What is expected, from a record of kind `expected`."""
    data = record.data
    options, inject = data.get("any_of") or (), str(data.get("inject", record.about))
    few = titles.any_of(options) if 0 < len(options) <= FEW else f"an answer to {_inject(inject, titles)}"
    return str(data.get("title") or few)


def _candidate(record: Record, titles: Titles) -> str:
    """What an evaluator is asked to judge."""
    data = record.data
    items = data.get("for") or ()
    listed = [
        f"{each.get('number')} ({each.get('title') or 'an answer to ' + _inject(str(each.get('inject')), titles)})"
        if len(items) <= FEW
        else str(each.get("number"))
        for each in items
    ]
    of = "in the name of" if record.about.endswith("by the white cell") else "of"
    what = f"{record.about} #{data.get('record', '')} {of} {titles.government(record.who)}"
    actions = f"expected action{'s' if len(listed) > 1 else ''} {', '.join(listed)}"
    return f"candidate for {actions}: {what}, for the evaluator to judge"


FEW = 2
"""Options that are named one by one where any of them is enough."""


def _inject(inject: str, titles: Titles, title: object = "") -> str:
    return f"'{title or titles.injects.get(inject) or words(inject)}'"


def _titled(kind: str, end: str = "") -> Callable[[Record, Titles], str]:
    return lambda record, titles: f"{kind} {_inject(record.about, titles, record.data.get('title'))}{end}"


def _outcome(kind: str, record: Record, titles: Titles) -> str:
    data = record.data
    title = data.get("title") or titles.outcomes.get(record.about) or words(record.about)
    if record.kind == "outcome.revoked":
        return f"{kind}: {title}" + (f" ({data['why']})" if data.get("why") else "")
    return f"{kind}: {title}{f' ({INHERITED})' if data.get('inherited') else ruling_label(record)}"


INHERITED = "already true at STARTEX"
"""Label of an outcome which the history, and no event of the run, has made true."""


def ruling_label(record: Record) -> str:
    """The label of an outcome that the white cell has set or revoked, with its reason; empty for others."""
    data = record.data
    if not data.get("by_hand"):
        return ""
    label = "revoked by the white cell" if record.kind == "outcome.revoked" else ADJUDICATED
    return f" ({label}: {data['why']})" if data.get("why") else f" ({label})"


def _ended(record: Record, titles: Titles) -> str:
    reason = str(record.data.get("reason", record.about))
    return f"the run ends: {'ENDEX' if reason == 'endex' else titles.outcomes.get(reason) or reason}"


SCRIPT_SENTENCES: dict[str, Callable[[Record, Titles], str]] = {
    "run.start": lambda r, _: f"the run starts: {r.data.get('scenario', '')}, seed {r.data.get('seed', '')}",
    "run.end": _ended,
    "startex": lambda *_: "STARTEX: governments decide from here on",
    "snapshot": lambda *_: "daily snapshot of the world",
    "inject.released": _titled("inject"),
    "inject.retracted": _titled("inject", " is retracted"),
    "inject.enabled": _titled("inject", " is enabled"),
    "inject.skipped": lambda r, t: f"{_titled('inject')(r, t)} is skipped: {r.data.get('reason', '')}",
    "expected": _expected,
    "expected.candidate": _candidate,
    "history": _titled("historical event"),
    "hazard": _titled("chance event"),
    "outcome": lambda r, t: _outcome("outcome", r, t),
    "outcome.revoked": lambda r, t: _outcome("outcome revoked", r, t),
}
