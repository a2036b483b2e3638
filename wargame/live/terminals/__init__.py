"""Terminals: the facilitator's, those that join through a socket, and input without a terminal."""
