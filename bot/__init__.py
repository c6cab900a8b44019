"""Domain and application core: plain Python that knows no platform, database or network."""
