"""The modules of the package, which describe one another's records."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import wargame.journal

FOLDER = Path(wargame.journal.__file__).parent
MODULES = sorted(
    ".".join(("wargame.journal", *path.relative_to(FOLDER).with_suffix("").parts)).removesuffix(".__init__")
    for path in FOLDER.rglob("*.py")
)
IMPORTING = """
import importlib, os, sys
for name in sys.argv[1:]:
    if not os.fork():
        importlib.import_module(name)
        os._exit(0)
    _, status = os.wait()
    print(name, status)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="forks of POSIX")
def test_each_module_can_be_imported_first() -> None:
    """No module depends on another one having been imported before it."""
    done = subprocess.run([sys.executable, "-c", IMPORTING, *MODULES], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == [f"{name} 0" for name in MODULES], done.stderr
