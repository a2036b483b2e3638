"""Valid input that is probably not meant: constant conditions, dossiers without options, hostile acts without weight.

These are warnings, so that the runs of earlier versions of a scenario stay readable.
"""

from collections.abc import Iterator
from itertools import pairwise

from wargame.errors import Problem
from wargame.language import tree as nodes
from wargame.language.explain import Perspective, asked, text
from wargame.language.expressions import parse
from wargame.scenario.building.draft import Draft
from wargame.scenario.building.scalars import FormulaUse
from wargame.scenario.building.yaml_nodes import fault
from wargame.scenario.model import Scenario
from wargame.scenario.model.annotations import Formula

HOSTILE = -5.0
"""Goldstein weight below which an option is a hostile act."""
_ALL = (-1e9, 1e9)
_TRUTH = (0.0, 1.0)
_OF_EVENTS = {"count": (0.0, 1e9), "days_since": (0.0, 1e9), "month": (1.0, 12.0), "day": _ALL, "year": _ALL}

ValueRange = tuple[float, float]
"""The lowest and the highest value that an expression can have."""


def check_plausibility(draft: Draft) -> None:
    """Warn of what is valid and has no effect, or not the one that its author expects, in a draft without a problem."""
    scenario = draft.scenario
    used = {option.dossier for option in scenario.options.values()}
    for name in sorted(set(scenario.dossiers) - used):
        message = "no option belongs to this dossier: meetings on it decide nothing"
        draft.warn(("dossiers", name), message, "add an option, or remove the dossier")
    for name, option in scenario.options.items():
        missing = [key for key in ("severity", "rung") if not getattr(option, key)]
        if option.goldstein < HOSTILE and missing:
            message = f"'{name}' is hostile (goldstein {option.goldstein:g}) and has no {' and no '.join(missing)}"
            draft.warn(("options", name), message, f"write {' and '.join(missing)}, which others respond to")
    _check_conditions(draft)
    ranges = {name: indicator.range for name, indicator in scenario.indicators.items()}
    ranges.setdefault("trust", (-1.0, 1.0))
    for use in draft.reading.uses:
        draft.warnings.extend(_of_formula(use, ranges))


def _check_conditions(draft: Draft) -> None:
    """Warn of conditions that people would read as a formula, and of sentences that no condition needs, or twice."""
    scenario = draft.scenario
    said: dict[str, str] = {}
    for name in scenario.conditions:
        if (first := said.setdefault(text(parse(name).root), name)) != name:
            draft.warn(("conditions", name), f"'{first}' is the same condition", "leave one of the two out")
    view = Perspective(lambda _: 0.0, str, indicator=str, said=said)
    used = set[str]()
    for path, formula in _conditions(scenario):
        for part, is_plain in asked(parse(formula).root, view):
            used.add(part)
            if not is_plain:
                remedy = "write a sentence for it in `conditions`"
                draft.warn(path, f"people whose order is refused would read '{part}'", remedy)
    for part in said.keys() - used:
        draft.warn(("conditions", said[part]), "no condition of an option has this part", "write it as there")


def _conditions(scenario: Scenario) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the conditions that can refuse an order of a person, with their places."""
    for name, option in scenario.options.items():
        for key, formula in (("requires", option.requires), ("restraint", option.restraint)):
            if formula:
                yield ("options", name, key), formula
    for name, government in scenario.governments.items():
        for veto, each in government.vetoes.items():
            yield ("governments", name, "vetoes", veto, "unless"), each.unless


def _of_formula(use: FormulaUse, ranges: dict[str, ValueRange]) -> Iterator[Problem]:
    """Yield the warnings about one formula."""
    condition = use.trail[-1] == "when"
    if (isinstance(use.meta, Formula) and use.meta.reads == "run") or not (condition or set("<>=") & set(use.text)):
        return
    expression = parse(use.text)
    if condition and isinstance(expression.root, nodes.Read) and expression.root.name in ranges:
        message, remedy = f"'{use.text}' is true unless it is 0", f"compare it, as in {use.text} > 0.5"
        yield fault(use.node, message, remedy)
    for comparison in _comparisons(expression.root):
        low, high = span(comparison, ranges)
        if low == high:
            reads = [each for each in comparison.args if isinstance(each, nodes.Read) and each.name in ranges]
            about = [f"`{each}` goes from {ranges[each.name][0]:g} to {ranges[each.name][1]:g}" for each in reads]
            message = f"a comparison in '{use.text}' is {'always' if low else 'never'} true"
            yield fault(use.node, message, "; ".join(about) or "write another threshold")


def _comparisons(node: nodes.Node) -> Iterator[nodes.Compare]:
    match node:
        case nodes.Compare():
            yield node
        case nodes.Apply(_, args) | nodes.Logic(_, args):
            for each in args:
                yield from _comparisons(each)
        case nodes.Conditional(test, yes, no):
            for each in (test, yes, no):
                yield from _comparisons(each)


def span(node: nodes.Node, ranges: dict[str, ValueRange]) -> ValueRange:
    """Return the lowest and the highest value of an expression, at least as wide as they are; (1, 1) is always true."""
    match node:
        case nodes.Constant(value):
            return value, value
        case nodes.Read(name):
            return ranges.get(name, _ALL)
        case nodes.EventCall(function):
            return _OF_EVENTS.get(function, _TRUTH)
        case nodes.Apply(function, args):
            return _applied(function, [span(each, ranges) for each in args])
        case nodes.Conditional(_, yes, no):
            (low, high), (lower, higher) = span(yes, ranges), span(no, ranges)
            return min(low, lower), max(high, higher)
        case nodes.Compare(operators, args):
            pairs = list(pairwise(span(each, ranges) for each in args))
            links = [_compared(sign, *pair) for sign, pair in zip(operators, pairs, strict=True)]
            return min(low for low, _ in links), min(high for _, high in links)
    return _TRUTH


def _applied(function: str, args: list[ValueRange]) -> ValueRange:
    (low, high), (lower, higher) = args[0], args[-1]
    match function, len(args):
        case "+", 2:
            return low + lower, high + higher
        case "-", 2:
            return low - higher, high - lower
        case "-", 1:
            return -high, -low
        case "*", 2:
            products = [one * other for one in args[0] for other in args[1]]
            return min(products), max(products)
        case (("min" | "max"), _):
            pick = min if function == "min" else max
            return pick(each for each, _ in args), pick(each for _, each in args)
    return _ALL


def _compared(sign: str, left: ValueRange, right: ValueRange) -> ValueRange:
    """Return whether a comparison of two spans is always (1, 1), never (0, 0) or sometimes (0, 1) true."""
    (low, high), (lower, higher) = (left, right) if "<" in sign else (right, left)
    if sign in ("==", "!="):
        apart = high < lower or low > higher
        return (0.0, float(not apart)) if sign == "==" else (float(apart), 1.0)
    if "=" in sign:
        return float(high <= lower), float(low <= higher)
    return float(high < lower), float(low < higher)
