"""What the tests in a real browser share: axe-core, and a person in a seat of the served exercise of the module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.axe import axe_source
from support.browsers import WIDTHS, Person, ServedExercise, person
from support.driving import quit_browsers


@pytest.fixture(autouse=True, scope="session")
def _browsers_end_with_the_tests() -> Iterator[None]:
    """Ends the browsers that tests have shared."""
    yield
    quit_browsers()


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core."""
    return axe_source(tmp_path_factory)


@pytest.fixture
def arda(exercise: ServedExercise, request: pytest.FixtureRequest) -> Iterator[Person]:
    """A person in the seat of Arda, with the device that the module names as `DEVICE`, by default a telephone."""
    with person(exercise.url) as there:
        there.size(*WIDTHS[getattr(request.module, "DEVICE", "phone")])
        there.join(exercise.codes["ARD"], "Min-ji")
        there.wait_for_text("Arda")
        yield there
    exercise.say("kick Min-ji", "Min-ji")  # the name is free for the next test
