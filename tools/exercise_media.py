"""Draw the pictures that the ready-made exercises send: `python tools/exercise_media.py`.

They are drawn for the exercises from lines and shapes; no photograph is used. The chart of launches counts rows of the
chronology of korea-2017.
"""

# ruff: noqa: E501 - the path of a shape is one line
from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import vl_convert

ROOT = Path(__file__).resolve().parent.parent
EXERCISES = ROOT / "wargame" / "exercises"
CHRONOLOGY = ROOT / "wargame" / "scenarios" / "korea-2017" / "chronology.csv"
INK, SEA, LAND, ACCENT, GREY = "#1b1b1b", "#dcebf4", "#efe9dc", "#0072b2", "#8a8a8a"
FONT = 'font-family="Liberation Sans, Arial, sans-serif"'


def main() -> None:
    """Write all pictures."""
    pictures = {
        "korea-afternoon/media/launches.png": launches(),
        "korea-afternoon/media/vehicles.png": vehicles(),
        "cuba-quarantine/media/line.png": quarantine_line(),
        "strait-lesson/media/strait.png": strait(),
        "strait-lesson/media/boats.png": boats(),
    }
    for name, svg in pictures.items():
        (EXERCISES / name).parent.mkdir(parents=True, exist_ok=True)
        (EXERCISES / name).write_bytes(vl_convert.svg_to_png(svg, scale=1.5))
        print("wrote", name)


def page(width: int, height: int, body: str, background: str = "#ffffff") -> str:
    """An SVG picture."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<rect width="{width}" height="{height}" fill="{background}"/>{body}</svg>'
    )


def text(x: float, y: float, words: str, size: int = 13, anchor: str = "start", fill: str = INK, more: str = "") -> str:
    """A line of text."""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{fill}" {FONT} {more}>{words}</text>'


def launches() -> str:
    """Days with missile launches by month, January 2016 to May 2017."""
    with CHRONOLOGY.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "missile_test"]
    counts = Counter(row["date"][:7] for row in rows)
    months = [f"{2016 + n // 12}-{n % 12 + 1:02}" for n in range(17)]
    width, height, left, bottom, step, unit = 720, 330, 46, 262, 38, 40
    body = text(left, 28, "Days with missile launches of North Korea, by month", 16, more='font-weight="bold"')
    for level in range(6):
        y = bottom - level * unit
        body += f'<line x1="{left}" x2="{width - 20}" y1="{y}" y2="{y}" stroke="#d8d8d8"/>'
        body += text(left - 8, y + 4, str(level), 12, "end")
    for place, month in enumerate(months):
        x, tall = left + 8 + place * step, counts[month] * unit
        if tall:
            body += f'<rect x="{x}" y="{bottom - tall}" width="{step - 12}" height="{tall}" fill="{ACCENT}"/>'
        name = "JFMAMJJASOND"[int(month[5:]) - 1]
        body += text(x + (step - 12) / 2, bottom + 18, name, 12, "middle")
    for year, place in (("2016", 0), ("2017", 12)):
        body += text(left + 8 + place * step, bottom + 38, year, 12, more='font-weight="bold"')
    body += text(
        left, height - 12, "Source: CSIS Beyond Parallel, as in the chronology of the scenario. To 31 May 2017.", 11
    )
    return page(width, height, body)


def vehicles() -> str:
    """A sketch of a road at the coast with covered vehicles."""
    body = f'<path d="M0 0 H720 V120 C560 150 430 90 300 130 S110 150 0 120 Z" fill="{SEA}"/>'
    body += (
        f'<path d="M0 240 C160 200 330 250 470 215 S650 200 720 215" fill="none" stroke="{GREY}" stroke-width="26"/>'
    )
    body += '<path d="M0 240 C160 200 330 250 470 215 S650 200 720 215" fill="none" stroke="#ffffff" stroke-dasharray="12 12"/>'
    for x, y, long, turn in (
        (110, 214, 66, -8),
        (200, 214, 66, 4),
        (290, 224, 66, 6),
        (380, 226, 66, -4),
        (470, 211, 36, -8),
        (530, 203, 36, -3),
    ):
        body += f'<rect x="{x}" y="{y - 9}" width="{long}" height="18" rx="3" fill="#5b6650" stroke="{INK}" transform="rotate({turn} {x} {y})"/>'
    body += f'<path d="M560 300 l40 -46 l44 46 Z M640 310 l28 -34 l30 34 Z" fill="#cfd8c2" stroke="{GREY}"/>'
    body += text(24, 40, "Sea", 14, fill=ACCENT) + text(
        24, 330, "Two lengths of vehicles, all covered. What is below the covers is not visible.", 13
    )
    body += text(696, 354, "Drawn for the exercise; not an image of a real place.", 11, "end", GREY)
    return page(720, 368, body, LAND)


def quarantine_line() -> str:
    """A sketch of the announced quarantine; where the line will be has not been said at STARTEX."""
    body = (
        f'<path d="M40 150 C110 120 190 150 250 168 C300 184 350 196 372 214 C340 232 280 222 240 204 C180 182 100 186 40 150 Z" '
        f'fill="{LAND}" stroke="{INK}"/>'
    )
    body += text(150, 178, "Cuba", 15)
    body += f'<path d="M560 30 A 260 260 0 0 1 560 380" fill="none" stroke="{ACCENT}" stroke-width="3" stroke-dasharray="10 7"/>'
    body += text(606, 60, "a possible line", 13, fill=ACCENT)
    for x, y in ((690, 130), (724, 190), (668, 240), (716, 300)):
        body += f'<path d="M{x} {y} l-18 8 l18 8 Z" fill="{INK}"/>'
    body += (
        text(700, 350, "ships", 12, "middle")
        + f'<circle cx="640" cy="190" r="6" fill="none" stroke="{INK}" stroke-dasharray="2 2"/>'
    )
    body += text(640, 214, "?", 15, "middle")
    body += text(24, 388, "Sketch, not to scale. Where ships are at this moment is not known.", 12, fill=INK)
    return page(760, 404, body, SEA)


def strait() -> str:
    """A sketch of the invented strait."""
    body = f'<path d="M0 0 H300 C250 80 290 150 240 220 S170 320 200 400 H0 Z" fill="{LAND}" stroke="{INK}"/>'
    body += f'<path d="M720 0 H470 C510 70 460 150 510 230 S540 330 500 400 H720 Z" fill="{LAND}" stroke="{INK}"/>'
    body += text(110, 190, "ARDA", 20, "middle") + text(610, 190, "BREL", 20, "middle")
    body += f'<path d="M385 0 C370 100 390 220 350 400" fill="none" stroke="{GREY}" stroke-dasharray="8 6"/>'
    body += text(398, 46, "middle line", 12, fill=GREY)
    body += f'<path d="M262 96 v-22 l8 -8 l8 8 v22 Z" fill="#ffffff" stroke="{INK}"/>' + text(286, 92, "lighthouse", 12)
    body += text(24, 386, "Invented. The line has never been agreed.", 12)
    return page(720, 404, body, SEA)


def boats() -> str:
    """The picture that is passed around: grey boats with covered guns."""
    body = '<rect y="200" width="720" height="170" fill="#9fb3bf"/>'
    for x, y, size in ((90, 205, 1.0), (300, 190, 0.8), (470, 212, 1.1), (610, 186, 0.7)):
        body += (
            f'<g transform="translate({x} {y}) scale({size})"><path d="M-70 0 H70 L52 26 H-52 Z" fill="#6f7a80"/>'
            '<rect x="-26" y="-24" width="44" height="24" fill="#808b91"/><rect x="-4" y="-46" width="5" height="22" fill="#5c666b"/>'
            '<path d="M30 0 q10 -16 24 -12 l4 12 Z" fill="#4c5357"/></g>'
        )
    body += '<rect x="0" y="0" width="720" height="34" fill="#101418"/>' + text(
        14, 23, "harbour_watch  ·  this morning, from the lighthouse", 14, fill="#ffffff"
    )
    body += text(706, 360, "Drawn for the exercise.", 11, "end", "#33414a")
    return page(720, 370, body, "#c9d4da")


if __name__ == "__main__":
    main()
