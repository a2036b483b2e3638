"""Random draws: SplitMix64 on keys, uniform and Gumbel."""

from __future__ import annotations

from typing import Any

from wargame.numbers import typed as cython
from wargame.numbers.c_math import log

GOLDEN, M1, M2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
"""The constants of SplitMix64 (Steele, Lea and Flood 2014)."""
_GOLDEN = cython.declare(cython.ulonglong, GOLDEN)
_M1 = cython.declare(cython.ulonglong, M1)
_M2 = cython.declare(cython.ulonglong, M2)
_MASK = cython.declare(cython.ulonglong, 0xFFFFFFFFFFFFFFFF)


@cython.ccall
@cython.exceptval(check=False)
def mix(z: cython.ulonglong) -> cython.ulonglong:
    """Return the step of SplitMix64 on a 64-bit number."""
    z = (z + _GOLDEN) & _MASK
    z = ((z ^ (z >> 30)) * _M1) & _MASK
    z = ((z ^ (z >> 27)) * _M2) & _MASK
    return z ^ (z >> 31)


@cython.ccall
def draw_key(root: cython.ulonglong, name: cython.ulonglong, numbers: tuple[Any, ...]) -> cython.ulonglong:
    """Return the 64 bits of the draw with this name and these numbers, under the root of a replication and epoch."""
    z = mix(root ^ name)
    for number in numbers:
        bits: cython.ulonglong = number & 0xFFFFFFFFFFFFFFFF
        z = mix(z ^ bits)
    return z


@cython.ccall
def uniform(root: cython.ulonglong, name: cython.ulonglong, numbers: tuple[Any, ...]) -> cython.double:
    """Return the draw in the open interval (0, 1) with this key."""
    return ((draw_key(root, name, numbers) >> 12) + 0.5) * 2.0**-52


@cython.ccall
@cython.exceptval(check=False)
def numbered(root: cython.ulonglong, name: cython.ulonglong, number: cython.longlong) -> cython.double:
    """Return the same with one number, of 64 bits."""
    bits: cython.ulonglong = number & 0xFFFFFFFFFFFFFFFF
    return ((mix(mix(root ^ name) ^ bits) >> 12) + 0.5) * 2.0**-52


@cython.ccall
@cython.exceptval(check=False)
def gumbel(key: cython.ulonglong, name: cython.ulonglong) -> cython.double:
    """Return a standard Gumbel draw, one for each name under a key: a new name does not affect the other draws."""
    return -log(-log(((mix(name ^ key) >> 12) + 0.5) * 2.0**-52))
