"""The mechanisms of a run: actions, signals, demands, forums, agreements, injects, hazards, history, outcomes."""
