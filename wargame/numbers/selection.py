"""Which code computes the numbers of a run: compiled modules, or the same source interpreted.

The modules of `COMPILED` are ordinary Python files. `tools/compile_numbers.py` compiles them into the folder
`compiled`, each with the hash of the source of all of them. They are used, all or none, if that hash fits the files
that are here now: an edited file never runs as it was compiled before. Both give the same bytes.
"""

from __future__ import annotations

import os
import sys
import warnings
from hashlib import sha256
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

COMPILED = ("core", "clock_loop")
"""The modules of this package that the build compiles, each after those that it imports."""
SWITCH = "WARGAME_NUMBERS"
"""Environment variable: `interpreted` leaves the compiled modules alone."""
INTERPRETED, NATIVE = "interpreted", "compiled"
FOLDER = Path(__file__).parent
REMEDY = "the same source runs interpreted, with the same results, but more slowly; install wargame again to compile it"


class NotCompiled(UserWarning):
    """Compiled modules are there but cannot be used."""


def source_sha256(folder: Path = FOLDER) -> str:
    """The hash of the source of the compiled modules, whatever ends its lines."""
    whole = sha256()
    for name in COMPILED:
        whole.update(name.encode() + b"\n" + (folder / f"{name}.py").read_bytes().replace(b"\r\n", b"\n"))
    return whole.hexdigest()


def select(package: str, folder: Path = FOLDER) -> str:
    """Imports the compiled modules in place of the interpreted ones, if they can be used; `compiled` if so.

    `folder` has the source of the modules of `package`. If compiled modules are there and cannot be used, warns once:
    processes that this one starts inherit the decision.
    """
    if os.environ.get(SWITCH) == INTERPRETED:
        return INTERPRETED
    files = {name: _extension(folder / "compiled", name) for name in COMPILED}
    if not any(files.values()):
        return INTERPRETED
    try:
        _load(package, files, source_sha256(folder))
    except Exception as error:  # noqa: BLE001  # whatever is wrong with them, the source can run
        for name in COMPILED:
            sys.modules.pop(f"{package}.{name}", None)
        os.environ[SWITCH] = INTERPRETED
        warnings.warn(f"the compiled package numbers is not used: {error} ({REMEDY})", NotCompiled, stacklevel=3)
        return INTERPRETED
    return NATIVE


def _extension(folder: Path, name: str) -> Path | None:
    """The compiled module that this interpreter can load."""
    return next((path for suffix in EXTENSION_SUFFIXES if (path := folder / f"{name}{suffix}").exists()), None)


def _load(package: str, files: dict[str, Path | None], expected: str) -> None:
    """Loads all compiled modules; ImportError if one is missing or was compiled from other source."""
    for name, path in files.items():
        if path is None:
            raise ImportError(f"module '{name}' is missing")
        module = _module(f"{package}.{name}", path)
        if getattr(module, "SOURCE_SHA256", "") != expected:
            raise ImportError(f"module '{name}' was compiled from other source")


def _module(full_name: str, path: Path) -> ModuleType:
    spec = spec_from_file_location(full_name, path, loader=ExtensionFileLoader(full_name, str(path)))
    if spec is None or spec.loader is None:
        raise ImportError(f"{path.name} is not a module")
    module = module_from_spec(spec)
    sys.modules[full_name] = module
    spec.loader.exec_module(module)
    return module
