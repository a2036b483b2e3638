"""The sheet that the facilitator has sent to the control room. Nothing is changed until it is imported.

It is kept in memory: after a restart of the server, it is sent again. What it changes are commands of the log, carried
out together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from yaml.nodes import Node

from wargame.errors import Problem, UsageFault, WargameError
from wargame.executor.replay import PART
from wargame.language.plain_text import clean
from wargame.live.console.reply import Reply
from wargame.live.session.session import Session
from wargame.sheets.foreign_times import DAY_FIRST, MONTH_FIRST
from wargame.sheets.sheet_draft import SheetDraft, sent_sheet, understood
from wargame.sheets.sheet_map import MappedColumn, SheetMap
from wargame.sheets.vocabulary import FIELDS
from wargame.simulation.kernel.settings import Command

MOST_NAME = 120
"""Characters of the name of a file."""
NONE = "no sheet was sent, or the server was restarted since: choose the file again"


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

    def choose(self, said: Mapping[str, str]) -> Reply:
        """Read the sheet in another way; `said` has the options of the command. UsageFault if one cannot be meant."""
        if self._draft is None:
            raise UsageFault(NONE)
        chosen = self._draft.chosen
        if {"name", "row"} & said.keys():  # columns and teams are those of another sheet
            if not (row := said.get("row", "")).isdecimal() and row:
                raise UsageFault("--row: write the number of the row of headings, 0 if there is none")
            chosen = SheetMap(sheet=said.get("name", ""), heading_row=int(row) if row else None)
        else:
            dates = said.get("dates", "")
            if dates not in ("", DAY_FIRST, MONTH_FIRST):
                raise UsageFault(f"--dates: write {DAY_FIRST} or {MONTH_FIRST}")
            columns = tuple(MappedColumn(*pair) for pair in _pairs(said.get("columns", ""), FIELDS))
            who: dict[str, str] = {}
            for team, code in _pairs(said.get("who", "")):
                who[team] = f"{who[team]}, {code}" if team in who else code
            chosen = replace(chosen, columns=columns, is_complete=bool(columns), who=who, dates=dates)
            chosen = replace(chosen, startex=said.get("startex", ""))
        self._draft, self._items = replace(self._draft, chosen=chosen), None
        return Reply(["The sheet is read again."])

    def forget(self) -> Reply:
        """Remove the sheet."""
        self._draft = None
        return Reply(["The sheet is removed. Nothing was changed."])

    def carry_out(self, digest: str, *, skips: bool) -> Reply:
        """Import the sheet as it was shown, in one command; UsageFault if it has changed or cannot be imported."""
        draft = self.draft
        if draft is None:
            raise UsageFault(NONE)
        if draft.plan is None or draft.digest != digest:
            raise UsageFault("the sheet or the MSEL has changed since it was shown: look again, then import it")
        part: dict[str, bool] = {}  # what follows the first command belongs to it, also for `undo`
        with self._session.together():
            for kind, data in list(draft.commands(skips=skips)):
                if kind != "skip" or self._session.exercise.injector.lines[data["inject"]].alive:
                    self._session.submit(kind, **data, **part)
                    part = {PART: True}
        self._draft = None
        added, changed, skipped = (
            len(draft.plan.added),
            len(draft.plan.changed),
            len(draft.plan.missing) if skips else 0,
        )
        return Reply([f"{draft.name}: {added} injects added, {changed} changed, {skipped} skipped."])


def _pairs(said: str, names: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Return the pairs of `NAME=VALUE,...`; UsageFault if one has no such name."""
    pairs = [(name.strip(), value.strip()) for name, _, value in (each.rpartition("=") for each in said.split(","))]
    if said and names and (unknown := [name for name, _ in pairs if name not in names]):
        raise UsageFault(f"there is no field '{clean(unknown[0][:40])}' ({', '.join(names)})")
    return pairs if said else []
