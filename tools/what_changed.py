"""Write the pages 'what changed and why': `python tools/what_changed.py`. `make evidence` calls it at its end.

They compare every target, claim, relation and score before and after a change of a scenario. *Before* are the
tables that `--keep` stored in `what_changed.json` from the pages of evidence. *After* are the tables on the pages now;
a page whose numbers are of the same commit as before has not been computed again, and its rows have no value after.
Reasons are written by hand, in `what_changed_why.json`, by the id of a row or by its section.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evidence_pages import DOCS, put

TOOLS = Path(__file__).resolve().parent
BEFORE, REASONS = TOOLS / "what_changed.json", TOOLS / "what_changed_why.json"
PAGE = "explanation/what-changed.md"
MARK = "what-changed"
SECTIONS = {
    "targets": ("Targets", "explanation/targets.md"),
    "claims": ("Claims", "explanation/claims.md"),
    "relations": ("Relations", "explanation/relations.md"),
    "scores": ("Forecast scores", "explanation/backtest.md"),
}
"""Section -> its title and the page with its tables."""
FROM = re.compile(r"<!-- from: .*?-->\n(.*?)<!-- /from -->", re.DOTALL)
COMMIT = re.compile(r"`([0-9a-f]{7,40}\+?)`")
TABLE = re.compile(r"(?:^\|.*\|\n)+", re.MULTILINE)
INTERVAL = re.compile(r"\(([-+]?\d[\d.e+-]*) to ([-+]?\d[\d.e+-]*)\)")
ID = re.compile(r"\*\*([PT]\d\d)\*\* ?")
Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One number of the evidence, as its page shows it."""

    id: str
    title: str
    value: str
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of a page, and the commits of its numbers."""

    commits: tuple[str, ...]
    rows: tuple[Row, ...]


def section_of(name: str, text: str) -> Section:
    """The rows of a section, read from the text of its page."""
    found = FROM.search(text)
    commits = tuple(dict.fromkeys(COMMIT.findall(found[1]))) if found else ()
    return Section(commits, tuple(_READERS[name](_tables(text))))


def present() -> dict[str, Section]:
    """The sections from the pages as they are now."""
    return {name: section_of(name, (DOCS / page).read_text("utf-8")) for name, (_, page) in SECTIONS.items()}


# --- tables of the pages ----------------------------------------------------------------------------


def _tables(text: str) -> Iterator[list[Cells]]:
    """The tables of a page; each row by the titles of its columns."""
    for table in TABLE.finditer(text):
        head, _, *rows = (re.split(r"(?<!\\)\|", line)[1:-1] for line in table[0].splitlines())
        titles = [cell.strip() for cell in head]
        yield [dict(zip(titles, (cell.strip() for cell in row), strict=False)) for row in rows]


def _targets(tables: Iterable[list[Cells]]) -> Iterator[Row]:
    """Rows without an id of their own are further statistics of the target above."""
    for row in (row for table in tables for row in table if "Target" in row and "Simulated (95 % interval)" in row):
        if named := ID.match(row["Target"]):
            last = named[1]
        key = last if named else f"{last}: {row['Target']}"
        title = row["Target"].removeprefix(named[0]) if named else row["Target"]
        yield Row(key, title, row["Simulated (95 % interval)"], row["Verdict"])


def _claims(tables: Iterable[list[Cells]]) -> Iterator[Row]:
    """A row for the verdict of each claim, and one for each of its measures."""
    for row in (row for table in tables for row in table if "Claim and measures" in row):
        labelled = [row["Verdict"], row["Label"]] if "Label" in row else [row["Verdict"]]  # labels are a later step
        about, verdict = row["Claim and measures"], ", ".join(labelled).replace("*", "")
        if named := ID.match(about):
            last, number = named[1], 0
            yield Row(last, about.removeprefix(named[0]), "", verdict)
        else:
            number += 1
            yield Row(f"{last}.{number}", about, row["Estimate (95 % interval)"], verdict)


def _relations(tables: Iterable[list[Cells]]) -> Iterator[Row]:
    """A row for each number of each direction between two governments, and of each triangle."""
    for row in (row for table in tables for row in table):
        of_pair = next(
            (name for name in ("Pairs that distrust each other", "Other pairs", "Triangle") if name in row), ""
        )
        for kind in ("Routine", "Reciprocity", "Effect") if of_pair else ():
            if kind in row:
                yield Row(f"{row[of_pair]}: {kind.lower()}", f"{row[of_pair]}, {kind.lower()}", row[kind])


def _scores(tables: Iterable[list[Cells]]) -> Iterator[Row]:
    """Skill over all kinds together, by score, window and naive forecast."""
    for row in (row for table in tables for row in table if {"Score", "Days", "Model"} <= set(row)):
        for naive, value in row.items():
            if naive.startswith("Skill vs "):
                title = f"{row['Score']}, {row['Days']} days, {naive.lower()}"
                yield Row(title, title, value)


_READERS = {"targets": _targets, "claims": _claims, "relations": _relations, "scores": _scores}


# --- the pages --------------------------------------------------------------------------------------


def state(before: Mapping[str, Section], after: Mapping[str, Section]) -> str:
    """A table of the sections: of which commits their numbers are, and how many rows have changed."""
    lines = [
        "| Part | Before | After | Rows | Verdict changed | Number changed | New or dropped |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, (title, _) in SECTIONS.items():
        old, new = before[name], after[name]
        cells = [f"[{title}]({page_of(name).rpartition('/')[2]})", _commits(old)]
        if again(old, new):
            marks = [changed(*pair) for pair in _pairs(old, new)]
            counts = [sum(word in mark for mark in marks) for word in ("verdict", "number")]
            counts.append(sum(mark in ("new", "dropped") for mark in marks))
            cells += [_commits(new), str(len(marks)), *map(str, counts)]
        else:
            cells += ["not computed again yet", str(len(old.rows)), "", "", ""]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def markdown(name: str, before: Section, after: Section, reasons: Mapping[str, str]) -> str:
    """The table of a section.

    If its commits are still those of before, it has no values after: its table has the rows with a reason alone.
    """
    rows = _compared(before, after, reasons) if again(before, after) else _expected(before, reasons)
    return "\n".join([*([reasons[name], ""] if name in reasons else []), *rows]) + "\n"


def page_of(name: str) -> str:
    """The page of a section."""
    return f"explanation/what-changed-{name}.md"


def again(before: Section, after: Section) -> bool:
    """Whether the numbers have been computed again."""
    return after.commits != before.commits


def _commits(section: Section) -> str:
    return "commit " + ", ".join(f"`{each}`" for each in section.commits) if section.commits else "commit not recorded"


def _compared(before: Section, after: Section, reasons: Mapping[str, str]) -> Iterator[str]:
    """A row for each number of before, then those that are new."""
    yield "| | Before | After | Changed | Why |"
    yield "| --- | --- | --- | --- | --- |"
    for old, new in _pairs(before, after):
        row = new or old
        assert row is not None
        what, why = changed(old, new), reasons.get(row.id, "")
        cells = [
            _name(row),
            _text(old) or "not measured",
            _text(new) or "no longer measured",
            what,
            why if what else "",
        ]
        yield f"| {' | '.join(cells)} |"


def _pairs(before: Section, after: Section) -> list[tuple[Row | None, Row | None]]:
    """The rows of before with those of after, then those that are new."""
    later, known = {row.id: row for row in after.rows}, {row.id for row in before.rows}
    pairs: list[tuple[Row | None, Row | None]] = [(row, later.get(row.id)) for row in before.rows]
    return pairs + [(None, row) for row in after.rows if row.id not in known]


def _expected(before: Section, reasons: Mapping[str, str]) -> Iterator[str]:
    """The rows that are expected to change."""
    rows = [row for row in before.rows if row.id in reasons]
    if not rows:
        yield "No change of a single number is expected."
        return
    yield "| | Before | After | Expected cause of a change |"
    yield "| --- | --- | --- | --- |"
    for row in rows:
        yield f"| {_name(row)} | {_text(row)} | not computed again | {reasons[row.id]} |"


def _name(row: Row) -> str:
    return f"**{row.id}** {row.title}" if re.fullmatch(r"[PT]\d\d", row.id) else row.title


def _text(row: Row | None) -> str:
    return "; ".join(part for part in (row.value, row.verdict) if part) if row else ""


def changed(old: Row | None, new: Row | None) -> str:
    """`verdict`, `number` (the intervals do not overlap), both, `new`, `dropped`, or nothing."""
    if old is None or new is None:
        return "new" if old is None else "dropped"
    one, two = INTERVAL.search(old.value), INTERVAL.search(new.value)
    apart = one and two and (float(one[2]) < float(two[1]) or float(two[2]) < float(one[1]))
    return ", ".join(
        what for what, is_so in (("verdict", old.verdict != new.verdict), ("number", bool(apart))) if is_so
    )


def keep() -> None:
    """Store the tables of the pages as those of before."""
    stored = {name: asdict(section) for name, section in present().items()}
    BEFORE.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", "utf-8")


def stored() -> dict[str, Section]:
    """The tables of before."""
    read: dict[str, Any] = json.loads(BEFORE.read_text("utf-8"))
    return {
        name: Section(tuple(each["commits"]), tuple(Row(**row) for row in each["rows"])) for name, each in read.items()
    }


def write() -> None:
    """Write the tables into the pages."""
    reasons: dict[str, str] = json.loads(REASONS.read_text("utf-8"))
    before, after = stored(), present()
    put(PAGE, MARK, state(before, after))
    for name in SECTIONS:
        put(page_of(name), MARK, markdown(name, before[name], after[name], reasons))


def main() -> None:
    """Write the pages, or store the tables of before."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--keep", action="store_true", help="store the tables on the pages as those of before")
    if parser.parse_args().keep:
        keep()
    write()


if __name__ == "__main__":
    main()
