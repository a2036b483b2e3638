"""Which batch an argument names."""

from __future__ import annotations

from pathlib import Path

from wargame.batches.running.manifest import batches
from wargame.batches.study.catalogue import is_batch
from wargame.errors import UsageFault, nearest, shortened
from wargame.journal.folder import LAST, runs_folder


def find(name: str, top: str = "") -> str:
    """The batch folder that an argument names: a path, an address, a name or the start of one under `runs/`, or `last`.

    `last` is the batch that was started last. Raises UsageFault if there is none, or more than one.
    """
    if "://" in name or Path(name).is_dir():
        return name
    place = Path(top) if top else runs_folder()
    known = sorted(path.name for path in place.iterdir() if is_batch(path)) if place.is_dir() else []
    if name == LAST and LAST not in known:
        started = [(batch.started, folder) for folder, batch in batches(place)]
        if not started:
            raise UsageFault(f"there is no batch under {place}/ yet (start one with: wargame batch)")
        return str(place / max(started)[1])
    fits = [each for each in known if each.startswith(name)] if name else []
    if name in known or len(fits) == 1:
        return str(place / (name if name in known else fits[0]))
    if fits:
        raise UsageFault(f"'{shortened(name, 100)}' is ambiguous: {', '.join(fits[:6])}; write more of the name")
    hint = nearest(name, [*known, LAST]) or f"wargame list batches lists those under {place}/"
    raise UsageFault(f"there is no batch '{shortened(name, 100)}'; {hint}")
