"""Carrying an approved request out: whose data, what goes and what stays, how far it came."""
