"""The model compared with observed statistics."""
