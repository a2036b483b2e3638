"""Expected actions: met, late, missed or for the evaluator to judge; by rule, and by the people who judged them."""

from collections.abc import Mapping, Sequence

from wargame.journal.records import Record
from wargame.journal.records.governments import ActionRecord
from wargame.journal.records.script import STATUSES as STATUS_WORDS
from wargame.journal.records.script import ExpectedCandidateRecord, ExpectedRecord
from wargame.journal.wording import author
from wargame.language.times import DAY
from wargame.review.findings.finding_rows import Row, record_row
from wargame.review.findings.headlines import headline
from wargame.review.findings.people import SeatHistory, entered_by_white_cell
from wargame.review.findings.source import RunSource
from wargame.tables import tables

STATUSES = ("met", "late", "missed")
ON_BEHALF: Mapping[str, str] = tables("review/words.yaml")["on_behalf"]
"""The remark on an action that the person in a seat did not order, by its source."""
ACCEPTED = ", accepted by the white cell"
BY_OTHERS = frozenset({"decision", "inject", "hazard", "forced"})
"""Sources of actions that nobody in the seat has decided."""
NOT_OVER, OVERDUE = "its time was not over at ENDEX", "overdue at ENDEX, not yet missed"
UNDECIDED = "undecided"
"""The status of an expected action of a human seat that only an evaluator can judge."""


def expected_actions(source: RunSource) -> list[Row]:
    """Return each expected action that was settled: its status, the days it was given and the days it took.

    `status` is the last one. `automatic` is the one by rule, empty if people judged before its time was over.
    `judged_by` and `judged_why` are of the last judgement, `judgement` says this in words, or why there is no status.
    `done` is the option that settled it, `action` the record of what was done, `released` that of the inject,
    `candidates` those of what an evaluator was asked to judge.
    """
    people = SeatHistory(source).human_at_any_time()
    return [_row(source, chain, people) for chain in _chains(source)]


def _chains(source: RunSource) -> list[list[ExpectedRecord]]:
    """Return the records of each expected action: its status by rule, then judgements in turn."""
    chains: list[list[ExpectedRecord]] = []
    chain_of: dict[int, list[ExpectedRecord]] = {}
    for record in source.since:
        if isinstance(record, ExpectedRecord):
            chain = next((chain_of[seq] for seq in record.cause if seq in chain_of), None)
            if chain is None:
                chains.append(chain := [])
            chain.append(record)
            chain_of[record.seq] = chain
    return chains


def _row(source: RunSource, chain: Sequence[ExpectedRecord], people: frozenset[str]) -> Row:
    first, record = chain[0], chain[-1]
    inject, status, automatic = record.inject, record.status, "" if first.by_hand else first.status
    released = record.cause[-1] if record.cause else None
    action = next((seq for seq in map(_action, reversed(chain)) if seq is not None), None)
    judged_by = author(record.judged_by) if record.by_hand else ""
    judged_why = record.why if record.by_hand else ""
    # what an evaluator was asked to judge, also after the time of the action
    number, known = record.number, set(record.candidate_records or ())
    for later in source.since if number is not None else ():
        if isinstance(later, ExpectedCandidateRecord):
            known |= {later.record for each in later.awaited if each.number == number}
    return record_row(
        source,
        record,
        inject=inject,
        inject_title=source.inject_title(inject),
        who=record.government,
        expected=record.title or source.titles.any_of(record.any_of),
        within_days=_within(source, record),
        status=status,
        automatic=automatic,
        judged_by=judged_by,
        judged_why=judged_why,
        status_text=STATUS_WORDS.get(status, status),
        judgement=judgement(judged_by, judged_why, automatic) or _left_open(source, record, released),
        done=next((each.by for each in chain if each.by), None),
        done_title=_done(source, action, human=record.government in people),
        latency_days=_latency(source, chain, action, released),
        objective=record.objective or next((each.objective for each in source.injects if each.id == inject), None),
        action=action,
        released=released,
        candidates=sorted(known),
        number=number,
    )


def judgement(judged_by: str, why: str, automatic: str = "") -> str:
    """Return who judged and why, and the status by rule that this replaces; empty without a judgement."""
    if not judged_by:
        return ""
    by_rule = f"; automatic: {automatic}" if automatic else ""
    return f"judged by {judged_by}{f': {why}' if why else ''}{by_rule}"


def _left_open(source: RunSource, status: ExpectedRecord, released: int | None) -> str:
    """Return whether what was left open at ENDEX was due by then; empty for what was settled before."""
    if not status.open:
        return ""
    within, sent = _within(source, status), source.index.get(-1 if released is None else released)
    passed = sent is not None and within is not None and status.t > sent.t + within * DAY
    return OVERDUE if passed else NOT_OVER


def _action(record: ExpectedRecord) -> int | None:
    """Return the record of what was done: what an evaluator named, or the action that settled it by rule."""
    if record.by_hand:
        return record.evidence
    return record.cause[0] if len(record.cause) > 1 else None


def left_to_people(source: RunSource, rows: Sequence[Row]) -> frozenset[int]:
    """Return the numbers (`seq`) of the rows about people: they decided, or held the seat and did nothing.

    What the model decided is none of them, also if it decided for a person who had not done so in time, or if a person
    took the seat later. Nor is an act of the script or the white cell in its name, unless an evaluator has judged it.
    """
    seats = SeatHistory(source)
    return frozenset(row["seq"] for row in rows if _is_left_to_people(source, seats, row))


def _is_left_to_people(source: RunSource, seats: SeatHistory, row: Row) -> bool:
    who, done = str(row["who"]), source.index.get(-1 if row["action"] is None else row["action"])
    if done is None:
        settled = _by_rule(source, source.index[row["seq"]])
        return seats.is_human_within(who, row["released"] or 0, settled.seq)
    if not isinstance(done, ActionRecord):
        return seats.is_human(who, done.seq)
    order = _ordered_by(source, done)
    by_others = done.source in BY_OTHERS or (order.kind, order.about) == ("command", "action")
    by_others |= _of_white_cell(order)
    judged = row["judged_by"] and done.source != "decision"
    return bool(judged or not by_others) and seats.is_human(who, order.seq)


def _ordered_by(source: RunSource, action: Record) -> Record:
    """Return the order, answer or decision that an action carries out; itself without one."""
    return source.index.get(action.cause[0], action) if action.cause else action


def _of_white_cell(order: Record) -> bool:
    """Return whether the white cell answered a standing procedure in the place of a seat."""
    return order.kind == "procedure.answer" and entered_by_white_cell(order)


def _by_rule(source: RunSource, status: Record) -> Record:
    """Return the first status of an expected action, which judgements may have replaced."""
    causes = (source.index.get(seq) for seq in status.cause)
    earlier = next((record for record in causes if record is not None and record.kind == "expected"), None)
    return status if earlier is None else _by_rule(source, earlier)


def still_open(source: RunSource) -> int:
    """Return expected actions whose time was not over when the run ended.

    Those that have a row are not among them: those of human seats, which are for the evaluator to judge,
    and those that people judged after ENDEX.
    """
    end = next((record.seq for record in reversed(source.records) if record.kind == "run.end"), None)
    judged_later = sum(end is not None and chain[0].seq > end for chain in _chains(source))
    return max(0, int(source.closing.get("expected", {}).get("open", 0)) - judged_later)


def _within(source: RunSource, record: ExpectedRecord) -> float | None:
    """Return the days that were given. They come from the inject file: the journal has only the time taken."""
    expected = record.government, record.title, list(record.any_of)
    specs = (spec for each in source.injects if each.id == record.inject for spec in each.expected)
    return next((_days(s.within) for s in specs if (s.who, s.title, list(s.any_of)) == expected), None)


def _done(source: RunSource, action: int | None, *, human: bool) -> str:
    """Return what was done: an action with its target, or a sentence; empty if nothing is named.

    For a seat that a person held at any time, it says if somebody else decided.
    """
    done = source.index.get(action) if action is not None else None
    if done is None:
        return ""
    if isinstance(done, ActionRecord):
        what = source.titles.ordered(done.about, done.target)
        accepted = ACCEPTED if _of_white_cell(_ordered_by(source, done)) else ""
        return f"{what}{ON_BEHALF.get(done.source, '')}{accepted}" if human else what
    return headline(source, done)


def _latency(
    source: RunSource, chain: Sequence[ExpectedRecord], action: int | None, released: int | None
) -> float | None:
    """Return days from the release to what was done; None if it was done before."""
    done = source.index.get(-1 if action is None else action)
    start = source.index.get(-1 if released is None else released)
    if done is not None and start is not None:
        return _days(done.t - start.t) if done.seq > start.seq else None
    return _days(next((record.latency for record in chain if record.latency is not None), None))


def _days(seconds: object) -> float | None:
    return round(seconds / DAY, 4) if isinstance(seconds, int | float) else None


def tally_of(rows: Sequence[Row]) -> dict[str, int]:
    """Return expected actions by status; what is for the evaluator to judge only if there is any."""
    counts = {status: sum(row["status"] == status for row in rows) for status in STATUSES}
    undecided = sum(row["status"] == UNDECIDED for row in rows)
    return counts | ({UNDECIDED: undecided} if undecided else {})
