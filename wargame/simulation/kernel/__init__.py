"""What all processes of a run share: clock, log, conditions under watch, state tables, settings."""
