"""Compares the model with observed statistics, the targets of a scenario."""
