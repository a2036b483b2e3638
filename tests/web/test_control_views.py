"""The control room: every view is rendered in every state of an exercise, and shows what the console shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from support.live import console, output_of
from wargame.live.console.console import Console
from wargame.web.screens import control
from wargame.web.viewer import FACILITATOR, Viewer


def shown(there: Console, **look: str) -> Mapping[str, str]:
    """The parts of the control room that looks at this."""
    return control.parts(Viewer(there, FACILITATOR, 0, look=look))


def text_of(html: str) -> str:
    """The words of a part."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.fixture
def played(tmp_path: Path) -> Console:
    """Two rivals with people in the seat of Arda, some weeks on."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(
        there,
        "stop at nothing",
        "advance 5d",
        'order ARD "invite the neighbours to mediate"',
        'rfi ARD "Who commands the patrol boats of Brel?"',
        'message ARD BRL "We do not want this to grow."',
        'offer ARD BRL "Fish for calm"',
        'vote ARD BRL "Shall we meet?"',
        "hold collision",
        "delay broker 3d",
        "advance 30d",
        'note "ARD asked for the law of the sea" --about 12 --tag sustain',
        "rewind 5d",
    )
    return there


@pytest.mark.parametrize("view", list(control.VIEWS))
def test_every_view_is_rendered_at_every_stage(tmp_path: Path, view: str) -> None:
    """At STARTEX, in the middle, at NO PLAY and after ENDEX, without a script or style in the text."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    for lines in ((), ("advance 25d",), ("noplay fire",), ("playon", "endex")):
        output_of(there, *lines)
        parts = shown(there, view=view)
        assert [key for key in parts if key.startswith("view.")]
        for html in parts.values():
            assert not re.search(r"<script|<style|\sstyle=|\son\w+=", html)
