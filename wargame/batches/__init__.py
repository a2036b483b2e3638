"""Batches: many runs of one scenario in several arms, on cores or a cluster, as a table with statistics.

Layers, from below: `study` (the study file), `running` (runs and parts), `analysis`, `api`.
"""
