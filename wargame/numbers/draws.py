"""Random draws: SplitMix64 on keys, uniform and Gumbel."""

from __future__ import annotations

from typing import Any

from wargame.numbers import typed as cython
from wargame.numbers.c_math import fabs, log, sqrt

GOLDEN, M1, M2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
"""The constants of SplitMix64 (Steele, Lea and Flood 2014)."""
_GOLDEN = cython.declare(cython.ulonglong, GOLDEN)
_M1 = cython.declare(cython.ulonglong, M1)
_M2 = cython.declare(cython.ulonglong, M2)
_MASK = cython.declare(cython.ulonglong, 0xFFFFFFFFFFFFFFFF)
_STEP = cython.declare(cython.double, 2.0**-52)


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
    return ((draw_key(root, name, numbers) >> 12) + 0.5) * _STEP


@cython.cfunc
@cython.exceptval(check=False)
def open_unit(z: cython.ulonglong) -> cython.double:
    """Return a number in (0, 1) from 64 random bits, after a step."""
    return ((mix(z) >> 12) + 0.5) * _STEP


@cython.ccall
@cython.exceptval(check=False)
def numbered(root: cython.ulonglong, name: cython.ulonglong, number: cython.longlong) -> cython.double:
    """Return the same with one number, of 64 bits."""
    return open_unit(mix(root ^ name) ^ (number & _MASK))


@cython.ccall
@cython.exceptval(check=False)
def gumbel(key: cython.ulonglong, name: cython.ulonglong) -> cython.double:
    """Return a standard Gumbel draw, one for each name under a key: a new name does not affect the other draws."""
    return -log(-log(open_unit(name ^ key)))


@cython.ccall
@cython.exceptval(check=False)
def normal_quantile(p: cython.double) -> cython.double:
    """Return the quantile of the standard normal distribution at p in (0, 1) (algorithm AS 241, Wichura 1988)."""
    q = p - 0.5
    if fabs(q) <= 0.425:
        r = 0.180625 - q * q
        above = (((((((2509.0809287301227 * r + 33430.57558358813) * r + 67265.7709270087) * r + 45921.95393154987)
                 * r + 13731.69376550946) * r + 1971.5909503065513) * r + 133.14166789178438) * r
                 + 3.3871328727963665)  # fmt: skip
        below = (((((((5226.495278852854 * r + 28729.085735721943) * r + 39307.89580009271) * r + 21213.794301586597)
                 * r + 5394.196021424751) * r + 687.1870074920579) * r + 42.31333070160091) * r + 1.0)  # fmt: skip
        return above * q / below
    r = sqrt(-log(p if q <= 0.0 else 1.0 - p))
    if r <= 5.0:
        r -= 1.6
        above = (((((((0.0007745450142783414 * r + 0.022723844989269184) * r + 0.2417807251774506) * r +
                 1.2704582524523684) * r + 3.6478483247632045) * r + 5.769497221460691) * r + 4.630337846156546) * r +
                 1.4234371107496835)  # fmt: skip
        below = (((((((1.0507500716444169e-09 * r + 0.0005475938084995345) * r + 0.015198666563616457) * r +
                 0.14810397642748008) * r + 0.6897673349851) * r + 1.6763848301838038) * r + 2.053191626637759) * r +
                 1.0)  # fmt: skip
    else:
        r -= 5.0
        above = (((((((2.0103343992922881e-07 * r + 2.7115555687434876e-05) * r + 0.0012426609473880784) * r +
                 0.026532189526576124) * r + 0.29656057182850487) * r + 1.7848265399172913) * r + 5.463784911164114) *
                 r + 6.657904643501103)  # fmt: skip
        below = (((((((2.0442631033899397e-15 * r + 1.421511758316446e-07) * r + 1.8463183175100548e-05) * r +
                 0.0007868691311456133) * r + 0.014875361290850615) * r + 0.1369298809227358) * r + 0.599832206555888)
                 * r + 1.0)  # fmt: skip
    return -above / below if q < 0.0 else above / below
