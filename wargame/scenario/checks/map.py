"""The map: its area, and which place is the seat of a government or the place of an option."""

from wargame.scenario.building.draft import Draft


def check_map(draft: Draft) -> None:
    """Report an area that is empty, and what is at two places."""
    found = draft.scenario.map
    if found is None:
        return
    west, south, east, north = found.area
    if not (west < east <= west + 360 and south < north):
        message = "the area is empty, or larger than the world"
        draft.fault(("map", "area"), message, "write west, south, east and north, in this order")
    places: dict[str, str] = {}
    for name, place in found.places.items():
        for key, each in (("seat", place.seat), *(("options", option) for option in place.options)):
            if each is not None and places.setdefault(each, name) != name:
                draft.fault(("map", "places", name, key), f"'{each}' is already at '{places[each]}'", "name one place")
