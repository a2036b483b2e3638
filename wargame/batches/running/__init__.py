"""Running a batch: the folder and its store, parts, workers, cells and the runner."""
