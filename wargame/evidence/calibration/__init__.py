"""Calibrates a scenario by history matching."""
