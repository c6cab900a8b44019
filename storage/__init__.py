"""The ticket store: one SQLite file, or PostgreSQL when one machine is not enough."""
