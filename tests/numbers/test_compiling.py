"""The build of the compiled modules: what the compiler reads, and what a build does without a compiler."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from support.twins import interpreted
from wargame.numbers.selection import COMPILED, ENGINE, FOLDER

ROOT = FOLDER.parents[1]
SOURCES = [FOLDER / f"{name}.py" for name in COMPILED]


def wheel(out: Path, *, compiler: str, mode: str) -> subprocess.CompletedProcess[str]:
    """Builds a wheel into `out` with this C compiler and WARGAME_COMPILE=mode."""
    return subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", out],
        cwd=ROOT,
        env=os.environ | {"WARGAME_COMPILE": mode, "CC": compiler},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_compiled_module_imports_nothing_inside_a_function(path: Path) -> None:
    """Formulas call compiled functions without builtins, where an import fails."""
    assert not [line for line in path.read_text("utf-8").splitlines() if line.startswith(" ") and " import " in line]


def test_a_name_means_one_thing_in_all_compiled_modules() -> None:
    """They are compiled as one, where the second definition of a name would replace the first."""
    defined = Counter(name for path in SOURCES for name in set(_defined(ast.parse(path.read_text("utf-8")))))

    assert len(defined) > 10
    assert [name for name, times in defined.items() if times > 1] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_numbers_of_a_module_are_declared(path: Path) -> None:
    """The compiler ignores annotations of a module's variables: they would be objects of Python."""
    assert not [node.lineno for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.AnnAssign)]


def _defined(tree: ast.Module) -> Iterator[str]:
    """The names that a module defines, without those that it imports."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        for target in node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]:
            yield from [each.id for each in ast.walk(target) if isinstance(each, ast.Name)] if target else []


@pytest.mark.slow
def test_without_a_compiler_the_wheel_is_pure_python(tmp_path: Path) -> None:
    """One warning, and a wheel for all platforms."""
    done = wheel(tmp_path, compiler="no-such-compiler", mode="auto")

    (built,) = tmp_path.glob("*.whl")
    assert (done.returncode, built.name.endswith("py3-none-any.whl")) == (0, True)
    assert (done.stdout + done.stderr).count("package numbers is not compiled") == 1


@pytest.mark.exhaustive  # above for a build that may go on without one
def test_a_build_that_has_to_compile_fails_without_a_compiler(tmp_path: Path) -> None:
    """WARGAME_COMPILE=yes is for CI, where a pure wheel would hide a mistake."""
    done = wheel(tmp_path, compiler="no-such-compiler", mode="yes")

    assert (done.returncode == 0, list(tmp_path.glob("*.whl"))) == (False, [])


@pytest.mark.exhaustive
def test_a_compiled_wheel_has_the_module_and_its_source(tmp_path: Path) -> None:
    """The wheel is for one platform, and can run interpreted as well."""
    pytest.importorskip("Cython")
    done = wheel(tmp_path, compiler=os.environ.get("CC", "cc"), mode="yes")

    assert done.returncode == 0, done.stderr
    (built,) = tmp_path.glob("*.whl")
    names = ZipFile(built).namelist()
    assert not built.name.endswith("any.whl")
    assert [each for each in names if each.startswith(f"wargame/numbers/compiled/{ENGINE}.")]
    assert {f"wargame/numbers/{name}.py" for name in COMPILED} <= set(names)


def test_the_stand_in_for_cython_changes_nothing() -> None:
    """Interpreted, decorators return the function and types are those of Python."""
    typed = interpreted("typed")

    assert (typed.ccall(len), typed.exceptval(check=False)(len), typed.double) == (len, len, float)
