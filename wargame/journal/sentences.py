"""Turns a record into one sentence that states what happened and, where it is known, one that states why.

The consoles, `wargame show`, `wargame why` and the review take all their sentences from this module. The shorter
texts that a seat receives are in `notices`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wargame.journal.command_sentences import command_clause
from wargame.journal.questionnaire_sentences import QUESTIONNAIRE_SENTENCES, asked_in_words, attached_in_words
from wargame.journal.records import Record
from wargame.journal.wording import UNTITLED, Titles, after_missed_deadline, date, meeting, percent, sentence, words

# --- what happened -------------------------------------------------------------------------------------------


def headline(record: Record, index: Mapping[int, Record] | None = None, titles: Titles = UNTITLED) -> str:
    """One line that says what happened. With the other records by number, a signal says of which action."""
    return sentence(_clause(record, titles, index))


def _clause(record: Record, titles: Titles, index: Mapping[int, Record] | None = None) -> str:
    if record.kind == "signal" and index and record.cause:
        source = index.get(record.cause[0])
        if source is not None and source.kind == "action":
            return f"{titles.government(record.who)} learns that {action(source, titles)}"
    describe = _CLAUSES.get(record.kind)
    return describe(record, titles) if describe else f"{record.kind} {record.who} {record.about}".rstrip()


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
    return f"{titles.government(record.who)} demands of {titles.government(record.data.get('of', ''))}: {wants}"


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


_TALKS = {
    "propose": ("{who} proposes talks{with_other}", "talks{between} are proposed"),
    "commit": ("{who} agrees to talks{with_other}", "one side agrees to talks{between}"),
    "dilute": ("{who} asks for weaker terms of talks{with_other}", "one side asks for weaker terms of talks{between}"),
    "decline": ("{who} declines talks{with_other}", "one side declines talks{between}"),
    "veto": ("{who} prevents talks{with_other}", "talks{between} are prevented"),
    "return": ("{who} returns to talks{with_other}", "talks{between} resume"),
    "leave": ("{who} leaves the talks{with_other}", "one side leaves the talks{between}"),
    "suspend": ("talks{between} are suspended because of {who}", "talks{between} are suspended"),
    "convene": ("", "talks{between} begin"),
    "round": ("", "a round of talks{between} is held"),
    "block": ("{who} blocks a round of talks{with_other}", "a round of talks{between} is blocked"),
    "agree": ("", "talks{between} end in agreement"),
    "exhaust": ("", "talks{between} collapse without agreement"),
    "lapse": ("", "talks{between} lapse"),
    "reopen": ("", "talks{between} can be proposed again"),
}
"""Steps of talks by event: with the government that made it, and without one."""
_COUNCIL = {
    "propose": ("{who} proposes a resolution ({title})", "a resolution is proposed ({title})"),
    "commit": ("{who} supports the resolution ({title})", "a member supports the resolution ({title})"),
    "dilute": ("{who} has the resolution weakened ({title})", "the resolution is weakened ({title})"),
    "decline": (
        "{who} does not support the resolution ({title})",
        "a member does not support the resolution ({title})",
    ),
    "veto": ("{who} vetoes the resolution ({title})", "the resolution is vetoed ({title})"),
    "state": (
        "{who} supports a statement instead of the resolution ({title})",
        "a member supports a statement ({title})",
    ),
    "delay": ("{who} delays the decision on the resolution ({title})", "the decision is delayed ({title})"),
    "issue": ("", "a statement is issued in place of the resolution ({title})"),
    "lapse": ("", "the proposed resolution lapses ({title})"),
    "convene": ("", "the resolution has enough support ({title})"),
    "agree": ("", "the resolution is adopted ({title})"),
    "reopen": ("", "a new resolution can be proposed ({title})"),
}
"""The same for a council, which votes."""
_TERMS = {
    "offer": ("{who} offers the agreement '{title}'", "the agreement '{title}' is offered"),
    "accept": ("{who} accepts the agreement '{title}'", "one side accepts the agreement '{title}'"),
    "withdraw": ("{who} withdraws the offer of '{title}'", "the offer of '{title}' is withdrawn"),
    "lapse": ("", "the offer of '{title}' lapses"),
    "enter": ("", "the agreement '{title}' enters into force"),
    "verify": ("", "the agreement '{title}' is verified"),
    "doubt": ("", "the agreement '{title}' is no longer verified"),
    "break": ("{who} breaks the agreement '{title}'", "the agreement '{title}' is broken"),
}
"""Steps of an agreement."""
_NO_LONGER_OPEN = "a proposal is no longer open ({title})"
"""What those read of a step who do not know which it was (`visibility.AMBIGUOUS`)."""


def _step(record: Record, titles: Titles) -> str:
    """A step of talks, of a council or of an agreement."""
    data, members = record.data, titles.members.get(record.about, ())
    council = record.about in titles.councils
    phrases = _TERMS if record.kind == "agreement" else _COUNCIL | _TALKS if not council else _TALKS | _COUNCIL
    title, event = str(data.get("title") or words(record.about)), str(data.get("event", ""))
    active, passive = phrases.get(event, ("", f"{{title}}: {words(event)}" if event else _NO_LONGER_OPEN))
    others = [name for name in members if name != record.who]
    bilateral = len(members) == 2 and record.kind == "forum"
    return (active if record.who and active else passive).format(
        who=titles.government(record.who),
        title=title,
        with_other=f" with {titles.government(others[0])}" if bilateral and len(others) == 1 else f" ({title})",
        between=f" between {' and '.join(map(titles.government, members))}" if bilateral else f" ({title})",
    )


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


def author(name: object) -> str:
    """Who wrote a note or a rating: a name, or `the facilitator` or `the scribe`."""
    return {"": "the facilitator", "scribe": "the scribe"}.get(str(name or ""), str(name or ""))


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


ADJUDICATED = "adjudicated"
"""The label of what happened by a ruling of the white cell."""
BY_WHITE_CELL = {"adjudicated": "ruling of the white cell", "forced": "order of the white cell without requirements"}
"""Sources of actions that only the white cell made possible: why they happened."""


def _outcome(kind: str, record: Record, titles: Titles) -> str:
    data = record.data
    title = data.get("title") or titles.outcomes.get(record.about) or words(record.about)
    if record.kind == "outcome.revoked":
        return f"{kind}: {title}" + (f" ({data['why']})" if data.get("why") else "")
    return f"{kind}: {title}{ruling_label(record)}"


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
    return f"{titles.government(data.get('government', ''))} {verb} its standing procedure '{title}'"


def _procedure_expired(record: Record, titles: Titles) -> str:
    who = titles.government(record.who)
    return f"standing procedure of {who} expires without an answer: {titles.choice(record.data)}"


def _writer(record: Record, titles: Titles) -> str:
    """Who writes, and whether the white cell does so in its name."""
    return titles.government(record.who) + (" (by the white cell)" if record.data.get("by") else "")


def _message(record: Record, titles: Titles) -> str:
    to = "the public" if record.data.get("public") else _addressees(record, titles)
    return f"{_writer(record, titles)} to {to}: {record.data.get('text', '')}"


RFI_STATUSES = {"answered": "answered", "in_work": "in work", "declined": "declined"}


def _rfi_reply(record: Record, titles: Titles) -> str:
    data, who = record.data, titles.government(record.data.get("government", ""))
    status = RFI_STATUSES.get(str(data.get("status")), "")
    text = f": {data['text']}" if data.get("text") else ""
    return f"request for information {data.get('number', '')} of {who} is {status}{text}"


def _answer(record: Record, titles: Titles) -> str:
    text = f" ({record.data['text']})" if record.data.get("text") else ""
    return f"{_writer(record, titles)} answers offer {record.about}: {record.data.get('answer', '')}{text}"


def _offer(record: Record, titles: Titles) -> str:
    data = record.data
    verb = "demands of" if data.get("form") == "demand" else "offers"
    return f"{_writer(record, titles)} {verb} {_addressees(record, titles)}: {data.get('text', '')}"


def _addressees(record: Record, titles: Titles) -> str:
    return titles.listed(record.data.get("to") or record.about)


def _voters(record: Record, titles: Titles) -> str:
    """Those who are asked to vote: `Japan, China and the United States`."""
    *others, last = _addressees(record, titles).split(", ")
    return f"{', '.join(others)} and {last}" if others else last


def _result(record: Record, _: Titles) -> str:
    data, count = record.data, record.data.get("count")
    counted = ", ".join(f"{name} {ballots}" for name, ballots in count.items()) if isinstance(count, dict) else ""
    question = f", '{data['question']}'" if data.get("question") else ""
    return f"vote {record.about}{question}: {counted}" + (f", silent {data['silent']}" if data.get("silent") else "")


RULINGS = {"action": "done", "order": "ordered as an option", "refuse": "refused"}


def _ruling(record: Record, titles: Titles) -> str:
    how, why = str(record.data.get("how", "")), record.data.get("why")
    ruled = RULINGS.get(how, how) + (", whatever the requirements" if record.data.get("override") else "")
    return f"ruling for {titles.government(record.about)}: {ruled}" + (f" ({why})" if why else "")


def _rating(record: Record, titles: Titles) -> str:
    data = record.data
    who = f", {titles.government(data['government'])}" if data.get("government") else ""
    why = f" ({data['why']})" if data.get("why") else ""
    return f"rating of {record.about}{who}{_by(record)}: {data.get('rating', '')}{why}"


def _by(record: Record) -> str:
    """The author of a note or a rating, if it is an evaluator."""
    return f" by {record.data['evaluator']}" if record.data.get("evaluator") else ""


_CLAUSES: dict[str, Callable[[Record, Titles], str]] = {
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
    "action": _action,
    "signal": _signal,
    "decision": _decision,
    "order.inherited": lambda r, t: f"order of the model for {t.government(r.who)} is under way: {t.choice(r.data)}",
    "plan.begun": lambda r, t: f"{t.government(r.who)} begins a plan: {r.data.get('title') or words(r.about)}",
    "plan.ended": _plan_ended,
    "routine": lambda r, t: f"{t.government(r.who)} has minor acts towards {_receivers(r, t)}",
    "order.carried_over": lambda r, t: (
        f"{t.government(r.who)} has ordered before STARTEX, and is preparing: {t.choice(r.data)}"
    ),
    "order.reviewed": _reviewed,
    "order.cancelled": _cancelled,
    "demand": _demand,
    "demand.settled": _settled,
    "commitment": lambda r, t: (
        f"{t.government(r.who)} commits itself to {t.government(r.data.get('of', ''))}: {t.choice(r.data)}"
    ),
    "forum": _step,
    "agreement": _step,
    "leader": _leader,
    "strategy": _strategy,
    "decision.due": lambda r, t: f"decision due: {t.government(r.who)} on {t.dossier(r.about)}",
    "decision.missed": _missed,
    "message": _message,
    "rfi": lambda r, t: f"{t.government(r.who)} sends request for information {r.about}: {r.data.get('text', '')}",
    "rfi.reply": _rfi_reply,
    **QUESTIONNAIRE_SENTENCES,
    "offer": _offer,
    "answer": _answer,
    "vote": lambda r, t: f"{_writer(r, t)} calls a vote of {_voters(r, t)}: {r.data.get('question', '')}",
    "ballot": lambda r, t: f"{_writer(r, t)} votes {r.data.get('choice', '')} in vote {r.about}",
    "vote.result": _result,
    "request": lambda r, t: f"{t.government(r.who)} asks the white cell: {r.data.get('text', '')}",
    "ruling": _ruling,
    "standing_order": lambda r, t: f"standing order of {t.government(r.who)} is triggered: {t.choice(r.data)}",
    "procedure.proposed": _proposed,
    "procedure.answer": _procedure_answer,
    "procedure.expired": _procedure_expired,
    "rating": _rating,
    "command": command_clause,
    "note": lambda r, _: f"note{_by(r)}: {r.data.get('text', r.about)}",
}


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


# --- why -----------------------------------------------------------------------------------------------------


def because(record: Record, index: Mapping[int, Record], titles: Titles = UNTITLED) -> str:
    """One line that says why: the decision with its chance, and the action or inject that came before it."""
    ruling = BY_WHITE_CELL.get(str(record.data.get("from"))) if record.kind == "action" else None
    if ruling:
        return f"{ruling}: {record.data['why']}" if record.data.get("why") else ruling
    if record.data.get("by_hand") and record.kind.startswith("outcome"):
        return "ruling of the white cell"
    parts: list[str] = []
    for earlier in _chain(record, index):
        if earlier.kind == "action" and earlier.data.get("from") in BY_WHITE_CELL:
            return ", ".join([*parts, _clause(earlier, titles)])
        if earlier.kind == "decision":
            parts.append(_short_decision(earlier, record, index))
        elif earlier.kind == "command" and earlier.about in _BY_HAND:
            parts.append(_by_hand(earlier))
            break
        elif earlier.kind in BEGINNINGS and (parts or earlier.kind != "action" or record.kind == "action"):
            parts.append(f"after {_clause(earlier, titles)} ({date(earlier.at)})")
            break
        elif earlier.kind in BEGINNINGS and not _repeats(record, clause := _clause(earlier, titles)):
            parts.append(clause)
    if not parts and record.kind == "action":
        return {"hazard": "chance", "history": "historical"}.get(str(record.data.get("from")), "")
    return ", ".join(parts)


def _repeats(record: Record, clause: str) -> bool:
    """Whether a clause says what the title of an outcome says already."""
    title = str(record.data.get("title") or "").lower()
    return record.kind == "outcome" and bool(title) and title in clause.lower()


_BY_HAND = {"order": "ordered", "standing_order": "ordered in advance", "action": "entered by the white cell"}
"""Commands by which people act, as reasons of the action."""


def _by_hand(command: Record) -> str:
    """How and when people acted, with the reason that they gave."""
    why = f": '{command.data['why']}'" if command.data.get("why") else ""
    return f"{_BY_HAND[command.about]} on {date(command.at)}{why}"


LATER = 7 * 86400
"""Seconds from a decision to its action after which the dates of both are given."""
BEGINNINGS = frozenset({"action", "inject.released", "history", "hazard", "command", "demand", "demand.settled"})
"""Kinds that are reasons; signals and steps of forums and agreements only pass one on."""


def _chain(record: Record, index: Mapping[int, Record]) -> list[Record]:
    chain: list[Record] = []
    while record.cause and record.cause[0] in index and len(chain) < 8:
        record = index[record.cause[0]]
        chain.append(record)
    return chain


def _short_decision(record: Record, after: Record, index: Mapping[int, Record]) -> str:
    """How it was decided, and when, if the action followed much later."""
    chance = record.data.get("chance")
    share = percent(chance) if isinstance(chance, int | float) else ""
    on = f" on {date(record.at)}" if after.t - record.t >= LATER else ""
    how = "decided by the model after a missed deadline" if after_missed_deadline(record, index) else ""
    return f"{how or f'decided at {meeting(record)}'}{on}" + (
        f" ({share} among its options)" if share not in ("", "100%") else ""
    )
