"""Commands of the white cell and of seats, and the settings of a run."""
