"""Uploads of the facilitator: files for injects, and the sheet of an MSEL. Nothing is changed until it is used.

Files are checked by content, size and name, and pictures encoded again, so that they have no metadata, and nothing
behind them that a viewer could take for a program. What is kept is an input of the run, so that a re-simulation has it:
`inputs/uploads/NAME-HASH.png`. A sheet is kept in memory: after a restart of the server, it is sent again. What it
changes are commands of the log, carried out together.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import PurePosixPath

from yaml.nodes import Node

from wargame.errors import Problem, UsageFault, WargameError, install_command
from wargame.executor.replay import PART
from wargame.language.plain_text import clean
from wargame.live.console.reply import Reply
from wargame.live.session.session import Session
from wargame.scenario.building.attachments import NotAttachable, content_of
from wargame.sheets.foreign_times import DAY_FIRST, MONTH_FIRST
from wargame.sheets.sheet_draft import SheetDraft, sent_sheet, understood
from wargame.sheets.sheet_map import EARLY, MappedColumn, SheetMap
from wargame.sheets.vocabulary import FIELDS
from wargame.simulation.kernel.settings import Command

FOLDER = "uploads"


def checked_upload(name: str, data: bytes) -> tuple[str, bytes]:
    """Check a file, and return its name among the inputs, by which an inject attaches it, and its content.

    Changes nothing, so that it can run in a thread. UsageFault if the file cannot be attached.
    """
    plain = PurePosixPath(clean(name.replace("\\", "/"))).name
    try:
        content = content_of(plain, data)
        if content.kind == "picture":
            data, plain = _encoded_again(data, plain)
            content = content_of(plain, data)
    except NotAttachable as error:
        raise UsageFault(f"{error}{f' ({error.remedy})' if error.remedy else ''}") from None
    stem = re.sub(r"[^\w-]+", "-", PurePosixPath(plain).stem, flags=re.ASCII).strip("-")[:40] or "file"
    return f"{FOLDER}/{stem}-{sha256(data).hexdigest()[:8]}{PurePosixPath(plain).suffix.lower()}", data


def _encoded_again(data: bytes, name: str) -> tuple[bytes, str]:
    """Return a picture as a new JPEG or PNG with its name, upright and without metadata; of an animation the first."""
    try:
        from PIL import Image, ImageOps
    except ImportError:
        raise UsageFault(f"pictures need an extra ({install_command('pictures')}); other files can be sent") from None
    out = BytesIO()
    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG", "GIF", "WEBP")) as opened:
            kind = "JPEG" if opened.format == "JPEG" else "PNG"
            upright = ImageOps.exif_transpose(opened)
            upright.convert("RGB" if kind == "JPEG" else "RGBA").save(out, kind, quality=90)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UsageFault(f"the picture is damaged: {clean(str(error))[:120]}") from None
    return out.getvalue(), f"{PurePosixPath(name).stem}.{'jpg' if kind == 'JPEG' else 'png'}"


MOST_NAME = 120
"""Characters of the name of a file."""


class SheetDesk:
    """The sheet of one exercise, with what was said about it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._draft: SheetDraft | None = None
        self._items: Mapping[str, Node] | None = None
        """The present injects with which the draft was compared."""

    @property
    def draft(self) -> SheetDraft | None:
        """The sheet, compared with the present injects; None if there is none."""
        items = self._session.exercise.commands.msel.items()
        if self._draft is not None and items != self._items:
            self._draft, self._items = self._read(self._draft, items), items
        return self._draft

    def _read(self, draft: SheetDraft, items: Mapping[str, Node]) -> SheetDraft:
        loaded = self._session.loaded
        found = understood(draft, draft.chosen, loaded.scenario, items, loaded.files)
        try:
            for kind, data in found.commands(skips=False):
                self._session.exercise.check(Command(kind=kind, data=data))
        except UsageFault as error:
            return replace(found, plan=None, problems=(Problem(found.name, 0, 0, str(error)),))
        return found

    def send(self, name: str, data: bytes) -> None:
        """Keep a file in place of the one before; UsageFault if its name or its content is that of no sheet."""
        plain = clean(PurePosixPath(name.replace("\\", "/")).name).strip()
        if not plain or len(plain) > MOST_NAME:
            raise UsageFault(f"the name of a file has 1 to {MOST_NAME} characters")
        try:
            self._draft, self._items = sent_sheet(plain, data), None
        except WargameError as error:
            raise UsageFault(str(error)) from None

    def command(self, words: Sequence[str], said: Mapping[str, str]) -> Reply:
        """Carry out `sheet`: forget the sheet, import it as the page with this hash shows it, or read it again."""
        if list(words) == ["forget"]:
            self._draft = None
            return Reply(["The sheet is removed. Nothing was changed."])
        if (draft := self.draft) is None:
            raise UsageFault("no sheet was sent, or the server was restarted since: choose the file again")
        if words:
            return self._import(draft, words, skips="skip" in said)
        self._draft, self._items = replace(draft, chosen=_chosen(draft.chosen, said)), None
        return Reply(["The sheet is read again."])

    def _import(self, draft: SheetDraft, words: Sequence[str], *, skips: bool) -> Reply:
        if draft.plan is None or list(words) != ["import", draft.digest]:
            raise UsageFault("the sheet or the MSEL has changed since it was shown: look again, then import it")
        part: dict[str, bool] = {}  # what follows the first command belongs to it, also for `undo`
        with self._session.together():
            for kind, data in list(draft.commands(skips=skips)):
                if kind != "skip" or self._session.exercise.injector.lines[data["inject"]].alive:
                    self._session.submit(kind, **data, **part)
                    part = {PART: True}
        self._draft = None
        plan, skipped = draft.plan, f", {len(draft.plan.missing)} skipped" if skips else ""
        return Reply([f"{draft.name}: {len(plan.added)} injects added, {len(plan.changed)} changed{skipped}."])


def _chosen(chosen: SheetMap, said: Mapping[str, str]) -> SheetMap:
    """Return what is said about a sheet after the options of a command; UsageFault if one cannot be meant."""
    if {"name", "row"} & said.keys():  # columns and teams are those of another sheet
        row = said.get("row", "")
        return SheetMap(sheet=said.get("name", ""), heading_row=int(row) if row.isdecimal() else None)
    columns = tuple(MappedColumn(*pair) for pair in _pairs(said.get("columns", "")))
    if unknown := [each.field for each in columns if each.field not in FIELDS]:
        raise UsageFault(f"there is no field '{clean(unknown[0][:40])}' ({', '.join(FIELDS)})")
    who: dict[str, str] = {}
    for team, code in _pairs(said.get("who", "")):
        who[team] = f"{who[team]}, {code}" if team in who else code
    dates = said.get("dates", "") if said.get("dates") in (DAY_FIRST, MONTH_FIRST) else ""
    early = said.get("early", "") if said.get("early") in EARLY else ""
    is_complete, startex = bool(columns), said.get("startex", "")
    return replace(chosen, columns=columns, is_complete=is_complete, who=who, dates=dates, startex=startex, early=early)


def _pairs(said: str) -> list[tuple[str, str]]:
    """Return the pairs of `NAME=VALUE,...`."""
    pairs = (each.rpartition("=") for each in said.split(",") if each)
    return [(name.strip(), value.strip()) for name, _, value in pairs]
