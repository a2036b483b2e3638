"""The map of a scenario: an area, its coastline, and places. It is for display alone: no run depends on it."""

from math import asinh, degrees, radians, tan
from typing import Annotated

from wargame.dataclasses import dataclass
from wargame.scenario.model import annotations as values

UNITS = 100
"""Units of a map in one degree of longitude."""
EDGE = 0.94
"""Where a place outside the area is drawn, between the middle (0) and the edge (1) of the map."""
Latitude = Annotated[float, values.Bounds(-80.0, 80.0)]
Longitude = Annotated[float, values.Bounds(-180.0, 360.0)]
SvgPath = Annotated[str, values.Pattern(r"[Mlz0-9 \n\-]*", "an SVG path of `M`, `l`, `z` and whole numbers", 200_000)]
Point = tuple[int, int, bool]
"""A point in units from the north-western corner, and whether the place is within the area."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place on the map."""

    title: str
    at: tuple[Latitude, Longitude]
    """Latitude and longitude in degrees. A place outside the area is drawn at the edge of the map in its direction."""
    seat: values.GovernmentId | None = None
    """The government that has its seat here: its actions begin here, and actions towards it end here."""
    options: tuple[values.OptionId, ...] = ()
    """Options that are carried out here, and not at the seat of who does it."""
    side: Annotated[str, values.Choices(("right", "left", "above", "below"))] = "right"
    """Where its title is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """The map on which the public screen and the review show actions, in Mercator's projection, without borders."""

    area: tuple[Longitude, Latitude, Longitude, Latitude]
    """West, south, east and north, in degrees. An area across 180° goes on beyond it, such as from 150 to 200."""
    coastline: SvgPath = ""
    """Land, as an SVG path from the north-western corner, in hundredths of a degree of longitude at the equator."""
    places: dict[values.Id, Place]
    """The seats of governments and other places, by id."""
    source: str = values.JUDGEMENT

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, in units."""
        west, south, east, north = self.area
        return round((east - west) * UNITS), round((_stretched(north) - _stretched(south)) * UNITS)

    def point(self, place: Place) -> Point:
        """Return where a place is drawn."""
        (width, height), (west, _, east, north) = self.size, self.area
        x = ((place.at[1] - (west + east) / 2 + 180) % 360 - 180) * UNITS
        y = (_stretched(north) - _stretched(place.at[0])) * UNITS - height / 2
        beyond = max(abs(x) / width, abs(y) / height) * 2
        scale = EDGE / beyond if beyond > 1 else 1.0
        return round(width / 2 + x * scale), round(height / 2 + y * scale), beyond <= 1

    def ends(self, option: str, actor: str, target: str | None) -> tuple[Point, Point] | None:
        """Return where an action begins and ends; None if the map has no place for it."""
        seats = {place.seat: place for place in self.places.values() if place.seat}
        start = next((place for place in self.places.values() if option in place.options), seats.get(actor))
        return (self.point(start), self.point(seats.get(target or "", start))) if start else None


def _stretched(latitude: float) -> float:
    """Return a latitude in Mercator's projection, in degrees of longitude at the equator."""
    return degrees(asinh(tan(radians(latitude))))
