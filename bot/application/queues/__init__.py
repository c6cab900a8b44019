"""Durable work: the inbox and the outbox."""
