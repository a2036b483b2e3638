"""Measures: numbers of a run, in the expression language with additional functions.

`p(war)`, `time(war)`, `count(icbm_test, PRK) + count(nuclear_test)`, `mean(tension)`, `trust[CHN, USA] > 0`.
Events count from STARTEX on; a bare indicator is its value at the end of the run. A window restricts what counts:
`count(icbm_test, after: 90d)`, `mean(tension, until: 90d)`.
"""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from math import inf

from wargame.dataclasses import dataclass
from wargame.errors import listed, nearest, shortened
from wargame.language.expressions import ExpressionError, parse, parse_path
from wargame.language.times import parse_duration
from wargame.language.tree import EVENTS, NUMERIC, Compare, Expression, Logic, Read
from wargame.scenario.model import Inject, Scenario
from wargame.scenario.model.indicators import ENGINE, PLACEHOLDERS, table
from wargame.tables import tables

OF_IDS = {"p": 1, "time": 1, "count": 2, "actions": 1, "severity": 1, "jump": 1, "attention": 2, "welfare": 2}
OF_IDS |= {"first": 2, "seen": 2, "plugin": 1, "costs": 1, "rest": 0}
"""Functions of ids, with their maximum numbers of arguments."""
OF_PATHS = ("mean", "lowest", "highest")
WELFARE, PLUGIN = "welfare", "plugin"
IN_WINDOWS = (*OF_PATHS, "p", "count", "actions", "costs", "severity", "seen")
"""Functions that may have a window: `after: 90d`, `until: 90d`, or both."""
ALWAYS = (0.0, inf)
_WINDOW = re.compile(r"(?:^|,)\s*(after|until)\s*:([^,:]*)$")
_COMMA = re.compile(r",(?![^\[]*\])")
_CALL = re.compile(
    rf"\b({'|'.join(OF_PATHS)})\s*\(\s*({WELFARE}\s*\([^()]*\)[^()]*)\)|\b([A-Za-z_]\w*)\s*\(([^()]*)\)", re.ASCII
)
"""A function over time of the welfare of a government, or any other call."""
_PREFIXES = ("q", "Q", "x", "X", "y", "Y")
UNSUITED = ("days_since", "yearly")
TAKEN = frozenset(
    "arm replication seed status error point draws days ended kernel_events decisions".split()  # noqa: SIM905 - words
)
"""Other columns of the table of runs."""


SIGNATURES = "scenario/model/measures.yaml"
"""The form of a call of each function and its meaning, for messages."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function of measures: `count` with (`icbm_test`, `PRK`), `mean` with (`tension`,)."""

    function: str
    args: tuple[str, ...]
    column: int = 1
    window: tuple[float, float] = ALWAYS
    """Seconds from STARTEX between which it counts; the second end is excluded."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed measure: an expression in which each call is replaced with a name."""

    name: str
    kind: str
    """`share` (0 or 1), `time` (days, censored) or `number`."""
    calls: dict[str, Call]
    expression: Expression
    interval: str = "t"
    title: str = ""

    @property
    def outcome(self) -> str:
        """The outcome of a `p` or `time` measure; empty for other measures."""
        only = next(iter(self.calls.values()), None) if len(self.calls) == 1 else None
        return only.args[0] if only and only.function in ("p", "time") and only.window == ALWAYS else ""

    @property
    def reads(self) -> tuple[Read, ...]:
        """The indicators read at the end of the run."""
        return tuple(read for read in self.expression.reads if read.name not in self.calls)


@lru_cache(maxsize=1024)
def parse_measure(text: str, name: str = "", interval: str = "t", title: str = "") -> Parsed:
    """Parse a measure; ExpressionError with reason and column for other texts. Names are not resolved here."""
    text = text.strip()
    words = set(re.findall(r"[A-Za-z_]\w*", text))
    prefix = next((p for p in _PREFIXES if not any(re.fullmatch(rf"{p}\d+", w) for w in words)), "q")
    calls: dict[str, Call] = {}

    def replace_call(match: re.Match[str]) -> str:
        call = _call(match)
        if call is None:
            return match[0]
        label = f"{prefix}{len(calls)}"
        calls[label] = call
        return label.ljust(len(match[0]))

    expression = parse(_CALL.sub(replace_call, text))
    return Parsed(name or " ".join(text.split()), _kind(expression, calls), calls, expression, interval, title)


def _call(match: re.Match[str]) -> Call | None:
    """Return a call of a measure's own functions; None for one of the expression language."""
    column = match.start() + 1
    function = match[1] or match[3]
    inside, window = _window(function, (match[2] or match[4] or "").strip(), column)
    if match[1]:
        args = welfare_args(inside)
        if not 1 <= len(args) <= OF_IDS[WELFARE] or not all(args):
            raise ExpressionError(f"write {function}(welfare(GOV))", column)
        return Call(function, (welfare_text(args),), column, window)
    if function in OF_PATHS:
        return Call(function, (str(parse_path(inside)),), column, window)
    if function not in OF_IDS:
        if function in UNSUITED or function not in {*NUMERIC, *EVENTS}:
            hint = nearest(function, tables(SIGNATURES)) or f"measures: {', '.join(tables(SIGNATURES))}"
            raise ExpressionError(f"there is no measure '{function}'; {hint}", column)
        return None
    args = tuple(part.strip().strip("\"'") for part in _COMMA.split(inside)) if inside else ()
    least = {"actions": 0, "costs": 0, "rest": 0, "severity": 0, "attention": 2}.get(function, 1)
    if not least <= len(args) <= OF_IDS[function] or not all(args):
        raise ExpressionError(f"write {tables(SIGNATURES)[function].partition(':')[0]}", column)
    return Call(function, args, column, window)


def _window(function: str, inside: str, column: int) -> tuple[str, tuple[float, float]]:
    """Return the arguments of a call without its window, and the window; ExpressionError for an impossible one."""
    ends: dict[str, float] = {}
    while found := _WINDOW.search(inside):
        try:
            seconds = float(parse_duration(found[2].strip()))
        except ValueError as error:
            raise ExpressionError(f"{found[1]}: {error}", column) from None
        if function not in IN_WINDOWS or (function == "seen" and found[1] == "after"):
            raise ExpressionError(f"{function} has no '{found[1]}' (those with one: {', '.join(IN_WINDOWS)})", column)
        if found[1] in ends:
            raise ExpressionError(f"'{found[1]}' is written twice", column)
        ends[found[1]] = seconds
        inside = inside[: found.start()].strip()
    low, high = ends.get("after", 0.0), ends.get("until", inf)
    if low >= high:
        raise ExpressionError("the window is empty: 'after' must be before 'until'", column)
    return inside, (low, high)


def welfare_text(args: tuple[str, ...]) -> str:
    """Return the text of a welfare that is sampled over time, from its government and perhaps a leader."""
    return f"{WELFARE}({', '.join(args)})"


def welfare_args(text: str) -> tuple[str, ...]:
    """Return the government, and perhaps the leader, of such a text; empty for the path of an indicator."""
    inside = text.strip()[len(WELFARE) :].strip(" ()")
    return tuple(part.strip() for part in inside.split(",")) if text.startswith(WELFARE) and text.endswith(")") else ()


def _kind(expression: Expression, calls: dict[str, Call]) -> str:
    root = expression.root
    timed = next((call for call in calls.values() if call.function in ("time", "first")), None)
    if isinstance(root, Read) and root.name in calls:
        return {"p": "share", "time": "time", "first": "time"}.get(calls[root.name].function, "number")
    if timed is not None:
        message = f"{timed.function}(...) cannot be part of a larger expression: it may be censored"
        raise ExpressionError(message, timed.column)
    return "share" if isinstance(root, Compare | Logic) else "number"


def free_name(measure: Parsed) -> str:
    """Return the error for a reserved name of a measure; empty if the name is free."""
    name = measure.name
    timed = name.startswith("time(") and name != f"time({measure.outcome})"
    if name in TAKEN or name.startswith("factor:") or timed:
        return f"a measure cannot be called '{shortened(name)}': the table has a column of that name"
    return ""


class Checker:
    """Resolves the names in measures against a scenario."""

    def __init__(self, scenario: Scenario, injects: Iterable[Inject]) -> None:
        self.outcomes = sorted(scenario.outcomes)
        self.options = sorted(scenario.options)
        self.governments = sorted(scenario.governments)
        self.injects = sorted(inject.id for inject in injects)
        self.events = {*self.options, *self.injects, *self.outcomes}
        self.dossiers = {name: sorted(spec.dossiers) for name, spec in scenario.governments.items()}
        self.leaders = {
            name: sorted(id_ for id_, leader in scenario.leaders.items() if leader.government == name)
            for name in self.governments
        }
        self.forums, self.agreements = sorted(scenario.forums), sorted(scenario.agreements)
        self.table = table(scenario.indicators) | {name: ENGINE[name] for name in ENGINE}

    def check(self, measure: Parsed) -> None:
        """Raise ExpressionError for the first unknown name."""
        for call in measure.calls.values():
            self._call(call)
        for read in measure.reads:
            self.check_path(read, read.column)
        for function, args in measure.expression.events:
            if function in UNSUITED:
                raise ExpressionError(f"'{function}' has no meaning in a measure: use count or time", 1)
            del args

    def _call(self, call: Call) -> None:
        column = call.column
        if call.function == WELFARE:
            self._welfare(call.args, column)
        elif call.function in OF_PATHS and (args := welfare_args(call.args[0])):
            self._welfare(args, column)
        elif call.function in OF_PATHS:
            self.check_path(parse_path(call.args[0]), column)
        elif call.function in ("p", "time"):
            self._known("outcome", call.args[0], self.outcomes, column)
        elif call.function == "seen":
            self._seen(call)
        elif call.function in ("count", "first") and len(call.args) == 1:
            self._known("option, inject or outcome", call.args[0], self.events, column)
        elif call.function in ("count", "first"):
            self._known("option", call.args[0], self.options, column)
            self._known("government", call.args[1], self.governments, column)
        elif call.args and call.function != PLUGIN:
            self._known("government", call.args[0], self.governments, column)
            for dossier in call.args[1:]:
                self._known(f"dossier of {call.args[0]}", dossier, self.dossiers[call.args[0]], column)

    def _seen(self, call: Call) -> None:
        for government in call.args[1:]:
            self._known("government", government, self.governments, call.column)
        if call.args[0] not in self.events:
            read = parse_path(call.args[0])
            self._known("indicator, option, inject or outcome", read.name, {*self.table, *self.events}, call.column)
            self.check_path(read, call.column)

    def _welfare(self, args: tuple[str, ...], column: int) -> None:
        self._known("government", args[0], self.governments, column)
        for leader in args[1:]:
            self._known(f"leader of {args[0]}", leader, self.leaders[args[0]], column)

    def check_path(self, read: Read, column: int = 1) -> None:
        """Raise ExpressionError if a path is not that of an indicator of the scenario."""
        called = ("p", "outcome") if read.name in self.outcomes else ("count", "option or inject")
        if read.name not in self.table and read.name in (*self.outcomes, *self.options, *self.injects):
            raise ExpressionError(f"'{read.name}' is an {called[1]}; write {called[0]}({read.name})", column)
        self._known("indicator", read.name, self.table, column)
        about = self.table[read.name]
        if len(read.index) != len(about.index):
            form = f"{read.name}[{', '.join(about.index)}]" if about.index else read.name
            raise ExpressionError(f"'{read}' must be written as {form}", column)
        ids = {"government": self.governments, "forum": self.forums, "agreement": self.agreements}
        for part, kind in zip(read.index, about.index, strict=True):
            if part in PLACEHOLDERS:
                raise ExpressionError(f"'{part}' has no meaning here: name a government", column)
            self._known(kind, part, ids[kind], column)
        if len(set(read.index)) < len(read.index):
            raise ExpressionError(f"'{read}': the two governments of a pair must differ", column)

    @staticmethod
    def _known(kind: str, name: str, choices: Collection[str], column: int) -> None:
        if name not in choices:
            hint = nearest(name, choices) or f"one of {listed(choices)}"
            raise ExpressionError(f"there is no {kind} '{shortened(name)}' ({hint})", column)


def default_texts(scenario: Scenario) -> list[str]:
    """Return the default measures: all outcomes, actions and severities."""
    outcomes = [f"p({name})" for name in sorted(scenario.outcomes)]
    return [*outcomes, *(f"actions({name})" for name in sorted(scenario.governments)), "severity()"]


def interest_texts(scenario: Scenario, leaders: Collection[str] = ()) -> list[str]:
    """Return the measures of whose interests are served: the welfare of each government, at the end and over time.

    A government with several of these `leaders` has one for the interests of each.
    """
    welfare = []
    for name in sorted(scenario.governments):
        theirs = {scenario.governments[name].leader, *leaders} & {
            leader for leader, spec in scenario.leaders.items() if spec.government == name
        }
        several = [(name, leader) for leader in sorted(theirs)] if len(theirs) > 1 else [(name,)]
        welfare += [welfare_text(args) for args in several]
    return [text for each in welfare for text in (each, f"mean({each})")]
