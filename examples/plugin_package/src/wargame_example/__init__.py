"""Plug-ins of crisis-wargame: a player, a white cell, a measure, a section of the review, a format of tables."""
