"""The tables, by subject. Importing this package knows them all."""

from storage.models import audit, people, policy, queue, tickets

__all__ = ["audit", "people", "policy", "queue", "tickets"]
