"""`wargame schema`."""

import json
from typing import Annotated, Any, Literal, get_args

import typer

from wargame.cli import options
from wargame.cli.output import print_json

FileKind = Literal["scenario", "injects", "exercise", "overlay", "study"]
"""Kinds of files that have a schema."""


def command(
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
    if kind == "study":
        from wargame.batches.study.model import study_schema

        return study_schema()
    from wargame.scenario.building.schema import schema

    return schema(kind)
