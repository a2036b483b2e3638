"""Failed and lost runs, as rows for JSON and as sentences."""

from collections.abc import Iterable
from typing import Any

from wargame.executor.campaign import by_reason, number_ranges

LONGEST = 200


def failure_row(condition: str, replication: int, error: str) -> dict[str, Any]:
    """Return a row for a run that failed or was lost with its worker; `condition` names the runs that it belongs to."""
    return {"condition": condition, "replication": replication, "error": error}


def failure_notes(failures: Iterable[dict[str, Any]], number: str = "replication", noun: str = "run") -> list[str]:
    """Return one sentence per condition with failed runs: how many, which (by the key `number`), and why."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for row in failures:
        first_line = (row["error"].splitlines() or [""])[0]
        groups.setdefault(row["condition"], []).append((row[number], first_line[:LONGEST]))
    return [_note(condition, rows, number, noun) for condition, rows in groups.items()]


def _note(condition: str, rows: list[tuple[int, str]], number: str, noun: str) -> str:
    count = f"{len(rows)} {noun}{'s' if len(rows) > 1 else ''} of {condition}"
    reasons = "; ".join(
        f"{number}{'s' if len(numbers) > 1 else ''} {number_ranges(numbers)}: {reason}"
        for reason, numbers in by_reason(rows)
    )
    return f"{count} failed and {'are' if len(rows) > 1 else 'is'} left out ({reasons})."
