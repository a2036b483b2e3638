"""A progress bar for batches on standard error, with rate and time left."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from wargame.batch.running.runner import BatchProgress, ReportProgress


@contextmanager
def bar(label: str) -> Iterator[ReportProgress]:
    """A bar that shows the progress it is called with."""
    from tqdm import tqdm

    with tqdm(total=0, desc=label, unit="run", file=sys.stderr, dynamic_ncols=True, leave=False) as shown:
        began = False

        def report(progress: BatchProgress) -> None:
            nonlocal began
            if not began:
                # Runs of an earlier session do not count in the rate.
                began, shown.initial, shown.n = True, progress.done, progress.done
            shown.total = progress.total
            if progress.failed:
                shown.set_postfix(failed=progress.failed, refresh=False)
            shown.update(progress.done - shown.n)

        yield report
