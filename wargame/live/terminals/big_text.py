"""Text in large letters, which people read from the back of a room: capitals, figures and signs of 5 by 7 dots."""

from __future__ import annotations

import unicodedata

_GLYPHS = """
0123456789ABCD
.###.|..#..|.###.|.###.|...#.|#####|.###.|#####|.###.|.###.|.###.|####.|.###.|####.
#...#|.##..|#...#|#...#|..##.|#....|#....|....#|#...#|#...#|#...#|#...#|#...#|#...#
#..##|..#..|....#|....#|.#.#.|####.|#....|...#.|#...#|#...#|#...#|#...#|#....|#...#
#.#.#|..#..|...#.|..##.|#..#.|....#|####.|..#..|.###.|.####|#####|####.|#....|#...#
##..#|..#..|..#..|....#|#####|....#|#...#|..#..|#...#|....#|#...#|#...#|#....|#...#
#...#|..#..|.#...|#...#|...#.|#...#|#...#|.#...|#...#|....#|#...#|#...#|#...#|#...#
.###.|.###.|#####|.###.|...#.|.###.|.###.|.#...|.###.|.###.|#...#|####.|.###.|####.
EFGHIJKLMNOPQR
#####|#####|.###.|#...#|.###.|..###|#...#|#....|#...#|#...#|.###.|####.|.###.|####.
#....|#....|#...#|#...#|..#..|...#.|#..#.|#....|##.##|##..#|#...#|#...#|#...#|#...#
#....|#....|#....|#...#|..#..|...#.|#.#..|#....|#.#.#|#.#.#|#...#|#...#|#...#|#...#
####.|####.|#.###|#####|..#..|...#.|##...|#....|#.#.#|#..##|#...#|####.|#...#|####.
#....|#....|#...#|#...#|..#..|...#.|#.#..|#....|#...#|#...#|#...#|#....|#.#.#|#.#..
#....|#....|#...#|#...#|..#..|#..#.|#..#.|#....|#...#|#...#|#...#|#....|#..#.|#..#.
#####|#....|.###.|#...#|.###.|.##..|#...#|#####|#...#|#...#|.###.|#....|.##.#|#...#
STUVWXYZ:-+.,!
.####|#####|#...#|#...#|#...#|#...#|#...#|#####|.....|.....|.....|.....|.....|..#..
#....|..#..|#...#|#...#|#...#|#...#|#...#|....#|..#..|.....|..#..|.....|.....|..#..
#....|..#..|#...#|#...#|#...#|.#.#.|.#.#.|...#.|..#..|.....|..#..|.....|.....|..#..
.###.|..#..|#...#|#...#|#.#.#|..#..|..#..|..#..|.....|.###.|#####|.....|.....|..#..
....#|..#..|#...#|#...#|#.#.#|.#.#.|..#..|.#...|..#..|.....|..#..|.....|.##..|..#..
....#|..#..|#...#|.#.#.|##.##|#...#|..#..|#....|..#..|.....|..#..|.##..|..#..|.....
####.|..#..|.###.|..#..|#...#|#...#|..#..|#####|.....|.....|.....|.##..|.#...|..#..
?'"()/%&;=*$#…
.###.|..#..|.#.#.|...#.|.#...|....#|##..#|.##..|.....|.....|.....|..#..|.#.#.|.....
#...#|..#..|.#.#.|..#..|..#..|....#|##..#|#..#.|.##..|.....|#.#.#|.####|.#.#.|.....
....#|.#...|.....|.#...|...#.|...#.|...#.|#.#..|.##..|#####|.###.|#.#..|#####|.....
...#.|.....|.....|.#...|...#.|..#..|..#..|.#...|.....|.....|#####|.###.|.#.#.|.....
..#..|.....|.....|.#...|...#.|.#...|.#...|#.#.#|.##..|#####|.###.|..#.#|#####|.....
.....|.....|.....|..#..|..#..|#....|#..##|#..#.|..#..|.....|#.#.#|####.|.#.#.|.....
..#..|.....|.....|...#.|.#...|#....|#..##|.##.#|.#...|.....|.....|..#..|.#.#.|#.#.#
"""
"""Rows of glyphs: a line with the characters, then their seven rows of dots."""
HEIGHT = 7
SPACE = 3
"""Dots of a space between words."""
GAP = 1
"""Dots between two characters."""


def _glyphs() -> dict[str, tuple[str, ...]]:
    lines, found = _GLYPHS.strip().split("\n"), {" ": ("." * SPACE,) * HEIGHT}
    for start in range(0, len(lines), HEIGHT + 1):
        rows = [line.split("|") for line in lines[start + 1 : start + 1 + HEIGHT]]
        for place, character in enumerate(lines[start]):
            found[character] = _narrow(character, tuple(row[place] for row in rows))
    return found


def _narrow(character: str, rows: tuple[str, ...]) -> tuple[str, ...]:
    """Return a glyph without its empty columns; figures keep theirs, so that a clock does not move as it runs."""
    if character.isdigit():
        return rows
    used = [column for column in range(len(rows[0])) if any(row[column] == "#" for row in rows)]
    return tuple(row[min(used) : max(used) + 1] for row in rows)


GLYPHS = _glyphs()
SIGNS = {
    **dict.fromkeys((0x2013, 0x2014, 0x2212), "-"),  # dashes and the minus sign
    **dict.fromkeys((0x2018, 0x2019), "'"),
    **dict.fromkeys((0x201C, 0x201D), '"'),
}
"""Signs that are drawn as others."""


def capitals(text: str) -> str:
    """Return the text in characters that have glyphs: capitals without accents; anything else becomes a space."""
    plain = unicodedata.normalize("NFKD", text.replace("…", "\0")).replace("\0", "…").upper()
    typeable = plain.translate(SIGNS)
    return "".join(c if c in GLYPHS else " " for c in typeable if not unicodedata.combining(c))


def big_width(text: str, scale: int) -> int:
    """Return the columns that a text takes."""
    glyphs = [GLYPHS[character] for character in capitals(text)]
    return scale * (sum(len(glyph[0]) for glyph in glyphs) + GAP * max(0, len(glyphs) - 1))


def big_height(scale: int) -> int:
    """Return the rows that a text takes: a row of the terminal has two dots above one another."""
    return -(-HEIGHT * scale // 2)


def big(text: str, scale: int) -> list[str]:
    """Return the text in rows of half blocks; each dot is `scale` columns wide and `scale` half rows high."""
    glyphs = [GLYPHS[character] for character in capitals(text)]
    dots = [("." * GAP).join(glyph[row] for glyph in glyphs) for row in range(HEIGHT)]
    rows = ["".join(dot * scale for dot in row) for row in dots for _ in range(scale)]
    rows += ["." * len(rows[0])] * (len(rows) % 2)
    return ["".join(map(_block, above, below)) for above, below in zip(rows[::2], rows[1::2], strict=True)]


def _block(above: str, below: str) -> str:
    return {"##": "█", "#.": "▀", ".#": "▄", "..": " "}[above + below]


def wrapped(text: str, columns: int, scale: int) -> list[str]:
    """Return the text in lines that fit, broken between words, and inside a word that is longer than a line."""
    lines: list[str] = []
    for word in capitals(text).split():
        if lines and big_width(f"{lines[-1]} {word}", scale) <= columns:
            lines[-1] += f" {word}"
            continue
        rest = word
        while big_width(rest, scale) > columns and len(rest) > 1:
            cut = next((n for n in range(len(rest) - 1, 0, -1) if big_width(rest[:n], scale) <= columns), 1)
            lines.append(rest[:cut])
            rest = rest[cut:]
        lines.append(rest)
    return lines
