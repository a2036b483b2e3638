"""Scores simulated futures against observed events."""
