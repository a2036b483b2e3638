"""The console of a facilitator or a seat: lines in, text out; no terminal and no files."""
