"""What one government perceives of another: the compiled module and its source give the same bits."""

from __future__ import annotations

from statistics import NormalDist
from types import ModuleType, SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from support.twins import compiled, interpreted
from wargame.language.times import DAY
from wargame.numbers.meetings import Learned

SOURCE = interpreted("perceiving")
OTHERS = 3
EVENTS = st.tuples(
    st.booleans(), st.integers(0, OTHERS - 1), st.floats(-10, 10), st.integers(0, 90 * DAY) | st.integers(0, DAY)
)
"""Whether the government acts or perceives, the other one, the weight, and the seconds since the last event."""


def learned(module: ModuleType, events: list[tuple[bool, int, float, int]]) -> list[tuple[float, float, float]]:
    """What a government has learned about the others after these events."""
    book, now = Learned(1 + 2 * OTHERS), 0
    counts = module.ResponseCounts(30 * DAY, 730 * DAY, 4.0, OTHERS, book)
    for acts, other, weight, later in events:
        now += later
        (counts.did if acts else counts.perceived)(other, weight, now)
    return [book.column(column) for column in range(1 + 2 * OTHERS)]


@given(st.lists(EVENTS, max_size=40))
def test_responses_are_counted_alike(events: list[tuple[bool, int, float, int]]) -> None:
    """After any events, compiled and interpreted code have learned the same to the bit."""
    assert learned(compiled("perceiving"), events) == learned(SOURCE, events)


@given(st.lists(EVENTS, max_size=40))
def test_what_is_learned_sums_to_nothing(events: list[tuple[bool, int, float, int]]) -> None:
    """What one response gains the others lose; nothing is learned where there is no target."""
    columns = learned(SOURCE, events)
    assert columns[0] == (0.0, 0.0, 0.0)
    assert all(abs(sum(column)) < 1e-12 and max(map(abs, column)) <= 1.0 for column in columns)


@given(st.integers(0, 30 * DAY), st.floats(0, 5), st.integers(0, 2**64 - 1), st.integers(0, 10**6), st.floats(-10, 10))
def test_signals_are_drawn_alike(delay: int, noise: float, root: int, ordinal: int, weight: float) -> None:
    """Delays are between half and one and a half; both forms draw the same delay and weight."""
    drawn = []
    for module, clock in ((compiled("perceiving"), compiled("clock_loop")), (SOURCE, interpreted("clock_loop"))):
        channel = module.Channel(
            (delay, noise), (root ^ 7, root ^ 9), 0, (0, 1, 2), (0.1, 0.1, 0.5), ("X", 0.5, 0.4, {})
        )
        assert _arrival(module, clock, channel, weight) == (3 + delay, weight)
        drawn.append(_arrival(module, clock, channel, weight, draw=(root, ordinal)))
    assert drawn[0] == drawn[1]
    assert 3 + delay // 2 <= drawn[0][0] <= 3 + delay * 3 // 2 + 1


def _arrival(
    module: ModuleType, clock: ModuleType, channel: object, weight: float, draw: tuple[int, int] | None = None
) -> tuple[int, float]:
    """When an action of second 3 is perceived over a channel, and with which weight; `draw` is that of the errors."""
    queue, arrived = clock.Queue(), list[tuple[int, float]]()
    present = SimpleNamespace(now=0, instant=clock.Instant(), events=0, over=False)
    post = module.Post(queue, 5, lambda *signal: arrived.append((present.now, signal[2])), NormalDist().inv_cdf)
    if draw is None:
        post.send("action", (channel,), weight, 3)
    else:
        post.send_with_errors("action", (channel,), weight, 3, draw)
    queue.process_before(present, 2**60, 10)
    (arrival,) = arrived
    return arrival
