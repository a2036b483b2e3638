"""The roles of a console, and the sets of roles that may use a command."""

FACILITATOR, SEAT, SCRIBE, SCREEN = "facilitator", "seat", "scribe", "screen"
FACILITATOR_ONLY = frozenset({FACILITATOR})
PLAYERS = frozenset({FACILITATOR, SEAT})
WHITE_CELL = frozenset({FACILITATOR, SCRIBE})
ALL_WHO_TYPE = frozenset({FACILITATOR, SEAT, SCRIBE})
"""A screen only shows; it has no commands."""
