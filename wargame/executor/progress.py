"""Progress bars on standard error, or in a notebook: one over game time, one over the runs of a long job."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, Protocol

from wargame.language.times import DAY

DAYS = "{l_bar}{bar}| {n_fmt}/{total_fmt} days [{elapsed}<{remaining}{postfix}]"


class JobProgress(Protocol):
    """A function that shows the progress of a job."""

    def __call__(self, done: int, total: int, failed: int = 0, /) -> None:
        """Show the runs that are done, the runs of the whole job, and how many of them failed."""


@contextmanager
def game_time_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function of the game time now and at the end, from STARTEX; before it, history is replayed."""
    with _bar(label, bar_format=DAYS) as bar:
        replaying = False

        def advance(now: int, end: int) -> None:
            nonlocal replaying
            if now < 0:
                replaying, bar.total = True, end // DAY
                bar.set_description_str(f"{label}: replaying history")
                return
            if replaying or bar.total != end // DAY:  # the replay does not count towards the rate
                replaying = False
                bar.reset(end // DAY)
                bar.set_description_str(label, refresh=False)
            bar.update(now // DAY - bar.n)
            elapsed = bar.format_dict["elapsed"]
            bar.set_postfix_str(f"{bar.n / elapsed:,.0f} days/s" if elapsed else "", refresh=False)

        yield advance


@contextmanager
def job_bar(label: str) -> Iterator[JobProgress]:
    """Yield a function that moves the bar; runs done before its first call do not count towards the rate."""
    with _bar(label, unit="run") as bar:
        started = False

        def advance(done: int, total: int, failed: int = 0, /) -> None:
            nonlocal started
            if not started or done < bar.n:  # the start of the job, or of its next phase
                started = True
                bar.initial = 0
                bar.reset(total)
                bar.initial = bar.n = bar.last_print_n = done
            bar.total = total
            if failed:
                bar.set_postfix(failed=failed, refresh=False)
            bar.update(done - bar.n)

        yield advance


def _bar(label: str, *, unit: str = "it", bar_format: str | None = None) -> Any:
    if "ipykernel" in sys.modules and find_spec("ipywidgets"):  # a notebook, which has bars of its own
        from tqdm.auto import tqdm as bar
    else:
        from tqdm import tqdm as bar  # type: ignore[assignment]

    return bar(total=0, desc=label, unit=unit, bar_format=bar_format, leave=False, file=sys.stderr, dynamic_ncols=True)
