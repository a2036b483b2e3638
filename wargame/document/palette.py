"""Colours of all media, each defined once: of pages in light and dark mode, of categories, and of scales."""

from collections.abc import Mapping, Sequence

from wargame.tables import tables

COLOURS: Mapping[str, Sequence[str]] = tables("document/palette.yaml")["colours"]
"""Variables of the style sheet with their colours in light and dark mode. `c0` to `c7` are of categories."""
OKABE_ITO = tuple(COLOURS[f"c{place}"][0] for place in range(8))
"""The palette of Okabe and Ito for categories, with yellow replaced by a darker one."""
PUOR: tuple[str, ...] = tuple(tables("document/palette.yaml")["purple_orange"])
"""From distrust to trust, and from hostile to friendly."""
CHART_LINE, CHART_GRID = COLOURS["line"][0], "#e6eaee"
DARK = {
    **{COLOURS[name][0]: COLOURS[name][1] for name in ("line", "soft", *(f"c{place}" for place in range(8)))},
    **dict.fromkeys(("white", "#ffffff"), COLOURS["paper"][1]),
    "#000": COLOURS["ink"][1],
    **dict.fromkeys((CHART_GRID, "#ddd"), COLOURS["grid"][1]),
    "#888": COLOURS["border"][1],
}
"""The colours of charts on a page in dark mode, by the colours in which they are drawn."""


def bar_colour(status: str) -> str:
    """Return the colour of a part of a bar; other names than `met`, `late` and `missed` are grey."""
    return COLOURS[status][0] if status in ("met", "late", "missed") else "#98A3AD"


def style() -> str:
    """Return the variables as a style sheet. Dark mode is for screens, so that print is always light."""
    light, dark = (" ".join(f"--{name}: {both[mode]};" for name, both in COLOURS.items()) for mode in (0, 1))
    return (
        f":root {{ color-scheme: light; {light} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ color-scheme: dark; {dark} }} }}\n"
    )
