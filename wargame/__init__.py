"""A discrete-event crisis wargame runner."""

__version__ = "0.1.0"
