"""Commands about what carrying a request out needs and leaves: maps, plans, findings, proof."""
