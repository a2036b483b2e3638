"""One run in this process: how it is stopped."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from wargame.errors import Interrupted
from wargame.executor import run
from wargame.journal.folder import Folder
from wargame.scenario.loading.load import load


def test_an_interrupt_while_the_folder_is_made_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder then says that its run was interrupted; before, it seemed to have been killed."""
    made = run.new_folder

    def interrupted(*words: Any, **options: Any) -> Folder:
        os.kill(os.getpid(), signal.SIGINT)
        return made(*words, **options)

    monkeypatch.setattr(run, "new_folder", interrupted)
    with pytest.raises(Interrupted, match="the run so far is kept in"):
        run.simulate(load("two-rivals"), 1, place=run.Destination(out=tmp_path / "r"))
    assert Folder(tmp_path / "r").manifest().ended == "interrupted"
