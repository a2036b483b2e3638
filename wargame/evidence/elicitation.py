"""Ranges from experts: a sheet with the numbers that decide most, and the pooled answers as ranges of the scenario.

An expert answers with a low, a best and a high value: the 5, 50 and 95 % quantiles of what is plausible. Pooled are the
equally weighted means of these quantiles, as in the IDEA protocol (Hemming et al. 2018, Methods in Ecology and
Evolution 9:169-180). Averaged quantiles keep the width of the answers, where averaged distributions would add their
disagreement (Lichtendahl, Grushka-Cockayne and Winkler 2013, Management Science 59:1594-1611).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from pathlib import Path

from wargame.dataclasses import dataclass
from wargame.errors import Invalid, Problem, UsageFault, nearest, shortened
from wargame.journal.template_cache import text_lines
from wargame.language.times import DAY, format_duration
from wargame.scenario.building.numbers import ScenarioNumber, at, numbers, plausible
from wargame.scenario.loading.load import Loaded
from wargame.sheets.msel_book import SheetContent
from wargame.sheets.reading import read_tables
from wargame.sheets.table import Table, fault, find_columns
from wargame.sheets.writers import to_csv, to_xlsx

ANSWERS = ("low", "best", "high")
HEADINGS = ("number", "title", "unit", "present value", "present range", "source", *ANSWERS, "comment")
WIDTHS = (40, 44, 12, 10, 16, 44, 10, 10, 10, 40)
LowBestHigh = tuple[float, float, float]
"""The low, best and high value of one expert, or of all, in the unit of the sheet."""


@dataclass(frozen=True, slots=True)
class AskedNumber:
    """A number to ask about. `present`, `low` and `high` are in the unit of the sheet: days for durations."""

    number: ScenarioNumber
    title: str
    source: str
    low: float
    high: float

    @property
    def scale(self) -> float:
        """The seconds in a day for a duration, else 1."""
        return float(DAY) if self.number.duration else 1.0

    @property
    def unit(self) -> str:
        """The unit, or the bounds of a number without unit."""
        low, high = self.number.low, self.number.high
        return "days" if self.number.duration else f"{low:g} to {high:g}" if high < 1e6 else ""

    @property
    def row(self) -> tuple[str, ...]:
        """The cells of the sheet, in the order of `HEADINGS`."""
        present, range_now = f"{self.number.value / self.scale:.4g}", f"{self.low:.4g} to {self.high:.4g}"
        return self.number.path, self.title, self.unit, present, range_now, self.source, "", "", "", ""


def asked(loaded: Loaded, top: int | None = None) -> tuple[AskedNumber, ...]:
    """Return the numbers of `evidence.decisive`, the first `top` or all; UsageFault if there are none."""
    known = numbers(loaded.scenario, loaded.injects)
    if not plausible(loaded.scenario.evidence.decisive, known):
        message = f"the scenario '{loaded.scenario.name}' names no numbers that decide most"
        raise UsageFault(f"{message} (list them under `evidence: decisive:`)")
    every = []
    for spread in loaded.scenario.evidence.decisive[:top]:
        number = known[spread.path]
        scale = DAY if number.duration else 1.0
        low, high = sorted(at(number, spread, share) / scale for share in (0.0, 1.0))
        every.append(AskedNumber(number, spread.title or spread.path, spread.source, low, high))
    return tuple(every)


def sheet(every: Sequence[AskedNumber], suffix: str) -> bytes:
    """Return the sheet for one expert as a file with this ending, `.csv` or `.xlsx`."""
    rows = tuple(each.row for each in every)
    if suffix == ".csv":
        return to_csv(HEADINGS, rows)
    return to_xlsx([SheetContent("Numbers", HEADINGS, rows, WIDTHS, "C2")])


def pool(every: Sequence[AskedNumber], files: Iterable[Path]) -> dict[str, list[LowBestHigh]]:
    """Return all answers by number, the pooled one after the experts'; Invalid with the places of wrong ones."""
    known, problems = {each.number.path: each for each in every}, list[Problem]()
    answers: dict[str, list[LowBestHigh]] = {}
    for file in files:
        table = next(each for each in read_tables(file) if not each.is_hidden)
        for path, answer in _answers(table, known, problems).items():
            answers.setdefault(path, []).append(answer)
    if problems:
        raise Invalid(problems)
    for path, given in answers.items():
        low, best, high = (sum(column) / len(given) for column in zip(*given, strict=True))
        answers[path] = [*given, (low, best, high)]
    return {path: answers[path] for path in known if path in answers}


def _answers(table: Table, known: Mapping[str, AskedNumber], problems: list[Problem]) -> dict[str, LowBestHigh]:
    """Return the answers of one expert by number, and add what is wrong with the others to the problems."""
    columns = find_columns(table, ("number", *ANSWERS), problems)
    if missing := [name for name in ("number", *ANSWERS) if name not in columns]:
        message = f"there is no column '{missing[0]}'"
        problems.append(fault(table.heading_place(0), message, "keep the headings of the sheet as they were written"))
        return {}
    found: dict[str, LowBestHigh] = {}
    for row, cells in table.records():
        path, place = cells.get(columns["number"], ("", ""))[0], table.place(row, columns["number"])
        texts = [cells.get(columns[name], ("", ""))[0] for name in ANSWERS]
        if not any(texts):
            continue  # no opinion
        if path not in known:
            remedy = nearest(path, sorted(known)) or "keep the first column as it was written"
            problems.append(fault(place, f"no number '{shortened(path, 80)}' is asked about", remedy))
        elif path in found:
            problems.append(fault(place, f"'{path}' is answered twice", "keep one of the rows"))
        elif isinstance(answer := _answer(texts, known[path]), Problem):
            where = table.place(row, columns[answer.file])
            problems.append(fault(where, f"{path}: {answer.message}", answer.remedy))
        else:
            found[path] = answer
    if not found and not problems:
        problems.append(fault(table.file, "no number is answered", "fill in low, best and high of at least one row"))
    return found


def _answer(texts: Sequence[str], about: AskedNumber) -> LowBestHigh | Problem:
    """Return an answer in the unit of the sheet, or what is wrong with it, with the column in place of the file."""
    values = []
    for name, text in zip(ANSWERS, texts, strict=True):
        try:
            values.append(float(text))
        except ValueError:
            example = f"write it as {about.number.value / about.scale:.4g}, with a point and without a unit"
            remedy = example if text else "fill in low, best and high, or none of them"
            return Problem(name, 0, 0, f"'{shortened(text)}' is not a number" if text else "it is empty", remedy)
        low, high = about.number.low / about.scale, about.number.high / about.scale
        if not (isfinite(values[-1]) and low <= values[-1] <= high):
            return Problem(name, 0, 0, f"{text} is not from {low:g} to {high:g}", "give a value within these bounds")
    if sorted(values) != values or values[0] == values[2]:
        message = f"{' · '.join(texts)} do not ascend: low, best and high"
        return Problem("low", 0, 0, message, "give the values that you would exceed with 95, 50 and 5 % probability")
    return values[0], values[1], values[2]


def ranges(every: Sequence[AskedNumber], pooled: Mapping[str, list[LowBestHigh]]) -> str:
    """Return a file of the scenario with the pooled ranges, from which claims and studies draw."""
    given = [(each, pooled[each.number.path]) for each in every if each.number.path in pooled]
    context = {"ranges": given, "quoted": json.dumps, "duration": format_duration}
    return "\n".join([*text_lines("wargame.evidence", "ranges.yaml.j2", **context), ""])
