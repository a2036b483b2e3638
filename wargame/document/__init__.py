"""Documents as blocks, and one writer for each format."""
