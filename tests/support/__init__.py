"""Helpers shared by several tests; test files do not import each other."""
