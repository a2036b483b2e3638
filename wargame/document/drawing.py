"""Altair charts as SVG, drawn by Vega in an engine of JavaScript, in the style that all figures share.

PNG and PDF are made of the SVG by vl-convert (extra `figures`).
"""

import gzip
import json
from functools import cache
from importlib import resources
from typing import Any

import altair as alt

from wargame.document.palette import CHART_GRID, CHART_LINE
from wargame.errors import MissingExtra
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
        .configure_axisX(labelSeparation=8)
        .configure_legend(labelFontSize=10, titleFontSize=11, orient="bottom", columnPadding=34, labelLimit=220)
    )


def _json(chart: Any) -> str:
    """Return the chart in the shared style as JSON, without characters that a viewer would act upon."""
    return clean_json(styled(chart).to_json())


def svg(chart: Any) -> str:
    """Return the chart as SVG, of the same bytes on every machine. Nothing is loaded from a network."""
    engine = _engine()
    engine.get("draw")(_json(chart))
    while engine.execute_pending_job():
        pass
    drawn, error = json.loads(engine.eval("JSON.stringify(result)"))
    if error:
        raise ValueError(f"a chart cannot be drawn: {error}")
    return str(drawn)


@cache
def _engine() -> Any:
    """Return the engine of JavaScript with Vega, which takes a quarter of a second to start."""
    import quickjs

    engine = quickjs.Context()
    folder = resources.files("wargame.document") / "assets" / "vega"
    engine.eval((folder / "draw.js").read_text(encoding="utf-8"))
    for name in ("vega.min.js.gz", "vega-lite.min.js.gz"):
        engine.eval(gzip.decompress((folder / name).read_bytes()).decode())
    return engine


def png(chart: Any) -> bytes:
    """Return the chart as PNG, at twice the resolution of a screen; MissingExtra without the extra `figures`."""
    return bytes(_converter().svg_to_png(svg(chart), scale=2))


def pdf(chart: Any) -> bytes:
    """Return the chart as PDF; MissingExtra without the extra `figures`."""
    return bytes(_converter().svg_to_pdf(svg(chart)))


def html(chart: Any) -> str:
    """Return the chart as a page that can be zoomed; MissingExtra without the extra `figures`."""
    _converter()
    return str(styled(chart).to_html(inline=True))


def _converter() -> Any:
    try:
        import vl_convert
    except ImportError:
        raise MissingExtra("figures as PNG, PDF and HTML, and in Word, need vl-convert", "figures") from None
    return vl_convert


def data(values: list[dict[str, Any]]) -> Any:
    """Return rows as the data of a chart."""
    return alt.Data(values=values)  # type: ignore[no-untyped-call]
