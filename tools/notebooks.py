"""Execute the notebooks in `examples/notebooks` and write their outputs, and a page of the documentation for each.

`python tools/notebooks.py` writes the notebooks, `docs/notebooks/*.md` and the figures of the pages. `--check` writes
nothing and fails if an output is no longer what a cell gives; figures are only drawn, not compared. Cells run in this
process, in an empty folder; neither Jupyter nor a kernel is needed.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "examples" / "notebooks"
PAGES = ROOT / "docs" / "notebooks"
IMAGES = ROOT / "docs" / "images" / "notebooks"
NOTE = "<!-- Written by tools/notebooks.py from {name}: change the notebook, then run the script. -->\n\n"
SVG = "image/svg+xml"


def main() -> None:
    """Write what has changed, or report it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, fail if an output is out of date")
    check, stale = parser.parse_args().check, []
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        notebook = executed(json.loads(path.read_text("utf-8")))
        if comparable(notebook) != comparable(json.loads(path.read_text("utf-8"))):
            stale.append(path.name)
        if not check:
            write(path, notebook)
    if check and stale:
        sys.exit(
            f"out of date: {', '.join(stale)}; run `python tools/notebooks.py` and read the text around the outputs"
        )


def write(path: Path, notebook: dict[str, Any]) -> None:
    """Write a notebook, its page and the figures of the page."""
    text, figures = page(path.stem, notebook)
    PAGES.mkdir(exist_ok=True)
    IMAGES.mkdir(exist_ok=True)
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (PAGES / f"{path.stem}.md").write_text(text, encoding="utf-8")
    for name, figure in figures.items():
        (IMAGES / name).write_text(figure.rstrip() + "\n", encoding="utf-8")


def executed(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook with the outputs that its cells give now."""
    names: dict[str, Any] = {"__name__": "__main__"}
    number = 0
    import pandas as pd

    fixed = pd.option_context("display.width", 120, "display.max_columns", 20, "display.max_colwidth", 50)
    with tempfile.TemporaryDirectory() as place, contextlib.chdir(place), fixed:
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                number += 1
                cell["execution_count"] = number
                cell["outputs"] = outputs("".join(cell["source"]), names, number)
    return notebook


def outputs(source: str, names: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """The outputs of one cell: what it prints, and the value of its last line."""
    tree, value = ast.parse(source), None
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(tree, "cell", "exec"), names)  # noqa: S102 - the project's own notebooks
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307 - see above
    text = printed.getvalue()
    found: list[dict[str, Any]] = [{"name": "stdout", "output_type": "stream", "text": text}] if text else []
    if value is not None:
        result = {"execution_count": number, "metadata": {}, "output_type": "execute_result"}
        found.append({**result, "data": shown(value)})
    return found


def shown(value: Any) -> dict[str, str]:
    """A value in the forms in which a notebook can show it."""
    data = {"text/plain": repr(value)}
    if hasattr(value, "_repr_svg_"):
        data[SVG] = value._repr_svg_()
    elif hasattr(value, "_repr_html_"):
        data["text/html"] = value._repr_html_()
    return data


def comparable(notebook: dict[str, Any]) -> list[Any]:
    """The cells without drawings, which depend on the version of the library that draws them."""
    cells = []
    for cell in notebook["cells"]:
        texts = [each.get("text") or each["data"]["text/plain"] for each in cell.get("outputs", ())]
        cells.append((cell["cell_type"], "".join(cell["source"]), texts))
    return cells


def page(name: str, notebook: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """A notebook as a page, and the figures of the page by file name."""
    parts, figures = [NOTE.format(name=f"examples/notebooks/{name}.ipynb").strip()], dict[str, str]()
    for cell in notebook["cells"]:
        source = "".join(cell["source"]).strip()
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```py\n{source}\n```")
        for output in cell["outputs"]:
            data = output.get("data", {})
            if SVG in data:
                file = f"{name}-{len(figures) + 1}.svg"
                figures[file] = data[SVG]
                parts.append(f"![{' '.join(data['text/plain'].split())}](../images/notebooks/{file})")
            elif "dataframe" in data.get("text/html", ""):
                parts.append(table(data["text/html"]))
            else:
                parts.append(f"```text\n{(output.get('text') or data['text/plain']).rstrip()}\n```")
    parts.append(f"This notebook as a file: `examples/notebooks/{name}.ipynb` in the source.")
    return "\n\n".join(parts) + "\n", figures


def table(html: str) -> str:
    """A data frame as HTML, without the style of pandas, in one block for Markdown."""
    start = html.index("<table")
    lines = html[start : html.index("</table>") + len("</table>")].splitlines()
    return "\n".join(line.strip() for line in lines).replace('border="1" class="dataframe"', "")


if __name__ == "__main__":
    main()
