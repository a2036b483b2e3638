"""Charts: Vega-Lite specifications of `charts/`, filled in and drawn as SVG by Vega in an engine of JavaScript.

PNG and PDF are made of the SVG by vl-convert (extra `figures`).
"""

import gzip
import json
import threading
from importlib import resources
from typing import Any

from wargame.document.palette import CHART_GRID, COLOURS, PUOR
from wargame.errors import needs
from wargame.language.plain_text import clean_json
from wargame.tables import tables

FONT = "Liberation Sans, Arial, sans-serif"
"""The typeface of `charts/style.yaml`."""
Chart = dict[str, Any]
"""A specification of Vega-Lite."""
HUES = {name: light for name, (light, _) in COLOURS.items()} | {"chart_grid": CHART_GRID, "puor": list(PUOR)}
"""The colours of specifications, by their names."""


def chart(name: str, **given: Any) -> Chart:
    """Return the specification `charts/NAME.yaml` with what is given, or a colour of the palette, in place of `$NAME`.

    What is given as None is left out, and so is a part whose `when` is empty or false.
    """
    return dict(_filled(tables(f"document/charts/{name}.yaml"), HUES | given))


def _filled(part: Any, given: dict[str, Any]) -> Any:
    if isinstance(part, str) and part.startswith("$"):
        return given[part[1:]]
    if isinstance(part, list):
        return [filled for each in part if (filled := _filled(each, given)) is not None or each is None]
    if isinstance(part, dict):
        if "when" in part and not _filled(part["when"], given):
            return None
        pairs = ((key, each, _filled(each, given)) for key, each in part.items() if key != "when")
        return {key: value for key, each, value in pairs if value is not None or each is None}
    return part


def styled(spec: Chart) -> Chart:
    """Return a chart in the style that all figures share, without characters that a viewer would act upon."""
    return dict(json.loads(clean_json(json.dumps(spec | chart("style")))))


def svg(spec: Chart) -> str:
    """Return the chart as SVG, of the same bytes on every machine. Nothing is loaded from a network."""
    engine = _engine()
    engine.get("draw")(json.dumps(styled(spec)))
    while engine.execute_pending_job():
        pass
    drawn, error = json.loads(engine.eval("JSON.stringify(result)"))
    if error:
        raise ValueError(f"a chart cannot be drawn: {error}")
    return str(drawn)


_THREAD = threading.local()


def _engine() -> Any:
    """Return the thread's engine of JavaScript with Vega, which takes a quarter of a second to start.

    Two threads must not use one engine: it would end the process.
    """
    if hasattr(_THREAD, "engine"):
        return _THREAD.engine
    import quickjs

    _THREAD.engine = engine = quickjs.Context()
    folder = resources.files("wargame.document") / "assets" / "vega"
    engine.eval((folder / "draw.js").read_text(encoding="utf-8"))
    for name in ("vega.min.js.gz", "vega-lite.min.js.gz"):
        engine.eval(gzip.decompress((folder / name).read_bytes()).decode())
    return engine


def png(spec: Chart) -> bytes:
    """Return the chart as PNG, at twice the resolution of a screen; MissingExtra without the extra `figures`."""
    return bytes(_converter().svg_to_png(svg(spec), scale=2))


def pdf(spec: Chart) -> bytes:
    """Return the chart as PDF; MissingExtra without the extra `figures`."""
    return bytes(_converter().svg_to_pdf(svg(spec)))


def html(spec: Chart) -> str:
    """Return the chart as a page that can be zoomed; MissingExtra without the extra `figures`."""
    return str(_converter().vegalite_to_html(styled(spec), bundle=True))


def _converter() -> Any:
    with needs("figures as PNG, PDF and HTML, and in Word, need vl-convert", "figures"):
        import vl_convert
    return vl_convert
