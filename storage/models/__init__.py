"""The tables, by subject. Importing this package knows them all."""

from storage.models import audit, people, policy, queue, requests, tickets, workspace
from storage.types import Table

__all__ = ["Table", "audit", "people", "policy", "queue", "requests", "tickets", "workspace"]
