"""The lessons of a series of exercises as blocks and as sheets."""

from collections import Counter
from pathlib import Path
from urllib.parse import quote

from wargame.document.blocks import Block, Grid
from wargame.document.formatting import Piece, Rich
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.lessons import STATES, Lessons
from wargame.review.findings.objectives import legend
from wargame.review.reports.laid_out import blocks_of


def lessons_report(found: Lessons, path: str = "", *, by_state: bool = True) -> list[Block]:
    """Return a summary, then the tables: corrective actions, repeated findings, ratings.

    With a `path` to the folder of the exercises, their records are links. `by_state`: actions are grouped by state, and
    findings by what they are about.
    """

    def links(row: Row) -> Rich:
        page = quote(Path(path, row["exercise"], "report.html").as_posix())
        parts = [Piece("link" if path else "plain", f"#{seq}", name=f"{page}#r{seq}") for seq in row["evidence"]]
        return Rich(*[part for link in parts for part in (" ", link)][1:])

    states = dict.fromkeys(STATES, 0) | Counter(row["state"] for row in found.actions)
    blocks = blocks_of("lessons.txt.j2", found=found, states=states, links=links, legend=legend())
    grouped = [each for each in blocks if by_state and isinstance(each, Grid)][:2]
    return [each.grouped() if each in grouped else each for each in blocks]
