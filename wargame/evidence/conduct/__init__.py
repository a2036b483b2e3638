"""Conduct that a historian would call absurd: kinds by general principle, their cases in runs, and the record."""
