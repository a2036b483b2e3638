"""The summary of a run as the file `summary.json`, compared with what its journal gives."""

from __future__ import annotations

from typing import Any

import msgspec

from wargame.errors import Invalid
from wargame.journal.comparison import first_field
from wargame.journal.decoding import Undecodable, decode
from wargame.journal.folder import SUMMARY, Folder
from wargame.journal.inputs import LARGE, read_input
from wargame.review.findings.findings import open_findings
from wargame.review.findings.source import read_programs


def fault_in_summary(folder: Folder) -> str:
    """Return the first place where the file differs from the journal; empty if there is none, or no file.

    Raises Invalid if a transcript is damaged, so that the names of programs cannot be compared.
    """
    path = folder.path / SUMMARY
    if not path.exists():
        return ""
    remedy = "wargame resume writes it again" if folder.is_live else "wargame show prints the right one"
    try:
        stored = decode(read_input(path, LARGE), dict[str, Any])
    except (OSError, Undecodable) as error:
        return f"{SUMMARY} cannot be read: {error} ({remedy})"
    if damaged := read_programs(folder)[1]:
        raise Invalid(damaged)
    again = decode(msgspec.json.encode(open_findings(folder).summary), dict[str, Any])
    different = first_field(stored, again)
    if different is None:
        return ""
    place, found, expected = different
    return f"{SUMMARY} differs in {place}: {found} in the file, {expected} from the journal ({remedy})"
