"""SQLite's driver, with fewer trips to its thread."""
