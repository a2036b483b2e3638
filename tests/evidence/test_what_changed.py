"""The pages 'what changed and why' come from the tables on the pages of evidence and from those stored before."""

from __future__ import annotations

import importlib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The script."""
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    return importlib.import_module("what_changed")


def compared(tool: Any, after: dict[str, Any], reasons: dict[str, str] | None = None) -> list[str]:
    """The lines of the tables after the stored ones, that of the state first."""
    before = tool.stored()
    tables = [tool.markdown(name, before[name], after[name], reasons or {}) for name in tool.SECTIONS]
    return [line for table in (tool.state(before, after), *tables) for line in table.splitlines()]


def test_every_number_of_the_evidence_is_a_row(tool: Any) -> None:
    """All targets, all measures of claims, both numbers of all pairs, skill by score, window and naive forecast."""
    for sections in (tool.stored(), tool.present()):
        ids = {name: [row.id for row in section.rows] for name, section in sections.items()}
        assert set(ids["targets"]) >= {f"T{i:02}" for i in range(1, 21)}
        assert set(ids["claims"]) >= {f"P{i:02}" for i in range(1, 26)} | {f"P{i:02}.1" for i in range(1, 26)}
        kinds = Counter(each.rpartition(": ")[2] for each in ids["relations"])
        assert (kinds["routine"], kinds["reciprocity"]) == (30, 30)
        assert len(ids["scores"]) == 4 * 3 * 3
        assert all(len(each) == len(set(each)) for each in ids.values())
        assert all(row.value or row.verdict for section in sections.values() for row in section.rows)


def test_a_page_that_was_not_computed_again_has_no_values_after(tool: Any) -> None:
    """Only what is expected to change is listed, and the state says why."""
    lines = compared(tool, tool.stored(), {"T03": "Longer quiet spells."})
    assert sum("not computed again yet" in line for line in lines) == len(tool.SECTIONS)
    (row,) = [line for line in lines if line.startswith("| **T")]
    assert row.startswith("| **T03**")
    assert row.endswith("| not computed again | Longer quiet spells. |")


PAGE = """
<!-- from: of the stored results -->

These numbers are of commit `abcdef12`.

<!-- /from -->

| Target | Observed | Simulated (95 % interval) | Band | Verdict |
| --- | --- | --- | --- | --- |
| **T02** Rhythm | 0.94 | T02 VALUE | 0.6 to 1.6 | inside |
| **T03** Quiet months | 0.24 | T03 VALUE | 0.08 to 0.42 | outside |
"""


def test_changed_verdicts_and_numbers_are_marked_with_their_reason(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number is changed if the intervals do not overlap; a reason is given only for what has changed."""
    before = {"T02": ("0.757 (0.701 to 0.813)", "inside"), "T03": ("0.202 (0.178 to 0.227)", "inside")}
    rows = tuple(tool.Row(name, "x", *cells) for name, cells in before.items())
    stored = tool.stored() | {"targets": tool.Section(("13f56573",), rows)}
    monkeypatch.setattr(tool, "stored", lambda: stored)
    text = PAGE.replace("T02 VALUE", "0.780 (0.750 to 0.800)").replace("T03 VALUE", "0.310 (0.290 to 0.330)")
    after = stored | {"targets": tool.section_of("targets", text)}
    lines = compared(tool, after, {"T02": "None.", "T03": "Longer quiet spells."})
    (quiet,) = [line for line in lines if line.startswith("| **T03**")]
    assert quiet.endswith("| 0.310 (0.290 to 0.330); outside | verdict, number | Longer quiet spells. |")
    (rhythm,) = [line for line in lines if line.startswith("| **T02**")]
    assert rhythm.endswith("| 0.780 (0.750 to 0.800); inside |  |  |")
    (state,) = [line for line in lines if line.startswith("| [Targets]")]
    assert state.endswith("| commit `13f56573` | commit `abcdef12` | 2 | 1 | 1 | 0 |")


def test_new_and_dropped_rows_are_listed(tool: Any) -> None:
    """A measure that has been added has no value before, one that was dropped none after."""
    before = tool.stored()["scores"]
    first, *others = before.rows
    added = replace(first, id="x", title="x", value="+0.1 (+0.0 to +0.2)")
    after = tool.stored() | {"scores": replace(before, commits=("abcdef12",), rows=(*others, added))}
    lines = compared(tool, after)
    assert f"| {first.title} | {first.value} | no longer measured | dropped |  |" in lines
    assert "| x | not measured | +0.1 (+0.0 to +0.2) | new |  |" in lines


def test_reasons_name_rows_or_sections(tool: Any) -> None:
    """A mistyped id would never be shown."""
    import json

    reasons = json.loads(tool.REASONS.read_text("utf-8"))
    known = {row.id for section in tool.stored().values() for row in section.rows} | set(tool.SECTIONS)
    assert set(reasons) <= known


def test_the_pages_are_up_to_date(tool: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing them again changes nothing."""
    import evidence_pages

    shown = {page: (ROOT / "docs" / page).read_text("utf-8") for page in (tool.PAGE, *map(tool.page_of, tool.SECTIONS))}
    (tmp_path / tool.PAGE).parent.mkdir()
    for page, text in shown.items():
        (tmp_path / page).write_text(text, "utf-8")
    monkeypatch.setattr(evidence_pages, "DOCS", tmp_path)
    tool.write()
    assert {page: (tmp_path / page).read_text("utf-8") for page in shown} == shown


CLAIMS = """
| Claim and measures | Estimate (95 % interval) | Expected | Verdict | Runs needed |
| --- | --- | --- | --- | --- |
| **P01** China alone |  |  | **supported** |  |
| `p(freeze)` | -0.39 (-0.48 to -0.30) | below 0 | supported |  |
"""


def test_claims_without_labels_are_compared_too(tool: Any) -> None:
    """Labels are a later step of the evidence, and the page is written after each step."""
    rows = tool.section_of("claims", CLAIMS).rows
    assert [(row.id, row.verdict) for row in rows] == [("P01", "supported"), ("P01.1", "supported")]
