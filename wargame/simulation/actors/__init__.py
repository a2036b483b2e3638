"""Governments: leaders, desks, what is feasible, procedures."""
