"""Live exercises: the session on disk, the console, the terminals, and the exercise on paper."""
