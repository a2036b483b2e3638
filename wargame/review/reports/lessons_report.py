"""The lessons of a series of exercises as blocks and as sheets."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from wargame.document.blocks import Block, Grid, Heading, Paragraph
from wargame.document.formatting import Piece, Rich
from wargame.journal.wording import count, joined
from wargame.review.findings.finding_rows import Row
from wargame.review.findings.lessons import STATES, Lessons
from wargame.review.findings.objectives import legend

HEADS = ("State", "Corrective action", "Issue", "Capability", "Responsible", "Completion", "Exercise", "Records")


def lessons_report(found: Lessons, path: str = "") -> Iterator[Block]:
    """Yield a summary, then the tables. With a `path` to the folder of the exercises, their records are links."""
    yield Heading(1, f"Lessons of {count(len(found.exercises), 'exercise')}")
    states = Counter(row["state"] for row in found.actions)
    actions = joined([f"{states[state]} {state}" for state in STATES if states[state]]) or "none"
    series = joined([f"{name} ({title})" for name, title in found.exercises.items()])
    again = count(len({row["about"] for row in found.repeated}), "finding")
    summary = f"{series}. Corrective actions: {actions}. {again} occurred in more than one exercise."
    yield Paragraph(summary, lead=True)
    todo, repeated, ratings = lessons_tables(found, path)
    yield from (todo.grouped(), repeated.grouped(), ratings, Paragraph(f"Ratings: {legend()}.", quiet=True))
    yield Paragraph("The plan of an exercise is in its review.yaml. wargame why RUN NUMBER shows a record.", quiet=True)


def lessons_tables(found: Lessons, path: str = "") -> tuple[Grid, Grid, Grid]:
    """Return the tables: corrective actions, repeated findings, and ratings."""
    keys = ("state", "corrective_action", "issue", "capability", "responsible", "completion", "exercise")
    actions = [_cells(row, path, *keys) for row in found.actions]
    areas = [_cells(row, path, "about", "exercise", "issue") for row in found.repeated]
    rated = [(title, *(of.get(name, "not rated") for name in found.exercises)) for title, of in found.ratings.items()]
    return (
        _listing("Corrective actions", HEADS, actions, (0.08, 0.2, 0.2, 0.13, 0.13, 0.1, 0.08, 0.08)),
        _listing("Repeated findings", ("About", "Exercise", "Finding", "Records"), areas, (0.2, 0.2, 0.4, 0.2)),
        _listing("Ratings", ("Objective", *found.exercises), rated),
    )


def _cells(row: Row, path: str, *keys: str) -> tuple[str, ...]:
    page = quote(Path(path, row["exercise"], "report.html").as_posix())
    links = [Piece("link" if path else "plain", f"#{seq}", name=f"{page}#r{seq}") for seq in row["evidence"]]
    return (*(row[key] or "–" for key in keys), Rich(*[part for link in links for part in (" ", link)][1:]))


def _listing(caption: str, heads: tuple[str, ...], rows: list[tuple[str, ...]], widths: tuple[float, ...] = ()) -> Grid:
    return Grid(caption, heads, tuple(rows), widths, stacked=True)
