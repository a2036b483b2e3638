"""The people who may take part: join codes, people, the lobby, and their file in the run folder."""

FACILITATOR, DEPUTY, SEAT, EVALUATOR, SCREEN = "facilitator", "deputy", "seat", "evaluator", "screen"
LOBBY = "lobby"
"""The role of a viewer who has not joined (`person` is None) or has not been admitted yet."""
ROLES = (FACILITATOR, DEPUTY, SEAT, EVALUATOR, SCREEN)
CONTROL = frozenset({FACILITATOR, DEPUTY})
"""The roles that use the control room."""
