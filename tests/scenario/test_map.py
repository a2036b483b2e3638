"""The map of a scenario: mistakes in it, and where its places are drawn."""

from __future__ import annotations

import math
import re
from itertools import accumulate
from pathlib import Path

import coastline
import pytest

from support.entry_point import wargame
from wargame.scenario.loading.load import load_files
from wargame.scenario.model import Map, Place

RIVALS = Path(__file__).resolve().parents[2] / "wargame" / "scenarios" / "two-rivals.yaml"
WORLD = Map(area=(-20, -10, 20, 10), places={})


def written(area: str = "[0, 0, 10, 10]", place: str = "seat: ARD", coastline: str = "M0 0l9 9-9 0z") -> str:
    """The small scenario with a map of two places."""
    text = RIVALS.read_text("utf-8").replace("injects: [two-rivals/msel]\n", "")
    first = "first: {title: Other, at: [2, 2], seat: BRL, options: [strike]}"
    second = f"second: {{title: Two, {place}}}"
    return f"{text}map:\n  area: {area}\n  coastline: {coastline}\n  places:\n    {first}\n    {second}\n"


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"area": "[10, 0, 0, 10]"}, "the area is empty, too small, or larger than the world"),
        ({"area": "[0, 0, 0.004, 10]"}, "the area is empty, too small, or larger than the world"),
        ({"area": "[0, 10, 10, 0]"}, "the area is empty, too small, or larger than the world"),
        ({"place": "at: [1, 1], seat: BRL"}, "'BRL' is already at 'first'"),
        ({"place": "at: [1, 1], options: [patrol, strike]"}, "'strike' is already at 'first'"),
        ({"place": "at: [1, 1], seat: XXX"}, "unknown government 'XXX'"),
        ({"place": "at: [91, 1]"}, "from -80 to 80"),
        ({"coastline": "M0 0<script>"}, "an SVG path of `M`, `l`, `z` and whole numbers"),
    ],
)
def test_a_mistake_in_a_map_is_reported(tmp_path: Path, part: dict[str, str], message: str) -> None:
    """`wargame validate` prints file and line."""
    (tmp_path / "s.yaml").write_text(written(**{"place": "at: [1, 1], seat: ARD"} | part), "utf-8")
    done = wargame("validate", "s.yaml", cwd=tmp_path)
    assert done.returncode == 3
    assert message in done.stderr
    assert "s.yaml:" in done.stderr


def test_a_map_does_not_change_the_hash_of_a_scenario() -> None:
    """It has no effect on runs."""
    texts = RIVALS.read_text("utf-8").replace("injects: [two-rivals/msel]\n", ""), written(place="at: [1, 1]")
    one, other = (load_files({"s.yaml": text.encode()}) for text in texts)
    assert other.scenario.map is not None
    assert one.scenario_sha256 == other.scenario_sha256


def test_a_place_is_drawn_in_the_projection_of_mercator() -> None:
    """The distance from the equator is ln tan(45° + half the latitude), in units of a hundredth of a degree."""
    x, y, inside = WORLD.point(Place(title="A", at=(8.0, -15.0)))
    width, height = WORLD.size
    north = math.degrees(math.log(math.tan(math.radians(45 + 8.0 / 2))))
    assert (x, width, inside) == (500, 4000, True)
    assert y == pytest.approx(height / 2 - 100 * north, abs=1)


@pytest.mark.parametrize(("longitude", "side"), [(100.0, "east"), (-100.0, "west"), (190.0, "west")])
def test_a_place_outside_the_area_is_at_the_edge_in_its_direction(longitude: float, side: str) -> None:
    """The shorter way around the world, and never beyond the edge."""
    x, y, inside = WORLD.point(Place(title="A", at=(0.0, longitude)))
    assert not inside
    assert y == WORLD.size[1] / 2
    assert 3600 < x < 4000 if side == "east" else 0 < x < 400


def test_the_tool_clips_the_land_of_a_topology() -> None:
    """An island of four degrees across the western edge: what is within half a degree of the area is drawn."""
    arcs = [[[0, 0], [4, 0], [0, 2], [-4, 0], [0, -2]]]
    land = {"geometries": [{"type": "MultiPolygon", "arcs": [[[0]]]}]}
    topology = {"transform": {"scale": [1, 1], "translate": [-2, 1]}, "arcs": arcs, "objects": {"land": land}}
    drawn = coastline.path(topology, (0, 0, 10, 10), 0.01)
    start, steps = re.fullmatch(r"M(-?\d+) -?\d+l(.*)z", drawn).groups()  # type: ignore[union-attr]
    numbers = [int(each) for each in re.findall(r"-?\d+", steps)]
    eastings = list(accumulate([int(start), *numbers[::2]]))

    assert (min(eastings), max(eastings)) == (-50, 200)
    assert max(accumulate([0, *numbers[1::2]])) - min(accumulate([0, *numbers[1::2]])) == 200
