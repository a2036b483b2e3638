"""The functions of C's `math.h` that the modules of this package use, as Python has them: the same bits."""

from math import exp, exp2, fabs, log, sqrt, tanh

rint = round
"""The nearest whole number, the even one of two."""

__all__ = ["exp", "exp2", "fabs", "log", "rint", "sqrt", "tanh"]
