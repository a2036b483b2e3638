"""The review that people write in browsers. What they write is in `access.jsonl` before it is in `review.yaml`.

Nobody overwrites a text that they have not seen: both texts are kept. An edit of the file from outside is noticed by
its hash, and nothing is written before it is taken over.
"""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from wargame.errors import Invalid, UsageFault
from wargame.journal.atomic import write_whole
from wargame.language.plain_text import clean
from wargame.live.console.console import Console
from wargame.live.console.reply import Reply
from wargame.review.findings import review_texts
from wargame.review.findings.review_texts import CHOICES, FILE, TextRow, digest, read_texts, written
from wargame.review.findings.reviewer_notes import checked_notes
from wargame.web.access.access_file import AccessFile, FindingLine


class ReviewDesk:
    """The texts of the review of one exercise."""

    def __init__(self, file: AccessFile, console: Console) -> None:
        self._file, self._console = file, console
        self._path = console.session.folder.path / FILE
        self._findings: tuple[int, Any] = (-1, None)

    @property
    def lines(self) -> list[FindingLine]:
        """The lines written so far, oldest first."""
        return [line for line in self._file.lines if isinstance(line, FindingLine)]

    @property
    def content(self) -> bytes:
        """The file, with what a crash has kept from it; empty without a file."""
        content, lines = self._path.read_bytes() if self._path.exists() else b"", self.lines
        if lines and lines[-1].before == digest(content) != lines[-1].after:
            content = written(read_texts(content) | lines[-1].texts)
            write_whole(self._path, content)
        return content

    @property
    def changed_outside(self) -> bool:
        """Whether the file is not the one that was written last."""
        return bool(self.lines) and self.lines[-1].after != digest(self.content)

    def findings(self) -> Any:
        """Return the findings of the present state; UsageFault if the program has no review."""
        records = len(self._console.session.records)
        if self._console.review is None:
            raise UsageFault("this exercise has no review")
        if self._findings[0] != records:
            self._findings = records, self._console.review.findings()
        return self._findings[1]

    def rows(self) -> list[TextRow]:
        """Return what can be edited."""
        return list(review_texts.text_rows(self.findings(), read_texts(self.content)))

    def add_area(self, said: Mapping[str, str]) -> Reply:
        """Add an area for improvement with its row of the improvement plan; UsageFault without an observation."""
        if not said.get("observation", "-").strip("- "):
            raise UsageFault("write what was observed: --observation TEXT")
        texts, said = read_texts(self.content), {name: text for name, text in said.items() if text != "-"}
        more, plan = (_next(texts, part) for part in ("more_observations", "improvement_plan"))
        area = {f"more_observations/{more}/{name}": text for name, text in said.items() if name in review_texts.AREA}
        row = {f"improvement_plan/{plan}/{name}": text for name, text in said.items() if name in review_texts.PLAN}
        row[f"improvement_plan/{plan}/observation"] = f"added-{more + 1}"
        self._keep(area | row)
        return Reply([f"Saved as area for improvement {more + 1}."])

    def edit(self, row: str, said: Mapping[str, str], shown: Mapping[str, str], who: str) -> Reply:
        """Change the texts of a row; what somebody else has written since it was shown stays beside the new text."""
        texts, places = read_texts(self.content), TextRow(row, "", {})
        kept, both = {}, False
        for column, given in said.items():
            text = "" if given == "-" else given  # an empty field
            place, before = places.place_of(column), shown.get(column, "")
            present = texts.get(place, "") or before
            if text in (before, present):
                continue
            if present != before:
                if CHOICES & {column, row.partition("/")[0]}:
                    raise UsageFault(f"this is '{clean(present)}' in the meantime; choose again")
                both = True
            kept[place] = f"{present}\n\n{who} also wrote: {text}" if present != before else text
        if not kept:
            return Reply(["Nothing has changed."])
        self._keep(kept)
        return Reply(["Somebody else had changed this as well: both texts are kept." if both else "Saved."])

    def merge(self) -> Reply:
        """Take over an edit from outside; texts that it has replaced are kept beside its own."""
        ours = {place: text for line in self.lines for place, text in line.texts.items()}
        theirs = read_texts(self.content)
        free = {place: text for place, text in ours.items() if not CHOICES & set(place.split("/"))}
        lost = {place: text for place, text in free.items() if text and text not in theirs.get(place, "")}
        self._keep({p: f"{theirs.get(p, '')}\n\nIn the room: {text}".strip() for p, text in lost.items()}, merges=True)
        return Reply([f"Taken over; {len(lost)} texts have both versions."])

    def _keep(self, texts: Mapping[str, str], *, merges: bool = False) -> None:
        if self.changed_outside and not merges:
            raise UsageFault(f"{FILE} was changed outside the control room: take its texts over first")
        before = self.content
        kept, present = dict(texts), {**read_texts(before), **texts}
        named = {text for place, text in present.items() if place.startswith("improvement_plan/")}
        for draft in self.findings().observations if named else ():  # a plan that is written has all areas
            if not draft.sustain and draft.id not in named:
                kept[f"improvement_plan/{_next({**present, **kept}, 'improvement_plan')}/observation"] = draft.id
        after = written({**present, **kept})
        try:
            checked_notes(self.findings(), FILE, after)
        except Invalid as error:
            raise UsageFault("; ".join(f"{each.message} ({each.remedy})" for each in error.problems)) from None
        self._file.append(FindingLine(texts=kept, before=digest(before), after=digest(after)))
        write_whole(self._path, after)


def _next(texts: Mapping[str, str], part: str) -> int:
    """Return the number of a new entry of a list."""
    return max((int(place.split("/")[1]) + 1 for place in texts if place.startswith(f"{part}/")), default=0)


SOON = 2.0
"""Seconds for which a request waits for the review."""


class CohortReview:
    """The documents that are being written, by format."""

    def __init__(self) -> None:
        self._written: dict[str, asyncio.Task[bytes]] = {}

    async def document(self, rooms: Iterable[Path], form: str) -> bytes | None:
        """Return the review of rooms as of when it was first asked for; None while it is being written."""
        if form not in self._written:
            self._written[form] = asyncio.create_task(_write(rooms, form))
        task = self._written[form]
        await asyncio.wait([task], timeout=SOON)
        if task.done():
            self._written.pop(form, None)  # unless another request has it, too
        return task.result() if task.done() else None


async def _write(rooms: Iterable[Path], form: str) -> bytes:
    """Return the review of rooms in a format; UsageFault with the errors of the command."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"rooms.{form}"
        words = (sys.executable, "-m", "wargame", "compare", *map(str, rooms), "--out", str(path))
        process = await asyncio.create_subprocess_exec(*words, stdout=DEVNULL, stderr=PIPE)
        _, errors = await process.communicate()
        if process.returncode:
            raise UsageFault(errors.decode(errors="replace").strip())
        return path.read_bytes()
