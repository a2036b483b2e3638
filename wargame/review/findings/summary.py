"""The summary of a run: what its terminal output and `summary.json` contain."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from wargame.dataclasses import dataclass, field
from wargame.journal import wording
from wargame.journal.manifest import outcome_that_ended
from wargame.journal.records.governments import ActionRecord
from wargame.journal.records.script import OutcomeRecord, OutcomeRevokedRecord
from wargame.journal.wording import count
from wargame.language.times import DAY
from wargame.review.findings.finding_rows import Row, attention
from wargame.review.findings.source import INCOMPLETE, RunSource
from wargame.review.findings.turning_points import TurningPoint
from wargame.scenario.model.questions import CourseChange

COMMONEST = 3


@dataclass(frozen=True, slots=True)
class OutcomeFinding:
    """An outcome; `at` and `day` (from STARTEX) are None if it did not occur.

    `inherited` says that it was already true at STARTEX. `ruling` is the label of one that the white cell has set or
    revoked, which is part of the title.
    """

    id: str
    title: str
    at: str | None
    day: float | None
    ends: bool
    seq: int | None
    inherited: bool = False
    ruling: str = ""


EXPECTED = (
    *("inject", "inject_title", "who", "expected", "status", "latency_days", "seq"),
    *("automatic", "judged_by", "judged_why"),
)
"""The columns of expected actions that a summary has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """The results of a run in brief."""

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
    """Decisions of the model since STARTEX, with those to wait; 0 if the journal has none."""
    decided: Mapping[str, int] = field(default_factory=dict)
    """Decisions of others: of `people`, of `programs`, and what `the white cell` ordered and entered as an action."""
    outcomes: tuple[OutcomeFinding, ...] = ()
    turning_points: tuple[TurningPoint, ...] = ()
    expected: tuple[Row, ...] = ()
    """Rows of `expected_actions`, with the columns of `EXPECTED`."""
    still_open: int = 0
    """Expected actions whose time was not over when the run ended."""
    actions: tuple[Row, ...] = ()
    """For each government, how many since STARTEX (`total`), and the commonest with their counts."""
    attention: tuple[Row, ...] = ()
    """The share of its working time that a leadership gave to each dossier, largest first."""
    notes: tuple[str, ...] = field(default=())
    """Remarks to read first, such as that the run was cut short."""
    governments: Mapping[str, str] = field(default_factory=dict)
    """Names by id."""
    changes: tuple[str, ...] = ()
    """Differences from the scenario as written, as on the command line: `set tension=0.1`, `replication 3`."""

    @property
    def by_outcome(self) -> bool:
        """Whether an outcome ended it."""
        return bool(outcome_that_ended(self.ended))

    @property
    def absence(self) -> str:
        """The words for outcomes that did not occur; 'so far' if the run can be resumed."""
        over = self.ended in ("endex", INCOMPLETE) or self.by_outcome
        return "did not occur" if over else "have not occurred so far"

    @property
    def decisions_in_words(self) -> str:
        """`37 decisions`, or `37 decisions of the model, 6 of people`; empty if there were none."""
        others = [f"{number:,} of {whose}" for whose, number in self.decided.items() if number]
        of_model = f"{count(self.decisions, 'decision')}{' of the model' if others else ''}"
        return ", ".join([of_model, *others]) if self.decisions or others else ""


def summarize(
    source: RunSource, points: tuple[TurningPoint, ...], expected: list[Row], still_open: int, decided: dict[str, int]
) -> RunSummary:
    """Return the summary of a run, whole or cut short, with its turning points and expected actions."""
    manifest, records = source.manifest, source.records
    return RunSummary(
        name=manifest.name,
        scenario=manifest.scenario,
        title=manifest.title,
        seed=manifest.seed,
        startex=manifest.startex,
        end=manifest.end,
        reached=source.reached,
        ended=source.ended,
        records=records[-1].seq + 1 if records else manifest.records,
        decisions=_decisions(source),
        decided=decided,
        outcomes=_outcomes(source),
        turning_points=points,
        expected=tuple({name: row[name] for name in EXPECTED} for row in expected),
        still_open=still_open,
        actions=_actions(source),
        attention=tuple(attention(source)),
        notes=source.notes,
        governments=source.governments,
        changes=tuple(_changes(manifest.settings, source.programs)),
    )  # fmt: skip


def _decisions(source: RunSource) -> int:
    """Return decisions of the model since STARTEX; a manifest also counts decisions of a warm start before it."""
    if source.records:
        return sum(record.kind == "decision" for record in source.since)
    return 0 if source.scenario is None or bool(source.scenario.rules.warm_start) else source.manifest.decisions


def _changes(settings: Mapping[str, Any], programs: Mapping[str, str]) -> Iterator[str]:
    """Yield the settings of a manifest as changes; STARTEX and end are in its dates."""
    for name in ("set", "forbid", "force", "skip"):
        yield from (f"{name} {text}" for text in settings.get(name) or ())
    for name, option in (("seats", "seat"), ("limits", "limits"), ("strategies", "strategy"), ("leaders", "leader")):
        for who, what in settings.get(name) or ():
            yield f"{option} {who}={programs.get(who, what) if what == 'human' else what}"
    yield from (f"turn {CourseChange(**turn)}" for turn in settings.get("turn") or ())
    if settings.get("replication"):
        yield f"replication {settings['replication']}"


def _outcomes(source: RunSource) -> tuple[OutcomeFinding, ...]:
    """Return those that occurred by date, then the others by name."""
    occurred: dict[str, OutcomeFinding] = {}
    revoked: dict[str, OutcomeFinding] = {}
    before: dict[str, str] = {}
    for record in source.since:
        if isinstance(record, OutcomeRevokedRecord):
            earlier = occurred.pop(record.about, None)
            if earlier is not None and earlier.at is not None:
                dates = f"{source.dates.at(earlier.at)}, revoked on {source.dates.at(record.at)}"
                before[record.about] = f" (again; before on {dates})"
            title, ruling = _title(source, record.about, record.title) + record.ruling, record.ruling
            revoked[record.about] = OutcomeFinding(
                record.about, title, None, None, ends=False, seq=record.seq, ruling=ruling
            )
        elif isinstance(record, OutcomeRecord) and record.about not in occurred:
            title, ruling = _title(source, record.about, record.title) + before.get(record.about, ""), record.ruling
            day = round((record.t - source.startex) / DAY, 2)
            occurred[record.about] = OutcomeFinding(
                record.about, title + ruling, record.at, day, record.ends, record.seq, record.inherited, ruling
            )
    names = sorted(set(source.manifest.outcomes) - set(occurred))
    others = [revoked.get(name) or _unrecorded(source, name) for name in names]
    return (*occurred.values(), *sorted(others, key=lambda each: (each.at is None, each.at or "", each.id)))


def _unrecorded(source: RunSource, name: str) -> OutcomeFinding:
    """Return an outcome without a record: it did not occur, or the level of the journal left it out."""
    manifest, at = source.manifest, source.manifest.outcomes[name]
    since = None if at is None else datetime.fromisoformat(at) - datetime.fromisoformat(manifest.startex)
    day = None if since is None else round(since.total_seconds() / DAY, 2)
    title = _title(source, name, manifest.outcome_titles.get(name, ""))
    return OutcomeFinding(name, title, at, day, ends=False, seq=None, inherited=day == 0)


def _title(source: RunSource, outcome: str, recorded: str) -> str:
    known = source.scenario.outcomes if source.scenario else {}
    return known[outcome].title if outcome in known else recorded or wording.words(outcome)


def _actions(source: RunSource) -> tuple[Row, ...]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for record in source.since:
        if isinstance(record, ActionRecord):
            failed = ", and fails" if record.success is False else ""
            counts[record.who][(record.title or wording.words(record.about)) + failed] += 1
    rows = []
    for who, counted in sorted(counts.items()):
        ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        rows.append({"who": who, "total": counted.total(), "commonest": ranked[:COMMONEST]})
    return tuple(rows)
