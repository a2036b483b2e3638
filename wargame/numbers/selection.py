"""Which code computes the numbers of a run: compiled modules, or the same source interpreted.

The modules of `COMPILED` are ordinary Python files. `tools/compile_numbers.py` compiles them as one module, so that
they call one another in C, into the folder `compiled`, with the hash of their source. It is used in the place of all of
them if that hash fits the files that are here now: an edited file never runs as it was compiled before. Both give the
same bytes.
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

COMPILED = (
    *("arithmetic", "draws", "arrays", "curves", "levels", "couplings", "timing", "clock_loop", "log", "prices"),
    *("effects", "menus", "prospects", "meetings", "signals", "perceiving", "minor_acts"),
)
"""The modules of this package that the build compiles as one, each after those that it imports."""
ENGINE = "engine"
"""The name of that one module."""
SWITCH = "WARGAME_NUMBERS"
"""Environment variable: `interpreted` leaves the compiled modules alone."""
INTERPRETED, NATIVE = "interpreted", "compiled"
FOLDER = Path(__file__).parent
REMEDY = "the same source runs interpreted, with the same results, but more slowly; install wargame again to compile it"


class NotCompiled(UserWarning):
    """A compiled module is there but cannot be used."""


def source_sha256(folder: Path = FOLDER) -> str:
    """Return the hash of the source of the compiled modules, whatever ends its lines."""
    whole = sha256()
    for name in COMPILED:
        whole.update(name.encode() + b"\n" + (folder / f"{name}.py").read_bytes().replace(b"\r\n", b"\n"))
    return whole.hexdigest()


def select(package: str, folder: Path = FOLDER) -> str:
    """Import the compiled module in place of the interpreted ones, if it can be used; `compiled` if so.

    `folder` has the source of the modules of `package`. If a compiled module is there and cannot be used, warns once:
    processes that this one starts inherit the decision.
    """
    if os.environ.get(SWITCH) == INTERPRETED:
        return INTERPRETED
    path = next(
        (path for suffix in EXTENSION_SUFFIXES if (path := folder / "compiled" / f"{ENGINE}{suffix}").exists()), None
    )
    if path is None:
        return INTERPRETED
    try:
        engine = _load(package, path, source_sha256(folder))
    except Exception as error:  # noqa: BLE001  # whatever is wrong with it, the source can run
        sys.modules.pop(f"{package}.{ENGINE}", None)
        os.environ[SWITCH] = INTERPRETED
        warnings.warn(f"the compiled package numbers is not used: {error} ({REMEDY})", NotCompiled, stacklevel=3)
        return INTERPRETED
    sys.modules |= {f"{package}.{name}": engine for name in COMPILED}
    return NATIVE


def _load(package: str, path: Path, expected: str) -> ModuleType:
    """Load the compiled module; ImportError if it was compiled from other source."""
    full_name = f"{package}.{ENGINE}"
    spec = spec_from_file_location(full_name, path, loader=ExtensionFileLoader(full_name, str(path)))
    if spec is None or spec.loader is None:
        raise ImportError(f"{path.name} is not a module")
    module = module_from_spec(spec)
    sys.modules[full_name] = module
    spec.loader.exec_module(module)
    if getattr(module, "SOURCE_SHA256", "") != expected:
        raise ImportError("it was compiled from other source")
    return module
