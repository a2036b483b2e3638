"""Running a batch: rows and parts, workers, stores."""
