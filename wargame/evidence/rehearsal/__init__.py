"""Rehearsals: an MSEL run many times before STARTEX."""
