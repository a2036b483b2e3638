"""Figures as notebooks show them: drawn on this machine as SVG, without a request to any host."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from wargame.document.blocks import Picture
from wargame.errors import UsageFault
from wargame.journal.outputs import write_output


@dataclass(frozen=True, slots=True, repr=False)
class Figure:
    """One figure, or several side by side. A notebook shows it as SVG."""

    pictures: tuple[Picture, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the specification of Vega-Lite, to change it; of several figures, two side by side."""
        from wargame.document.drawing import styled

        return styled(self._chart)

    @property
    def _chart(self) -> dict[str, Any]:
        if len(self.pictures) == 1:
            return self.pictures[0].chart
        parts = [{**each.chart, "title": each.title} for each in self.pictures]
        for part in parts:
            part.pop("padding", None)  # only the whole figure has one
        return {"concat": parts, "columns": 2}

    def svg(self) -> str:
        """Return the figure as SVG."""
        from wargame.document.drawing import svg

        return svg(self._chart)

    def save(self, path: str | Path) -> Path:
        """Write the figure as `.svg`, `.pdf`, `.png`, `.html` or `.json` (Vega-Lite); UsageFault for another ending.

        All but SVG and JSON need the extra `figures` (MissingExtra without it).
        """
        from wargame.document import drawing

        path, chart = Path(path), self._chart
        writers: dict[str, Callable[[], bytes]] = {
            ".svg": lambda: self.svg().encode(),
            ".pdf": lambda: drawing.pdf(chart),
            ".png": lambda: drawing.png(chart),
            ".html": lambda: drawing.html(chart).encode(),
            ".json": lambda: json.dumps(self.to_dict(), indent=2).encode(),
        }
        if path.suffix not in writers:
            raise UsageFault(f"{path}: a figure is saved as one of {', '.join(writers)}")
        return write_output(path, writers[path.suffix]())

    def image(self) -> str:
        """Return the figure as an HTML element with its description, and all of its content within the element."""
        text = escape(" ".join(f"{each.title}: {each.description}" for each in self.pictures), quote=True)
        content = b64encode(self.svg().encode()).decode()
        return f'<img alt="{text}" style="max-width: 100%" src="data:image/svg+xml;base64,{content}">'

    def __repr__(self) -> str:
        return "\n".join(f"Figure: {each.title}. {each.description}" for each in self.pictures)

    def _repr_svg_(self) -> str:
        return self.svg()


LEFT = 'style="text-align: left"'


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table with a caption; without heads, a list of names with their values. All texts are escaped."""
    cells = "".join(f'<th scope="col" {LEFT}>{escape(each)}</th>' for each in heads)
    head = f"<thead><tr>{cells}</tr></thead>" if heads else ""
    body = "".join("<tr>" + "".join(f"<td {LEFT}>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    title = f'<caption style="text-align: left; font-weight: bold">{escape(caption)}</caption>'
    return f"<table>{title}{head}<tbody>{body}</tbody></table>"
