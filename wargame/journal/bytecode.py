"""Compiled templates, kept beside the compiled modules of Python, so that a page need not compile its template again.

They follow the rules of Python for such files: `PYTHONDONTWRITEBYTECODE` and `PYTHONPYCACHEPREFIX` apply. Where they
cannot be written, templates are compiled each time.
"""

import os
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

import jinja2
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

import wargame


class TemplateCache(BytecodeCache):
    """The compiled templates of an environment. They are compiled again after a change of the template or of versions.

    The options of the environment and the filters that templates apply to constants are compiled in. Both belong to the
    version of this package.
    """

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002  # the path has it
        """Return the path of the compiled template; empty for a template that is not a file."""
        path = Path(filename) if filename else None
        return cache_from_source(str(path.with_name(f"{path.name}.py"))) if path else ""

    def get_source_checksum(self, source: str) -> str:
        """Return the checksum of the template and of the versions by which it is compiled."""
        return super().get_source_checksum(f"{wargame.__version__} {jinja2.__version__}\n{source}")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read a compiled template, if there is one that is whole and fit."""
        try:
            bucket.bytecode_from_string(Path(bucket.key).read_bytes())
        except Exception:  # noqa: BLE001  # whatever is wrong with the file, the template is compiled again
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template, if that is possible."""
        if sys.dont_write_bytecode or not bucket.key:
            return
        target = Path(bucket.key)
        new = target.with_name(f"{target.name}.{os.getpid()}")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            new.write_bytes(bucket.bytecode_to_string())
            new.replace(target)
        except OSError:
            with suppress(OSError):
                new.unlink()
