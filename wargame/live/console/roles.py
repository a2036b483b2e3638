"""The roles of a console, and the sets of roles that may use a command."""

FACILITATOR, SEAT, SCRIBE, SCREEN, EVALUATOR = "facilitator", "seat", "scribe", "screen", "evaluator"
FACILITATOR_ONLY = frozenset({FACILITATOR})
PLAYERS = frozenset({FACILITATOR, SEAT})
WHITE_CELL = frozenset({FACILITATOR, SCRIBE})
JUDGES = frozenset({FACILITATOR, SCRIBE, EVALUATOR})
"""Those who write notes, rate and judge."""
ALL_WHO_TYPE = frozenset({FACILITATOR, SEAT, SCRIBE, EVALUATOR})
"""A screen only shows; it has no commands."""
