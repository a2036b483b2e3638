"""Compiles package `numbers` with Cython, several modules into one: the build hook of hatchling, and a command.

`python tools/compile_numbers.py [--checked]` compiles in place, into `wargame/numbers/compiled/`; `--checked` also
checks the bounds of arrays. As a build hook (`pyproject.toml`) it adds the compiled module to the wheel, or compiles
in place for an editable installation. The environment variable WARGAME_COMPILE decides what a build does:

    auto  compile; if that fails, print one warning and build a wheel of pure Python (the default)
    yes   compile; fail if that fails
    no    build a wheel of pure Python
"""

from __future__ import annotations

import argparse
import os
import re
import runpy
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parents[1]
NUMBERS = ROOT / "wargame" / "numbers"
IN_PLACE = NUMBERS / "compiled"
MODES = ("auto", "yes", "no")
REPLACED = (
    (r"^from wargame\.numbers import typed as cython$", "import cython"),
    (r"^from wargame\.numbers\.c_math import ", "from cython.cimports.libc.math import "),
    (r"\bcython\.doubles\b", "cython.double[::1]"),
    (r"\bcython\.longs\b", "cython.longlong[::1]"),
)
"""What differs between a module as it is interpreted and as the compiler reads it: imports, and names of types."""
DIRECTIVES = {
    "language_level": 3,
    "infer_types": True,
    "boundscheck": False,
    "wraparound": False,
    "initializedcheck": False,
    "cdivision": True,
    "show_performance_hints": False,
}
C_MATH = ("cos", "exp", "exp2", "log", "pow", "tanh")
FLAGS = (
    ["/O2", "/Oi-", "/fp:precise"]
    if os.name == "nt"
    else ["-O2", "-g0", "-w", "-fno-fast-math", "-ffp-contract=off", *(f"-fno-builtin-{name}" for name in C_MATH)]
)
"""The same bits as the interpreter: no fused operations, and no function that the compiler computes by itself.

A run takes 3 % fewer instructions than with `-O1`, which compiles in four fifths of the time. Without warnings: they
would be about code that Cython writes."""
MATHEMATICS = [] if os.name == "nt" else ["m"]
"""The library of the functions of C. If it is not named, the linker binds old versions of them, which take longer."""
UNOPTIMISED = "/Od" if os.name == "nt" else "-O0"
"""Half the time of the compiler; for checks of bounds, which do not depend on it."""


def for_the_compiler(sources: dict[str, str], sha256: str) -> str:
    """The modules of the package, by name, as one that the compiler reads, with the hash of what it is compiled from.

    Names are those of all modules: what they import from one another is in the same file.
    """
    first, *others = sources.values()
    others = [source.replace("from __future__ import annotations\n", "", 1) for source in others]
    joined = "\n".join((first, *others))
    from_another = rf"^from wargame\.numbers\.(?:{'|'.join(sources)}) import (?:\([^)]*\)|.*)$"
    for pattern, replacement in ((from_another, ""), *REPLACED):
        joined = re.sub(pattern, replacement, joined, flags=re.MULTILINE)
    return f'{joined}\nSOURCE_SHA256 = "{sha256}"\n'


def compile_numbers(target: Path, *, checked: bool = False) -> list[Path]:
    """Compiles the package into a folder, which is emptied before. Raises an exception if that is not possible."""
    shutil.rmtree(target, ignore_errors=True)
    from Cython.Build import cythonize
    from setuptools import Distribution, Extension

    selection = runpy.run_path(str(NUMBERS / "selection.py"))
    sources = {name: (NUMBERS / f"{name}.py").read_text("utf-8") for name in selection["COMPILED"]}
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        package = work / "wargame" / "numbers"
        package.mkdir(parents=True)
        (package.parent / "__init__.py").touch()
        (package / "__init__.py").touch()
        path = package / f"{selection['ENGINE']}.py"
        path.write_text(for_the_compiler(sources, selection["source_sha256"](NUMBERS)), "utf-8")
        flags = [*FLAGS, UNOPTIMISED] if checked else FLAGS
        extension = Extension(
            f"wargame.numbers.{path.stem}", [str(path)], extra_compile_args=flags, libraries=MATHEMATICS
        )
        directives = DIRECTIVES | ({"boundscheck": True} if checked else {})
        translated = cythonize([extension], compiler_directives=directives, include_path=[name], quiet=True)
        command = Distribution({"ext_modules": translated}).get_command_obj("build_ext")
        command.build_lib, command.build_temp = str(work / "built"), str(work / "objects")
        command.ensure_finalized()
        command.run()
        target.mkdir(parents=True)
        return [Path(shutil.copy(output, target)) for output in command.get_outputs()]


class CompileNumbers(BuildHookInterface[Any]):
    """Adds the compiled module to a wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compiles before the wheel is written; `version` is `standard` or `editable`."""
        mode = os.environ.get("WARGAME_COMPILE", "auto")
        if mode not in MODES:
            raise ValueError(f"WARGAME_COMPILE is {mode!r}; it can be {', '.join(MODES)}")
        if mode == "no":
            return
        self.folder = tempfile.mkdtemp()
        target = IN_PLACE if version == "editable" else Path(self.folder, "compiled")
        try:
            files = compile_numbers(target)
        except Exception as error:
            if mode == "yes":
                raise
            self.app.display_warning(f"package numbers is not compiled and runs interpreted, more slowly: {error}")
            return
        if version != "editable":
            build_data |= {"pure_python": False, "infer_tag": True}
            build_data["force_include"] |= {str(file): f"wargame/numbers/compiled/{file.name}" for file in files}

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Removes the folder of the compiled module, which is in the wheel now."""
        del version, build_data, artifact_path
        shutil.rmtree(getattr(self, "folder", ""), ignore_errors=True)


def main() -> None:
    """Compiles in place."""
    parser = argparse.ArgumentParser(description="Compiles package numbers in place.")
    parser.add_argument("--checked", action="store_true", help="check the bounds of arrays, for tests")
    for path in compile_numbers(IN_PLACE, checked=parser.parse_args().checked):
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
