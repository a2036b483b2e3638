"""The arithmetic of a run, written once in typed Python and compiled where there is a compiler.

Nothing here knows a scenario: the modules work on numbers and tables that packages above build. `PATH` says which code
runs, `compiled` or `interpreted`; `selection.py` says how that is decided. `WARGAME_NUMBERS=interpreted` chooses.
"""

from wargame.numbers.selection import select

PATH = select(__name__)
"""`compiled` or `interpreted`."""
