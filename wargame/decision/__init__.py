"""Decisions of a government: its view of the world, the score of each option, the choice."""
