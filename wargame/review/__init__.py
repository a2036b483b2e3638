"""The review of runs and batches: findings, and the reports that present them."""
