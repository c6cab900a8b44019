"""A subject's rows as a person can read them: opened, without what is only the desk's own lock."""

import json
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import LargeBinary
from sqlalchemy.ext.asyncio import AsyncSession

from storage import statements
from storage.keyring.new_seals import QUEUE, RULES, Rule
from storage.models.tickets import MessageRow
from storage.subject_records.own_rows import TABLES, OwnRows
from storage.types import Table
from storage.vault import Vault

PAGE = 500
DOCUMENTS = frozenset({"details", "data", "payload", "facts", "binding"})
"""Columns that hold JSON."""
NOTHING = Rule(sealed={})


async def opened_rows(
    session: AsyncSession, vault: Vault, own: OwnRows
) -> AsyncGenerator[tuple[str, Mapping[str, object]]]:
    """(place, row) of everything that is theirs, page by page."""
    for place, table in TABLES.items():
        rule = RULES.get(table, NOTHING)
        key = tuple(statements.core(table).primary_key)
        query = _query(table, rule).where(own.of(place)).order_by(*key).limit(PAGE)
        last: tuple[Any, ...] = ()
        while True:
            page = query.where(sa.tuple_(*key) > last) if last else query
            rows = [dict(row) for row in (await session.execute(page)).mappings()]
            if not rows:
                break
            last = tuple(rows[-1][column.name] for column in key)
            await vault.load(row["sealed_for"] for row in rows)
            for row in rows:
                yield place, _opened(vault, table, rule, row)


def _query(table: type[Table], rule: Rule) -> sa.Select[Any]:
    own = statements.core(table)
    holder = rule.holder if isinstance(rule.holder, sa.ColumnElement) else sa.null()
    query: Any = sa.select(*own.c, holder.label("sealed_for"))
    if rule.join is None:
        return query
    return query.select_from(own.outerjoin(statements.core(MessageRow), rule.join[1]))


def _opened(
    vault: Vault, table: type[Table], rule: Rule, row: Mapping[str, Any]
) -> dict[str, object]:
    found: dict[str, object] = {}
    for column in statements.core(table).c:
        name, value = column.name, row[column.name]
        if name in rule.sealed:
            value = _text(vault, rule, name, row)
        elif isinstance(column.type, LargeBinary) or column.info["personal"] == "blind index":
            continue
        found[name] = _document(value) if name in DOCUMENTS else value
    return found


def _text(vault: Vault, rule: Rule, name: str, row: Mapping[str, Any]) -> str:
    label = rule.sealed[name].format_map(row)
    if isinstance(rule.holder, str) and rule.holder == QUEUE:
        return vault.open_queued(label, row[name]) if row[name] else ""
    return vault.readable(row["sealed_for"], label, row[name])


def _document(value: object) -> object:
    return json.loads(value) if isinstance(value, str) and value else value
