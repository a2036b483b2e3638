"""Calibration by history matching."""
