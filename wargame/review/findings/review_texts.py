"""The texts of `review.yaml` by their places, such as `observations/ID/conclusion`, for people who edit them."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from wargame.dataclasses import dataclass
from wargame.errors import Invalid
from wargame.review.findings import reviewer_notes as notes
from wargame.review.findings.findings import Findings

FILE = notes.FILE
LISTS = ("learned", "more_observations", "improvement_plan")
"""Parts of the file that are lists; the places of their entries have numbers from 0."""
AREA = ("observation", "objective", "who", *notes.PARTS[1:])
"""The fields of an area for improvement; `PLAN` has the columns of its row in the improvement plan."""
PLAN = notes.PLAN
CHOICES = frozenset({"ratings", "status", "start", "completion", "objective", "who"})
"""Parts and columns with one value, which two texts cannot share."""
HEAD = (
    "# Your text for the review of this run. It is also edited in the control room. `wargame report` reads this file.\n"
)


@dataclass(frozen=True, slots=True)
class TextRow:
    """Texts that are edited together: their place, a title, and their drafts by column; `text` is the place itself."""

    place: str
    title: str
    drafts: Mapping[str, str]

    def place_of(self, column: str) -> str:
        """Return the place of a text."""
        return self.place if column == "text" else f"{self.place}/{column}"


def text_rows(findings: Findings, texts: Mapping[str, str]) -> Iterator[TextRow]:
    """Yield what can be edited in a review with these texts: summary, ratings, observations, areas, plan."""
    yield TextRow("overview", "Summary", {"text": ""})
    for order in range(notes.SENTENCES):
        yield TextRow(f"learned/{order}", f"What was learned, sentence {order + 1}", {"text": ""})
    for row in findings.objectives:
        yield TextRow(f"ratings/{row['objective']}", str(row["title"]), {"text": row["recorded"] or row["rating"]})
        yield TextRow(f"conclusions/{row['objective']}", f"Conclusion: {row['title']}", {"text": ""})
    for each in findings.observations:
        title = f"{'Strength' if each.sustain else 'Area for improvement'}: {each.conclusion or each.observation}"
        yield TextRow(f"observations/{each.id}", title, {part: getattr(each, part) for part in notes.PARTS})
    for part, title, columns, named in (
        ("more_observations", "Area for improvement", AREA, "observation"),
        ("improvement_plan", "Corrective action", PLAN, "corrective_action"),
    ):
        for number in dict.fromkeys(place.split("/")[1] for place in texts if place.startswith(f"{part}/")):
            said = texts.get(f"{part}/{number}/{named}") or int(number) + 1
            yield TextRow(f"{part}/{number}", f"{title}: {said}", dict.fromkeys(columns, ""))


def read_texts(data: bytes) -> dict[str, str]:
    """Return the texts of a file by their places. Raises Invalid if it is not YAML."""
    try:
        return dict(_flat(yaml.load(data, Loader=yaml.BaseLoader) or {}))  # noqa: S506  # it makes texts alone
    except yaml.YAMLError as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None) or str(error)
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise Invalid.in_file(FILE, f"this is not YAML: {problem}", line=line, column=column) from None


def _flat(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _flat(each, f"{place}/{key}" if place else str(key))
    else:
        yield place, str(value)


def written(texts: Mapping[str, str]) -> bytes:
    """Return the file with these texts."""
    document: dict[str, Any] = {"format": notes.FORMAT}
    for place, text in texts.items():
        *path, last = place.split("/")
        node = document
        for step in path:
            node = node.setdefault(step, {})
        node[last] = text
    document |= {name: [each for _, each in sorted(document[name].items(), key=lambda e: int(e[0]))]
                 for name in LISTS if isinstance(document.get(name), dict)}  # fmt: skip
    return (HEAD + yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)).encode()


def digest(data: bytes) -> str:
    """Return the hash by which an edit from outside is noticed."""
    return hashlib.sha256(data).hexdigest()[:16]
