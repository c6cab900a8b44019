"""Clients: persons, their chat accounts, and what can happen to them."""
