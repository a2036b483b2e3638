"""What governments do, decide and perceive, as clauses: actions, orders, plans, demands, standing procedures."""

from __future__ import annotations

from collections.abc import Callable

from wargame.journal.records import Record
from wargame.journal.wording import UNTITLED, Titles, words

ADJUDICATED = "adjudicated"
"""The label of what happened by a ruling of the white cell."""
BY_WHITE_CELL = {"adjudicated": "ruling of the white cell", "forced": "order of the white cell without requirements"}
"""Sources of actions that only the white cell made possible: why they happened."""


def action(record: Record, titles: Titles = UNTITLED) -> str:
    """Who did what, and to whom: `North Korea detains a foreign visitor (Japan)`."""
    data = record.data
    title = str(data.get("title") or titles.option(record.about))
    success = "" if data.get("success", True) else ", and fails"
    return f"{titles.government(record.who)} {titles.toward(title, data.get('target'))}{success}"


BY_PROCEDURE = "by standing procedure"
"""What marks an action that no meeting decided on."""


def _action(record: Record, titles: Titles) -> str:
    """An action, as those read it who may know how it came about."""
    source = str(record.data.get("from"))
    label = BY_PROCEDURE if source == "procedure" else ADJUDICATED if source in BY_WHITE_CELL else ""
    return action(record, titles) + (f", {label}" if label else "")


def _decision(record: Record, titles: Titles) -> str:
    who, data = titles.government(record.who), record.data
    if data.get("choice", record.about) == "wait":
        return f"{who} waits"
    on = f" on {titles.dossier(data['dossier'])}" if data.get("dossier") else ""
    return f"{who} decides{on}: {titles.choice(data, 'choice')}"


def _signal(record: Record, titles: Titles) -> str:
    data = record.data
    did = titles.action({"option": record.about, **data})
    return f"{titles.government(record.who)} learns that {titles.government(data.get('actor', '?'))} {did}"


def _cancelled(record: Record, titles: Titles) -> str:
    reason = record.data.get("reason", "")
    return f"{titles.government(record.who)} cancels its order ({titles.choice(record.data)}): {reason}"


_REVIEWED = {"continued": "continues with", "postponed": "postpones"}


def _reviewed(record: Record, titles: Titles) -> str:
    how = _REVIEWED.get(str(record.data.get("how")), "reviews")
    return f"{titles.government(record.who)} {how} its order ({titles.choice(record.data)})"


_PLAN_ENDS = {"finished": "finishes", "abandoned": "abandons", "overdue": "runs out of time for"}


def _plan_ended(record: Record, titles: Titles) -> str:
    how = _PLAN_ENDS.get(str(record.data.get("how")), "ends")
    return f"{titles.government(record.who)} {how} a plan: {record.data.get('title') or words(record.about)}"


def _receivers(record: Record, titles: Titles) -> str:
    return ", ".join(titles.government(name) for name in record.data.get("acts") or ())


def _demand(record: Record, titles: Titles) -> str:
    wants = titles.any_of(record.data.get("wants") or ())
    return f"{titles.government(record.who)} demands that {titles.government(record.data.get('of', ''))} {wants}"


_SETTLED = {
    "met": "{of} meets the demand of {sender}",
    "refused": "{of} does not meet the demand of {sender} in time",
    "paid": "{sender} gives {of} the inducement that it promised",
    "unpaid": "{sender} does not give {of} the inducement that it promised",
    "carried_out": "{sender} carries out its threat against {of}",
    "empty": "{sender} does not carry out its threat against {of}",
    "honoured": "{sender} keeps its commitment to {of}",
    "not_honoured": "{sender} does not keep its commitment to {of}",
}


def _settled(record: Record, titles: Titles) -> str:
    how = str(record.data.get("how", ""))
    parties = {"sender": titles.government(record.who), "of": titles.government(record.data.get("of", ""))}
    return _SETTLED.get(how, f"demand of {{sender}} to {{of}}: {words(how)}").format(**parties)


def _leader(record: Record, titles: Titles) -> str:
    data = record.data
    name = data.get("title") or words(str(data.get("leader", record.about)))
    return f"{titles.government(record.who)} has a new leader: {name}"


def _strategy(record: Record, titles: Titles) -> str:
    strategy, stage = str(record.data.get("strategy", record.about)), record.data.get("stage")
    title = titles.strategies.get(strategy) or words(strategy)
    why = f" ({record.data['why']})" if record.data.get("why") else ""
    followed = f"{titles.government(record.who)} follows the strategy '{title}'"
    return followed + (f", stage {stage}" if stage else "") + why


_DEFAULTS = {"model": "the model decides", "nothing": "nothing is done"}


def _missed(record: Record, titles: Titles) -> str:
    default = str(record.data.get("default", ""))
    who, dossier = titles.government(record.who), titles.dossier(record.about)
    reason = f": {record.data['reason']}" if record.data.get("reason") else ""
    return f"{who} misses its decision on {dossier} ({_DEFAULTS.get(default, default)}){reason}"


def _proposed(record: Record, titles: Titles) -> str:
    verb = "will act unless its seat refuses" if record.data.get("mode") == "act" else "is proposed to its seat"
    return f"standing procedure of {titles.government(record.who)} {verb}: {titles.choice(record.data)}"


def _procedure_answer(record: Record, titles: Titles) -> str:
    data, title = record.data, titles.procedures.get(record.about) or words(record.about)
    verb = "accepts" if data.get("answer") == "accept" else "refuses"
    by = "" if record.who else " (by the white cell)"
    return f"{titles.government(data.get('government', ''))}{by} {verb} its standing procedure '{title}'"


def _procedure_expired(record: Record, titles: Titles) -> str:
    who = titles.government(record.who)
    return f"standing procedure of {who} expires without an answer: {titles.choice(record.data)}"


ACTION_SENTENCES: dict[str, Callable[[Record, Titles], str]] = {
    "action": _action,
    "signal": _signal,
    "decision": _decision,
    "decision.due": lambda r, t: f"decision due: {t.government(r.who)} on {t.dossier(r.about)}",
    "decision.missed": _missed,
    "order.inherited": lambda r, t: f"order of the model for {t.government(r.who)} is under way: {t.choice(r.data)}",
    "order.carried_over": lambda r, t: (
        f"{t.government(r.who)} has ordered before STARTEX, and is preparing: {t.choice(r.data)}"
    ),
    "order.reviewed": _reviewed,
    "order.cancelled": _cancelled,
    "plan.begun": lambda r, t: f"{t.government(r.who)} begins a plan: {r.data.get('title') or words(r.about)}",
    "plan.ended": _plan_ended,
    "routine": lambda r, t: f"{t.government(r.who)} has minor acts towards {_receivers(r, t)}",
    "demand": _demand,
    "demand.settled": _settled,
    "commitment": lambda r, t: (
        f"{t.government(r.who)} commits itself to {t.government(r.data.get('of', ''))}: {t.choice(r.data)}"
    ),
    "leader": _leader,
    "strategy": _strategy,
    "standing_order": lambda r, t: f"standing order of {t.government(r.who)} is triggered: {t.choice(r.data)}",
    "procedure.proposed": _proposed,
    "procedure.answer": _procedure_answer,
    "procedure.expired": _procedure_expired,
}
