"""What only an erasure asks of its subject: the second yes, and whether it waits for a copy."""
