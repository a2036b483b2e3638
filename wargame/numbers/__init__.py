"""The numbers of a run: arithmetic, levels, meetings, prices over flat arrays, compiled where a compiler exists."""
