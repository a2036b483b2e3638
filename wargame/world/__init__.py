"""Indicators with decay, beliefs and the calendar."""
