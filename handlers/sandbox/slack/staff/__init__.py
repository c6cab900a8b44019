"""The made-up staff: what they see, and what they press and write."""
