"""Measures: numbers of a run, written in the scenario's expression language with a few functions more.

`p(war)`, `time(war)`, `count(icbm_test, PRK) + count(nuclear_test)`, `mean(tension)`, `trust[CHN, USA] > 0`.
What happened is counted from STARTEX on; a bare indicator is its value at the end.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from wargame.errors import listed, nearest
from wargame.language import old_words
from wargame.language.expressions import ExpressionError, parse, parse_path
from wargame.language.functions import EVENTS, NUMERIC
from wargame.language.tree import Compare, Expression, Logic, Read
from wargame.scenario.model import Inject, Scenario
from wargame.scenario.model.names import ENGINE, PLACEHOLDERS, table

OF_IDS = {"p": 1, "time": 1, "count": 2, "actions": 1, "severity": 1, "attention": 2}
"""Functions of ids, with the most arguments that each takes."""
OF_PATHS = ("mean", "lowest", "highest")
SIGNATURES = {
    "p": "p(outcome): 1 if it was met, else 0; its mean is a proportion",
    "time": "time(outcome): days from STARTEX to it, censored at the end",
    "count": "count(id) or count(option, GOV): how often since STARTEX",
    "actions": "actions(GOV) or actions(): how many actions",
    "severity": "severity(GOV) or severity(): the sum of their severities",
    "attention": "attention(GOV, dossier): the share of the leadership's working time that went into it",
    "mean": "mean(path): of an indicator, over the times looked at",
    "lowest": "lowest(path): of an indicator, over the times looked at",
    "highest": "highest(path): of an indicator, over the times looked at",
}
_CALL = re.compile(r"\b([A-Za-z_]\w*)\s*\(([^()]*)\)", re.ASCII)
_PREFIXES = ("q", "Q", "x", "X", "y", "Y")
UNSUITED = ("days_since", "yearly")
TAKEN = frozenset(
    "arm replication seed status error point draws days ended kernel_events decisions".split()  # noqa: SIM905 - words
)
"""Columns of the table that are no measures."""


@dataclass(frozen=True, slots=True)
class Call:
    """A question to the run: `count` of (`icbm_test`, `PRK`), `mean` of (`tension`,)."""

    function: str
    args: tuple[str, ...]
    column: int = 1

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        """What is asked, wherever it stands."""
        return self.function, self.args


@dataclass(frozen=True, slots=True)
class Parsed:
    """A measure ready to be checked and compiled: the expression with each call standing as a name."""

    name: str
    kind: str
    """`share` (0 or 1), `time` (days, censored) or `number`."""
    calls: dict[str, Call]
    expression: Expression
    interval: str = "t"
    title: str = ""

    @property
    def outcome(self) -> str:
        """The outcome that a `p` or `time` measure is about; empty for any other."""
        only = next(iter(self.calls.values()), None)
        return only.args[0] if only and only.function in ("p", "time") and len(self.calls) == 1 else ""

    @property
    def reads(self) -> tuple[Read, ...]:
        """The indicators read at the end of the run."""
        return tuple(read for read in self.expression.reads if read.name not in self.calls)


def parse_measure(text: str, name: str = "", interval: str = "t", title: str = "") -> Parsed:
    """Reads a measure; ExpressionError with reason and column if it is none. Names are not looked up here."""
    text = text.strip()
    words = set(re.findall(r"[A-Za-z_]\w*", text))
    prefix = next((p for p in _PREFIXES if not any(re.fullmatch(rf"{p}\d+", w) for w in words)), "q")
    calls: dict[str, Call] = {}

    def stand_in(match: re.Match[str]) -> str:
        call = _call(match)
        if call is None:
            return match[0]
        label = f"{prefix}{len(calls)}"
        calls[label] = call
        return label.ljust(len(match[0]))

    expression = parse(_CALL.sub(stand_in, text))
    kind = _kind(expression, calls)
    return Parsed(name or " ".join(text.split()), kind, calls, expression, interval, title)


def _call(match: re.Match[str]) -> Call | None:
    """A call of a measure's own functions; None for one of the expression language."""
    function, column = match[1], match.start() + 1
    inside = match[2].strip()
    if function in OF_PATHS:
        return Call(function, (str(parse_path(inside)),), column)
    if function not in OF_IDS:
        if function in UNSUITED or function not in {*NUMERIC, *EVENTS}:
            if (new := old_words.replacement(function)) in SIGNATURES:
                raise ExpressionError(f"{old_words.message(function, new)}: write {new}({match[2]})", column)
            hint = nearest(function, SIGNATURES) or f"there are {', '.join(SIGNATURES)}"
            raise ExpressionError(f"there is no measure '{function}'; {hint}", column)
        return None
    args = tuple(part.strip().strip("\"'") for part in inside.split(",")) if inside else ()
    least = {"actions": 0, "severity": 0, "attention": 2}.get(function, 1)
    if not least <= len(args) <= OF_IDS[function] or not all(args):
        raise ExpressionError(f"write {SIGNATURES[function].partition(':')[0]}", column)
    return Call(function, args, column)


def _kind(expression: Expression, calls: dict[str, Call]) -> str:
    root = expression.root
    timed = next((call for call in calls.values() if call.function == "time"), None)
    if isinstance(root, Read) and root.name in calls:
        return {"p": "share", "time": "time"}.get(calls[root.name].function, "number")
    if timed is not None:
        raise ExpressionError("time(...) stands alone: it may be censored", timed.column)
    return "share" if isinstance(root, Compare | Logic) else "number"


def free_name(measure: Parsed) -> str:
    """Why a measure cannot be called as it is; empty if it can."""
    name = measure.name
    timed = name.startswith("time(") and name != f"time({measure.outcome})"
    if name in TAKEN or name.startswith("factor:") or timed:
        return f"a measure cannot be called '{name[:60]}': the table has a column of that name"
    return ""


class Checker:
    """Looks up the names of measures in a scenario."""

    def __init__(self, scenario: Scenario, injects: Iterable[Inject]) -> None:
        self.outcomes = sorted(scenario.outcomes)
        self.options = sorted(scenario.options)
        self.governments = sorted(scenario.governments)
        self.injects = sorted(inject.id for inject in injects)
        self.dossiers = {name: sorted(spec.dossiers) for name, spec in scenario.governments.items()}
        self.forums, self.agreements = sorted(scenario.forums), sorted(scenario.agreements)
        self.table = table(scenario.indicators) | {name: ENGINE[name] for name in ENGINE}

    def check(self, measure: Parsed) -> None:
        """ExpressionError for the first name that does not exist."""
        for call in measure.calls.values():
            self._call(call)
        for read in measure.reads:
            self._read(read, read.column)
        for function, args in measure.expression.events:
            if function in UNSUITED:
                raise ExpressionError(f"'{function}' has no meaning in a measure: use count or time", 1)
            del args

    def check_path(self, path: Read) -> None:
        """ExpressionError if a path names no indicator of the scenario, or not in its way."""
        self._read(path, 1)

    def _call(self, call: Call) -> None:
        column = call.column
        if call.function in OF_PATHS:
            self._read(parse_path(call.args[0]), column)
        elif call.function in ("p", "time"):
            self._known("outcome", call.args[0], self.outcomes, column)
        elif call.function == "count" and len(call.args) == 1:
            self._known(
                "option, inject or outcome", call.args[0], {*self.options, *self.injects, *self.outcomes}, column
            )
        elif call.function == "count":
            self._known("option", call.args[0], self.options, column)
            self._known("government", call.args[1], self.governments, column)
        elif call.args:
            self._known("government", call.args[0], self.governments, column)
            for dossier in call.args[1:]:
                self._known(f"dossier of {call.args[0]}", dossier, self.dossiers[call.args[0]], column)

    def _read(self, read: Read, column: int) -> None:
        self._known("indicator", read.name, self.table, column)
        about = self.table[read.name]
        if len(read.index) != len(about.index):
            wanted = f"{read.name}[{', '.join(about.index)}]" if about.index else read.name
            raise ExpressionError(f"'{read}' is to be written as {wanted}", column)
        ids = {"government": self.governments, "forum": self.forums, "agreement": self.agreements}
        for part, kind in zip(read.index, about.index, strict=True):
            if part in PLACEHOLDERS:
                raise ExpressionError(f"'{part}' stands for nobody here: name a government", column)
            self._known(kind, part, ids[kind], column)
        if len(set(read.index)) < len(read.index):
            raise ExpressionError(f"'{read}': a government is no pair with itself", column)

    @staticmethod
    def _known(kind: str, name: str, choices: Collection[str], column: int) -> None:
        if name not in choices:
            hint = nearest(name, choices) or f"one of {listed(choices)}"
            raise ExpressionError(f"there is no {kind} '{name[:60]}' ({hint})", column)


def default_texts(scenario: Scenario) -> list[str]:
    """What is measured if nobody says: every outcome, actions and severities."""
    return [
        *(f"p({name})" for name in sorted(scenario.outcomes)),
        *(f"actions({name})" for name in sorted(scenario.governments)),
        "severity()",
    ]
