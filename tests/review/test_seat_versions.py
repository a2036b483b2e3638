"""The review for a seat: it contains only what that government could know."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from support.records import made
from support.reviews import embedded, page, with_records
from support.run_tables import tables_of
from wargame.journal.records import Record
from wargame.review.findings import knowledge
from wargame.review.findings.findings import Findings
from wargame.review.findings.source import RunSource
from wargame.review.reports.writing import render

SEAT_SECRETS = ("seed", "sha256", "wargame run", "expected", "coup", "harvest")


def test_an_inbox_has_only_what_reached_the_seat(folder: Path, lines: list[dict[str, Any]]) -> None:
    """Signals of the seat and messages to it, up to the given day."""
    table = tables_of(folder).inbox("BRL", 90)
    who = {line["seq"]: line for line in lines}

    assert len(table) > 0
    assert table.day.max() <= 90
    for seq in table.seq:
        line = who[seq]
        assert line["who"] == "BRL" or not line["data"].get("audience") or "BRL" in line["data"]["audience"]


def test_an_inbox_has_signals_as_the_seat_perceived_them(folder: Path, lines: list[dict[str, Any]]) -> None:
    """With the perceived weight and the surprise, and the record of the action behind each."""
    table = tables_of(folder).inbox("BRL")
    columns = ["perceived", "surprise", "action"]
    perceived = [line for line in lines if line["kind"] == "signal" and line["who"] == "BRL"]
    assert table[table.kind == "signal"][columns].to_numpy().tolist() == [
        [line["data"][name] for name in columns] for line in perceived
    ]


def test_a_seat_sees_only_its_own_decisions_and_no_true_effects(source: RunSource) -> None:
    """Decisions, strategies, expectations and effects of others are left out."""
    known = knowledge.known_to(source, "BRL")

    assert {r.who for r in known if r.kind in ("decision", "action", "signal", "order.cancelled", "strategy")} == {
        "BRL"
    }
    assert not any("effects" in r.data or "action" in r.data for r in known)
    assert not {r.kind for r in known} & {"expected", "run.start", "history", "rating"}
    paths = {path for r in known for path in r.data.get("values", ())}
    assert "trust[BRL, ARD]" in paths
    assert "trust[ARD, BRL]" not in paths


def test_records_hidden_from_a_seat_do_not_change_its_version(source: RunSource) -> None:
    """Replacing hidden decisions, effects and numbers by other values gives the same records."""
    from dataclasses import replace

    def disturbed(r: Record) -> Record:
        data = dict(r.data)
        if r.kind == "decision" and r.who != "BRL":
            data = {"choice": "secret"}
        if r.kind == "action":
            data["effects"] = {"tension": [0, 9]}
            data |= {} if r.who == "BRL" else {"title": "secret", "success": False}
        if "values" in data:
            data["values"] = data["values"] | {"trust[ARD, BRL]": 0.123}
        if r.kind in ("expected", "run.end", "hazard"):
            data = {}
        return made(r.seq, r.t, r.at, r.kind, r.who, r.about, r.cause, data)

    other = replace(source, records=[disturbed(record) for record in source.records])
    assert knowledge.known_to(other, "BRL") == knowledge.known_to(source, "BRL")


def test_the_page_for_a_seat_has_no_seed_hash_or_plan(source: RunSource) -> None:
    """Neither the page nor its journal reveals how to repeat the run, the script or decisions of others."""
    page = render(Findings(source), "html", "BRL")
    carried = json.dumps(embedded(page)).lower()
    shown = re.sub(r"(?s)<(script|style).*?</\1>|<meta[^>]+>", "", page.decode()).lower()

    for secret in SEAT_SECRETS:
        assert secret not in shown, secret
    assert source.folder.path.name not in shown
    assert source.manifest.scenario_sha256 not in page.decode() + carried
    assert {r[3] for r in embedded(page)["records"] if r[2] in ("decision", "signal", "action")} == {"BRL"}


def test_the_page_for_a_seat_says_how_the_run_ended(source: RunSource) -> None:
    """Records that are hidden from the seat are not reported as missing."""
    html = page(source, "BRL")

    assert "<dt>Ended</dt><dd>ENDEX" in html
    assert "journal is missing" not in html


def test_the_page_for_a_seat_says_that_the_journal_is_incomplete(source: RunSource) -> None:
    """As the page for exercise control does."""
    cut = replace(source, records=source.records[:-1])
    assert "the rest of its journal is missing" in page(cut, "BRL")


STEP = ("forum", "", "council", (), {"from": "proposed", "to": "agreed", "event": "agree", "title": "The council"})


SECRET = ("action", "ARD", "strike", (), {"option": "strike", "title": "strikes", "target": None})


@pytest.mark.parametrize(
    ("cause", "known"),
    [((), True), ((0,), True), ((1,), False)],
    ids=["no cause", "a step of a forum", "an action it never learned of"],
)
def test_a_seat_sees_outcomes_whose_causes_it_knows(source: RunSource, cause: tuple[int, ...], *, known: bool) -> None:
    """Outcomes of forums, agreements or no action are public; those of an unknown action are hidden."""
    source_with_outcome = with_records(
        source, STEP, SECRET, ("outcome", "", "resolved", cause, {"title": "The council resolves"})
    )
    titles = [r.data["title"] for r in knowledge.known_to(source_with_outcome, "BRL") if r.kind == "outcome"]

    assert ("The council resolves" in titles) is known
    assert ("<b>The council resolves</b>" in page(source_with_outcome, "BRL")) is known
