"""Progress in notebooks: widgets where Jupyter has them, a line of text elsewhere, and bars that move."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import pytest
import tqdm
import tqdm.auto

from wargame.executor.progress import game_time_bar, job_bar
from wargame.language.times import DAY
from wargame.notebook.running import shown

bars: list[Widget] = []
CELL = """
import wargame
wargame.run("two-rivals", until="60d", out="run")
wargame.batch("two-rivals", n=6, until="30d", jobs=1, out="batch")
None
"""


class Widget(tqdm.tqdm):  # type: ignore[type-arg]  # generic only in its stubs
    """A bar as in a notebook: its end is what it was made or reset with, not what `total` is set to."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.end = options["total"]
        super().__init__(*args, **options)
        bars.append(self)

    def reset(self, total: float | None = None) -> None:
        """Starts again with another end."""
        self.end = total or self.end
        super().reset(total)


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel of Jupyter with widgets."""
    bars.clear()
    monkeypatch.setitem(sys.modules, "ipykernel", ModuleType("ipykernel"))
    widgets = ModuleType("ipywidgets")
    widgets.__spec__ = ModuleSpec("ipywidgets", None)
    monkeypatch.setitem(sys.modules, "ipywidgets", widgets)
    monkeypatch.setattr(tqdm.auto, "tqdm", Widget)


@pytest.mark.usefixtures("notebook")
def test_a_bar_over_game_time_ends_at_endex(capsys: pytest.CaptureFixture[str]) -> None:
    """Also after history was replayed, which does not count."""
    with game_time_bar("two-rivals") as advance:
        advance(-10 * DAY, 60 * DAY + 3600)
        assert "0/60 days" in capsys.readouterr().err
        advance(15 * DAY, 60 * DAY)
        assert (bars[0].n, bars[0].end) == (15, 60)
        advance(60 * DAY, 60 * DAY)
        assert (bars[0].n, bars[0].end) == (60, 60)


@pytest.mark.usefixtures("notebook")
def test_a_bar_over_runs_ends_with_the_last_run() -> None:
    """It begins with the runs that a resumed batch has already."""
    with job_bar("runs") as advance:
        advance(4, 20)
        advance(8, 20)
        assert (bars[0].n, bars[0].initial, bars[0].end) == (8, 4, 20)


@pytest.mark.usefixtures("notebook")
def test_a_notebook_without_widgets_shows_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Instead of a warning that asks for another package."""
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with job_bar("runs") as advance:
        advance(1, 2)
    assert bars == []


@pytest.mark.exhaustive
def test_a_kernel_of_jupyter_shows_both_bars(tmp_path: Any) -> None:
    """A cell that runs a scenario and a batch shows two finished widgets and writes nothing to standard error."""
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    pytest.importorskip("ipywidgets")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    client = nbclient.NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}})
    client.execute()

    shown = notebook.cells[0].outputs
    assert [each.output_type for each in shown] == ["display_data", "display_data"]
    (state,) = notebook.metadata.widgets.values()
    models = [each for each in state["state"].values() if each["model_name"] == "FloatProgressModel"]
    assert [(each["state"]["value"], each["state"]["max"]) for each in models] == [(60.0, 60.0), (6.0, 6.0)]


@pytest.mark.parametrize(
    ("asked", "notebook", "expected"),
    [(None, False, False), (None, True, True), (True, False, True), (False, True, False)],
)
def test_progress_is_shown_in_notebooks_unless_asked_otherwise(
    asked: bool | None, notebook: bool, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The output of a test is no terminal."""
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    if notebook:
        monkeypatch.setitem(sys.modules, "ipykernel", ModuleType("ipykernel"))

    assert shown(asked) is expected
