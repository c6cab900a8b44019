"""Everything the desk's own store holds of one subject, and the one door to erasing it."""
