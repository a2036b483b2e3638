"""Findings of one run, computed from its journal alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from wargame.journal import sentences as phrases
from wargame.journal.manifest import RunManifest
from wargame.journal.records import Record
from wargame.language.times import DAY
from wargame.review.findings.turning_points import TurningPoint, turning_points

COMMONEST = 3


INCOMPLETE = "incomplete"
"""How a run ended whose end is missing in its journal."""


@dataclass(frozen=True, slots=True)
class OutcomeFinding:
    """An outcome; `at` and `day` (from STARTEX) are None if it did not occur.

    `inherited` is one that held at STARTEX already.
    """

    id: str
    title: str
    at: str | None
    day: float | None
    ends: bool
    seq: int | None
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class ExpectedFinding:
    """An expected action: met, late or missed, and after how many days it was done."""

    inject: str
    inject_title: str
    who: str
    title: str
    status: str
    days: float | None
    seq: int


@dataclass(frozen=True, slots=True)
class ActionFinding:
    """The actions of one government since STARTEX, and the commonest with their counts."""

    who: str
    total: int
    commonest: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class AttentionFinding:
    """The share of its working time that a leadership gave to each dossier, largest first; they sum to 1."""

    who: str
    hours: float
    shares: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All that the summary of a run tells."""

    name: str
    scenario: str
    title: str
    seed: int
    startex: str
    end: str
    reached: str
    ended: str
    records: int
    decisions: int
    outcomes: tuple[OutcomeFinding, ...] = ()
    turning_points: tuple[TurningPoint, ...] = ()
    expected: tuple[ExpectedFinding, ...] = ()
    still_open: int = 0
    """Expected actions whose time was not over when the run ended."""
    actions: tuple[ActionFinding, ...] = ()
    attention: tuple[AttentionFinding, ...] = ()
    notes: tuple[str, ...] = field(default=())
    """What the reader must know first, such as that the run was cut short."""

    @property
    def absence(self) -> str:
        """What to say of outcomes that did not occur, or not so far if the run can still go on."""
        over = self.ended in ("endex", INCOMPLETE) or self.ended.startswith("outcome ")
        return "did not occur" if over else "have not occurred so far"


def findings(manifest: RunManifest, records: Sequence[Record], notes: Sequence[str] = ()) -> Findings:
    """Computes the findings of a run, whole or cut short."""
    startex = startex_second(manifest, records)
    since = [record for record in records if record.t >= startex]
    ended = ending(manifest, records)
    counted = manifest.decisions if ended != INCOMPLETE else 0
    titles = {r.about: str(r.data.get("title", "")) for r in records if r.kind == "inject.released"}
    closing = next((record.data for record in reversed(records) if record.kind == "run.end"), {})
    return Findings(
        name=manifest.name,
        scenario=manifest.scenario,
        title=manifest.title,
        seed=manifest.seed,
        startex=manifest.startex,
        end=manifest.end,
        reached=records[-1].at if records else manifest.reached,
        ended=ended,
        records=records[-1].seq + 1 if records else manifest.records,
        decisions=counted or sum(record.kind == "decision" for record in records),
        outcomes=_outcomes(manifest, since, startex),
        turning_points=turning_points(since, {record.seq: record for record in records}),
        expected=tuple(_expected(record, titles) for record in since if record.kind == "expected"),
        still_open=int(closing.get("expected", {}).get("open", 0)),
        actions=_actions(since),
        attention=_attention(since, closing.get("attention")),
        notes=tuple(notes),
    )


def ending(manifest: RunManifest, records: Sequence[Record]) -> str:
    """How the run ended; `INCOMPLETE` if it came to its end and its journal does not tell of it."""
    # Behind the end there may be notes and ratings from the hot wash of a live exercise.
    whole = not records or not manifest.whole or any(record.kind == "run.end" for record in records)
    return manifest.ended if whole else INCOMPLETE


def startex_second(manifest: RunManifest, records: Sequence[Record]) -> int:
    """In seconds of the run's clock: what came before is replayed history."""
    if not records or not manifest.startex:
        return 0
    first = records[0]
    return first.t + round((_date(manifest.startex) - _date(first.at)).total_seconds())


def _date(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _outcomes(manifest: RunManifest, since: Sequence[Record], startex: int) -> tuple[OutcomeFinding, ...]:
    """Those that occurred by their date, then the others by name."""
    occurred: dict[str, OutcomeFinding] = {}
    for record in since:
        if record.kind == "outcome" and record.about not in occurred:
            title = str(record.data.get("title") or phrases.words(record.about))
            day, ends = (record.t - startex) / DAY, bool(record.data.get("ends"))
            held = record.t == startex and not record.cause
            found = OutcomeFinding(record.about, title, record.at, round(day, 2), ends, record.seq, held)
            occurred[record.about] = found
    others = [_unrecorded(manifest, name) for name in sorted(set(manifest.outcomes) - set(occurred))]
    return (*occurred.values(), *sorted(others, key=lambda found: (found.at is None, found.at or "", found.id)))


def _unrecorded(manifest: RunManifest, name: str) -> OutcomeFinding:
    """An outcome that the journal does not tell of: it did not occur, or the level left it out."""
    at = manifest.outcomes[name]
    day = None if at is None else round((_date(at) - _date(manifest.startex)).total_seconds() / DAY, 2)
    return OutcomeFinding(name, manifest.outcome_titles.get(name) or phrases.words(name), at, day, ends=False, seq=None)


def _expected(record: Record, titles: Mapping[str, str]) -> ExpectedFinding:
    data = record.data
    inject = str(data.get("inject", record.about))
    latency = data.get("latency")
    days = round(latency / DAY, 2) if isinstance(latency, int | float) else None
    options = " or ".join(phrases.words(str(option)) for option in data.get("any_of", ()))
    return ExpectedFinding(
        inject=inject,
        inject_title=titles.get(inject) or phrases.words(inject),
        who=str(data.get("who", record.who)),
        title=str(data.get("title") or options),
        status=str(data.get("status", "")),
        days=days,
        seq=record.seq,
    )


def _actions(since: Sequence[Record]) -> tuple[ActionFinding, ...]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for record in since:
        if record.kind == "action":
            counts[record.who][str(record.data.get("title") or phrases.words(record.about))] += 1
    return tuple(
        ActionFinding(
            who, counted.total(), tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:COMMONEST])
        )
        for who, counted in sorted(counts.items())
    )


def _attention(
    since: Sequence[Record], closing: Mapping[str, Mapping[str, float]] | None
) -> tuple[AttentionFinding, ...]:
    """From the end of the run; if it was cut short, from the meetings so far."""
    seconds = closing or _worked(since)
    return tuple(_shares(who, seconds[who]) for who in sorted(seconds) if sum(seconds[who].values()) > 0)


def _worked(since: Sequence[Record]) -> dict[str, Counter[str]]:
    worked: dict[str, Counter[str]] = defaultdict(Counter)
    for record in since:
        took = record.data.get("took")
        if record.kind == "decision" and isinstance(took, int | float):
            worked[record.who][str(record.data.get("dossier", ""))] += round(took)
    return worked


def _shares(who: str, seconds: Mapping[str, float]) -> AttentionFinding:
    total = sum(seconds.values())
    ordered = sorted(seconds.items(), key=lambda item: (-item[1], item[0]))
    return AttentionFinding(
        who, round(total / 3600, 1), tuple((name, round(spent / total, 4)) for name, spent in ordered)
    )
