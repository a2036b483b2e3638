"""Records in words: one line for each, and the one line that says why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from wargame.journal.records import Record

MEETINGS = {
    "routine": "a routine meeting",
    "salience": "a meeting that events called",
    "deadline": "a meeting before a deadline",
    "invitation": "a meeting on an invitation",
    "resumed": "a resumed meeting",
}


def moment(record: Record) -> str:
    """Date and time to the minute."""
    return datetime.fromisoformat(record.at).strftime("%Y-%m-%d %H:%M")


def day(record: Record) -> str:
    """The date, as it can be typed."""
    return record.at[:10]


def date(at: str) -> str:
    """An ISO time as a date, as it stands in a sentence: `4 Oct 2017`."""
    when = datetime.fromisoformat(at)
    return f"{when.day} {when:%b %Y}"


def words(name: str) -> str:
    """An id as words: `five_party` reads `five party`."""
    return name.replace("_", " ").replace("-", " ")


WITH_ARTICLE = frozenset(
    {"States", "Kingdom", "Union", "Republic", "Republics", "Nations", "Federation", "Emirates", "Netherlands"}
)
"""Words of names of governments that take an article in a sentence."""


def called(name: str) -> str:
    """The name of a government within a sentence: `the United States`, `Japan`."""
    if name.startswith("The "):
        return f"the {name[4:]}"
    return f"the {name}" if WITH_ARTICLE & set(name.split()) else name


def sentence(text: str) -> str:
    """A text that begins as sentences do."""
    return text[:1].upper() + text[1:]


def number(data: Mapping[str, Any], key: str, otherwise: float = 0.0) -> float:
    """A number of a record, or another where the record holds none."""
    value = data.get(key)
    return value if isinstance(value, int | float) else otherwise


def percent(chance: object) -> str:
    """A chance in whole percent; one that rounds to nothing is still one."""
    if not isinstance(chance, int | float):
        return "unknown"
    return "under 1%" if 0 < chance < 0.005 else f"{chance:.0%}"


def signed(value: float, digits: int = 3) -> str:
    """A number with its sign, and a minus as wide as a plus."""
    return f"{value:+.{digits}f}".replace("-", "−")


def whole(value: float) -> str:
    """A number without digits behind the point, with a minus as wide as a plus."""
    return f"{value:,.0f}".replace("-", "−")


def choice(data: Mapping[str, Any], key: str = "option") -> str:
    """An option with its target."""
    target = data.get("target")
    return f"{data.get(key, '')} {target}" if target else str(data.get(key, ""))


def meeting(record: Record) -> str:
    """What called the meeting of a decision."""
    called = str(record.data.get("meeting", ""))
    return MEETINGS.get(called, f"a meeting ({called})" if called else "a meeting")


def action(record: Record) -> str:
    """Who did what, and to whom."""
    data = record.data
    title = str(data.get("title") or words(record.about))
    target = data.get("target")
    toward = f" ({target})" if target and str(target) not in title else ""
    return f"{record.who} {title}{toward}" + ("" if data.get("success", True) else ", and fails")


def _decision(record: Record) -> str:
    if record.data.get("choice", record.about) == "wait":
        return f"{record.who} waits"
    dossier = record.data.get("dossier")
    return f"{record.who} decides: {choice(record.data, 'choice')}" + (f" (dossier {dossier})" if dossier else "")


def _signal(record: Record) -> str:
    data = record.data
    toward = f" toward {data['target']}" if data.get("target") else ""
    return f"{record.who} learns of {words(record.about)} by {data.get('actor', '?')}{toward}"


def _leader(record: Record) -> str:
    data = record.data
    return f"{record.who} has a new leader: {data.get('title') or words(str(data.get('leader', record.about)))}"


def _strategy(record: Record) -> str:
    stage = record.data.get("stage")
    return f"{record.who} follows {record.data.get('strategy', record.about)}" + (f", stage {stage}" if stage else "")


def _transition(record: Record) -> str:
    """Of a forum or an agreement: a step from state to state, or an event within one."""
    data = record.data
    before, after, event = (words(str(data.get(key, ""))) for key in ("from", "to", "event"))
    name = data.get("title") or words(record.about)
    return f"{name}: {event or after}" if before == after else f"{name}: {after} (was {before})"


def _expected(record: Record) -> str:
    data = record.data
    what = data.get("title") or _listed(data.get("any_of")) or data.get("inject", record.about)
    return f"expected of {data.get('who', record.who)}: {what}: {data.get('status', '')}"


def _titled(kind: str) -> Callable[[Record], str]:
    return lambda record: f"{kind} '{record.data.get('title') or words(record.about)}'"


_HEADLINES: dict[str, Callable[[Record], str]] = {
    "run.start": lambda record: (
        f"the run begins: {record.data.get('scenario', '')}, seed {record.data.get('seed', '')}"
    ),
    "run.end": lambda record: f"the run ends: {record.data.get('reason', '')}",
    "inject.released": _titled("inject"),
    "inject.skipped": lambda record: f"inject '{record.about}' is skipped: {record.data.get('reason', '')}",
    "inject.held": lambda record: f"inject '{record.about}' is held",
    "inject.enabled": lambda record: f"inject '{record.about}' is enabled",
    "history": _titled("on record:"),
    "action": action,
    "signal": _signal,
    "decision": _decision,
    "order.cancelled": lambda record: f"{record.who} gives up {choice(record.data)}: {record.data.get('reason', '')}",
    "demand": lambda record: f"{record.who} asks {record.data.get('of', '')} for {_listed(record.data.get('wants'))}",
    "demand.settled": lambda record: f"the ask of {record.who} is settled: {words(str(record.data.get('how', '')))}",
    "forum": _transition,
    "agreement": _transition,
    "leader": _leader,
    "strategy": _strategy,
    "outcome": lambda record: f"outcome: {record.data.get('title') or words(record.about)}",
    "hazard": _titled("chance event"),
    "startex": lambda _: "STARTEX: governments decide from here on",
    "expected": _expected,
    "inject.retracted": _titled("retracted:"),
    "decision.due": lambda record: f"DUE: {record.who} on {record.about}",
    "decision.missed": lambda record: (
        f"{record.who} has not decided in time on {record.about} ({record.data.get('default', '')})"
    ),
    "message": lambda record: f"{record.who} to {record.about}: {record.data.get('text', '')}",
    "offer": lambda record: (
        f"{record.who} puts an {record.data.get('form', 'offer')} to {record.about}: {record.data.get('text', '')}"
    ),
    "answer": lambda record: (
        f"{record.who} answers {record.data.get('answer', '')} to {record.about} {record.data.get('text', '')}".rstrip()
    ),
    "vote": lambda record: f"{record.who} calls a vote of {record.about}: {record.data.get('question', '')}",
    "ballot": lambda record: f"{record.who} votes {record.data.get('choice', '')} in vote {record.about}",
    "vote.result": lambda record: (
        f"vote {record.about}: {_counted(record.data.get('count'))}"
        + (f", silent {record.data['silent']}" if record.data.get("silent") else "")
    ),
    "request": lambda record: f"{record.who} asks the white cell: {record.data.get('text', '')}",
    "ruling": lambda record: (
        f"ruling for {record.about}: {record.data.get('how', '')} {record.data.get('why', '')}".rstrip()
    ),
    "standing_order": lambda record: f"standing order of {record.who} takes hold: {choice(record.data)}",
    "rating": lambda record: (
        f"rating of {record.about}{_for(record.data)}: {record.data.get('rating', '')} "
        f"{record.data.get('why', '')}".rstrip()
    ),
    "command": lambda record: f"{record.who or 'the facilitator'}: {record.about} {_ordered(record.data)}".rstrip(),
    "note": lambda record: f"note: {record.data.get('text', record.about)}",
    "snapshot": lambda _: "daily digest of the world",
}


def _for(data: Mapping[str, Any]) -> str:
    return f", {data['government']}" if data.get("government") else ""


def _ordered(data: Mapping[str, Any]) -> str:
    """What a command was about, in the words in which it was given."""
    if "path" in data:
        return f"{data['path']} = {data.get('value', '')}"
    keys = ("government", "inject", "option", "target", "kind", "dossier", "field", "value", "title", "by", "number")
    return " ".join(str(data[key]) for key in keys if data.get(key))


def _counted(count: object) -> str:
    return ", ".join(f"{choice} {number}" for choice, number in count.items()) if isinstance(count, dict) else ""


def _listed(wants: object) -> str:
    return " or ".join(map(str, wants)) if isinstance(wants, list | tuple) else str(wants or "")


def headline(record: Record, index: Mapping[int, Record] | None = None) -> str:
    """One line that says what happened; with the other records by number, what a signal tells of in full."""
    if record.kind == "signal" and index and record.cause:
        told = index.get(record.cause[0])
        if told is not None and told.kind == "action":
            return f"{record.who} learns: {action(told)}"
    described = _HEADLINES.get(record.kind)
    return described(record) if described else f"{record.kind} {record.who} {record.about}".rstrip()


def because(record: Record, index: Mapping[int, Record]) -> str:
    """One line that says why: the decision with its chance, and the action or inject that came before it."""
    parts: list[str] = []
    for earlier in _chain(record, index):
        if earlier.kind == "decision":
            parts.append(_short_decision(earlier, record))
        elif earlier.kind in BEGINNINGS and (parts or earlier.kind != "action" or record.kind == "action"):
            parts.append(f"after {headline(earlier)} ({date(earlier.at)})")
            break
        elif earlier.kind in BEGINNINGS:
            parts.append(headline(earlier))
    if not parts and record.kind == "action":
        return {"hazard": "chance", "history": "on record"}.get(str(record.data.get("from")), "")
    return ", ".join(parts)


LATER = 7 * 86400
"""Seconds from a decision to its action after which the date of both is told."""
BEGINNINGS = frozenset({"action", "inject.released", "history", "hazard", "command", "demand", "demand.settled"})
"""Kinds that can stand as a reason; signals and steps of forums and agreements only pass one on."""


def _chain(record: Record, index: Mapping[int, Record]) -> list[Record]:
    chain: list[Record] = []
    while record.cause and record.cause[0] in index and len(chain) < 8:
        record = index[record.cause[0]]
        chain.append(record)
    return chain


def _short_decision(record: Record, after: Record) -> str:
    """How it was decided, and when, if what came of it came much later."""
    chance = record.data.get("chance")
    share = percent(chance) if isinstance(chance, int | float) else ""
    on = f" on {date(record.at)}" if after.t - record.t >= LATER else ""
    return f"decided at {meeting(record)}{on}" + (f" (chance {share})" if share not in ("", "100%") else "")
