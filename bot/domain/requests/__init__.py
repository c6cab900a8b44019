"""Data requests: the aggregate, its one table of transitions, and the single door to execution."""
