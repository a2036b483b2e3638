"""A live exercise on disk: its command log, its journal, and its wall clock."""
