"""Altair charts as SVG, PDF and PNG, drawn offline by vl-convert, in the style that all figures share."""

from typing import Any

import altair as alt

from wargame.document.palette import CHART_GRID, CHART_LINE
from wargame.language.plain_text import clean_json

PADDING = {"left": 18, "right": 14, "top": 6, "bottom": 6}
"""Pixels around a chart: labels are wider on machines that lack the typeface they were measured with."""
FONT = "Liberation Sans, Arial, sans-serif"
WIDTH = 640


def styled(chart: Any) -> Any:
    """Return a chart in the shared style."""
    return (
        chart.configure(font=FONT, padding=PADDING)
        .configure_view(stroke=CHART_LINE)
        .configure_axis(
            labelFontSize=10, titleFontSize=11, gridColor=CHART_GRID, labelOverlap="greedy", titlePadding=10
        )
        .configure_legend(labelFontSize=10, titleFontSize=11, orient="bottom", columnPadding=34, labelLimit=220)
    )


def _json(chart: Any) -> str:
    """Return the chart in the shared style as JSON, without characters that a viewer would act upon."""
    return clean_json(styled(chart).to_json())


def svg(chart: Any) -> str:
    """Return the chart as SVG. Nothing is loaded from a network."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(_json(chart), allowed_base_urls=[]))


def png(chart: Any) -> bytes:
    """Return the chart as PNG, at twice the resolution of a screen."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(_json(chart), scale=2, allowed_base_urls=[]))


def pdf(chart: Any) -> bytes:
    """Return the chart as PDF."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_pdf(_json(chart), allowed_base_urls=[]))


def data(values: list[dict[str, Any]]) -> Any:
    """Return rows as the data of a chart."""
    return alt.Data(values=values)  # type: ignore[no-untyped-call]
