"""The progress of a batch as a bar on standard error, with rate and time left."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from wargame.batch.running.runner import Progress


@contextmanager
def bar(label: str) -> Iterator[Callable[[Progress], None]]:
    """A bar that follows what it is told."""
    from tqdm import tqdm

    with tqdm(total=0, desc=label, unit="run", file=sys.stderr, dynamic_ncols=True, leave=False) as shown:
        began = False

        def tell(progress: Progress) -> None:
            nonlocal began
            if not began:
                # What an earlier sitting has done does not count into the rate.
                began, shown.initial, shown.n = True, progress.done, progress.done
            shown.total = progress.total
            if progress.failed:
                shown.set_postfix(failed=progress.failed, refresh=False)
            shown.update(progress.done - shown.n)

        yield tell
