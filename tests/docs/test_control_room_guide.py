"""The guide of the control room names the views that there are, and its command is understood."""

from __future__ import annotations

import re
from pathlib import Path

from support.live import console
from wargame.live.console.dispatch import COMMANDS
from wargame.web.access import FACILITATOR
from wargame.web.screens.control import VIEWS, parts
from wargame.web.viewer import Viewer

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "run-the-control-room.md"


def test_the_guide_lists_every_view(tmp_path: Path) -> None:
    """By the names in the navigation, in its order."""
    shown = re.findall(
        r'view=(\w+)" data-view.*<span>(.*)</span>',
        parts(Viewer(console(tmp_path / "run"), FACILITATOR, 0))["nav.views"],
    )
    assert [name for name, _ in shown] == [name for name in VIEWS if name != "import"]  # opened from the MSEL
    table = PAGE.read_text("utf-8").split("| view | what it is for |")[1].split("\n\n")[0]
    assert re.findall(r"^\| ([A-Z]\w*(?: \w+)*) \|", table, re.MULTILINE) == [title for _, title in shown]


def test_the_guide_names_existing_commands_and_options() -> None:
    """The words in code that look like commands of the console."""
    words = re.findall(r"`(code|delay|reveal|undo)\b[^`]*`", PAGE.read_text("utf-8"))
    assert words
    assert set(words) <= set(COMMANDS)
