"""The expression language: values, errors, and protection against code injection and long run times."""

from __future__ import annotations

import dis
import math
import re
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import cast

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from support.formulas import expressions
from wargame.language.expressions import (
    ExpressionError,
    Read,
    SimpleComparison,
    compile_expression,
    compile_tests,
    parse,
    parse_path,
    substitute,
    threshold,
)
from wargame.language.tree import CALENDAR, CALLED, EVENTS, NUMERIC
from wargame.numbers.arithmetic import LIMIT

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "language.md"

finite = st.floats(-LIMIT, LIMIT)


def value(text: str, values: dict[str, float] | None = None, answers: Callable[..., float] = lambda *_: 0.0) -> float:
    """The value of the expression where paths have these values (0 if not named)."""
    reads = parse(text).reads
    compiled = compile_expression(parse(text), lambda name, index: reads.index(Read(name, index)))
    return compiled([(values or {}).get(str(read), 0.0) for read in reads], answers)


FOREIGN = r"""
    ( ) [ ] , . + - * / ** // % @ & | ^ ~ < > = == := : ; { } ' " \ # _ __ 1 1.5 1j 0x1 1_0 trust CHN min
    count day self and or not if else for in is lambda import await yield None True f'' b'' __class__ __import__
    ().__class__ open eval exec getattr print *a **k a=1 ... `
"""
tokens = st.sampled_from([*FOREIGN.split(), " ", "\n", "\t", "\0", "\u00e9", "\u2028"])


@st.composite
def mutants(draw: st.DrawFn) -> str:
    """A valid expression with a part replaced by a few foreign tokens."""
    text = draw(expressions)
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 5)))
    return text[:start] + "".join(draw(st.lists(tokens, max_size=4))) + text[end:]


def instructions(text: str) -> list[dis.Instruction]:
    """All instructions of a compiled expression."""
    compiled = cast("FunctionType", compile_expression(parse(text), lambda *_: 0))
    assert not any(isinstance(constant, type(compiled.__code__)) for constant in compiled.__code__.co_consts)
    assert compiled.__globals__["__builtins__"] == {}
    return list(dis.get_instructions(compiled))


def accepted(text: str) -> bool:
    """Whether the text parses; anything but an ExpressionError fails the test."""
    try:
        parse(text)
    except ExpressionError:
        return False
    return True


# --- values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.5", 0.5),
        ("1 + 2 * 3 - 4 / 8", 6.5),
        ("-2 ** 2", -4),
        ("+3", 3),
        ("2 ** -1", 0.5),
        ("1 < 2 < 3", 1),
        ("1 < 3 < 2", 0),
        ("(2 > 1) + (3 > 1)", 2),
        ("3 and 2", 1),
        ("0 or 0", 0),
        ("not 0", 1),
        ("not 0.1 or 0", 0),
        ("5 if 1 > 2 else 7", 7),
        ("1 if 0 else 2 if 0 else 3", 3),
        ("1 == 1.0", 1),
        ("1 != 1", 0),
        ("min(3, 1, 2) + max(3, 1, 2)", 4),
        ("abs(-2)", 2),
        ("exp(0) + log(1) + sqrt(4)", 3),
        ("clip(5, 0, 1) + clip(-5, 0, 1) + clip(0.5, 0, 1)", 1.5),
        ("sigmoid(0)", 0.5),
        ("\n  1\n  + 1\n", 2),
        ("tension * 2", 0.5),
        ("trust[CHN, PRK] < -0.5 and tension > 0.2", 1),
        ("trust [ CHN , PRK ]", -0.7),
        ("a[x]", 0),
    ],
)
def test_operators_bind_as_in_python(text: str, expected: float) -> None:
    """Comparisons and logic give 1.0 or 0.0."""
    result = value(text, {"tension": 0.25, "trust[CHN, PRK]": -0.7})
    assert result == expected
    assert isinstance(result, float)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 / 0", 0),
        ("tension / tension", 0),
        ("0 ** -1", 0),
        ("(-8) ** (1 / 3)", 0),
        ("log(0)", -1e9),
        ("log(-1)", -1e9),
        ("sqrt(-1)", 0),
        ("exp(1e9)", 1e9),
        ("exp(-1e9)", 0),
        ("sigmoid(-1e9)", 0),
        ("9 ** 9 ** 9 ** 9", 1e9),
        ("(-9) ** 999999999", -1e9),
        ("1e9 * 1e9", 1e9),
        ("-1e9 * 1e9", -1e9),
        ("1 / 1e-300 / 1e-300", 1e9),
        ("*".join(["1e9"] * 90), 1e9),
        ("*".join(["1e9"] * 50) + " - " + "*".join(["1e9"] * 50), 0),
    ],
)
def test_undefined_operations_have_documented_values(text: str, expected: float) -> None:
    """Division by zero is 0, the logarithm of 0 is -1e9, and overflow is limited to ±1e9."""
    assert value(text) == expected


def test_event_functions_call_the_second_argument() -> None:
    """`count(x)` calls `e("count", "x")`, a bare `day` calls `e("day")`; the parse lists all of them."""
    text = 'count(icbm_test) + days_since("kim-dies") + leads(moon) + follows(USA, x) + yearly("02-29", "04-01") + day'
    asked: list[tuple[str, ...]] = []

    def answer(*question: str) -> float:
        asked.append(question)
        return 1.0

    value(text, answers=answer)
    assert asked == [
        ("count", "icbm_test"),
        ("days_since", "kim-dies"),
        ("leads", "moon"),
        ("follows", "USA", "x"),
        ("yearly", "02-29", "04-01"),
        ("day",),
    ]
    assert parse(text).events == tuple((function, tuple(args)) for function, *args in asked)


def test_reads_are_listed_once_in_order_with_their_column() -> None:
    """A condition lists the values that it reads."""
    reads = parse("tension > 3 and\n trust[CHN, PRK] < tension").reads
    assert reads == (Read("tension"), Read("trust", ("CHN", "PRK")))
    assert [read.column for read in reads] == [1, 18]


def test_and_or_stop_early() -> None:
    """Operands that cannot change the result are not read."""
    compiled = compile_expression(parse("a > 1 and b > 1"), lambda name, _: "ab".index(name))
    assert compiled([0.0], lambda *_: 0.0) == 0  # a read of b would be an IndexError


def test_an_unresolved_read_is_an_error_with_its_column() -> None:
    """A KeyError of `resolve` becomes an ExpressionError."""

    def resolve(name: str, index: tuple[str, ...]) -> int:
        raise KeyError(name, index)

    with pytest.raises(ExpressionError, match=r"there is no 'trust\[CHN, PRK\]'") as error:
        compile_expression(parse("1 + trust[CHN, PRK]"), resolve)
    assert error.value.column == 5


# --- errors


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("", 1, "empty"),
        ("   ", 1, "empty"),
        ("1 +  ", 4, "ends too early"),
        ("(1", 1, "never closed"),
        ("1)", 2, "unmatched"),
        ("tension > 3 && x", 13, "write 'and'"),
        ("tension = 3", 9, "write == to compare"),
        ("  a.b", 4, "names have no dots"),
        ("a % 2", 3, "'%' is not part of the language"),
        ("a // 2", 3, "'//' is not part of the language"),
        ("True", 1, "write 1 or 0"),
        ("a if b", 1, "expected 'else'"),
        ("x is y", 3, "'is' is not part"),
        ("lambda: 1", 1, "'lambda' is not part"),
        ("minn(1, 2)", 1, "did you mean 'min'"),
        ("open(x)", 1, "there is no function 'open'"),
        ("min(1)", 1, "'min' does not take 1 arguments: write min"),
        ("min + 1", 1, "'min' is a function"),
        ("count[x]", 1, "'count' is a function"),
        ("day[x]", 1, "'day' has no index"),
        ("trust[]", 7, "invalid syntax"),
        ("trust[()]", 1, "empty index"),
        ("trust[1]", 7, "must be an id"),
        ("trust[a[b]]", 7, "must be an id"),
        ("a[b][c]", 1, "not part of the language here"),
        ("(a, b)", 1, "not part of the language here"),
        ("[a]", 1, "not part of the language here"),
        ("min(*a, b)", 5, "not part of the language here"),
        ("count(*a)", 7, "must be an id"),
        ("abs(abs)", 5, "'abs' is a function"),
        ("1e10", 1, "numbers must be within"),
        ("1e999", 1, "numbers must be within"),
        ("9" * 900, 1, "numbers must be within"),
        ("1_000", 1, "neither a number nor a name"),
        ("0x10", 1, "neither a number nor a name"),
        ("1j", 1, "neither a number nor a name"),
        ("1if a else 2", 1, "neither a number nor a name"),
        ("'text'", 1, "text in quotes can only be"),
        ("f'text'", 1, "not part of the language"),
        ("count('a b')", 7, "quoted text has only"),
        ("yearly(a, b)", 8, "yearly takes two days"),
        ('yearly("02-30", "03-01")', 8, "not a day of the year"),
        ("_x", 1, "'_x' is not part"),
        ("tensi\u00f6n", 6, "is not part of the language"),
        ("\U0001d41drust", 1, "is not part of the language"),
        ("a # b", 3, "is not part of the language"),
        ("a \\\n + b", 3, "is not part of the language"),
        ("a\x00", 2, r"'\\x00' is not part"),
    ],
)
def test_a_syntax_error_is_reported_with_its_column(text: str, column: int, message: str) -> None:
    """Each error says what is wrong, where, and, if known, what to write instead."""
    with pytest.raises(ExpressionError, match=message) as error:
        parse(text)
    assert error.value.column == column


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "().__class__.__bases__[0].__subclasses__()",
        "''.join",
        "(lambda: 1)()",
        "[x for x in (1, 2)]",
        "{**a}",
        "(x := 1)",
        "f'{tension.__class__}'",
        "getattr(tension, name)",
        "globals()",
        "v(0)",
        "e(x)",
        "f_0(1, 2)",
        "cut(1)",
        "min.__globals__",
        "min(1, 2, key=abs)",
        "min(*trust)",
        "count(__builtins__)",
        "trust[__class__]",
        "trust[CHN:PRK]",
        "trust[CHN](1)",
        "min(1, 2)(3)",
        "(min)(1, 2)[0]",
        "await x",
        "yield",
        "print(1)",
        "exec(x)",
        "breakpoint()",
        "b'x'[0]",
        "...",
        "1 @ 2",
        "~1",
        "1 if 2 else 3; import os",
        "1\nimport os",
        "\uff3f\uff3fimport\uff3f\uff3f",
    ],
)
def test_known_sandbox_escapes_are_refused(text: str) -> None:
    """Known escapes from Python sandboxes are errors of the expression."""
    assert not accepted(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 500 + "1" + ")" * 500,
        "[" * 999,
        "-" * 999 + "1",
        "not " * 240 + "1",
        "abs(" * 200 + "1" + ")" * 200,
        "1 if 1 else " * 80 + "1",
        "1 if (" * 31 + "1" + ") else 1" * 31,
        "+".join(["1"] * 500),
        "2**" * 300 + "2",
        "1<" * 400 + "1",
        "a[" * 300,
        "x" * 1001,
        "1 " * 1_000_000,
    ],
    ids=lambda text: text[:12],
)
def test_size_and_depth_are_bounded(text: str) -> None:
    """More than 1,000 characters, 200 parts or 30 levels is an error, not a crash or a long wait."""
    assert not accepted(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 28 + "1" + ")" * 28,
        "+".join(["x"] * 100),
        "1 if a else " * 60 + "1",
        "1 if (" * 29 + "1" + ") else 1" * 29,
        "-" * 29 + "1",
        "abs(" * 29 + "1" + ")" * 29,
        "1<" * 190 + "1",
    ],
    ids=lambda text: text[:12],
)
def test_long_flat_expressions_are_accepted(text: str) -> None:
    """A sum of a hundred terms or a long chain of choices is not nested."""
    assert math.isfinite(value(text))


@given(st.text(max_size=80) | st.text("()[],.+-*/<>= \"'abcdef019_\n", max_size=80) | mutants())
def test_any_text_is_an_expression_or_an_expression_error(text: str) -> None:
    """No text raises another error or a warning, and accepted expressions have finite values everywhere."""
    assert not accepted(text) or math.isfinite(value(text, answers=lambda *_: 1.0))


@given(expressions | mutants())
def test_compiled_code_has_only_safe_instructions_and_no_loops(text: str) -> None:
    """Compiled code has no attribute, import, definition, store or jump back, and calls only the language's functions.

    Without a backward jump each instruction runs at most once, so time is bounded by the size of the text.
    """
    assume(accepted(text))
    code = instructions(text)
    names = {each.argval for each in code if each.opname in {"LOAD_GLOBAL", "LOAD_NAME"}}
    assert names <= {f"f_{i}" for i in range(len(CALLED))}
    assert {each.argval for each in code if each.opname.startswith("LOAD_FAST")} <= {"v", "e"}
    assert not [
        each for each in code if re.match(r"STORE|DELETE|IMPORT|MAKE|.*(ATTR|METHOD|DEREF|BACKWARD)", each.opname)
    ]
    assert len(code) < 20 * len(text) + 40


@pytest.mark.slow
@given(expressions, st.lists(finite, min_size=3, max_size=3), finite)
def test_evaluation_is_total(text: str, values: list[float], answer: float) -> None:
    """For any finite values an accepted expression gives a finite number within ±1e9, without an error or NaN."""
    assume(accepted(text))
    paths = dict(zip(("tension", "trust[CHN, PRK]", "economy[PRK]"), values, strict=True))
    assert -LIMIT <= value(text, paths, lambda *_: answer) <= LIMIT


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(CALLED))
@given(values=st.lists(st.floats(-1e150, 1e150), min_size=3, max_size=3))
def test_every_function_is_total(name: str, values: list[float]) -> None:
    """Each function has a finite value even for the largest values that can occur inside an expression."""
    count = NUMERIC[name].least if name in NUMERIC else 1 if name == "cut" else 2
    assert math.isfinite(CALLED[name](*values[:count]))


# --- substitute, paths, thresholds


def test_placeholders_are_replaced_in_indexes_and_arguments() -> None:
    """Names and all other text stay unchanged."""
    filled = substitute(parse("actor + trust[actor,  target] * leads(actor)"), {"actor": "PRK", "target": "USA"})
    assert filled.text == "actor + trust[PRK,  USA] * leads(PRK)"
    assert filled == parse(filled.text)
    assert filled.reads == (Read("actor"), Read("trust", ("PRK", "USA")))
    assert filled.events == (("leads", ("PRK",)),)


def test_an_expression_without_placeholders_stays_unchanged() -> None:
    """Filling placeholders returns the same text."""
    expression = parse("trust[CHN, PRK] > day")
    assert substitute(expression, {"actor": "PRK"}) is expression


def test_ids_that_python_would_misread_are_quoted() -> None:
    """An id with a hyphen or a Python keyword as id can be filled in."""
    filled = substitute(parse("a[self] + count('x-1')"), {"self": "is", "x-1": "b-2c"})
    assert filled.text == """a["is"] + count("b-2c")"""
    assert filled.reads == (Read("a", ("is",)),)


@pytest.mark.parametrize(
    "text",
    [
        "actor + trust[actor,  target] * leads(actor)",
        " 1 if a[target] < trust['x-1', actor] < 3 and not count(target) else -b[actor]",
        "min(a[actor], a[target]) + a[PRK] + days_since('x-1') + yearly('03-01', '04-30')\n + day",
    ],
)
def test_a_filled_expression_is_the_one_that_its_text_says(text: str) -> None:
    """Its tree, reads with their columns, events and places are those that reading its text gives."""
    filled = substitute(parse(text), {"actor": "PRK", "target": "five-party", "x-1": "USA"})
    read = parse(filled.text)
    assert (filled.text, filled.root, filled.reads, filled.events) == (read.text, read.root, read.reads, read.events)
    assert [each.column for each in filled.reads] == [each.column for each in read.reads]
    assert filled.places == read.places


def test_a_filled_expression_may_exceed_the_length_limit() -> None:
    """Long ids do not make a valid formula invalid."""
    text = " + ".join(["a[x]"] * 99)
    assert len(substitute(parse(text), {"x": "a_rather_long_name"}).text) > 1000


@given(
    st.from_regex(r"[A-Za-z][A-Za-z0-9_\-]{0,8}", fullmatch=True),
    st.lists(st.from_regex(r"[A-Z]{1,3}|[a-z]-[0-9]", fullmatch=True), max_size=2),
)
def test_a_formatted_path_parses_to_the_same_path(name: str, index: list[str]) -> None:
    """`parse_path` reads what `str` of a Read writes."""
    read = Read(name.replace("-", "_"), tuple(index))
    assume(accepted(str(read)) and read.name not in CALENDAR)
    assert parse_path(str(read)) == read


@pytest.mark.parametrize("text", ["1", "day", "a + 1", "-a", "count(a)", "(a, b)", ""])
def test_a_formula_is_not_a_path(text: str) -> None:
    """Effects name one indicator, not a formula."""
    with pytest.raises(ExpressionError):
        parse_path(text)


def test_a_path_can_be_bound() -> None:
    """`Read.bound` fills the placeholders in the path of an effect."""
    assert parse_path("trust[target, actor]").bound({"actor": "PRK", "target": "USA"}) == Read("trust", ("USA", "PRK"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tension > 3", SimpleComparison("tension", (), ">", 3)),
        ("trust[CHN, PRK] <= -0.5", SimpleComparison("trust", ("CHN", "PRK"), "<=", -0.5)),
        ("3 > tension", SimpleComparison("tension", (), "<", 3)),
        ("-.5 <= (a[x])", SimpleComparison("a", ("x",), ">=", -0.5)),
        ("tension == 3", None),
        ("tension > other", None),
        ("1 < tension < 3", None),
        ("tension > 3 and 1", None),
        ("not tension > 3", None),
        ("day > 3", None),
        ("2 * tension > 3", None),
        ("tension", None),
    ],
)
def test_thresholds_are_recognised(text: str, expected: SimpleComparison | None) -> None:
    """One path compared with one number, on either side, has a crossing in closed form."""
    assert threshold(parse(text)) == expected


# --- many conditions at once

TESTS = (
    "count(strike) > 0 and a > 1",
    "not count(strike)",
    "a - b",
    "1 < a < b or days_since(strike) < 30",
    "a / b > 0 if count(strike) == 2 else yearly('03-01', '05-31')",
)


@given(st.lists(finite, min_size=2, max_size=2), st.integers(0, 2), st.booleans())
def test_conditions_evaluated_together_equal_each_alone(levels: list[float], times: int, spring: bool) -> None:
    """A missing condition is always true; a question about events that several ask is asked once."""
    asked: list[tuple[str, ...]] = []

    def events(*question: str) -> float:
        asked.append(question)
        return float({"count": times, "days_since": 12 * times, "yearly": spring}[question[0]])

    def resolve(name: str, _: tuple[str, ...]) -> int:
        return "ab".index(name)

    each = [bool(compile_expression(parse(text), resolve)(levels, events)) for text in TESTS]
    asked.clear()
    together = compile_tests([*map(parse, TESTS), None], resolve)(levels, events)
    assert [bool(answer) for answer in together] == [*each, True]
    assert asked.count(("count", "strike")) == 1


# --- the reference page


def test_the_reference_page_lists_the_functions() -> None:
    """Its tables list every signature with its meaning, and no other function."""
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    table = {function.signature: function.means for function in (NUMERIC | EVENTS | CALENDAR).values()}
    assert dict(rows) == table
    assert len(rows) == len(table)


def test_the_examples_of_the_reference_page_parse() -> None:
    """Each line of its code blocks is a valid expression."""
    blocks = re.findall(r"```text\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line]
    assert len(lines) > 5
    assert all(map(accepted, lines))
