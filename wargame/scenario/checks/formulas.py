"""Formulas and paths: every name must exist, have the right indexes, and be known to the government that reads it.

A formula with placeholders is checked for each combination of governments that they can be replaced with.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import permutations

from wargame.errors import nearest
from wargame.language.expressions import Expression, ExpressionError, Read, parse
from wargame.scenario.building.draft import Draft
from wargame.scenario.building.scalars import FormulaUse, split_path, unknown
from wargame.scenario.building.yaml_nodes import fault
from wargame.scenario.model import Effect, indicators
from wargame.scenario.model.annotations import Formula, PathText
from wargame.scenario.model.measures import Checker, parse_measure

FormulaReader = tuple[str | None, tuple[tuple[str, str], ...]]
"""One evaluation of a formula: the government whose view it uses (None: the world), and values of placeholders."""

NamedNumbers = dict[str, indicators.NamedNumber]
Followers = dict[str, tuple[str, ...]]
"""The governments that may follow each strategy."""


class Setting:
    """The context of a formula: the placeholders defined there, and all evaluations. Many formulas share one."""

    def __init__(self, slots: frozenset[str], readers: tuple[FormulaReader, ...]) -> None:
        self.slots = slots
        self.readers = readers


WORLD = Setting(frozenset(), ((None, ()),))
NOWHERE = Setting(indicators.PLACEHOLDERS, ())
"""The context of a formula in an invalid element: only checks that need no reader."""


def check_formulas(draft: Draft) -> None:
    """Report errors in all formulas and paths of the draft."""
    names = indicators.table(draft.scenario.indicators)
    followers = users(draft)
    measures = Checker(draft.scenario, draft.injects)
    checked = _checked(draft, followers)
    problems = draft.reading.problems
    for use in draft.reading.uses:
        if id(use) in checked:
            continue
        before = len(problems)
        if isinstance(use.meta, Formula) and use.meta.reads == "run":
            try:
                measures.check(parse_measure(use.text))
            except ExpressionError as error:
                _fault(use, draft, error.message, column=error.column)
            continue
        setting = _setting(use, draft, followers)
        if isinstance(use.meta, PathText):
            _check_path(use, setting, names, draft)
        else:
            _check_formula(use, setting, names, draft)
        if len(problems) == before:
            checked[id(use)] = use


def _checked(draft: Draft, followers: Followers) -> dict[int, FormulaUse]:
    """Return the formulas that were found without a problem before, when everything that they can name was the same."""
    known = draft.reading.known.checked if draft.reading.known else []
    ids = {kind: ids for kind, ids in draft.reading.ids.items() if kind != "variant"}  # which no formula names
    numbers = {name: (i.scope, i.known, i.formula, i.range) for name, i in draft.scenario.indicators.items()}
    context = ids, numbers, followers
    found = next((uses for before, uses in known if before == context), None)
    if found is None:
        known.append((context, found := {}))
    return found


def parsed(text: str) -> Expression | None:
    """Return the expression; None if the text is not an expression."""
    try:
        return parse(text)
    except ExpressionError:
        return None


def users(draft: Draft) -> Followers:
    """Return the governments that may follow each strategy; all if no leader or inject refers to it."""
    users_by_name: dict[str, set[str]] = {}
    for leader in draft.scenario.leaders.values():
        for name in filter(None, (leader.strategy, *leader.repertoire)):
            users_by_name.setdefault(name, set()).add(leader.government)
    for inject in draft.injects:
        for install in inject.installs:
            if install.strategy and install.government:
                users_by_name.setdefault(install.strategy, set()).add(install.government)
    strategies = draft.scenario.strategies.items()
    exits = [(name, each) for name, strategy in strategies for stage in strategy.stages for each in stage.exits]
    ways = [(name, each.to) for name, each in exits if each.to]
    for _ in ways:  # as often as the longest chain could be
        for name, to in ways:
            if name in users_by_name:
                users_by_name.setdefault(to, set()).update(users_by_name[name])
    every = tuple(sorted(draft.scenario.governments))
    return {name: tuple(sorted(users_by_name.get(name, every))) for name in draft.scenario.strategies}


def _setting(use: FormulaUse, draft: Draft, followers: Followers) -> Setting:
    scenario, section, name = draft.scenario, use.trail[0], str(use.trail[1])
    if section in ("options", "governments"):  # of governments, vetoes have formulas
        option, government = scenario.options.get(name), scenario.governments.get(name)
        veto = government.vetoes.get(str(use.trail[3])) if government and section == "governments" else None
        by, to = ((name,), veto.over.to) if veto else (option.by, option.to) if option else ((), ())
        return _of_option(by, to) if by else NOWHERE
    if section == "leaders":
        leader = scenario.leaders.get(name)
        return _of_view(leader.government) if leader else NOWHERE
    if section == "strategies":
        return _of_views(followers[name]) if name in followers else NOWHERE
    if section == "procedures" and use.trail[2] == "when":
        procedure = scenario.procedures.get(name)
        return _of_views((procedure.government,)) if procedure else NOWHERE
    if section == "agreements" and use.trail[2] == "benefits":
        return _of_view(str(use.trail[3]))
    if section == "forums" and use.trail[2] == "veto":
        forum = scenario.forums.get(name)
        return _of_option(forum.members, forum.members) if forum else NOWHERE
    if section == "indicators":
        return _of_indicator(use, draft)
    return NOWHERE if section == "conditions" else WORLD


@lru_cache(maxsize=512)
def _of_option(by: tuple[str, ...], to: tuple[str, ...]) -> Setting:
    if not to:
        return Setting(frozenset({"actor"}), tuple((actor, (("actor", actor),)) for actor in by))
    pairs = ((actor, target) for actor in by for target in to if actor != target)
    return Setting(frozenset({"actor", "target"}), tuple((a, (("actor", a), ("target", b))) for a, b in pairs))


@lru_cache(maxsize=512)
def _of_view(government: str) -> Setting:
    return Setting(frozenset(), ((government, ()),))


@lru_cache(maxsize=512)
def _of_views(governments: tuple[str, ...]) -> Setting:
    return Setting(frozenset({"self"}), tuple((each, (("self", each),)) for each in governments))


def _of_indicator(use: FormulaUse, draft: Draft) -> Setting:
    indicator = draft.scenario.indicators.get(str(use.trail[1]))
    if indicator is None:
        return NOWHERE
    scope_key = str(use.trail[3]) if len(use.trail) > 3 else "default"
    ids = tuple(part.strip() for part in scope_key.split(",")) if scope_key != "default" else ()
    judged = use.trail[2] == "baseline" and indicator.known in (indicators.OWN, indicators.ESTIMATED)
    return _of_scope(indicator.scope, ids, tuple(sorted(draft.scenario.governments)), judged)


@lru_cache(maxsize=512)
def _of_scope(scope: str, ids: tuple[str, ...], governments: tuple[str, ...], judged: bool) -> Setting:
    """Return the indexes of an indicator; a baseline that is `judged` is read by the government of its first index."""
    if scope == "world":
        return WORLD
    count = 2 if scope == "pair" else 1
    places = ("self", "other")[:count]
    choices = [ids] if len(ids) == count else list(permutations(governments, count))
    readers = ((each[0] if judged else None, tuple(zip(places, each, strict=True))) for each in choices)
    return Setting(frozenset(places), tuple(readers))


def _check_formula(use: FormulaUse, setting: Setting, names: NamedNumbers, draft: Draft) -> None:
    try:
        expression = parse(use.text)
    except ExpressionError as error:
        _fault(use, draft, str(error), column=error.column)
        return
    if use.trail[-1] == "when" and not expression.reads and not expression.events:
        _fault(use, draft, "this condition is constant", "compare an indicator")
    for read in expression.reads:
        if (about := _named(use, read, names, draft)) and _indexed(use, read, about, setting, draft):
            _readable(use, read, names, setting, draft)
    for function, args in expression.events:
        _check_event(use, function, args, setting, draft)


def _check_path(use: FormulaUse, setting: Setting, names: NamedNumbers, draft: Draft) -> None:
    read = split_path(use.text)
    assert read is not None
    about = _named(use, read, names, draft)
    if about is None or not _indexed(use, read, about, setting, draft):
        return
    role = use.trail[-2]
    _readable(use, read, names, setting, draft)
    if role in ("reports", "proof"):
        if about.known != "estimated":
            _fault(use, draft, f"`{read.name}` is not estimated: only estimated indicators can be reported on")
    elif role != "interests" and not about.base:
        derived = read.name in draft.scenario.indicators
        reason = "is derived from others by a formula" if derived else "is kept by the engine"
        _fault(use, draft, f"no effect can change `{read.name}`: it {reason}")
    elif isinstance(effect := _at(draft, use.trail), Effect):
        low, high = draft.scenario.range_of(read.name)
        has_range = read.name == "trust" or read.name in draft.scenario.indicators
        if isinstance(effect.by, float | int) and not -1.0 <= effect.by <= 1.0:
            message = "`by` is a share of the distance to the end of the range, from -1 to 1"
            _fault(use, draft, f"{message}; it cannot be {effect.by:g}", "use `to` to set a value")
        if isinstance(effect.to, float | int) and has_range and not low <= effect.to <= high:
            _fault(use, draft, f"`{read.name}` goes from {low:g} to {high:g}; it cannot be set to {effect.to:g}")


def _at(draft: Draft, trail: tuple[str | int, ...]) -> object:
    """Return the built element at a place of the files; None if there is none."""
    element: object = draft.scenario
    if trail[0] == "injects":
        element, trail = next((each for each in draft.injects if each.id == trail[1]), None), trail[2:]
    for step in trail:
        if isinstance(element, dict):
            element = element.get(step)
        elif isinstance(element, tuple):
            element = element[step] if isinstance(step, int) and step < len(element) else None
        else:
            element = getattr(element, str(step), None)
    return element


def _named(use: FormulaUse, read: Read, names: NamedNumbers, draft: Draft) -> indicators.NamedNumber | None:
    if read.name in names:
        return names[read.name]
    if draft.has("indicator", read.name):
        return None  # defined, but invalid itself
    day = "write `day > 10` for D+10" if read.name == "D" else ""
    hint = day or nearest(read.name, {*names, *draft.reading.ids["indicator"]})
    if not hint:
        kind = next((kind for kind, ids in sorted(draft.reading.ids.items()) if read.name in ids), "")
        hint = f"'{read.name}' is the id of {'an' if kind[0] in 'aio' else 'a'} {kind}, not a number" if kind else ""
    _fault(use, draft, f"unknown indicator '{read.name}'", hint, column=read.column)
    return None


def _indexed(use: FormulaUse, read: Read, about: indicators.NamedNumber, setting: Setting, draft: Draft) -> bool:
    """Return whether the read has the right number of indexes, each of them an id or a permitted placeholder."""
    if len(read.index) != len(about.index):
        ids = {kind: iter(sorted(draft.reading.ids[kind])) for kind in about.index}
        form = f"in {read.name}[{', '.join(next(ids[kind], kind) for kind in about.index)}]" if ids else read.name
        count = {0: "no index", 1: "one index"}.get(len(read.index), f"{len(read.index)} indexes")
        _fault(use, draft, f"`{read}` has {count}", f"write it as {form}", column=read.column)
        return False
    pairs = zip(read.index, about.index, strict=True)
    fine = [_part(use, part, kind, setting, draft, read.column) for part, kind in pairs]
    return all(fine)


def _part(use: FormulaUse, part: str, kind: str, setting: Setting, draft: Draft, column: int) -> bool:
    if part in indicators.PLACEHOLDERS and kind == "government":
        if part in setting.slots:
            return True
        remedy = f"use {', '.join(sorted(setting.slots))}" if setting.slots else "name a government"
        _fault(use, draft, f"`{part}` has no meaning here", remedy, column=column)
        return False
    return _exists(use, kind, part, draft, column)


@lru_cache(maxsize=4096)
def _expanded(index: tuple[str, ...], setting: Setting) -> tuple[tuple[str | None, tuple[str, ...]], ...]:
    """Return each (viewer, index) that the placeholders of an index can be replaced with, once."""
    bound = ((viewer, dict(names)) for viewer, names in setting.readers)
    return tuple(dict.fromkeys((viewer, tuple(names.get(part, part) for part in index)) for viewer, names in bound))


def base_reads(read: Read, draft: Draft, within: tuple[str, ...] = ()) -> Iterator[Read]:
    """Yield the numbers that are stored of which a number is computed: itself, or those that its formulas read."""
    indicator = draft.scenario.indicators.get(read.name)
    formula = indicator.formula if indicator else None
    if isinstance(formula, dict):
        formula = formula.get(", ".join(read.index), formula.get("default"))
    if formula is None:
        yield read
    elif read.name not in within and (expression := parsed(formula)):
        names = dict(zip(("self", "other"), read.index, strict=False))
        for inner in expression.reads:
            yield from base_reads(inner.bound(names), draft, (*within, read.name))


def _readable(use: FormulaUse, read: Read, names: NamedNumbers, setting: Setting, draft: Draft) -> None:
    """Report the first evaluation with a pair of equal governments, or of what its government cannot read there."""
    about = names[read.name]
    changed = isinstance(use.meta, PathText) and use.trail[-2] != "interests"  # in the world, which nobody views
    if about.index != indicators.PAIR and (changed or (about.known == indicators.AT_ONCE and about.base)):
        return
    for viewer, index in _expanded(read.index, setting):
        shown = Read(read.name, index)
        if about.index == indicators.PAIR and index[0] == index[1]:
            whose = f"`{read}` can be {shown}" if index != read.index else f"`{read}`"
            _fault(use, draft, f"{whose}: the two governments of a pair must differ", column=read.column)
            return
        for base in base_reads(shown, draft) if viewer is not None and not changed else ():
            known = names[base.name].known if base.name in names else indicators.AT_ONCE
            by = "" if base.name == read.name else f", from which {read.name} is computed"
            if known == indicators.OWN and base.index[:1] != (viewer,):
                message = f"{viewer} cannot know {base}{by}: only {', '.join(base.index[:1]) or 'nobody'} does"
                remedy = "use indicators that are published, estimated, known at once or its own"
                _fault(use, draft, message, remedy, column=read.column)
                return
            if known == indicators.PUBLISHED and use.trail[-1] in ("requires", "restraint", "occasion"):
                learns = f"{viewer} learns of a change of {base}{by} only when it is published"
                message = f"{learns}: it would repeat what it has just done"
                remedy = "require an indicator with another `known`, or use it in `value`"
                _fault(use, draft, message, remedy, column=read.column)
                return


def _check_event(use: FormulaUse, function: str, args: tuple[str, ...], setting: Setting, draft: Draft) -> None:
    """Check the arguments of an event function."""
    if function in ("count", "days_since"):
        if not any(draft.has(kind, args[0]) for kind in indicators.EVENT_KINDS):
            ids = frozenset[str]().union(*(draft.reading.ids[kind] for kind in indicators.EVENT_KINDS))
            _fault(use, draft, *unknown("option, inject or outcome", args[0], ids), column=_column(use, args[0]))
    elif function == "leads":
        _exists(use, "leader", args[0], draft, _column(use, args[0]))
    elif function == "follows":
        _part(use, args[0], "government", setting, draft, _column(use, args[0]))
        _exists(use, "strategy", args[1], draft, _column(use, args[1]))
        for viewer, names in setting.readers:
            follower = dict(names).get(args[0], args[0])
            if viewer is not None and follower != viewer:
                message = f"{viewer} cannot know the strategy of {follower}"
                remedy = "read it in conditions of the world, or of its own government"
                _fault(use, draft, message, remedy, column=_column(use, args[0]))
                break


def _column(use: FormulaUse, name: str) -> int:
    """Return the column of an argument in the formula."""
    return next((start + 1 for start, _, each in parse(use.text).places if each == name), 1)


def _exists(use: FormulaUse, kind: str, name: str, draft: Draft, column: int) -> bool:
    """Return whether an id is defined; one that is not is reported."""
    if not draft.has(kind, name):
        _fault(use, draft, *unknown(kind, name, draft.reading.ids[kind]), column=column)
    return draft.has(kind, name)


def _fault(use: FormulaUse, draft: Draft, message: str, remedy: str = "", *, column: int = 1) -> None:
    draft.reading.problems.append(fault(use.node, message, remedy, column=column))


def derived(draft: Draft) -> dict[str, tuple[str, ...]]:
    """Return the names that the formulas of each derived indicator read, sorted."""
    derived_reads = {}
    for name, indicator in draft.scenario.indicators.items():
        formula = indicator.formula
        if formula is not None:
            texts = [formula] if isinstance(formula, str) else formula.values()
            reads = {read.name for text in texts if (expression := parsed(text)) for read in expression.reads}
            derived_reads[name] = tuple(sorted(reads))
    return derived_reads
