"""The claims of a scenario as paired experiments."""
