"""The made-up clients: what they see, and what they send and press."""
