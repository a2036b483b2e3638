"""Output for other programs: `wargame export`, `bundle` and `schema`."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import typer

from wargame import plugins
from wargame.cli import completion, lib, options
from wargame.cli.output import print_json
from wargame.errors import UsageFault, nearest, shortened


def export(
    batch: Annotated[str, options.argument("BATCH", "export", autocompletion=completion.last_and_batch_names)],
    *,
    form: Annotated[str, options.option("--format", "FORMAT", "export")] = "csv",
    out: Annotated[Path | None, options.option("--out", "DIR", "export")] = None,
    shown: options.Shown,
) -> None:
    """Write the tables of a batch for other programs, with a dictionary of what each column holds."""
    found = lib.open_batch(lib.folders.find(batch))
    if form not in (known := ("csv", "parquet", *plugins.installed("exporters"))):
        remedy = nearest(form, known) or f"write {' or '.join(known)}; spreadsheets open csv"
        raise UsageFault(f"--format {shortened(form)}: no package adds it ({remedy})")
    if out is None and "://" in found.path:
        raise UsageFault("the batch is not on this machine: name a folder for its tables with --out DIR")
    out = out or Path(f"{found.typed.rstrip('/')}-tables")
    if out.exists() and not out.is_dir():
        raise UsageFault(f"{out} is a file (name a folder)")
    tables = {out / f"{name}.{form}": frame for name, frame in lib.export_tables(found).items()}
    lib.make_folder(out)
    for path, frame in tables.items():
        lib.write_output(path, lib.as_file(frame, form), own={f".{form}"})
    shown.written({"tables": {path.stem: len(frame) for path, frame in tables.items()}, "folder": str(out)}, *tables)


def bundle(
    name: Annotated[str, options.argument("RUN|BATCH", "bundle", autocompletion=completion.run_and_batch_names)],
    *,
    authors: Annotated[list[str] | None, options.option("--author", "NAME", "bundle")] = None,
    licence: Annotated[str, options.option("--licence", "TEXT", "bundle")] = "",
    publisher: Annotated[str, options.option("--publisher", "NAME", "bundle")] = "",
    out: Annotated[Path | None, options.out_file("bundle")] = None,
    shown: options.Shown,
) -> None:
    """Pack a run or batch for a repository of research data, as an RO-Crate 1.1."""
    place = lib.batch_folder(lib.folders.of_last(name, runs_first=True))
    batch = None if place is None else lib.open_batch(str(place))
    place = place or lib.folder.find(name).path
    manifest = batch.manifest if batch else lib.folder.open_folder(place).manifest()
    files, secret = lib.files_of(place, batch)
    content = lib.archive(files, manifest, authors or (), licence, publisher)
    place = place if place.name else place.resolve()
    out = lib.write_output(out or place.with_name(f"{place.name}.zip"), content)
    shown.note(*(f"left out, since it has the codes of people: {each}" for each in secret))
    shown.written({"bundle": str(out), "files": len(files) + 1, "bytes": len(content)}, out)


# --- wargame schema --------------------------------------------------------------------------------------------------


FileKind = Literal["scenario", "injects", "exercise", "overlay", "study"]
"""Kinds of files that have a schema."""


def schema(
    kind: Annotated[FileKind, typer.Argument(metavar="|".join(get_args(FileKind)), help="The kind of file.")],
    *,
    shown: options.Shown,
) -> None:
    """Print the JSON Schema (draft-07) of scenario, inject, exercise, overlay or study files, for editors."""
    del shown  # the output is JSON in any case
    print_json(_schema(kind))


def text_of(kind: str) -> str:
    """Return the schema of a kind of files as the text of a file."""
    return json.dumps(_schema(kind), indent=2, ensure_ascii=False) + "\n"


def _schema(kind: str) -> dict[str, Any]:
    return lib.study_schema() if kind == "study" else lib.schema(kind)
