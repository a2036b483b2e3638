"""Colours of all media, each defined once: of pages in light and dark mode, of categories, and of scales."""

COLOURS = {
    "ink": ("#16202b", "#e4eaf0"), "soft": ("#4b5966", "#a5b1bc"), "line": ("#d5dbe1", "#33404c"),
    "paper": ("#fff", "#161d24"), "ground": ("#f3f5f7", "#0e1318"), "accent": ("#005a8c", "#7cc0f0"),
    "warn": ("#8a3b00", "#ffb27a"), "hover": ("#e7edf2", "#24303a"), "code": ("#f0f3f5", "#1f2831"),
    "panel": ("#fafbfc", "#1b242c"), "odd": ("#f5f7f9", "#1b232b"), "alarm": ("#fff4ec", "#2e1c10"),
    "alarm-ink": ("#5c2600", "#ffc9a3"), "badge": ("#16202b", "#e4eaf0"), "badge-ink": ("#fff", "#10161c"),
    "mark": ("#3a3a3a", "#cfd7de"), "grid": ("#e3e7eb", "#2b3640"), "border": ("#7b8894", "#7b8894"),
    "c0": ("#0072B2", "#56a8e0"), "c1": ("#D55E00", "#ff8a4c"), "c2": ("#009E73", "#2fc79a"),
    "c3": ("#CC79A7", "#e59ac2"), "c4": ("#E69F00", "#f2b234"), "c5": ("#56B4E9", "#8fd0f7"),
    "c6": ("#000000", "#e4eaf0"), "c7": ("#8C7B00", "#cdb92f"), "met": ("#0072B2", "#56a8e0"),
    "late": ("#B86E00", "#f2b234"), "missed": ("#B34700", "#ff8a4c"),
}  # fmt: skip
"""Variables of the style sheet with their colours in light and dark mode. `c0` to `c7` are of categories."""
OKABE_ITO = tuple(COLOURS[f"c{place}"][0] for place in range(8))
"""The palette of Okabe and Ito for categories, with yellow replaced by a darker one."""
PUOR = ("#7F3B08", "#B35806", "#E08214", "#FDB863", "#FEE0B6", "#F7F7F7",
        "#D8DAEB", "#B2ABD2", "#8073AC", "#542788", "#2D004B")  # fmt: skip
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
