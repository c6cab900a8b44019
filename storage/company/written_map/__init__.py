"""A data map as it is written: YAML, read with its lines."""
