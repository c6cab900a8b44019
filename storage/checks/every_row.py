"""Every row of a query, by pages; what cannot be read stops no check.

SQLite lets a column hold what is not of its type, and gives the whole page an error for it.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy.exc import DBAPIError, OperationalError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.errors import Tampered

PAGE = 200
"""So few that a desk which is looked at goes on answering meanwhile."""
GARBLED = (TypeError, ValueError, StatementError, Tampered)
"""What reading a row raises that holds what the desk never wrote; see `is_garbled`."""


def is_garbled(error: Exception) -> bool:
    """Whether such an error is of what a row holds, and not of the database's own health."""
    if isinstance(error, DBAPIError):
        return isinstance(error, OperationalError) and "decode" in str(error.orig)
    return True


async def every_row(session: AsyncSession, query: Any) -> AsyncIterator[Any]:  # noqa: ANN401  # a SELECT
    """In the order of the query; None: a row that cannot be read."""
    at, size = 0, PAGE
    while True:
        try:
            rows = (await session.execute(query.offset(at).limit(size))).all()
        except GARBLED as error:
            if not is_garbled(error):
                raise
            if size > 1:
                size = 1
                continue
            rows = [None]
        for row in rows:
            yield row
        if not rows:
            return
        at += len(rows)
        await asyncio.sleep(0)
