"""Build model classes from YAML nodes, and what follows from their annotations: schema, numbers by path, hashes."""
