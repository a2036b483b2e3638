"""The sheet that the facilitator has sent: what was understood, what is open, and the injects that an import makes."""

from wargame.language.plain_text import clean
from wargame.language.times import parse_time
from wargame.sheets.columns import TRIGGER, WHEN, InjectCells
from wargame.sheets.foreign_times import DAY_FIRST, MONTH_FIRST
from wargame.sheets.sheet_draft import SheetDraft
from wargame.sheets.sheet_map import ALL, WHITE_CELL
from wargame.sheets.table import letters
from wargame.sheets.vocabulary import EXTRA_NOTE, field_titles
from wargame.web.rendering import render_for
from wargame.web.screens.control_msel import room_clock
from wargame.web.security import UPLOADS
from wargame.web.viewer import Viewer


def import_parts(viewer: Viewer) -> dict[str, str]:
    """Return the parts of the page: the file, and if there is one, how it was read."""
    draft, console = viewer.sheet, viewer.console
    governments = console.session.exercise.governments
    parts = {"view.import-file": render_for(viewer, "control/import.html", draft=draft, most=max(UPLOADS.values()))}
    if draft is None:
        return parts
    found, rows = draft.found, _rows(viewer, draft)
    timed = [room for _, _, _, room, _ in rows if room]
    parts["view.import-read"] = render_for(
        viewer,
        "control/import_read.html",
        read_as={letters(column): name for column, name in found.columns.fields.items()} if found else {},
        extra=EXTRA_NOTE,
        fields=field_titles(),
        teams=draft.teams,
        recipients=[*((code, console.name(code)) for code in governments), (ALL, "all players")],
        white_cell=WHITE_CELL,
        room=(timed[0], timed[-1]) if timed else (),
        orders=(DAY_FIRST, MONTH_FIRST),
        startex=draft.chosen.startex or next((e.choices[0] for e in draft.questions if e.option == "--startex"), ""),
        sheets=[(table.sheet, table.sheet) for table in draft.tables if table.sheet],
        draft=draft,
    )
    parts["view.import-injects"] = render_for(viewer, "control/import_injects.html", rows=rows, draft=draft)
    return parts


def _rows(viewer: Viewer, draft: SheetDraft) -> list[tuple[float, InjectCells, str, str, str]]:
    """Return the rows of the sheet as injects, those with a time in their order first.

    Each is its second, the row, its time in the game and in the room, to whom it is sent.
    """
    console, calendar = viewer.console, viewer.console.session.exercise.calendar
    room = room_clock(console)
    unknown = {place for team in draft.teams if team.recipients is None for place in team.places}
    shown: list[tuple[float, InjectCells, str, str, str]] = []
    for placed in draft.msel.rows if draft.msel else ():
        row, cells = placed.row, placed.row.cells
        when, second = cells.get(WHEN, "") or cells.get(TRIGGER, "by hand"), float("inf")
        try:
            second = calendar.seconds(parse_time(cells.get(WHEN, "")))
            when = f"{calendar.at(int(second)):%Y-%m-%d %H:%M} (D{calendar.day(int(second)) // 1:+.0f})"
        except ValueError:
            pass  # another trigger
        codes = [code.strip() for code in cells.get("To", "").split(",") if code.strip()]
        to = "white cell" if cells.get("Kind") == "facilitation" else console.name(*codes) if codes else "all players"
        to = "open" if placed.places.get("To") in unknown else to
        time = room(int(second)) if second < float("inf") else ""
        shown.append((second, row, clean(when), time, clean(to)))
    return sorted(shown, key=lambda each: each[0])
