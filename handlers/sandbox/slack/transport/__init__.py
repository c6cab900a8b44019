"""How the stand-in reaches the app: events and interactions, by socket or signed HTTP."""
