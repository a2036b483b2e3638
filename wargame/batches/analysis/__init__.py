"""Estimates, differences, incidences, sensitivity and thresholds from the table of a batch."""
