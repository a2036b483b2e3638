"""Evidence about a scenario: claims, targets, calibration, relations, backtests and rehearsals."""
