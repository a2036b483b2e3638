"""The causal trace of a record as a table: every step back to the record that began it."""

from __future__ import annotations

import json
from pathlib import Path

from support.run_tables import tables_of
from wargame.executor.run import Destination, simulate
from wargame.scenario.loading.load import load


def test_a_trace_follows_the_first_cause_to_the_root(tmp_path: Path) -> None:
    """From the record with the longest chain of the run, computed from the journal's lines."""
    folder = simulate(load("two-rivals"), 3, place=Destination(out=tmp_path / "run")).folder.path
    lines = [json.loads(line) for line in (folder / "journal.jsonl").read_text("utf-8").splitlines()]
    causes = {line["seq"]: line["cause"] for line in lines}

    def chain(seq: int) -> list[int]:
        return [seq, *(chain(causes[seq][0]) if causes[seq] else [])]

    longest = max((chain(seq) for seq in causes), key=len)
    assert len(longest) > 3
    traced = tables_of(folder).why(longest[0])
    assert traced.seq.tolist() == longest
    assert traced.kind.tolist() == [lines[[line["seq"] for line in lines].index(seq)]["kind"] for seq in longest]
    assert traced.headline.map(bool).all()
