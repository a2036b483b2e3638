"""Exercises played to their end: one into a run folder, and once more to verify it."""
