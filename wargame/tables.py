"""Tables of facts and words that are kept beside the code, as YAML."""

from functools import cache
from pathlib import Path
from typing import Any


@cache
def tables(path: str) -> Any:
    """Return the content of a YAML file by its path within the package; callers share it and do not change it."""
    import yaml  # many commands need no table

    return yaml.load((Path(__file__).parent / path).read_text("utf-8"), yaml.CSafeLoader)
