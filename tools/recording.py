"""Draw the terminal recording of the first page: `python tools/recording.py` writes `docs/images/recording.svg`.

The commands are run in an empty folder; what they print is drawn line by line, one screen for each command, in a loop.
With `prefers-reduced-motion` the first screen stays. `--check` writes nothing and fails if the drawing is out of date.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

from rich.console import Console
from rich.style import Style
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "images" / "recording.svg"
COMMANDS = (
    ("wargame run two-rivals --out runs/first", 27),
    ("wargame why first {number}", 27),
    ("wargame report first; wargame verify first", 6),
)
"""The commands, and the most lines of their output that are shown; the number is that of the first turning point."""
COLUMNS, ROWS = 88, 29
SIZE, WIDE, HIGH, LEFT, TOP = 14, 8.43, 19, 18, 52
STILL, TYPING, LINE, PAUSE = 0.6, 1.2, 0.05, 5.0
"""Seconds: before a command is typed, to type it, for each line of output, until the next screen."""
INK, BACK, FRAME, DIM, PROMPT = "#e4e7ec", "#12161d", "#2a313c", "#98a2b3", "#7cc4a4"
COLOURS = {1: "#f28b82", 2: "#7cc4a4", 3: "#f2c572", 4: "#8ab4f8", 5: "#d7aefb", 6: "#78d9ec"}
FONT = 'ui-monospace, "SF Mono", "Cascadia Mono", "Liberation Mono", Menlo, monospace'


def main() -> None:
    """Write the drawing, or fail if it is out of date."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, fail if the drawing is out of date")
    drawn = drawing()
    if parser.parse_args().check:
        if not OUT.exists() or OUT.read_text("utf-8") != drawn:
            sys.exit("docs/images/recording.svg is out of date: run `python tools/recording.py`")
        return
    OUT.write_text(drawn, encoding="utf-8")


def drawing() -> str:
    """The recording as SVG."""
    with tempfile.TemporaryDirectory() as place:
        screens: list[tuple[str, list[Text]]] = []
        for written, most in COMMANDS:
            command = written
            if "{number}" in command:
                number = re.search(r"#(\d+)", "\n".join(line.plain for line in screens[0][1]))
                assert number, "the run has no turning point"
                command = command.format(number=number[1])
            screens.append((command, printed(command, Path(place))[:most]))
    lengths = [STILL + TYPING + LINE * len(lines) + PAUSE for _, lines in screens]
    total, begin, parts, rules = sum(lengths), 0.0, [], []
    for place_in_loop, ((command, lines), length) in enumerate(zip(screens, lengths, strict=True)):
        text, keyframes = _screen(place_in_loop, command, lines, begin, begin + length, total)
        parts.append(text)
        rules += keyframes
        begin += length
    wide, high = LEFT * 2 + COLUMNS * WIDE, TOP + ROWS * HIGH + 10
    spoken = escape("A terminal in which these commands are run: " + "; ".join(command for command, _ in screens))
    dots = "".join(f'<circle cx="{20 + 18 * n}" cy="18" r="5.5" fill="{FRAME}"/>' for n in range(3))
    style = (
        f"text{{font:{SIZE}px {FONT};fill:{INK};white-space:pre}}"
        f"g,text{{animation-duration:{total:.2f}s;animation-iteration-count:infinite;animation-timing-function:step-end}}"
        + "".join(rules)
        + "@media (prefers-reduced-motion:reduce){g,text{animation:none!important}.s1,.s2{visibility:hidden}}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high}" role="img" aria-label="{spoken}">'
        f"<title>{spoken}</title><style>{style}</style>"
        f'<rect width="{wide:.0f}" height="{high}" rx="10" fill="{BACK}"/>{dots}{"".join(parts)}</svg>\n'
    )


def printed(command: str, place: Path) -> list[Text]:
    """The lines that a command prints in this folder, with their styles."""
    variables = {"COLUMNS": str(COLUMNS), "FORCE_COLOR": "1", "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
    variables |= {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    lines: list[Text] = []
    for part in command.split("; "):
        words = [sys.executable, "-m", *part.split()]
        done = subprocess.run(  # noqa: S603 - the commands of this file
            words,
            cwd=place,
            env=variables,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
        lines += Text.from_ansi(done.stdout).split("\n", allow_blank=True)
    while lines and not lines[-1].plain.strip():
        lines.pop()
    return lines


def _screen(
    number: int, command: str, lines: list[Text], begin: float, end: float, total: float
) -> tuple[str, list[str]]:
    """One screen, and the rules that show it from `begin` to `end`."""
    y = TOP
    typed = begin + STILL
    rules = [_shown(f"s{number}", begin, end, total)]
    parts = [f'<text x="{LEFT}" y="{y}" style="fill:{PROMPT}">$</text>']
    steps = [command[: round(len(command) * share / 6)] for share in range(1, 7)]
    for step, shown in enumerate(steps):
        start = typed + TYPING * step / 6
        stop = end if step == 5 else typed + TYPING * (step + 1) / 6
        rules.append(_shown(f"s{number}c{step}", start, stop, total))
        hidden = "" if step == 5 else ' visibility="hidden"'
        place = f'x="{LEFT + 2 * WIDE:.1f}" y="{y}" textLength="{len(shown) * WIDE:.1f}"'
        parts.append(f'<text class="s{number}c{step}"{hidden} {place} style="fill:#fff">{escape(shown)}</text>')
    for row, line in enumerate(lines, 1):
        start = typed + TYPING + LINE * row
        rules.append(_shown(f"s{number}l{row}", start, end, total))
        parts.append(f'<g class="s{number}l{row}">{_line(line, y + row * HIGH)}</g>')
    return f'<g class="s{number}">{"".join(parts)}</g>', rules


def _shown(name: str, begin: float, end: float, total: float) -> str:
    """The rule that shows elements of a class in a part of the loop."""
    first, last = (100 * each / total for each in (begin, end))
    hidden, visible = "{visibility:hidden}", "{visibility:visible}"
    after = f"{last:.2f}%{hidden}" if last < 99.99 else ""
    before = f"0%{hidden}" if first > 0.01 else ""
    return f".{name}{{animation-name:{name}}}@keyframes {name}{{{before}{first:.2f}%{visible}{after}}}"


def _line(line: Text, y: int) -> str:
    """One line of output, each run of one style as text of fixed width."""
    parts, column = [], 0
    for segment in line.render(Console(width=COLUMNS)):
        text = segment.text.rstrip("\n")
        if text.strip():
            place = f'x="{LEFT + column * WIDE:.1f}" y="{y}" textLength="{len(text) * WIDE:.1f}"'
            parts.append(f"<text {place}{_look(segment.style)}>{escape(text)}</text>")
        column += len(text)
    return "".join(parts)


def _look(style: Style | None) -> str:
    """The colour and weight of a style."""
    if style is None:
        return ""
    rules = ["font-weight:700"] if style.bold else []
    colour = style.color.number if style.color and style.color.number is not None else None
    shade = COLOURS.get((colour or 0) % 8) if colour is not None else DIM if style.dim else None
    rules += [f"fill:{shade}"] if shade else []
    return f' style="{";".join(rules)}"' if rules else ""


if __name__ == "__main__":
    main()
