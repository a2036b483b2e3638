"""The exercise in browsers: a server for one live exercise, and its screens."""
