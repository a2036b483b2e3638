"""Records and run folders: writing, reading, comparing and tracing what happened in a run."""
