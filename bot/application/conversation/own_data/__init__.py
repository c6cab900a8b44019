"""What a client sees and asks of their own data: the overview, the menu, the requests so far."""
