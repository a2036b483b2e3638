"""The standard `dataclasses`, with a decorator that compiles no methods while modules are imported.

The standard decorator compiles six methods for each frozen class, which took a sixth of the time of `wargame why`; most
are never called. Here `__init__` is compiled when the first instance is made, and the others are closures over the
fields. `fields`, `replace`, patterns, pickles and type checkers see no difference.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, asdict, field, fields, is_dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["MISSING", "Field", "asdict", "dataclass", "field", "fields", "is_dataclass", "replace"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls: type | None = None, /, *, kw_only: bool = False, **given: bool) -> Any:
        """Make a data class as `dataclasses.dataclass` does; only `frozen=True, slots=True` is made in another way."""
        if given | {"repr": True} != {"frozen": True, "slots": True, "repr": True}:
            return dataclasses.dataclass(cls, kw_only=kw_only, **given)

        def decorate(cls: type) -> type:
            made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)(cls)
            for name, method in _methods(made, fields(made)).items():
                if name not in vars(cls) and (name != "__repr__" or given.get("repr", True)):
                    method.__name__, method.__qualname__ = name, f"{cls.__qualname__}.{name}"
                    setattr(made, name, method)
            return made

        return decorate


def _methods(cls: Any, members: tuple[Field[Any], ...]) -> dict[str, Callable[..., Any]]:
    """Return the methods of a class with these fields."""
    names = [each.name for each in members]
    compared = _values([each.name for each in members if each.compare])

    def init(self: Any, *args: Any, **named: Any) -> None:
        cls.__init__ = _compiled(cls, members)
        cls.__init__(self, *args, **named)

    def text(self: Any) -> str:
        shown = (f"{each.name}={getattr(self, each.name)!r}" for each in members if each.repr)
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def equals(self: Any, other: object) -> bool:
        return compared(self) == compared(other) if type(other) is type(self) else NotImplemented

    def state(self: Any) -> list[Any]:
        return [getattr(self, name) for name in names]

    def restore(self: Any, values: list[Any]) -> None:
        for name, value in zip(names, values, strict=True):
            object.__setattr__(self, name, value)

    def refuse(_: Any, name: str, *__: object) -> None:
        raise FrozenInstanceError(f"cannot assign to or delete field {name!r}")

    return {
        "__init__": init,
        "__repr__": text,
        "__eq__": equals,
        "__hash__": lambda self: hash(compared(self)),
        "__getstate__": state,
        "__setstate__": restore,
        "__setattr__": refuse,
        "__delattr__": refuse,
    }


def _values(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return a function for the values of these fields of an instance."""
    if len(names) != 1:
        return attrgetter(*names) if names else lambda _: ()
    only = attrgetter(*names)
    return lambda self: (only(self),)


def _compiled(cls: Any, members: tuple[Field[Any], ...]) -> Any:
    """Return `__init__` of a class with these fields."""
    space: dict[str, Any] = {"_set": object.__setattr__, "_missing": MISSING}
    places: dict[bool, list[str]] = {False: [], True: ["*"]}
    lines = []
    for each in members:
        name, default = each.name, f"_default_{each.name}"
        made = each.default_factory is not MISSING
        space[default] = each.default_factory if made else each.default
        written = f"{name}={'_missing' if made else default}"
        places[bool(each.kw_only)].append(name if space[default] is MISSING else written)
        lines.append(f"_set(self, {name!r}, {f'{default}() if {name} is _missing else ' if made else ''}{name})")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    named = places[True] if len(places[True]) > 1 else []
    head = f"def __init__({', '.join(['self', *places[False], *named])}):"
    exec("\n ".join([head, *lines, "pass"]), space)  # noqa: S102 - as the standard library does
    space["__init__"].__qualname__ = f"{cls.__qualname__}.__init__"
    return space["__init__"]
