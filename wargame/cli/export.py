"""`wargame export`."""

from pathlib import Path
from typing import Annotated, Literal

from wargame.cli import completion, options
from wargame.errors import UsageFault


def command(
    batch: Annotated[str, options.argument("BATCH", "export", autocompletion=completion.last_and_batch_names)],
    *,
    form: Annotated[Literal["csv", "parquet"], options.option("--format", "FORMAT", "export")] = "csv",
    out: Annotated[Path | None, options.option("--out", "DIR", "export")] = None,
    shown: options.Shown,
) -> None:
    """Write the tables of a batch for other programs, with a dictionary of what each column holds."""
    from wargame.batches.api import open_batch
    from wargame.batches.folders import find
    from wargame.journal.outputs import write_output
    from wargame.review.reports.batch_export import as_file, export_tables

    found = open_batch(find(batch))
    if out is None and "://" in found.path:
        raise UsageFault("the batch is not on this machine: name a folder for its tables with --out DIR")
    out = out or Path(f"{found.call.rstrip('/')}-tables")
    if out.exists() and not out.is_dir():
        raise UsageFault(f"{out} is a file (name a folder)")
    tables = {out / f"{name}.{form}": frame for name, frame in export_tables(found).items()}
    for path, frame in tables.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_output(path, as_file(frame, form), own={f".{form}"})
    shown.written({"tables": {path.stem: len(frame) for path, frame in tables.items()}, "folder": str(out)}, *tables)
