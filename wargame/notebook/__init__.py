"""Runs and batches for Python and notebooks: plain functions, results as data frames and figures."""
