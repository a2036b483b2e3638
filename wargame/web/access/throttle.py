"""Limits by time: attempts to join from an address, commands of a person."""

import ipaddress
from collections import OrderedDict
from collections.abc import Callable

ADDRESSES = 10_000
"""Addresses remembered; the one that was last used first is forgotten first."""
ATTEMPTS = 200.0
"""Codes that one address may try in a second: enough for a room behind one router, and hopeless against 40 bits."""
WRONG, DELAY = 5.0, 2.0
"""Wrong codes of an address in a minute; answers to further ones are held back for this time."""
TURNS = 500.0
"""Requests without a session, or for files of pages, that one address may send in a second; further ones wait."""
JOINS, AT_ONCE = 1.0, 20.0
"""People a second, and at once, who may join from one address with the same code."""


class Allowance:
    """At most `rate` calls a second over time, and `at_once` (`rate` by default) at once."""

    def __init__(self, clock: Callable[[], float], rate: float, at_once: float = 0.0) -> None:
        self._clock, self._rate, self._most = clock, rate, at_once or rate
        self._left, self._last = self._most, clock()

    def take(self) -> float:
        """Return 0 if a call is allowed now, else the seconds until the next one is."""
        self._refill()
        if self._left < 1:
            return (1 - self._left) / self._rate
        self._left -= 1
        return 0.0

    def queue(self) -> float:
        """Count a call that is made in any case; returns the seconds that it has to wait."""
        self._refill()
        self._left -= 1
        return max(0.0, -self._left / self._rate)

    def _refill(self) -> None:
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._last) * self._rate)
        self._last = now


class Joins:
    """The rate of joining from one address. Wrong codes do not hold up a right one. `clock` returns seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._allowances: OrderedDict[tuple[str, ...], Allowance] = OrderedDict()

    def attempt(self, address: str) -> float:
        """Return seconds until the address may try a code; 0 if it may now."""
        return self._allowance((address,), ATTEMPTS, ATTEMPTS).take()

    def turn(self, address: str) -> float:
        """Return the seconds until the turn of this request; the requests of one address follow one another."""
        return self._allowance((address, "turn"), TURNS, TURNS).queue()

    def join(self, address: str, role: str, seat: str) -> float:
        """Return seconds until someone from the address may join with a right code of this role or seat; 0 if now."""
        return self._allowance((address, role, seat), JOINS, AT_ONCE).take()

    def delay(self, address: str) -> float:
        """Count a wrong code; returns the seconds that its answer is held back: 0 for the first ones of a minute."""
        return DELAY if self._allowance((address, "wrong"), WRONG / 60, WRONG).take() else 0.0

    def _allowance(self, key: tuple[str, ...], rate: float, at_once: float) -> Allowance:
        allowance = self._allowances.setdefault(key, Allowance(self._clock, rate, at_once))
        self._allowances.move_to_end(key)
        if len(self._allowances) > ADDRESSES:
            self._allowances.popitem(last=False)
        return allowance


def network(address: str) -> str:
    """Return an IPv4 address, or the /64 network of an IPv6 address, of which one machine has many."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
