"""Programs and language models in seats: the protocol, the child processes, and the driver that gives them turns."""
