"""Turns a record into one sentence that states what happened, and one that states why, from its causes.

The consoles, `wargame show`, `wargame why` and the review take their sentences from this module. The clauses are in the
classes of `records`. The shorter texts that a seat receives are in `notices`.
"""

from collections.abc import Mapping
from typing import Any

from wargame.journal.command_words import orderer
from wargame.journal.records import Record, script
from wargame.journal.records.correspondence import RulingRecord
from wargame.journal.records.governments import BY_WHITE_CELL, ActionRecord, DecisionRecord, SignalRecord
from wargame.journal.records.run import CommandRecord
from wargame.journal.wording import UNTITLED, Titles, date, percent, sentence, words

LATELY = 30 * 86400
"""Seconds before a meeting that nothing called, within which it was held in view of events. Judgement."""
UNCALLED = frozenset({"routine", "resumed"})
"""Meetings that take place at their time: their causes are recent news, of which none called the meeting."""
OF_TALKS = frozenset({"suspend", "return", "leave"})
"""Steps of talks that are reasons themselves: what came before them is not the reason of what follows."""


def headline(record: Record, index: Mapping[int, Record] | None = None, titles: Titles = UNTITLED) -> str:
    """Return one line that says what happened. With the other records by number, a signal says of which action."""
    return sentence(clause(record, titles, index))


def clause(record: Record, titles: Titles, index: Mapping[int, Record] | None = None) -> str:
    """Return what happened, as a part of a sentence."""
    if isinstance(record, SignalRecord) and index and record.cause:
        source = index.get(record.cause[0])
        if isinstance(source, ActionRecord):
            failed = "" if source.success else ", and it fails"  # who fails would be the reader of `and fails`
            did = f"{titles.government(source.who)} {source.done(titles)}{failed}"
            return f"{titles.government(record.who)} learns that {did}"
    return record.clause(titles)


def for_control(record: Record, titles: Titles) -> str:
    """Describe a record for the facilitator: injects with the id by which commands name them, and their addressees."""
    if not isinstance(record, script.InjectReleasedRecord | script.InjectRetractedRecord | script.InjectSkippedRecord):
        return headline(record, titles=titles)
    title = record.title or titles.injects.get(record.about) or words(record.about)
    if isinstance(record, script.InjectSkippedRecord):
        return f"inject {record.about} is not released: {title} ({record.reason})"
    to = titles.listed(record.to or ()) or "all"
    if isinstance(record, script.InjectRetractedRecord):
        return f"DISREGARD inject {record.about} to {to}: {title}"
    to = "the white cell" if record.inject_kind == "facilitation" else to
    extras = "; ".join(part for part in (record.attached(described=False), record.asked) if part)
    return f"inject {record.about} to {to}: {title}{f', with {extras}' if extras else ''}"


def because(record: Record, index: Mapping[int, Record], titles: Titles = UNTITLED) -> str:
    """Return one line that says why: the decision with its chance, and the action or inject that came before it."""
    source = record.source if isinstance(record, ActionRecord) else ""
    if isinstance(record, ActionRecord) and source in BY_WHITE_CELL:
        ruling = index.get(record.cause[0]) if record.cause else None
        by, why = BY_WHITE_CELL[source], record.why
        if isinstance(ruling, RulingRecord):  # the action has the reason of the request, if the ruling has none
            by, why = BY_WHITE_CELL["adjudicated"], ruling.why or ""
        return f"{by}: {why}" if why else by
    if isinstance(record, script.OutcomeRecord | script.OutcomeRevokedRecord) and record.by_hand:
        return "ruling of the white cell"
    parts: list[str] = []
    for earlier in _chain(record, index):
        if isinstance(earlier, ActionRecord) and earlier.source in BY_WHITE_CELL:
            return ", ".join([*parts, clause(earlier, titles)])
        if isinstance(earlier, DecisionRecord):
            share = "" if earlier.chance is None else percent(earlier.chance)
            on = f" on {date(earlier.at)}" if record.t - earlier.t >= LATER else ""
            how = "decided by the model after a missed deadline" if earlier.is_after_missed_deadline(index) else ""
            among = f" (chosen with probability {share})" if share not in ("", "100 %") else ""
            parts.append(f"{how or f'decided at {earlier.held_at}'}{on}{among}")
        elif isinstance(earlier, CommandRecord) and earlier.about in _BY_HAND:
            parts.append(_by_hand(earlier))
        elif turns_talks(earlier) or (
            earlier.kind in BEGINNINGS and (parts or earlier.kind != "action" or record.kind == "action")
        ):
            parts.append(f"after {clause(earlier, titles)} ({date(earlier.at)})")
            break
        elif earlier.kind in BEGINNINGS and not _repeats(record, said := clause(earlier, titles)):
            parts.append(said)
    if not parts and record.kind == "action":
        return {"hazard": "chance", "history": "historical"}.get(source, "")
    return ", ".join(parts)


def _repeats(record: Record, said: str) -> bool:
    """Return whether a clause says what the title of an outcome says already."""
    return isinstance(record, script.OutcomeRecord) and bool(record.title) and record.title.lower() in said.lower()


_BY_HAND = {"order": "ordered", "standing_order": "ordered in advance", "action": "entered by the white cell"}
"""Commands by which people act, as reasons of the action."""


def _by_hand(command: CommandRecord) -> str:
    """Return how and when people acted, with the reason that they gave."""
    why = f": '{command.data['why']}'" if command.data.get("why") else ""
    by = "" if command.who or command.about == "action" else f" by {orderer(command.data)}"
    return f"{_BY_HAND[command.about]}{command.initiative or by} on {date(command.at)}{why}"


LATER = 7 * 86400
"""Seconds from a decision to its action after which the dates of both are given."""
BEGINNINGS = frozenset({"action", "inject.released", "history", "hazard", "command", "demand", "demand.settled"})
"""Kinds that are reasons; signals, and most steps of forums and agreements, only pass one on."""


def _chain(record: Record, index: Mapping[int, Record]) -> list[Record]:
    chain: list[Record] = []
    after: Record | None = None
    while len(chain) < 8 and (earlier := trigger(record, index, after)) is not None:
        after, record = record, earlier
        chain.append(record)
    return chain


def trigger(record: Record, index: Mapping[int, Record], after: Record | None = None) -> Record | None:
    """Return the record that brought this one about; of a meeting that nothing called, the latest news before it.

    If what was decided there, by the record itself or by the order `after` it, has a target, reports on others than
    the target are no such news.
    """
    if _uncalled(record):
        target = _target(record) or _target(after)
        news = contributing(record, index)
        of_target = [each for each in news if not target or getattr(each, "actor", target) == target]
        return max(of_target, key=lambda each: each.seq, default=None)
    return index.get(record.cause[0]) if record.cause else None


def _target(record: Record | None) -> Any:
    in_data = record is not None and record.kind == "command"
    return record.data.get("target") if record and in_data else getattr(record, "target", None)


def contributing(record: Record, index: Mapping[int, Record]) -> list[Record]:
    """Return all causes of a record that the journal has; of a routine meeting, the causes of the last 30 days."""
    causes = [index[seq] for seq in record.cause if seq in index]
    return [each for each in causes if record.t - each.t <= LATELY] if _uncalled(record) else causes


def _uncalled(record: Record) -> bool:
    return record.kind in ("decision", "decision.due") and getattr(record, "meeting", "") in UNCALLED


def turns_talks(record: Record) -> bool:
    """Return whether a record says that talks were suspended or went on."""
    return record.kind == "forum" and getattr(record, "event", "") in OF_TALKS
