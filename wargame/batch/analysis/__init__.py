"""From the rows of a batch to estimates."""
