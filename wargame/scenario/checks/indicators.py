"""Indicators: ids, ranges, starts, baselines, circular formulas, and acts that could not stay secret."""

import keyword
from collections.abc import Iterable

from wargame.language.expressions import Read, parse_path
from wargame.scenario.building.draft import Draft, PathStep
from wargame.scenario.checks.formulas import base_reads, derived, parsed
from wargame.scenario.journal_context import REVEALING
from wargame.scenario.model import Forum, Indicator, Option, Outcome, indicators


def check_indicators(draft: Draft) -> None:
    """Report errors in indicators, and in rules that refer to one."""
    for name, indicator in draft.scenario.indicators.items():
        _check_id(draft, name, indicator)
        _check_range(draft, name, indicator)
        for field in ("baseline", "half_life"):
            if indicator.formula is not None and getattr(indicator, field) is not None:
                draft.fault(("indicators", name, field), f"`{name}` is derived by a formula and cannot have a {field}")
        for field in ("start", "baseline", "formula"):
            _check_table(draft, name, indicator, field)
    reads = derived(draft)
    for cycle in cycles({name: tuple(each for each in names if each in reads) for name, names in reads.items()}):
        chain = " -> ".join((*cycle, cycle[0]))
        draft.fault(("indicators", cycle[0], "formula"), f"circular formulas of derived indicators: {chain}")
    audience = draft.scenario.indicators.get(draft.scenario.rules.audience or "")
    if audience and (audience.scope != "government" or audience.formula is not None):
        draft.fault(("rules", "audience"), "the audience must be an indicator of scope government, without formula")


def _check_id(draft: Draft, name: str, indicator: Indicator) -> None:
    path = ("indicators", name)
    if "-" in name or keyword.iskeyword(name) or name in indicators.RESERVED:
        draft.fault(path, f"an indicator cannot be called '{name}': formulas could not refer to it", key=True)
    elif name in indicators.ENGINE and name not in indicators.DECLARABLE:
        draft.fault(path, f"`{name}` is kept by the engine", "choose another name", key=True)
    elif name in indicators.DECLARABLE and (indicator.scope != "pair" or indicator.formula is not None):
        draft.fault(path, f"`{name}` is kept by the engine: declare it with scope pair and without formula", key=True)
    elif name in indicators.DECLARABLE and indicator.known != indicators.ENGINE[name].known:
        known = indicators.ENGINE[name].known
        draft.fault((*path, "known"), f"`{name}` is always {known}", f"write `known: {known}`")


def _check_range(draft: Draft, name: str, indicator: Indicator) -> None:
    low, high = indicator.range
    path = ("indicators", name)
    if low >= high:
        draft.fault((*path, "range"), f"the range goes from {low:g} down to {high:g}", "write the lower end first")
        return
    for field in ("start", "baseline"):
        bound = getattr(indicator, field)
        for key, value in ({"": bound} if not isinstance(bound, dict) else bound).items():
            if isinstance(value, float) and not low <= value <= high and indicator.formula is None:
                place: tuple[PathStep, ...] = (*path, field, key) if key else (*path, field)
                draft.fault(place, f"{value:g} is outside the range {low:g} to {high:g} of `{name}`")


def _check_table(draft: Draft, name: str, indicator: Indicator, field: str) -> None:
    """Check the keys of `start`, `baseline` or `formula` if it is a table by government or pair."""
    entries = getattr(indicator, field)
    if not isinstance(entries, dict):
        return
    path = ("indicators", name, field)
    index = indicators.INDEX_OF_SCOPE[indicator.scope]
    if not index:
        message = f"`{name}` has scope {indicator.scope}: write one number"
        draft.fault(path, message, "or give it scope government or pair")
        return
    ids = draft.reading.ids["government"]
    for key in entries:
        _check_key(draft, (*path, key), tuple(part.strip() for part in key.split(",")), index)
    count = len(ids) * (len(ids) - 1) if index == indicators.PAIR else len(ids)
    if "default" not in entries and len(entries) < count:
        draft.fault(path, f"`{field}` has no value for some governments", "add `default`")


def _check_key(draft: Draft, path: tuple[PathStep, ...], parts: tuple[str, ...], index: tuple[str, ...]) -> None:
    strange = [part for part in parts if not draft.has("government", part)]
    if parts == ("default",):
        return
    if len(parts) != len(index):
        message = f"'{path[-1]}' must be {' and '.join(index)}, or `default`"
        draft.fault(path, message, "such as `CHN, PRK`" if index == indicators.PAIR else "", key=True)
    elif strange:
        draft.knows(path, "government", strange[0], key=True)
    elif len(set(parts)) != len(parts):
        draft.fault(path, f"the two governments of '{path[-1]}' must differ", key=True)


def cycles(graph: dict[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return cycles of a graph, at least one in each strongly connected part, each beginning with its first name."""
    cycles_seen: dict[tuple[str, ...], None] = {}
    done: set[str] = set()
    for root in sorted(graph):
        trail: list[str] = []
        stack = [(root, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                trail.pop()
                done.add(name)
            elif name in trail:
                cycle = tuple(trail[trail.index(name) :])
                first = cycle.index(min(cycle))
                cycles_seen.setdefault(cycle[first:] + cycle[:first])
            elif name not in done:
                trail.append(name)
                stack.append((name, True))
                stack.extend((each, False) for each in reversed(graph.get(name, ())))
    return list(cycles_seen)


OF_ACTS = REVEALING - {"credibility"}
"""Numbers of the engine that any action changes, hidden ones, too."""
CHANGES_STATE = frozenset({"propose", "accept", "return", "leave"})
"""Moves that change the state of a forum."""
KnownBy = dict[str, str]
"""How each number becomes known."""


def check_knowledge(draft: Draft) -> None:
    """Report estimates without a source, and indicators that would reveal what a government may not know."""
    scenario = draft.scenario
    reports = [option.reports for option in scenario.options.values()] + [inject.reports for inject in draft.injects]
    reported = {path.partition("[")[0] for each in reports for path in each}
    known = {name: about.known for name, about in indicators.table(scenario.indicators).items()}
    for name, indicator in scenario.indicators.items():
        _check_keys(draft, name, indicator)
        if indicator.known == indicators.ESTIMATED and indicator.routine_report is None and name not in reported:
            message = f"nobody could ever learn of a change of `{name}`: no option or inject reports on it"
            remedy = "add `routine_report: {interval: 30d, variance: 0.04}`, or `reports` to an option or inject"
            draft.fault(("indicators", name, "known"), message, remedy)
        if known[name] != indicators.PUBLISHED and indicator.formula is None:
            _check_baseline(draft, name, indicator, known)
    for name, option in draft.scenario.options.items():
        if _can_stay_undetected(draft, option):
            act, learn = (f"'{name}' can stay undetected", "by"), _who_learns(option)
            _check_effects(draft, act, ("options", name, "effects"), option.effects, learn, known)
            _check_effects(draft, act, ("options", name, "failure"), option.failure, learn, known)
            _check_move(draft, name, option)
    _check_private_talks(draft, known)


def _check_private_talks(draft: Draft, known: KnownBy) -> None:
    """Report what would reveal private talks."""
    for name, forum in draft.scenario.forums.items():
        for step in ("convened", "round", "agreed", "collapsed") if forum.visibility == indicators.PRIVATE else ():
            talks, place = (f"'{name}' is secret", "from"), ("forums", name, step)
            _check_effects(draft, talks, place, getattr(forum, step), set(forum.members), known)
    for name, outcome in draft.scenario.outcomes.items():
        if outcome.when and (expression := parsed(outcome.when)):
            _check_secret_outcome(draft, name, outcome, expression.reads)


def _check_keys(draft: Draft, name: str, indicator: Indicator) -> None:
    """Report a calendar or a routine report of an indicator that has no use for it."""
    if indicator.formula is not None and indicator.known != indicators.AT_ONCE:
        message = f"`{name}` is derived by a formula: each government computes it from what it knows of its inputs"
        draft.fault(("indicators", name, "known"), message, "leave out `known` here, and set it for its inputs")
    for field, needed in (("publication", indicators.PUBLISHED), ("routine_report", indicators.ESTIMATED)):
        if getattr(indicator, field) is not None and indicator.known != needed:
            message = f"`{field}` is only for indicators with `known: {needed}`"
            draft.fault(("indicators", name, field), message, f"write `known: {needed}`, or leave it out", key=True)
    width = indicator.range[1] - indicator.range[0]
    if (indicator.dates.step or 0.0) > width:
        message = f"`step` is larger than the range of `{name}`, which is {width:g} wide: it would publish nothing"
        path = ("indicators", name, "publication", "step")
        draft.fault(path, message, "write a smaller number, or leave it out for a hundredth of the range")


def _check_baseline(draft: Draft, name: str, indicator: Indicator, known: KnownBy) -> None:
    """Report a baseline by which an indicator would reveal one that is not known at once, or a hidden act."""
    baseline = indicator.baseline
    for key, text in (baseline if isinstance(baseline, dict) else {"": baseline}).items():
        expression = parsed(text) if isinstance(text, str) else None
        if expression is None:
            continue
        path = ("indicators", name, "baseline", key) if key else ("indicators", name, "baseline")
        reads = [base for read in expression.reads for base in base_reads(read, draft)]
        hidden = next((read for read in reads if _how_known(draft, read, known) != indicators.AT_ONCE), None)
        if hidden is not None and known[name] == indicators.AT_ONCE:
            how = _how_known(draft, hidden, known)
            message = f"`{name}` is known at once, but its baseline follows `{hidden.name}`, which is {how}"
            draft.fault(path, message, f"write `known: published`, `own` or `estimated` for `{name}`")
        acts = (args[0] for function, args in expression.events if function in ("count", "days_since"))
        options = {act: option for act in acts if (option := draft.scenario.options.get(act)) is not None}
        tells = [read.name for read in reads if read.name in OF_ACTS]
        tells += [act for act, option in options.items() if _can_stay_undetected(draft, option)]
        if tells:
            message = f"the baseline of `{name}` follows `{tells[0]}`, by which a hidden act would show at once"
            draft.fault(path, message, f"write `known: published` for `{name}`, or leave it out of the baseline")


def _can_stay_undetected(draft: Draft, option: Option) -> bool:
    """Return whether some government may never learn of an action."""
    governments = draft.scenario.governments
    if option.visibility == "covert":
        return any(each.perception.detection < 1.0 for name, each in governments.items() if set(option.by) - {name})
    return option.visibility == "private" and len(governments) > (2 if option.to else 1)


def _who_learns(option: Option) -> set[str]:
    """Return who certainly learns of an action that is not public, as first index of a path."""
    learn = {"actor", *(option.by if len(option.by) == 1 else ())}
    if option.to and (option.visibility == "private" or option.goldstein > 0):
        learn |= {"target", *(option.to if len(option.to) == 1 else ())}
    return learn


def _check_effects(
    draft: Draft, act: tuple[str, str], place: tuple[str, ...], effects: Iterable[str], learn: set[str], known: KnownBy
) -> None:
    """Report effects by which those who are not in `learn` would notice an act, or talks."""
    hidden, whom = act
    for path in effects:
        changed, index = parse_path(path).name, parse_path(path).index
        if index and index[0] not in learn and known.get(changed) in (indicators.OWN, indicators.ESTIMATED):
            message = f"{hidden} {whom} {index[0]}, which would notice the change of its own `{path}`"
            draft.fault((*place, path), message, "leave out this effect, or write `visibility: public`", key=True)
        if known.get(changed) == indicators.AT_ONCE and changed not in REVEALING:
            message = f"{hidden}, but it changes `{changed}`, which is known at once"
            remedy = f"write `known: published`, `own` or `estimated` for `{changed}`, or leave out this effect"
            draft.fault((*place, path), message, remedy, key=True)


def _check_move(draft: Draft, name: str, option: Option) -> None:
    """Report a hidden act that moves talks which all see."""
    forum = draft.scenario.forums.get(option.forum.name) if option.forum else None
    if forum is None or option.forum is None or option.forum.move not in CHANGES_STATE:
        return
    if forum.visibility == indicators.PUBLIC and set(draft.scenario.governments) - set(forum.members):
        message = f"'{name}' can stay undetected, but all see the state of '{option.forum.name}', which it changes"
        remedy = f"write `visibility: private` for '{option.forum.name}', or `visibility: public` here"
        draft.fault(("options", name, "forum"), message, remedy)


def _check_secret_outcome(draft: Draft, name: str, outcome: Outcome, reads: Iterable[Read]) -> None:
    """Report an outcome by which others would learn of private talks."""
    for base in (base for read in reads for base in base_reads(read, draft)):
        forum = draft.scenario.forums.get(base.index[0]) if base.name in indicators.FORUM_NUMBERS else None
        if forum is None or not _is_private(forum, base.name):
            continue
        if not outcome.audience or set(outcome.audience) - set(forum.members):
            message = f"'{base.index[0]}' is private, but others would learn of the outcome '{name}', which reads it"
            remedy = f"write `audience: [{', '.join(forum.members)}]`"
            draft.fault(("outcomes", name, "when"), message, remedy)
            return


def _is_private(forum: Forum, number: str) -> bool:
    """Return whether only members know this number of a forum."""
    return forum.visibility == indicators.PRIVATE or (
        forum.visibility == indicators.UNTIL_CONVENED and number == "proposed"
    )


def _how_known(draft: Draft, read: Read, known: KnownBy) -> str:
    """Return how a number becomes known to all; the state of private talks does not."""
    forum = draft.scenario.forums.get(read.index[0]) if read.name in indicators.FORUM_NUMBERS and read.index else None
    return "private" if forum and _is_private(forum, read.name) else known.get(read.name, indicators.AT_ONCE)
