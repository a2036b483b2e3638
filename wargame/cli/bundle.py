"""`wargame bundle`."""

from pathlib import Path
from typing import Annotated

from wargame.cli import completion, options


def command(
    name: Annotated[str, options.argument("RUN|BATCH", "bundle", autocompletion=completion.run_and_batch_names)],
    *,
    authors: Annotated[list[str] | None, options.option("--author", "NAME", "bundle")] = None,
    licence: Annotated[str, options.option("--licence", "TEXT", "bundle")] = "",
    out: Annotated[Path | None, options.out_file("bundle")] = None,
    shown: options.Shown,
) -> None:
    """Pack a run or batch for a repository of research data, as an RO-Crate 1.1."""
    from wargame.batches.api import open_batch
    from wargame.batches.study.catalogue import batch_folder
    from wargame.journal import folder as runs
    from wargame.journal.outputs import write_output
    from wargame.review.reports.bundle import archive, files_of

    place = batch_folder(name)
    batch = None if place is None else open_batch(str(place))
    place = place or runs.find(name).path
    manifest = batch.manifest if batch else runs.open_folder(place).manifest()
    files, secret = files_of(place, batch)
    content = archive(files, manifest, authors or (), licence)
    place = place if place.name else place.resolve()
    out = write_output(out or place.with_name(f"{place.name}.zip"), content)
    shown.note(*(f"left out, since it has the codes of people: {each}" for each in secret))
    shown.written({"bundle": str(out), "files": len(files) + 1, "bytes": len(content)}, out)
