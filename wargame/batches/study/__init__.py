"""The study file: its model, how it is read and checked, and the plan of runs that follows from it."""
