"""Company databases as sources: their data maps, and what is done there for a data subject."""
