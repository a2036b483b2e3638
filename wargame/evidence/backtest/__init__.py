"""Simulated futures compared with dated events."""
