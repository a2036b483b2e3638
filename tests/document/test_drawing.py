"""Charts as SVG."""

from __future__ import annotations

from pathlib import Path

from support.command_line import python

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
