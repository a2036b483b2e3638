"""Frozen classes of this package behave as standard data classes do."""

import dataclasses
import pickle
import subprocess
import sys
from typing import Annotated, Any, ClassVar

import pytest

from wargame.dataclasses import dataclass, field


def _classes(decorator: Any) -> tuple[Any, Any]:
    """Return the same two classes, made by a decorator."""

    @decorator(frozen=True, slots=True)
    class Point:
        x: int
        y: Annotated[float, "metres"] = 2.0
        seen: list[int] = field(default_factory=list, compare=False, repr=False)
        KIND: ClassVar[str] = "point"

        def __post_init__(self) -> None:
            if self.x < 0:
                raise ValueError(f"{self.x} is below 0")

    @decorator(frozen=True, slots=True, kw_only=True)
    class Named:
        title: str = "none"
        of: tuple[int, ...]

        def __repr__(self) -> str:
            return f"<{self.title}>"

    return Point, Named


STANDARD, OURS = _classes(dataclasses.dataclass), _classes(dataclass)


@dataclass(frozen=True, slots=True)
class Kept:
    """A class of a module, which a pickle can name."""

    name: str
    parts: tuple[int, ...] = ()


CALLS = {
    "equal": lambda point, _: point(1) == point(1, 2.0, [3]) and point(1) != point(2) and point(1) != (1, 2.0),
    "one hash for equal instances": lambda point, _: hash(point(1)) == hash(point(1, 2.0, [3])),
    "a new default each time": lambda point, _: point(1).seen is not point(1).seen,
    "representation": lambda point, _: repr(point(1)).rpartition(".")[2],
    "own representation": lambda _, named: repr(named(of=(1,))),
    "replaced": lambda point, _: dataclasses.astuple(dataclasses.replace(point(1), y=3.0)),
    "fields": lambda _, named: [(each.name, each.default, each.kw_only) for each in dataclasses.fields(named)],
    "arguments of patterns": lambda point, named: (point.__match_args__, named.__match_args__),
    "slots": lambda point, named: (point.__slots__, named.__slots__),
    "constant of the class": lambda point, _: point.KIND,
}
FAULTS = {
    "a field is set": lambda point, _: setattr(point(1), "x", 2),
    "a field is deleted": lambda point, _: delattr(point(1), "x"),
    "no value": lambda point, _: point(),
    "an unknown name": lambda point, _: point(1, z=2),
    "a place for a named field": lambda _, named: named("a", (1,)),
    "a check of the class": lambda point, _: point(-1),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_frozen_class_gives_what_the_standard_library_gives(call: Any) -> None:
    """Instances compare, hash, print and list their fields alike."""
    assert call(*OURS) == call(*STANDARD)


@pytest.mark.parametrize("call", FAULTS.values(), ids=FAULTS)
def test_a_frozen_class_refuses_what_the_standard_library_refuses(call: Any) -> None:
    """Each fault raises an error of the same type."""
    with pytest.raises(Exception, match=r".") as expected:
        call(*STANDARD)
    with pytest.raises(expected.type):
        call(*OURS)


def test_an_instance_survives_a_pickle() -> None:
    """The copy is equal, although its fields cannot be set."""
    kept = Kept("a", (1, 2))
    assert pickle.loads(pickle.dumps(kept)) == kept  # noqa: S301 - its own


def test_importing_the_classes_of_a_scenario_compiles_few_methods() -> None:
    """Only the classes with instances get a method compiled; the standard library compiles six for each class."""
    watch = (
        "import sys, typing, re, msgspec, yaml, pathlib\n"
        "texts = []\n"
        "def hook(event, args):\n"
        "    if event == 'exec' and args[0].co_filename == '<string>': texts.append(args[0])\n"
        "sys.addaudithook(hook)\n"
        "import wargame.scenario.model\n"
        "named = [vars(sys.modules[name]) for name in sys.modules if name.startswith('wargame')]\n"
        "made = {each for names in named for each in names.values()\n"
        "        if isinstance(each, type) and hasattr(each, '__dataclass_fields__')}\n"
        "print(len(texts), len(made))"
    )
    done = subprocess.run([sys.executable, "-c", watch], capture_output=True, text=True, check=True)
    compiled, classes = map(int, done.stdout.split())
    assert compiled < classes / 5
