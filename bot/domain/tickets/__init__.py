"""Tickets: the aggregate, its states, its talk and its events."""
