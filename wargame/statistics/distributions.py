"""Distributions for intervals, in plain floats, since the project does not depend on SciPy.

The incomplete beta function is computed from its continued fraction (Lentz's algorithm, Numerical Recipes, 3rd ed.,
6.4), the other distributions from it. Tests compare them with SciPy.
"""

from functools import lru_cache
from math import exp, inf, lgamma, log, log1p, sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
_TINY = 1e-300
_MOST_TERMS = 500
_HALVINGS = 200
normal_quantile, normal_cdf = NormalDist().inv_cdf, NormalDist().cdf
"""Quantile and distribution functions of the standard normal distribution."""


def z_of(confidence: float = CONFIDENCE) -> float:
    """Return half the width of a two-sided normal interval, in standard errors."""
    return normal_quantile(0.5 + confidence / 2)


def beta_cdf(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b)."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1.0 - front * _fraction(1.0 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1)
    d = 1.0 / (d if abs(d) > _TINY else _TINY)
    value = d
    for m in range(1, _MOST_TERMS):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 + numerator * d
            c = 1.0 + numerator / c
            d = 1.0 / (d if abs(d) > _TINY else _TINY)
            c = c if abs(c) > _TINY else _TINY
            value *= d * c
        if abs(d * c - 1.0) < 1e-15:
            break
    return value


def binomial_cdf(k: int, n: int, p: float) -> float:
    """Return the probability of at most k successes in n trials with probability p."""
    if k < 0:
        return 0.0
    return 1.0 if k >= n else beta_cdf(1.0 - p, n - k, k + 1)


def t_cdf(t: float, df: float) -> float:
    """Return the distribution function of Student's t with `df` degrees of freedom."""
    tail = 0.5 * beta_cdf(df / (df + t * t), df / 2, 0.5)
    return 1.0 - tail if t > 0 else tail


@lru_cache(maxsize=4096)
def t_quantile(p: float, df: float) -> float:
    """Return the quantile of Student's t; infinite without degrees of freedom."""
    if df <= 0:
        return inf
    if p < 0.5:
        return -t_quantile(1.0 - p, df)
    low, high = 0.0, 2.0
    while t_cdf(high, df) < p:
        low, high = high, high * 2
    for _ in range(_HALVINGS):  # bisection
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        low, high = (middle, high) if t_cdf(middle, df) < p else (low, middle)
    return 0.5 * (low + high)


def t_of(df: float, confidence: float = CONFIDENCE) -> float:
    """Return half the width of a two-sided t interval, in standard errors."""
    return t_quantile(0.5 + confidence / 2, df)


def two_sided(t: float, df: float) -> float:
    """Return the two-sided p-value of a t statistic."""
    return min(1.0, 2.0 * t_cdf(-abs(t), df))


def root(x: float) -> float:
    """Return the square root; 0 for numbers that rounding made negative."""
    return sqrt(max(x, 0.0))
