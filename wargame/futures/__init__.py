"""Other futures of a moment: forks, the look-ahead, counterfactuals."""
