"""How Alembic runs here: on the connection the desk hands over, inside its transaction."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.models import Table
from storage.types import Plain, UtcTime


def render_item(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """How our own column types are written into a new revision."""
    if kind == "type" and isinstance(item, UtcTime):
        return "UtcTime()"
    if kind == "type" and isinstance(item, Plain):
        return f"sa.String(length={item.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
