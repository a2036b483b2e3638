"""The parts that a run shares: clock, log, watched conditions, state tables, consequences, settings."""
