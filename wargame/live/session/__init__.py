"""A live exercise on disk: its command log, its journal, its clock on the wall."""
