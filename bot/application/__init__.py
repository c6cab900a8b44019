"""One function an intent; it takes the unit of work and never commits."""
