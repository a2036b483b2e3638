"""Tests the claims of a scenario by paired experiments."""
