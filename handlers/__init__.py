"""Edges: parse what comes in, call the bus, render what goes out. No business rule lives here."""
