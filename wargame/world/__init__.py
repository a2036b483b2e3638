"""Indicators with decay, beliefs, the calendar and random draws."""
