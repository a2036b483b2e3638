"""Measurement of routine and reciprocity between governments."""
