"""JSON Schema of study files, from the annotations of their model."""

from __future__ import annotations

from typing import Any

from wargame.batches.study import model
from wargame.scenario.building.schema import schema_of


def study_schema() -> dict[str, Any]:
    """Return the schema (draft-07) of a study file."""
    schema = schema_of("study", model.Study)
    schema["required"] = sorted({*schema.get("required", ()), "format"})
    return schema
