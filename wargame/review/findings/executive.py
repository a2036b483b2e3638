"""The executive summary of a run: one sentence, outcomes and acts, most severe first, what people decided."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from wargame.dataclasses import dataclass
from wargame.journal import wording
from wargame.journal.command_words import is_setting
from wargame.journal.records import Record
from wargame.journal.records.correspondence import RequestRecord, RulingRecord
from wargame.journal.records.governments import ActionRecord
from wargame.journal.records.seats import DecisionMissedRecord, ProcedureAnswerRecord
from wargame.journal.wording import count, number_word
from wargame.language.times import DAY
from wargame.review.findings import decision_log
from wargame.review.findings.decision_log import carried_out
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.headlines import TEXTS
from wargame.review.findings.people import SeatHistory, consequences, ordered_for
from wargame.review.findings.source import RunSource
from wargame.review.findings.summary import OutcomeFinding, RunSummary
from wargame.review.findings.turning_points import score
from wargame.tables import by_key, tables

BOTH = "with the model deciding for both governments"
MOST = 5
"""Decisions of people that the summary lists."""
FAILED = "by an attempt that failed"
NO_GRAVITY = (0.0, 0.0)
BEYOND_CONTROL = 30.0
"""Severity of an outcome that an inject or a chance event brought about, such as a collapse. Judgement."""


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """A decision of a human seat, or an act, in one line, with the records that show it."""

    at: str
    text: str
    evidence: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ExecutiveSummary:
    """The summary that a sponsor reads first. `acts` are the most severe ones, whoever ordered them, in that order.

    `players` are the most important decisions of people in order of time; `others` says what else they did and decided.
    """

    sentence: str
    acts: tuple[SummaryLine, ...]
    players: tuple[SummaryLine, ...]
    others: str
    outcomes: tuple[OutcomeFinding, ...]


def executive_summary(
    source: RunSource, summary: RunSummary, seats: frozenset[str], active: frozenset[str], decisions: Sequence[Row]
) -> ExecutiveSummary:
    """Return the executive summary. `seats` are human, `active` those with acts, `decisions` rows of their log."""
    occurred = [each for each in summary.outcomes if each.at is not None and not each.inherited]
    others = [each for each in summary.outcomes if each.at is None or each.inherited]
    outcomes = (*sorted(occurred, key=lambda each: _gravity(source, each)), *others)
    chosen, acts = _most_important(source, decisions), gravest_acts(source)
    return ExecutiveSummary(
        sentence=_course(source, summary, _who(source, seats, active), outcomes, acts),
        acts=tuple(_act(source, same) for same in acts),
        players=tuple(_decision(source, row) for row in chosen),
        others=_others(source, seats, [row for row in decisions if row["decided"] and not row["by"]], len(chosen)),
        outcomes=outcomes,
    )


# --- outcomes ------------------------------------------------------------------------------------------------------


def _gravity(source: RunSource, outcome: OutcomeFinding) -> tuple[bool, float, float, bool, str, str]:
    """Return the place in the order: by severity, then by rung, then actions before conditions, then by time."""
    spec = source.scenario.outcomes.get(outcome.id) if source.scenario else None
    is_condition = spec is None or spec.when is not None
    severity, rung = gravity(source, outcome)
    return not outcome.ends, -severity, -rung, is_condition, outcome.at or "", outcome.id


def remark(source: RunSource, outcome: OutcomeFinding) -> str:
    """Return that an action of the white cell brought an outcome about, or one that failed; empty for others."""
    record = source.index.get(outcome.seq) if outcome.seq is not None else None
    trigger = source.index.get(record.cause[0]) if record is not None and record.cause else None
    if not isinstance(trigger, ActionRecord):
        return ""
    by = FROM_WHITE_CELL.get(trigger.source, "")
    by = f", {by_whom(source, trigger)}" if by and _is_ruled(source, trigger) else by
    return by + ("" if trigger.success else f", {FAILED}")


FROM_WHITE_CELL: Mapping[str, str] = tables("review/words.yaml")["from_white_cell"]
"""The origin of an outcome, by the source of its action."""
Gravity = tuple[float, float]
"""A severity and a rung, to compare acts and outcomes."""


def gravity(source: RunSource, outcome: OutcomeFinding) -> Gravity:
    """Return the gravity of an outcome: of its most severe option, else of what made its condition true."""
    scenario = source.scenario
    spec = scenario.outcomes.get(outcome.id) if scenario else None
    pattern = (spec.action or spec.exchange) if spec else None
    if scenario is not None and pattern is not None and pattern.options:
        options = [scenario.options[name] for name in pattern.options if name in scenario.options]
        return max((each.severity, float(each.rung)) for each in options)
    record = source.index.get(outcome.seq) if outcome.seq is not None else None
    return _gravity_behind(source, record) if record is not None else NO_GRAVITY


def _gravity_of(action: ActionRecord) -> Gravity:
    return action.severity, action.rung


def _gravity_behind(source: RunSource, outcome: Record) -> Gravity:
    """Return the gravity of the action, inject or chance event of the same instant that made a condition true."""
    record = outcome
    while record.cause and record.cause[0] in source.index:
        record = source.index[record.cause[0]]
        if record.t != outcome.t:
            return NO_GRAVITY
        if isinstance(record, ActionRecord):
            return _gravity_of(record)
        if record.kind in ("inject.released", "hazard"):
            return BEYOND_CONTROL, 0.0
    return NO_GRAVITY


# --- acts ----------------------------------------------------------------------------------------------------------


def gravest_acts(source: RunSource) -> list[list[ActionRecord]]:
    """Return the most severe acts since STARTEX in that order; a list has those that are the same, oldest first.

    Acts that read the same are the same. An act without severity is not grave.
    """
    grave = (record for record in source.since if isinstance(record, ActionRecord) and record.severity > 0)
    same = by_key((_in_words(source, record), record) for record in grave)
    # of equally grave acts, the more hostile one comes first
    ranks = {name: max((*_gravity_of(act), -act.goldstein) for act in acts) for name, acts in same.items()}
    return [same[name] for name in sorted(same, key=lambda n: [-part for part in ranks[n]] + [same[n][0].seq])[:MOST]]


def _act(source: RunSource, same: Sequence[ActionRecord]) -> SummaryLine:
    """Describe acts: `Brel fires on ships (Arda): ordered by the white cell ('the storyline'); 2 times, …`."""
    first, last = same[0], same[-1]
    again = f"; {len(same)} times, the last on {source.dates.at(last.at)}" if len(same) > 1 else ""
    return SummaryLine(first.at, f"{_in_words(source, first)}{again}", tuple(each.seq for each in same))


def _in_words(source: RunSource, act: ActionRecord) -> str:
    why = act.why or ""  # a seat is not shown it
    if act.source == "procedure":
        why = {f"{name}: {title}": title for name, title in source.titles.procedures.items()}.get(why, "")
    why = f" ('{why}')" if why else ""
    return f"{wording.sentence(act.act(source.titles))}: {by_whom(source, act)}{why}"


def _is_ruled(source: RunSource, act: ActionRecord) -> bool:
    """Return whether a ruling of the white cell on a request led to an action."""
    return bool(act.cause) and isinstance(source.index.get(act.cause[0]), RulingRecord)


def by_whom(source: RunSource, act: ActionRecord) -> str:
    """Return who or what brought about an action: `ordered by South Korea`, `decided by the model`, `entered by …`."""
    origin = act.source
    trigger = source.index.get(act.cause[0]) if act.cause else None
    if _is_ruled(source, act):
        return f"by the white cell, at the request of {source.titles.government(act.who)}"
    if origin not in ("order", "forced"):
        return ORIGINS.get(origin, origin)
    while trigger is not None and trigger.kind == "standing_order" and trigger.cause:
        trigger = source.index.get(trigger.cause[0])
    if trigger is not None and trigger.kind == "command" and trigger.who:
        return f"ordered by {source.titles.government(trigger.who)}"
    return "set for the run" if trigger is not None and is_setting(trigger.data) else "ordered by the white cell"


ORIGINS: Mapping[str, str] = tables("review/words.yaml")["origins"]
"""Origins of actions besides orders."""


# --- the sentence --------------------------------------------------------------------------------------------------


def _course(
    source: RunSource, summary: RunSummary, who: str, outcomes: Sequence[OutcomeFinding], acts: list[list[ActionRecord]]
) -> str:
    """Return who decided and what came of it, the most severe act unless an outcome is, and how the run ended."""
    ends = [datetime.fromisoformat(at) for at in (summary.startex, summary.reached) if at]
    days = (ends[1] - ends[0]).total_seconds() / DAY if len(ends) == 2 else None
    possible, texts, when = [each for each in outcomes if not each.inherited], TEXTS, source.dates
    occurred = [each for each in possible if each.at is not None]
    named = "".join(f"{each.title} ({when.at(str(each.at))}{remark(source, each)})" for each in occurred[:1])
    graves = [gravity(source, each) for each in occurred]
    rank = "the gravest" if graves and (occurred[0].ends or graves[0] > NO_GRAVITY) else "the first"
    came_of_it = texts.came_of_it(summary, possible, len(occurred), named, rank)
    parts = [", ".join(filter(None, [texts.span(summary, when, days), who, came_of_it]))]
    if acts and _gravity_of(first := acts[0][0]) > max(graves, default=NO_GRAVITY):
        parts.append(f"the gravest act: {first.act(source.titles)} ({when.at(first.at)}, {by_whom(source, first)})")
    parts.append(texts.end(summary, outcomes, len(occurred)))
    return " ".join(f"{wording.sentence(part)}." for part in parts if part)


def _who(source: RunSource, seats: frozenset[str], active: frozenset[str]) -> str:
    """Return who decided for which governments: people, programs, the white cell, nobody, the model."""
    names = list(source.governments)
    if not names:
        return ""
    if not seats:
        return BOTH if len(names) == 2 else f"with the model deciding for all {number_word(len(names))} governments"
    groups = {"people": [], "programs": [], "the white cell": [], "nobody": []}  # type: dict[str, list[str]]
    ordered = {ordered_for(each) for each in source.since if not each.who} - {""}
    for name in sorted(seats):
        of_program = "programs" if name in source.programs else "people"
        whose = of_program if name in active else "the white cell" if name in ordered else "nobody"
        groups[whose].append(name)
    one = {"programs": "a program"} if len(groups["programs"]) == 1 else {}
    by = [(one.get(whose, whose), _for(source, listed)) for whose, listed in groups.items() if listed]
    parts = [f"{whose} {'for' if at else 'deciding for'} {named}" for at, (whose, named) in enumerate(by)]
    others = [name for name in names if name not in seats]
    named = _listed(source, others) if len(others) < 3 else f"the other {number_word(len(others))} governments"
    missed = sum(isinstance(r, DecisionMissedRecord) and r.default == "model" for r in source.since)
    left = f"{count(missed, 'decision')} that people did not take in time" if missed else ""
    if model := ", and for ".join(part for part in (named, left) if part):
        parts.append(f"the model for {model}")
    return f"with {wording.joined(parts)}"


def _for(source: RunSource, names: Sequence[str]) -> str:
    """Return governments by name; those that had a human seat part of the time say so."""
    seats = SeatHistory(source)
    partly = [name for name in names if not seats.always_human(name)]
    throughout = _listed(source, [name for name in names if name not in partly])
    if not partly:
        return throughout
    some = f"{_listed(source, partly)} part of the time"
    return f"{throughout} throughout and for {some}" if throughout else some


def _listed(source: RunSource, codes: Sequence[str]) -> str:
    return wording.joined([source.titles.government(code) for code in codes])


# --- people --------------------------------------------------------------------------------------------------------


def _most_important(source: RunSource, decisions: Sequence[Row]) -> list[Row]:
    """Return the decisions to act with the weightiest consequences, in order of time."""
    acts = [row for row in decisions if row["decided"] and not row["by"] and len(row["evidence"]) > 1]
    ranked = sorted(acts, key=lambda row: (-_weight(source, row), row["seq"]))
    return sorted(ranked[:MOST], key=lambda row: int(row["seq"]))


def _weight(source: RunSource, row: Row) -> float:
    return max(score(source.index[seq]) for seq in row["evidence"] if seq in source.index)


def _decision(source: RunSource, row: Row) -> SummaryLine:
    """Describe a decision: `South Korea orders: sends an envoy (the United States); carried out on …`."""
    who, what = wording.sentence(source.titles.government(row["who"])), str(row["what"])
    records = [source.index[seq] for seq in row["evidence"]]
    text = f"{who} asks {what}" if isinstance(records[0], RequestRecord) else f"{who} orders: {what}"
    text += f", '{row['reason']}'" if row["reason"] else ""
    result = str(row["result"])
    if answers := [each for each in records if isinstance(each, ProcedureAnswerRecord)]:
        text = f"{who} {'accepts' if answers[-1].answer == 'accept' else 'refuses'} a {what}"
        result, _ = carried_out(answers[-1], consequences(source.since))
    return SummaryLine(str(row["at"]), f"{text}; {result}" if result else text, tuple(row["evidence"]))


def _others(source: RunSource, people: frozenset[str], taken: Sequence[Row], listed: int) -> str:
    """Return what people did besides the decisions that are listed, as counts."""
    if not people:
        return ""
    left = len(taken) - listed
    more = count(left, "more decision" if listed else "decision") if left > 0 else ""
    counts = "; ".join(part for part in (more, decision_log.in_short(source)) if part)
    return f"{'Also' if listed else 'Players'}: {counts} (see the decision log)." if counts else ""
