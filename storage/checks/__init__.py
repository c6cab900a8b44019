"""What stands in the store, held against its seals and against the events."""
