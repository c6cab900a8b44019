"""Proving who asks: codes, claimed addresses, and what a proof changes."""
