"""The pictures of the documentation show the present product; `python tools/pictures.py` takes them again."""

from __future__ import annotations

import json
from pathlib import Path

import pictures
import pytest
import screenshots
import web_screenshots
from gallery import picture

from wargame.executor.run import Destination, simulate
from wargame.scenario.loading.catalogue import scenarios
from wargame.scenario.loading.load import load

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
OTHERS = {"favicon.svg", "pictures.json"}
"""An icon, and the result of a training of minutes, which `examples/train_maskable_ppo.py` draws."""


@pytest.mark.slow
def test_the_pictures_show_the_data_of_the_present_product() -> None:
    """The run, the exercise and the messages in them are those of now."""
    assert json.loads(pictures.SHOWN.read_text("utf-8")) == pictures.shown()


@pytest.mark.slow
@pytest.mark.parametrize("name", [entry.name for entry in scenarios()])
def test_the_picture_of_a_scenario_in_the_gallery_is_that_of_its_run(name: str, tmp_path: Path) -> None:
    """With seed 1. The tests of ready-made exercises compare theirs."""
    run = simulate(load(name), 1, place=Destination(out=tmp_path / "run"))
    records = [json.loads(line) for line in run.folder.journal.read_text("utf-8").splitlines()]
    assert (IMAGES / f"gallery-{name}.svg").read_text("utf-8") == picture(load(name), records)


def test_each_picture_is_made_by_a_tool() -> None:
    """None is left over, and none is missing."""
    groups = json.loads(pictures.SHOWN.read_text("utf-8"))
    names = {path.name for path in IMAGES.iterdir() if path.is_file()} - OTHERS
    taken = {name for name in names if name.startswith((*groups, "gallery-"))}
    assert names == taken
    screens = {f"web-{each.name}.png" for each in web_screenshots.PICTURES}
    reviews = {f"{name}.png" for name in screenshots.PARTS}
    messages = {f"message-{name}.png" for name in groups["message-"]}
    assert {name for name in taken if not name.startswith("gallery-")} == screens | reviews | messages
