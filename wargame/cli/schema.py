"""`wargame schema`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from wargame.cli.options import Json, Quiet
from wargame.cli.output import print_json
from wargame.cli.tree import Version

EXAMPLES = """
wargame schema scenario > scenario.schema.json
wargame schema injects > injects.schema.json
"""


class SchemaKind(StrEnum):
    """Of which files."""

    SCENARIO = "scenario"
    INJECTS = "injects"
    STUDY = "study"


def command(
    kind: Annotated[SchemaKind, typer.Argument(metavar="scenario|injects|study", help="Of which files.")],
    *,
    as_json: Json = False,
    quiet: Quiet = False,
    version: Version = None,
) -> None:
    """Prints the JSON Schema (draft-07) of scenario, inject or study files, for editors that check YAML."""
    del version, quiet, as_json
    from wargame.scenario.building.schema import schema

    if kind is SchemaKind.STUDY:
        from wargame.batch.study.schema import study_schema

        print_json(study_schema())
        return
    print_json(schema(kind.value))
