"""Draw the pictures of the gallery: `python tools/gallery.py [NAME]...` writes `docs/images/gallery-NAME.svg`.

Each picture shows one run: a row for each government, and a mark for each of its actions. A scenario is run with seed
1; an exercise is played with the commands in `tests/data/plays`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from wargame.live.timetable import MOVE, timetable
from wargame.scenario.loading import catalogue
from wargame.scenario.loading.load import Loaded, load
from wargame.world.calendar import RunCalendar

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
PLAYS = ROOT / "tests" / "data" / "plays"
WIDTH, LEFT, RIGHT, TOP, ROW = 900, 210, 24, 64, 34
FRIENDLY, HOSTILE, NEUTRAL, INK, LINE = "#0072b2", "#d55e00", "#767676", "#1b1b1b", "#d8d8d8"
FONT = 'font-family="Liberation Sans, Arial, sans-serif"'


def main() -> None:
    """Draw the pictures of these names, by default of all scenarios and exercises."""
    exercises = [entry.name for entry in catalogue.exercises()]
    for name in sys.argv[1:] or [*exercises, *(entry.name for entry in catalogue.scenarios())]:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "run"
            script = ["--script", str(PLAYS / f"{name}.txt")] if name in exercises else ["--seed", "1", "--no-report"]
            command = "play" if name in exercises else "run"
            words = [sys.executable, "-m", "wargame", command, name, *script, "--out", str(folder), "-q"]
            subprocess.run(words, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
            records = [json.loads(line) for line in (folder / "journal.jsonl").read_text("utf-8").splitlines()]
        out = IMAGES / f"gallery-{name}.svg"
        out.write_text(picture(load(name), records), encoding="utf-8")
        print("wrote", out.relative_to(ROOT))


def picture(loaded: Loaded, records: list[dict[str, Any]]) -> str:
    """The picture of one run."""
    calendar, names = RunCalendar(loaded.scenario.calendar), loaded.scenario.governments
    first, last = calendar.startex, max(calendar.end, calendar.startex + 1)
    actions = [r for r in records if r["kind"] == "action" and r["t"] >= first and r["who"] in names]
    rows = {name: TOP + 18 + place * ROW for place, name in enumerate(names)}
    height = TOP + len(rows) * ROW + 62

    def x(t: float) -> float:
        return LEFT + (t - first) / (last - first) * (WIDTH - LEFT - RIGHT)

    parts = [text(16, 26, loaded.scenario.title, 17, "start", INK, 'font-weight="bold"')]
    parts += _moves(loaded, calendar, x, height) + _axis(first, last, calendar, x, height)
    for name, y in rows.items():
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}" stroke="{LINE}"/>')
        parts.append(text(LEFT - 12, y + 5, names[name].name, 13, "end"))
    parts += [_mark(x(r["t"]), rows[r["who"]], _weight(loaded, r)) for r in actions]
    releases = [r for r in records if r["kind"] == "inject.released" and r["t"] >= first]
    floor = TOP + len(rows) * ROW + 6
    parts += [f'<path d="M{x(r["t"]):.1f} {floor} l-4 9 h8 Z" fill="{INK}"/>' for r in releases]
    parts.append(text(LEFT - 12, floor + 9, "injects", 12, "end", NEUTRAL))
    described = (
        f"{loaded.scenario.title}: {len(actions)} actions of {len(rows)} governments and {len(releases)} injects, "
        f"{calendar.at(first):%-d %B %Y} to {calendar.at(last):%-d %B %Y}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{escape(described)}"><title>{escape(described)}</title>'
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>{"".join(parts)}{_legend(height)}</svg>\n'
    )


def text(x: float, y: float, words: str, size: int, anchor: str = "start", fill: str = INK, more: str = "") -> str:
    """A line of text."""
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{fill}" {FONT} {more}'
    return f"<text {place}>{escape(words)}</text>"


def _weight(loaded: Loaded, record: dict[str, Any]) -> float:
    """The Goldstein weight of an action."""
    option = loaded.scenario.options.get(record["about"])
    written = record["data"].get("goldstein")
    return float(written if written is not None else option.goldstein if option else 0.0)


def _mark(x: float, y: float, weight: float) -> str:
    """A circle for a friendly action, a diamond for a hostile one; stronger ones are larger."""
    size = 2.6 + abs(weight) * 0.42
    if weight < 0:
        path = f"M{x:.1f} {y - size:.1f} l{size:.1f} {size:.1f} l{-size:.1f} {size:.1f} l{-size:.1f} {-size:.1f} Z"
        return f'<path d="{path}" fill="{HOSTILE}" fill-opacity="0.75"/>'
    return f'<circle cx="{x:.1f}" cy="{y}" r="{size:.1f}" fill="{FRIENDLY}" fill-opacity="0.65"/>'


def _moves(loaded: Loaded, calendar: RunCalendar, x: Any, height: int) -> list[str]:
    """The moves of an exercise as bands."""
    if loaded.exercise is None:
        return []
    parts = []
    for row in timetable(loaded.exercise, calendar):
        if row.kind != MOVE:
            continue
        left, right = x(row.start), x(row.end)
        if row.number % 2:
            size = f'width="{right - left:.1f}" height="{height - TOP - 30}"'
            parts.append(f'<rect x="{left:.1f}" y="{TOP - 20}" {size} fill="#f3f6f8"/>')
        parts.append(text((left + right) / 2, TOP - 6, f"move {row.number}", 11, "middle", NEUTRAL))
    return parts


def _axis(first: int, last: int, calendar: RunCalendar, x: Any, height: int) -> list[str]:
    """Dates at both ends and in between."""
    count, parts = 5, []
    short = last - first < 10 * 86400
    for n in range(count):
        t = first + (last - first) * n // (count - 1)
        at: datetime = calendar.at(t)
        anchor = "start" if n == 0 else "end" if n == count - 1 else "middle"
        shown = f"{at:%-d %b %H:%M}" if short else f"{at:%-d %b %Y}"
        parts.append(text(x(t), height - 28, shown, 11, anchor, NEUTRAL))
    return parts


def _legend(height: int) -> str:
    y = height - 10
    return (
        _mark(LEFT + 6, y - 4, 5.0)
        + text(LEFT + 16, y, "co-operative action", 11, fill=NEUTRAL)
        + _mark(LEFT + 150, y - 4, -5.0)
        + text(LEFT + 160, y, "conflictual action; larger is stronger (Goldstein weight)", 11, fill=NEUTRAL)
    )


if __name__ == "__main__":
    main()
