"""Carrying out what was approved: so far only the plan of it."""
