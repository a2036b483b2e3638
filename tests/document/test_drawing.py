"""Charts as SVG."""

from __future__ import annotations

import re
from pathlib import Path

from support.command_line import python
from wargame.document.drawing import chart, svg

SEVERAL_THREADS = """
from concurrent.futures import ThreadPoolExecutor

from wargame.document.drawing import svg

spec = {"data": {"values": [{"x": x} for x in range(200)]}, "mark": "tick", "encoding": {"x": {"field": "x"}}}
first = svg(spec)
with ThreadPoolExecutor(4) as pool:
    drawn = set(pool.map(lambda _: svg(spec), range(16)))
print(drawn == {first})
"""


def test_threads_draw_at_the_same_time(tmp_path: Path) -> None:
    """As two facilitators do who ask for documents at once: the process stays, and all draw the same."""
    done = python("-c", SEVERAL_THREADS, cwd=tmp_path)
    assert (done.returncode, done.stdout.strip()) == (0, "True"), done.stderr


def test_shares_are_written_as_in_text() -> None:
    """With a space, on the axis and in the descriptions of bars."""
    values = [
        {"side": "at most 1", "share": 1 / 3, "text": "1 of 3"},
        {"side": "above 1", "share": 0.5, "text": "1 of 2"},
    ]
    drawn = svg(chart("sign", values=values, padding={"left": 10}))
    assert {*re.findall(r"[\d.]+ %", drawn)} >= {f"{each} %" for each in (0, 25, 50, 75, 100, 33.3)}
    assert not re.search(r"\d%", drawn)
