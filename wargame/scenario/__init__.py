"""Scenario and inject files: their classes, reading, checks and JSON Schema."""
