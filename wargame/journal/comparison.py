"""Compares two journals record by record and finds the first difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from wargame.errors import shortened
from wargame.journal.decoding import Undecodable, decode


@dataclass(frozen=True, slots=True)
class RecordDifference:
    """The first difference between the journal on disk and the re-run.

    `field` is a path into the record such as `data.candidates[0].score`, or empty if one side lacks the record.
    """

    seq: int
    at: str
    kind: str
    who: str
    field: str
    on_disk: str
    re_run: str

    def __str__(self) -> str:
        record = f"record {self.seq} ({self.kind}{f' of {self.who}' if self.who else ''}, {self.at})"
        if not self.field:
            return f"{record} is {self.on_disk} on disk and {self.re_run} in the re-run"
        return f"{record} differs in {self.field}: {self.on_disk} on disk, {self.re_run} in the re-run"


def first_difference(on_disk: Iterable[bytes], re_run: Iterator[bytes], *, whole: bool) -> RecordDifference | None:
    """Compare lines as bytes. `whole` is False if the journal on disk may end early. None if they are equal."""
    for line in on_disk:
        again = next(re_run, None)
        if again is None:
            return _lone(line, "there", "absent")
        if line != again:
            return _differing(line, again)
    missing = next(re_run, None) if whole else None
    return None if missing is None else _lone(missing, "missing", "there")


def _lone(line: bytes, on_disk: str, re_run: str) -> RecordDifference:
    record = _decoded(line)
    return _difference(record if isinstance(record, dict) else {}, "", on_disk, re_run)


def _differing(line: bytes, again: bytes) -> RecordDifference:
    disk, fresh = _decoded(line), _decoded(again)
    if not isinstance(disk, dict):
        return _difference(fresh, "", "damaged", "readable")
    field, left, right = _first_field("", disk, fresh) or ("the order or spelling of its fields", "other", "canonical")
    return _difference(fresh, field, _short(left), _short(right))


def _difference(record: dict[str, Any], field: str, on_disk: str, re_run: str) -> RecordDifference:
    text = {key: str(record.get(key, "")) for key in ("at", "kind", "who")}
    seq = record.get("seq")
    return RecordDifference(
        seq if isinstance(seq, int) else -1, text["at"], text["kind"], text["who"], field, on_disk, re_run
    )


def _decoded(line: bytes) -> Any:
    try:
        return decode(line, dict[str, Any])
    except Undecodable:
        return None


_ABSENT = object()


def first_field(stored: dict[str, Any], again: dict[str, Any]) -> tuple[str, str, str] | None:
    """The path of the first field in which two JSON documents differ, and both values in short; None if equal."""
    different = _first_field("", stored, again)
    return None if different is None else (different[0], _short(different[1]), _short(different[2]))


def _first_field(path: str, left: Any, right: Any) -> tuple[str, Any, Any] | None:
    """Path and both values of the first leaf, in the order of keys, that differs."""
    for key, a, b in _pairs(path, left, right):
        if type(a) is type(b) and isinstance(a, dict | list):
            deeper = _first_field(key, a, b)
            if deeper:
                return deeper
        elif type(a) is not type(b) or a != b:
            return key, a, b
    return None


def _pairs(path: str, left: Any, right: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(left, dict):
        for key in dict.fromkeys([*left, *right]):
            yield f"{path}.{key}" if path else key, left.get(key, _ABSENT), right.get(key, _ABSENT)
        return
    for place in range(max(len(left), len(right))):
        a, b = (side[place] if place < len(side) else _ABSENT for side in (left, right))
        yield f"{path}[{place}]", a, b


def _short(value: Any) -> str:
    if value is _ABSENT:
        return "nothing"
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return shortened(text)
