"""`tools/make_backtest.py`: the pages that a result of the backtest becomes, and the pages of the present one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import evidence
import evidence_pages
import make_backtest
import provenance
import pytest

PAGES = ("results-backtest.md", "results-backtest-kinds.md", "results-backtest-events.md")
AGAINST = {"value": 0.09, "skill": 0.1, "low": -0.2, "high": 0.3}


def score(kind: str, window: int, name: str) -> dict[str, Any]:
    """A row of scores."""
    naive = dict.fromkeys((*make_backtest.NAIVE, "hawkes"), AGAINST) | {"beside": AGAINST | {"low": 0.05}}
    row = {"kind": kind, "window": window, "score": name, "value": 0.08, "low": 0.06, "high": 0.1, "naive": naive}
    return row | {
        "occurred": 2,
        "occurred_high": 0.1 if kind == "talks" else 0.5,
        "forecasts": 9,
        "mean_p": 0.12,
        "named": {"value": 0.07, "naive": naive},
    }


def result(leads: list[int] | None = None) -> dict[str, Any]:
    """The document of a small backtest: three windows, two kinds, one event that is scored and one that is not."""
    windows, kinds = [14, 30, 90], ["all", "launch", "talks"]
    event = {"date": "2016-07-06", "actors": "USA>PRK", "kind": "sanction", "mark": "decided"}
    return {
        "origins": [{"runs": 60, "date": "2016-07-01"}, {"runs": 60, "date": "2016-08-01"}],
        "earlier": [{"runs": 60, "date": "2016-01-01"}, {"runs": 60, "date": "2016-06-01"}],
        "covered": {"until": "2017-05-30"},
        "windows": windows,
        "leads": leads or [0],
        "titles": {"launch": "Launch of a missile", "talks": "Talks"},
        "scores": [score(kind, window, name) for name in make_backtest.SCORES for kind in kinds for window in windows],
        "reliability": [
            {"window": None, "from": 0, "to": 0.1, "n": 3, "forecast": 0.05, "observed": 0.1, "low": 0.0, "high": 0.4}
        ],
        "events": [
            event | {"id": "E1", "scored_as": ["sanction USA"], "not_scored": None},
            event | {"id": "E2", "scored_as": [], "not_scored": "no kind includes it"},
        ],
    }


def test_a_result_becomes_three_pages(tmp_path: Path) -> None:
    """Scores over all kinds, scores by kind and window, events."""
    make_backtest.write(result(), tmp_path)
    whole, kinds, events = ((tmp_path / name).read_text("utf-8") for name in PAGES)
    assert whole.count("| Brier | 14 |") == 1
    assert [kinds.count(f"| {title} |") for title in ("**All kinds**", "Launch of a missile", "Talks")] == [3, 3, 3]
    assert "- Within 14 days, named events: better than random governments; no clear difference from never, " in whole
    often = whole.partition("runs have too often")[2].partition("## ")[0]
    assert [often.count(f"| {title} |") for title in ("Launch of a missile", "Talks")] == [0, 3]
    assert "| E1 | 2016-07-06 | USA>PRK | sanction | decided | sanction USA |" in events
    assert "| E2 | 2016-07-06 | USA>PRK | sanction | decided | not scored: no kind includes it |" in events


def fixed_parts(page: str) -> list[str]:
    """Headings, heads of tables and the text before the second heading or the first table, without their numbers."""
    text = re.sub(r"<!-- from: .*?<!-- /from -->\n", "", page, flags=re.DOTALL)
    intro = re.split(r"\n(?=\| |## )", text)[0]
    parts = [intro.strip(), *re.findall(r"^(?:#+ .*|\|[^\n]*\|(?=\n\| --- ))", text, re.MULTILINE)]
    return [re.sub(r"\d[\d.,-]*", "0", part) for part in parts]


@pytest.mark.parametrize("name", PAGES)
def test_the_present_pages_have_what_a_result_would_write(name: str, tmp_path: Path) -> None:
    """Headings, the first text and the heads of tables are those of the generator: new results change numbers only."""
    make_backtest.write(result(), tmp_path)
    written, shown = ((folder / name).read_text("utf-8") for folder in (tmp_path, evidence_pages.DOCS / "reference"))
    assert fixed_parts(written) == fixed_parts(shown)


@pytest.mark.slow
def test_the_steps_of_the_backtest_write_their_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rolling step writes its pages, the led one its table; each page names its commits."""
    top = tmp_path / "reference"
    top.mkdir()
    (top / "results-backtest-lead.md").write_text(
        "# Lead\n\n<!-- from: -->\n<!-- /from -->\n<!-- led: -->\n<!-- /led -->\n"
    )
    monkeypatch.setattr(evidence_pages, "DOCS", tmp_path)
    monkeypatch.setattr(make_backtest, "FOLDER", top)
    monkeypatch.setattr(evidence, "_read", lambda name: result([30] if name == "led" else None))
    monkeypatch.setattr(provenance, "text", lambda _: "Of commit `11111111`.\n")
    for name in ("rolling", "led"):
        evidence._write(next(step for step in evidence.STEPS if step.name == name))
    assert {path.name for path in top.glob("*.md")} == {*PAGES, "results-backtest-lead.md"}
    named = {path.name for path in top.glob("*.md") if "`11111111`" in path.read_text("utf-8")}
    assert named == {"results-backtest.md", "results-backtest-kinds.md", "results-backtest-lead.md"}
    assert "| **All kinds** | 14 | 30 days before |" in (top / "results-backtest-lead.md").read_text("utf-8")
