"""What all parts of a run share: clock, log, watched conditions, state tables, consequences, settings."""
