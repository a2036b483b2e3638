"""Findings of a run, computed from its folder."""
