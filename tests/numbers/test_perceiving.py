"""What one government perceives of another: the compiled module and its source give the same bits."""

from __future__ import annotations

from array import array
from types import ModuleType, SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from support.twins import compiled, interpreted
from wargame.language.times import DAY
from wargame.numbers.prospects import Learned

SIGNALS, SOURCE = interpreted("signals"), interpreted("perceiving")
OTHERS = 3
KEYS = 7, 9
"""Name keys of the draws of delay and error."""
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
    assert learned(compiled("signals"), events) == learned(SIGNALS, events)


@given(st.lists(EVENTS, max_size=40))
def test_what_is_learned_sums_to_nothing(events: list[tuple[bool, int, float, int]]) -> None:
    """What one response gains the others lose; nothing is learned where there is no target."""
    columns = learned(SIGNALS, events)
    assert columns[0] == (0.0, 0.0, 0.0)
    assert all(abs(sum(column)) < 1e-12 and max(map(abs, column)) <= 1.0 for column in columns)


@given(st.integers(0, 30 * DAY), st.floats(0, 5), st.integers(0, 2**64 - 1), st.integers(0, 10**6), st.floats(-10, 10))
def test_signals_are_drawn_alike(delay: int, noise: float, root: int, ordinal: int, weight: float) -> None:
    """Delays are between half and one and a half; both forms draw the same delay and weight."""
    drawn = []
    for module, signals in ((compiled("perceiving"), compiled("signals")), (SOURCE, SIGNALS)):
        assert _arrivals(module, signals, [(delay, noise)], weight) == [(3 + delay, weight)]
        (arrival,) = _arrivals(module, signals, [(delay, noise)], weight, draw=(root, ordinal))
        drawn.append(arrival)
    assert drawn[0] == drawn[1]
    assert 3 + delay // 2 <= drawn[0][0] <= 3 + delay * 3 // 2 + 1


@given(st.lists(st.integers(0, 6), max_size=30))
def test_signals_arrive_in_the_order_of_their_times_and_of_their_receivers(delays: list[int]) -> None:
    """Signals of one second arrive in the order of their receivers, whatever has been put on the clock between them."""
    expected = sorted((3 + delay, float(number)) for number, delay in enumerate(delays))
    for module, signals in ((compiled("perceiving"), compiled("signals")), (SOURCE, SIGNALS)):
        listed = [(delay, 0.0) for delay in delays]
        assert [time for time, _ in _arrivals(module, signals, listed, 1.0)] == [time for time, _ in expected]
        assert _arrivals(module, signals, listed, 1.0, numbered=True) == expected


def _arrivals(
    module: ModuleType,
    signals: ModuleType,
    timings: list[tuple[int, float]],
    weight: float,
    *,
    draw: tuple[int, int] | None = None,
    numbered: bool = False,
) -> list[tuple[int, float]]:
    """When an action of second 3 is perceived, and with which weight, or by which receiver if `numbered`.

    `timings` are the delay and the noise of each receiver; `draw` is that of the errors.
    """
    present, queue, arrived = module.Instant(), module.Queue(), list[tuple[int, float]]()
    numbers: list[array[Any]] = [array(code, [0] * 3) for code in "dqdd"]
    numbers += array("d", [-1e9] * 3), array("d", [1e9] * 3)
    log = module.Log(present, "none", ())
    receivers = [module.Perceiver(str(number), log, present, queue, 7, 1.0, 2.0) for number in range(len(timings))]
    for receiver in receivers:
        receiver.memory = module.Memory(1)
        receiver.follow_signals([(lambda signal: arrived.append((present.now, seen(signal))), (True,), False)])

    def seen(signal: Any) -> float:
        return float(signal.receiver) if numbered else float(signal.weight)

    shared = module.Curves(*numbers, present, set(), array("q", [0] * 3)), log, queue
    sent = module.Arrivals(receivers, *shared, 5, None, None)
    channels = [
        signals.Channel(
            signals.SignalReceiver(str(number), number, *timing, 0.5, (0.1, 0.1, 0.5), 0.4, array("q")),
            *KEYS,
            0,
            (0, 1, 2),
        )
        for number, timing in enumerate(timings)
    ]
    spec = SimpleNamespace(dossier="", reports={})
    sent.send(
        SimpleNamespace(seq=0, actor="", option="", target=None, time=3, weight=weight, spec=spec), channels, draw
    )
    queue.process_before(SimpleNamespace(now=0, instant=present, events=0), 2**60, 100)
    return arrived
