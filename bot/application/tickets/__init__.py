"""Tickets from the client's side, and what clients hear of them."""
