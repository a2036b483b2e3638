"""Reading a scenario from files."""
