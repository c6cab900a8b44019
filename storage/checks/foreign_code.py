"""What the database itself would do with the desk's rows, and the desk has not put there.

A trigger writes past the desk's seals, a view or a policy shows it other rows than there are. The
desk's own schema has none of them.
"""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.errors import Tampered
from storage.guarding.guard import AlteredRow
from storage.models import Table

SQLITE = text(
    "SELECT type AS kind, name, tbl_name AS place FROM sqlite_master"
    " WHERE type IN ('trigger', 'view') ORDER BY name"
)
POSTGRESQL = text(
    "SELECT 'trigger' AS kind, t.tgname AS name, c.relname AS place"
    " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
    " UNION ALL SELECT 'view', c.relname, c.relname FROM pg_class c"
    " WHERE c.relkind IN ('v', 'm') AND c.relnamespace = current_schema()::regnamespace"
    " UNION ALL SELECT 'rule', r.rulename, c.relname"
    " FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class"
    " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace"
    " UNION ALL SELECT 'policy', p.polname, c.relname"
    " FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
    " WHERE c.relnamespace = current_schema()::regnamespace"
    " ORDER BY 2"
)


async def find_foreign_code(session: AsyncSession) -> list[AlteredRow]:
    """Triggers, rules and policies on the desk's tables, and views that stand in their place."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    rows = (await session.execute(SQLITE if is_sqlite else POSTGRESQL)).all()
    ours = Table.metadata.tables.keys()
    return [AlteredRow(row.kind, row.name, "added") for row in rows if row.place in ours]


async def refuse_foreign_code(session: AsyncSession) -> None:
    """Raises Tampered: there is some; nothing may be read or written through it."""
    for one in await find_foreign_code(session):
        raise Tampered("store.foreign_code", kind=one.table, name=one.place)
