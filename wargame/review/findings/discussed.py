"""The acts and texts of people that a facilitator would discuss first.

What led to a turning point, and what a rating or an expected action names, come first; then acts by their weight as
turning points, then what was refused, missed or put to others. Of each seat, there is something.
"""

from collections import Counter
from math import sqrt

from wargame.journal.records import Record
from wargame.journal.records.governments import ActionRecord
from wargame.journal.records.run import RatingRecord
from wargame.review.findings.findings import Findings
from wargame.review.findings.turning_points import ACTION, ORDERED, RARE, SAID, SEVEREST, score

MOST = 10
"""Rows that are discussed first."""
CITED, REFERRED, UNDONE = 4.0, 2.0, 3.0
"""Added for what led to a turning point, and what a judgement names; the weight of what was missed. Judgement."""


def discussed(findings: Findings) -> frozenset[int]:
    """Return the numbers of at most `MOST` rows of what people decided, wrote and voted."""
    source, weights, seats = findings.source, dict[int, float](), dict[int, str]()
    led = {link.seq for point in findings.turning_points for link in point.chain}
    named = {int(each.evidence) for each in source.records if isinstance(each, RatingRecord) and each.evidence}
    named |= {row["action"] for row in findings.expected_actions}
    followed = {seq for record in source.records if record.kind != "expected.candidate" for seq in record.cause}
    times = Counter(source.index[seq].about for row in findings.seat_decisions for seq in row["evidence"])
    for row in (*findings.seat_decisions, *findings.messages, *findings.votes):
        records = [source.index[seq] for seq in row.get("evidence", (row["seq"],))]
        weight = max(_weight(each, times[each.about], answered=each.seq in followed) for each in records)
        weight = max(weight, UNDONE) if not row.get("decided", True) else weight + ORDERED * (len(records) > 1)
        about = {row["seq"], *(each.seq for each in records)}
        weights[row["seq"]] = weight + CITED * bool(about & led) + REFERRED * bool(about & named)
        seats[row["seq"]] = row["who"]
    ranked = sorted(weights, key=lambda seq: (-weights[seq], seq))
    first = list({seats[seq]: seq for seq in reversed(ranked) if seats[seq] in source.governments}.values())
    return frozenset([*sorted(first, key=ranked.index), *(seq for seq in ranked if seq not in first)][:MOST])


def _weight(record: Record, times: int, *, answered: bool) -> float:
    """Return the weight of a record as a turning point; concessions weigh as threats do, words by their kind."""
    if record.kind == "message":
        return SAID["message"] if answered else 1.0
    if isinstance(record, ActionRecord):
        return ACTION * sqrt(min(abs(record.severity), SEVEREST) / SEVEREST) + RARE / times
    return score(record, times) or SAID.get(record.kind, 0.0)
