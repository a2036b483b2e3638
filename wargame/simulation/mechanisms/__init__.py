"""What happens in a run: actions, signals, forums, agreements, injects, outcomes."""
