"""Other futures of a run: forks, the look-ahead and counterfactuals, all as continuations of a moment."""
