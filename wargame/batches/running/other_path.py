"""A sample of a batch's rows, computed again by interpreted code where the batch was computed by compiled code.

The two give the same numbers (`wargame.numbers`). A batch checks that for some of its own runs, in a process of their
own, and fails if a row differs.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from wargame import numbers
from wargame.batches.running import parquet, parts, worker
from wargame.batches.running.parquet import Table
from wargame.batches.running.store import Store
from wargame.batches.study.prepared import PreparedStudy
from wargame.errors import NotReproducible
from wargame.numbers.selection import INTERPRETED, NATIVE, SWITCH

EVERY = 500
"""Runs of a batch for each that is computed again, which then costs about 5 % of the batch; judgement."""
MOST = 10
"""Runs that are computed again at most; judgement."""

Rows = dict[tuple[str, int], dict[str, Any]]
"""Rows by arm and replication."""


def verify_sample(place: Store, prepared: PreparedStudy, cells: int, skipped: Sequence[bool]) -> int:
    """Compute a sample of the rows again and return how many; NotReproducible if one differs.

    0 if the batch is small, if its numbers are interpreted, or if the process of the sample ends with an error.
    """
    chosen = [cell for cell in sample(prepared, cells) if not skipped[cell]] if numbers.PATH == NATIVE else []
    if not chosen:
        return 0
    done = subprocess.run(  # noqa: S603  # starts this module
        [sys.executable, "-m", "wargame.batches.running.other_path", place.address, *map(str, chosen)],
        env=os.environ | {SWITCH: INTERPRETED},
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        return 0
    again = _by_cell(parquet.decode(done.stdout))
    compare(place, again)
    return len(again)


def sample(prepared: PreparedStudy, cells: int) -> list[int]:
    """Cells spread over a batch and its arms. Runs with programs are not among them: they cannot be repeated."""
    count, arms = min(cells // EVERY, MOST), len(prepared.names)
    spread = (i * (cells // count) + i % arms for i in range(count))
    return [cell for cell in spread if prepared.players(worker.cell_of(prepared, cell)[0]) is None]


def compare(place: Store, again: Rows) -> None:
    """Compare rows with those of the batch; NotReproducible names the first difference."""
    stored = _by_cell(parts.read_table(place, parts.RUNS))
    for (arm, replication), row in sorted(again.items()):
        before = stored[arm, replication]
        for name, value in row.items():
            if before[name] != value:
                raise NotReproducible(
                    f"{place.address}: {name} of replication {replication} of arm {arm} is {before[name]} compiled and "
                    f"{value} interpreted: the compiled package numbers is wrong (set {SWITCH}={INTERPRETED}, run the "
                    "batch in another folder, and report this)"
                )


def _by_cell(table: Table) -> Rows:
    return {(row["arm"], row["replication"]): row for row in table.rows()}


def main(address: str, cells: list[int]) -> None:
    """Run some cells of a batch and write their rows to the standard output, as a part."""
    batch = worker.prepare((address, uuid4().hex))
    rows = [worker.run_cell(batch.prepared, cell).row for cell in cells]
    sys.stdout.buffer.write(parts.encode(rows, batch.schema))


if __name__ == "__main__":
    main(sys.argv[1], list(map(int, sys.argv[2:])))
