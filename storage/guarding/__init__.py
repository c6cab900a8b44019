"""The seals of rows that decide."""
