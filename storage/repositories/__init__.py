"""Queries: each repository turns rows into the domain's objects and back."""
