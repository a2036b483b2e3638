"""What has been computed for one state of the exercise."""

from __future__ import annotations


class Cache(dict[object, object]):
    """Part of the cache of one state of the exercise: that of one audience."""

    def __init__(self, shared: dict[object, object], key: str) -> None:
        super().__init__()
        self._shared, self._key = shared, key

    def __contains__(self, name: object) -> bool:
        return (self._key, name) in self._shared

    def __getitem__(self, name: object) -> object:
        return self._shared[self._key, name]

    def __setitem__(self, name: object, value: object) -> None:
        self._shared[self._key, name] = value
