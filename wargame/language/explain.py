"""The reasons why a condition does not hold: the parts that fail, with the present values."""

import re
from collections.abc import Callable, Iterator, Mapping

from wargame.dataclasses import dataclass, field
from wargame.language.tree import Apply, Compare, Conditional, Constant, EventCall, Logic, Node, Read, quoted

NEVER = 36_500
"""Days from which on `days_since` means that something has never happened."""
STATES = {
    **{state: f"is {state}" for state in ("proposed", "suspended", "offered", "verified", "broken")},
    "convened": "is in session",
    "in_force": "is in force",
    "agreed": "has ended in agreement",
    "collapsed": "has collapsed",
}
"""Indicators that are 1 while a forum or an agreement is in this state."""


@dataclass(frozen=True, slots=True)
class Perspective:
    """With whose knowledge a condition is judged.

    `value` evaluates a part of it; `title` gives the title of an option, outcome, forum or agreement, or an empty text.
    `names` replaces placeholders in what is printed. Without `with_values` the text says only what is required.
    `indicator` gives the title of an indicator, with its indexes by name; without it, paths are printed. `said` has
    sentences for conditions, by their `text`.
    """

    value: Callable[[Node], float]
    title: Callable[[str], str]
    names: Mapping[str, str] = field(default_factory=dict)
    with_values: bool = True
    indicator: Callable[[Read], str] | None = None
    said: Mapping[str, str] = field(default_factory=dict)


def unmet(node: Node, view: Perspective) -> str:
    """Return what of a condition that is false fails: of what `and` joins, only the parts that are false."""
    if view.said and (sentence := view.said.get(text(node))):
        return f"that {sentence}"
    match node := _taken_apart(node, view) if view.indicator else node:
        case Logic("or", args):
            return ", or ".join(unmet(arg, view) for arg in args)
        case Logic("and", args):
            parts = [unmet(arg, view) for arg in _joined(args) if not view.value(arg)]
            return " and ".join(f"({part})" if ", or " in part and len(parts) > 1 else part for part in parts)
        case EventCall("yearly", (first, last)):
            return f"a date from {first} to {last}"
        case EventCall("leads" | "follows" | "count", _) | Read() | Compare() | Logic() | Apply() | Conditional():
            return _happened(node, view) or _limit(node, view) + (_now(node, view) if view.with_values else "")
    return text(node, view.names)


def _happened(node: Node, view: Perspective) -> str:
    """Return a comparison about events or states; empty for anything else."""
    match node:
        case Compare((operator,), (EventCall("days_since") as call, Constant(days))):
            return _since((call,), operator, days, call, view)
        case Compare((operator,), (Apply("min", calls) as call, Constant(days))) if view.indicator and _times(calls):
            return _since(_times(calls), operator, days, call, view)
        case Compare(("<",), (EventCall("days_since", (new,)), EventCall("days_since", (old,)))) if view.indicator:
            return f"that {_titled(new, view)} has happened after {_titled(old, view)}"
        case Compare((operator,), (EventCall("count", (name,)), Constant(bound))) if (operator, bound) in _HAPPENED:
            return f"that {_titled(name, view)} has {_HAPPENED[operator, bound]}happened"
        case Compare((operator,), (Read(state, (name,)), Constant(bound))) if _is_state(state, name, operator, view):
            return f"that {_titled(name, view)} {_state(state, negated=(operator, bound) not in _IS)}"
    return ""


def _joined(args: tuple[Node, ...]) -> Iterator[Node]:
    """Yield what `and` joins, also in parentheses."""
    for arg in args:
        match arg:
            case Logic("and", inner):
                yield from _joined(inner)
            case _:
                yield arg


def asked(node: Node, view: Perspective) -> Iterator[tuple[str, bool]]:
    """Yield the text of each part of a condition that `unmet` explains alone, and whether a person can read it."""
    written = text(node)
    match _taken_apart(node, view):
        case Logic("and" | "or", args) if written not in view.said:
            for arg in args:
                yield from asked(arg, view)
        case part:
            is_plain = written in view.said or bool(_happened(part, view)) or len(set(_NAME.findall(written))) < 2
            yield written, is_plain


_NAME = re.compile(r"\b[a-z]\w*\b(?![(\w])(?:\[[^]]*\])?|\w+\([a-z][^()]*\)")
"""An indicator, or a call of an event function, in the text of a condition."""


def _taken_apart(node: Node, view: Perspective) -> Node:
    """Return a comparison of the least or greatest of several numbers, or of a sum of states, as one of each."""
    match node:
        case Compare((operator,), (Apply("min" | "max" as function, args), Constant() as bound)) if not _times(args):
            any_of = (function == "max") == (operator[0] == ">")
        case Compare((">" | "<" as operator,), (Apply("+") as total, Constant(limit) as bound)):
            args, any_of = tuple(_summed(total)), operator == ">"
            if limit != float(not any_of) or not all(_is_counted(each, view) for each in args):
                return node
        case _:
            return node
    return Logic("or" if any_of else "and", tuple(Compare((operator,), (each, bound)) for each in args))


def _summed(node: Node) -> Iterator[Node]:
    match node:
        case Apply("+", args):
            for each in args:
                yield from _summed(each)
        case _:
            yield node


def _is_counted(node: Node, view: Perspective) -> bool:
    """Return whether it is 0 or a count: a state of a forum or an agreement, or how often something has happened."""
    match node:
        case Read(state, (name,)):
            return _is_state(state, name, ">", view)
        case EventCall("count", _):
            return True
    return False


def _times(args: tuple[Node, ...]) -> tuple[EventCall, ...]:
    """Return the calls if all are `days_since`, else nothing."""
    calls = tuple(each for each in args if isinstance(each, EventCall) and each.function == "days_since")
    return calls if len(calls) == len(args) else ()


def _limit(node: Node, view: Perspective) -> str:
    """Return a comparison of an indicator with a number by its title; anything else as it is written, with titles."""
    match node:
        case Compare((operator,), (Read() as read, bound)) if (
            view.indicator and operator in _LIMITS and not isinstance(bound, Read)
        ):
            limit = bound.value if isinstance(bound, Constant) else view.value(bound)
            return f"{_by_title(read, view)} {_LIMITS[operator]} {f'{limit:.6g}'.replace('-', '−')}"
    written = text(node, view.names)
    titles = {str(read.bound(view.names)): _by_title(read, view) for read in _reads(node)} if view.indicator else {}
    paths = "|".join(map(re.escape, sorted(titles, key=len, reverse=True)))
    return re.sub(rf"(?<!\w)(?:{paths})(?!\w)", lambda path: titles[path[0]], written) if titles else written


def _by_title(read: Read, view: Perspective) -> str:
    return f"'{view.indicator(read.bound(view.names))}'" if view.indicator else text(read, view.names)


_HAPPENED = {(">", 0.0): "", (">=", 1.0): "", ("<", 1.0): "not ", ("<=", 0.0): "not ", ("==", 0.0): "not "}
"""Comparisons of a count that ask whether something has happened at all."""
_LIMITS = {">": "above", ">=": "of at least", "<": "below", "<=": "of at most"}
"""Phrases for a comparison of an indicator with a number."""
_IS = {(">", 0.0), (">", 0.5), (">=", 1.0), ("==", 1.0)}
"""Comparisons of a state that ask whether it is so; the others ask whether it is not."""


def _is_state(state: str, name: str, operator: str, view: Perspective) -> bool:
    return state in STATES and operator in ("<", ">", ">=", "<=", "==") and bool(view.title(name))


def _state(state: str, *, negated: bool) -> str:
    verb, _, rest = STATES[state].partition(" ")
    return f"{verb} {'not ' if negated else ''}{rest}"


def _since(calls: tuple[EventCall, ...], operator: str, days: float, least: Node, view: Perspective) -> str:
    """Return how long ago one of several events, or all of them, must have happened, and how long ago the last did."""
    within = operator[0] == "<"
    *titles, last = (_titled(call.args[0], view) for call in calls)
    events = f"{', '.join(titles)} {'or' if within else 'and'} {last}" if titles else last
    required = f"within {_days(days, view)} of {events}" if within else f"{_days(days, view)} since {events}"
    the_last = "the last " if titles else ""
    return required + (f" ({the_last}{_ago(view.value(least), view)})" if view.with_values else "")


def _ago(days: float, view: Perspective) -> str:
    return f"{_days(round(days), view)} ago" if days < NEVER else "never yet"


def _days(days: float, view: Perspective) -> str:
    return f"{days:g} day{'' if days == 1 and view.indicator else 's'}"


def _titled(name: str, view: Perspective) -> str:
    title = view.title(name)
    return f"'{title}'" if title else name


def _now(node: Node, view: Perspective) -> str:
    """Return the values that a condition reads: of the compared side, and of each indicator that it combines."""
    reads = list(dict.fromkeys(_reads(node)))
    parts = [f"{_by_title(read, view)} {_number(view.value(read))}" for read in reads]
    match node:
        case Compare((_,), (left, right)) if reads and (isinstance(right, Constant) or view.indicator):
            is_whole = isinstance(left, Read) or view.indicator
            return f" (now {_number(view.value(left))}{'' if is_whole else ': ' + ', '.join(parts)})"
    return f" (now {', '.join(parts)})" if parts else ""


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _reads(node: Node) -> list[Read]:
    match node:
        case Read():
            return [node]
        case Apply(_, args) | Compare(_, args) | Logic(_, args):
            return [read for arg in args for read in _reads(arg)]
        case Conditional(test, yes, no):
            return [*_reads(test), *_reads(yes), *_reads(no)]
    return []


_BINDS = {"or": 1, "and": 2, "not": 3, "+": 5, "-": 5, "*": 6, "/": 6, "**": 8}
_COMPARES, _NEGATES, _ATOM = 4, 7, 9


def text(node: Node, names: Mapping[str, str] | None = None) -> str:
    """Return the tree as an expression that parses to an equal tree; placeholders in `names` are replaced."""
    return _text(node, names or {})[0]


def _text(node: Node, names: Mapping[str, str]) -> tuple[str, int]:
    """Return the text, and how tightly its outermost operator binds."""
    match node:
        case Constant(value):
            short = f"{value:.12g}"
            return short if float(short) == value else repr(value), _ATOM if value >= 0 else _NEGATES
        case Read():
            return str(node.bound(names)), _ATOM
        case EventCall(function, args):
            return _call(function, args, names), _ATOM
        case Conditional(test, yes, no):
            return f"{_wrapped(yes, names, 1)} if {_wrapped(test, names, 1)} else {_wrapped(no, names, 0)}", 0
        case Compare(operators, args):
            first, *others = (_wrapped(arg, names, _COMPARES + 1) for arg in args)
            return first + "".join(f" {op} {arg}" for op, arg in zip(operators, others, strict=True)), _COMPARES
        case Logic(operator, args) | Apply(operator, args):
            return _operation(operator, args, names)


def _operation(operator: str, args: tuple[Node, ...], names: Mapping[str, str]) -> tuple[str, int]:
    binds = _BINDS.get(operator, _ATOM)
    if operator in ("and", "or"):
        return f" {operator} ".join(_wrapped(arg, names, binds + 1) for arg in args), binds
    if operator == "not":
        return f"not {_wrapped(args[0], names, binds)}", binds
    if operator == "-" and len(args) == 1:
        return f"-{_wrapped(args[0], names, _NEGATES)}", _NEGATES
    if operator in _BINDS:
        # Powers group to the right, all others to the left.
        left, right = (binds + 1, _NEGATES) if operator == "**" else (binds, binds + 1)
        return f"{_wrapped(args[0], names, left)} {operator} {_wrapped(args[1], names, right)}", binds
    return f"{operator}({', '.join(_wrapped(arg, names, 0) for arg in args)})", _ATOM


def _wrapped(node: Node, names: Mapping[str, str], least: int) -> str:
    inner, binds = _text(node, names)
    return inner if binds >= least else f"({inner})"


def _call(function: str, args: tuple[str, ...], names: Mapping[str, str]) -> str:
    if function == "yearly":
        return f"yearly({', '.join(f'{chr(34)}{arg}{chr(34)}' for arg in args)})"
    return f"{function}({', '.join(quoted(names.get(arg, arg)) for arg in args)})" if args else function
