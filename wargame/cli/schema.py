"""`wargame schema`."""

import json
from enum import StrEnum
from typing import Annotated, Any

import typer

from wargame.cli import options
from wargame.cli.output import print_json


class FileKind(StrEnum):
    """Kinds of files that have a schema."""

    SCENARIO = "scenario"
    INJECTS = "injects"
    EXERCISE = "exercise"
    OVERLAY = "overlay"
    STUDY = "study"


def command(
    kind: Annotated[FileKind, typer.Argument(metavar="|".join(FileKind), help="The kind of file.")],
    *,
    shown: options.Shown,
) -> None:
    """Print the JSON Schema (draft-07) of scenario, inject, exercise, overlay or study files, for editors."""
    del shown  # the output is JSON in any case
    print_json(_schema(kind))


def text_of(kind: str) -> str:
    """Return the schema of a kind of files as the text of a file."""
    return json.dumps(_schema(FileKind(kind)), indent=2, ensure_ascii=False) + "\n"


def _schema(kind: FileKind) -> dict[str, Any]:
    if kind is FileKind.STUDY:
        from wargame.batches.study.model import study_schema

        return study_schema()
    from wargame.scenario.building.schema import schema

    return schema(kind.value)
