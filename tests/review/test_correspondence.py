"""Correspondence and standing procedures in the review: who wrote, what was answered, and by whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import console, output_of
from support.reviews import review_blocks
from support.terminals import seat
from wargame.document.blocks import Grid
from wargame.executor.run import Destination, simulate
from wargame.journal.folder import Folder
from wargame.journal.records.governments import ActionRecord
from wargame.review.findings.findings import Findings, open_findings
from wargame.review.findings.source import open_run
from wargame.review.reports.writing import render
from wargame.scenario.loading.load import load
from wargame.simulation.kernel.settings import Settings


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """An exercise with a person in the seat of Arda, in which the white cell answers for Brel."""
    folder: Path = tmp_path_factory.mktemp("written") / "run"
    there = console(folder, seats=(("ARD", "human"),))
    ard = seat(there, "ARD")
    output_of(ard, 'rfi "How far do the guns reach?"', 'rfi "Who commands?"', 'offer BRL "We withdraw if you do"')
    output_of(ard, 'message public "Arda wants peace"', 'vote ARD,BRL "Refer it to the court?"', "ballot 1 yes")
    output_of(there, 'reply ARD 1 "60 kilometres"', 'answer BRL 1 no "never"', 'message BRL ARD "We are ready"')
    output_of(there, "ballot BRL 1 no", "endex")
    there.session.close()
    return Findings(open_run(Folder(folder)))


def cells(written: Findings, caption: str) -> list[tuple[str, ...]]:
    """The cells of a table, without the time and the records."""
    grids = [block for block in review_blocks(written) if isinstance(block, Grid)]
    (table,) = [each for each in grids if each.caption.startswith(caption)]
    return [row[1:-1] for row in table.rows]


def test_what_the_white_cell_wrote_in_the_name_of_a_government_is_marked(written: Findings) -> None:
    """A reader is not led to believe that the model, or a player, has answered."""
    rows = cells(written, "Messages")
    assert ("Brel, by the white cell", "Arda", "We are ready", "") in rows
    assert ("Arda", "Brel", "Offer: We withdraw if you do", "Brel, by the white cell: no ('never')") in rows
    ((_, question, ballots, _),) = cells(written, "Votes")
    assert (question, ballots) == ("Refer it to the court?", "Arda: yes; Brel, by the white cell: no")


def test_requests_for_information_have_their_replies(written: Findings) -> None:
    """One without a reply says so; a public statement is to the public."""
    rows = cells(written, "Messages")
    assert ("Arda", "EXCON", "Request for information: Who commands?", "no answer") in rows
    assert (
        "Arda",
        "EXCON",
        "Request for information: How far do the guns reach?",
        "answered ('60 kilometres')",
    ) in rows
    assert ("Arda", "the public", "Arda wants peace", "") in rows


def test_a_seat_reads_a_review_of_what_its_procedure_did(tmp_path: Path) -> None:
    """Why it did is not part of what the government is shown."""
    simulate(load("cuba-1962"), 1, Settings(until="12h"), place=Destination(out=tmp_path / "run"))
    findings = open_findings(str(tmp_path / "run"))
    done = [
        record
        for record in findings.source.records
        if isinstance(record, ActionRecord) and record.source == "procedure"
    ]
    assert done
    assert all(render(findings, "html", seat) for seat in {record.who for record in done})
