"""The study file: what may be written, how it is read, and the plan of runs that follows from it."""
