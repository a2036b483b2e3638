"""Measures routine and reciprocity between governments."""
