"""Turns a record into one sentence that states what happened.

The consoles, `wargame show`, `wargame why` and the review take their sentences from this module; `reason_sentences`
states why. The clauses are in the modules `*_sentences`, by subject. The shorter texts that a seat receives are in
`notices`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wargame.journal.action_sentences import ACTION_SENTENCES, action
from wargame.journal.command_words import command_clause
from wargame.journal.correspondence_sentences import CORRESPONDENCE_SENTENCES
from wargame.journal.questionnaire_sentences import QUESTIONNAIRE_SENTENCES, asked_in_words, attached_in_words
from wargame.journal.records import Record
from wargame.journal.script_sentences import SCRIPT_SENTENCES
from wargame.journal.step_sentences import STEP_SENTENCES
from wargame.journal.wording import UNTITLED, Titles, sentence, words

_CLAUSES: dict[str, Callable[[Record, Titles], str]] = {
    **SCRIPT_SENTENCES,
    **ACTION_SENTENCES,
    **STEP_SENTENCES,
    **CORRESPONDENCE_SENTENCES,
    **QUESTIONNAIRE_SENTENCES,
    "command": command_clause,
}
"""Kind of a record -> its clause."""


def headline(record: Record, index: Mapping[int, Record] | None = None, titles: Titles = UNTITLED) -> str:
    """One line that says what happened. With the other records by number, a signal says of which action."""
    return sentence(clause(record, titles, index))


def clause(record: Record, titles: Titles, index: Mapping[int, Record] | None = None) -> str:
    """What happened, as a part of a sentence."""
    if record.kind == "signal" and index and record.cause:
        source = index.get(record.cause[0])
        if source is not None and source.kind == "action":
            return f"{titles.government(record.who)} learns that {action(source, titles)}"
    describe = _CLAUSES.get(record.kind)
    return describe(record, titles) if describe else f"{record.kind} {record.who} {record.about}".rstrip()


def for_control(record: Record, titles: Titles) -> str:
    """What happened, for the facilitator: injects with the id by which commands name them, and their addressees."""
    if record.kind not in ("inject.released", "inject.retracted", "inject.skipped"):
        return headline(record, titles=titles)
    data = record.data
    title = data.get("title") or titles.injects.get(record.about) or words(record.about)
    if record.kind == "inject.skipped":
        return f"inject {record.about} is not released: {title} ({data.get('reason', '')})"
    to = titles.listed(data.get("audience") or ()) or "all"
    to = "the white cell" if data.get("kind") == "facilitation" else to
    extras = "; ".join(part for part in (attached_in_words(data, described=False), asked_in_words(data)) if part)
    extras = f", with {extras}" if extras else ""
    return f"{'' if record.kind == 'inject.released' else 'DISREGARD '}inject {record.about} to {to}: {title}{extras}"
