"""Limits by time: wrong codes of an address, commands of a person."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Callable

ADDRESSES = 10_000
"""Addresses remembered; the oldest is forgotten first."""


class WrongCodes:
    """After `most` wrong codes, an address waits for `pause` seconds. `clock` returns seconds."""

    def __init__(self, clock: Callable[[], float], most: int = 5, pause: float = 60.0) -> None:
        self._clock, self._most, self._pause = clock, most, pause
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait(self, address: str) -> float:
        """Seconds that the address has to wait; 0 if it may try."""
        count, last = self._wrong.get(network(address), (0, 0.0))
        left = last + self._pause - self._clock()
        if left <= 0:
            self._wrong.pop(network(address), None)
            return 0.0
        return left if count >= self._most else 0.0

    def count(self, address: str) -> None:
        """Counts a wrong code."""
        key = network(address)
        count, _ = self._wrong.pop(key, (0, 0.0))
        self._wrong[key] = count + 1, self._clock()
        if len(self._wrong) > ADDRESSES:
            self._wrong.popitem(last=False)

    def forget(self, address: str) -> None:
        """Forgets the wrong codes of an address that has given a right one."""
        self._wrong.pop(network(address), None)


def network(address: str) -> str:
    """An IPv4 address, or the /64 network of an IPv6 address, of which one machine has many."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))


class Allowance:
    """At most `rate` calls a second over time, and `rate` at once."""

    def __init__(self, clock: Callable[[], float], rate: float) -> None:
        self._clock, self._rate = clock, rate
        self._left, self._last = rate, clock()

    def take(self) -> float:
        """0 if a call is allowed now, else the seconds until the next one is."""
        now = self._clock()
        self._left = min(self._rate, self._left + (now - self._last) * self._rate)
        self._last = now
        if self._left < 1:
            return (1 - self._left) / self._rate
        self._left -= 1
        return 0.0
