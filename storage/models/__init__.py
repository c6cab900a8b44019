"""The tables, by subject. Importing this package knows them all."""

from storage.models import (
    audit,
    fulfilment,
    people,
    policy,
    queue,
    requests,
    seals,
    tickets,
    workspace,
)
from storage.types import Table

__all__ = [
    "Table",
    "audit",
    "fulfilment",
    "people",
    "policy",
    "queue",
    "requests",
    "seals",
    "tickets",
    "workspace",
]

seals.read_with_their_seals(mapper.class_ for mapper in Table.registry.mappers)
