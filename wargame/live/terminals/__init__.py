"""Terminals of a live exercise: prompts, sockets, and who sits where."""
