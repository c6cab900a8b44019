"""Tickets as a stream of csv or jsonl: page by page, so that a million of them need no memory.

The columns are described in docs/exports.md. Personal ones are left out unless they are asked for;
that such an export happens is recorded by a use case before this is called.
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.application.ports.tickets import TicketFilter
from bot.application.tickets.talk_rendering import (
    INDENT,
    TalkReader,
    change_marks,
    origin_line,
    words_of,
)
from bot.domain.addresses import Language
from bot.domain.text import reveal
from bot.domain.tickets.message import Attachment, Message
from bot.domain.tickets.ticket import Ticket
from storage.models.people import AccountRow, StaffRow
from storage.models.tickets import MessageRow, TicketRow
from storage.repositories.messages import OLDEST, message_of
from storage.repositories.tickets import filtered, ticket_of
from storage.spreadsheet_cells import csv_lines, guarded
from storage.unit_of_work import StoreContext
from storage.vault import Vault

PAGE = 500
READER = TalkReader(Language.EN, ZoneInfo("UTC"))
"""Exports are for scripts: one language, one zone."""
COLUMNS = (
    "number",
    "kind",
    "category",
    "priority",
    "state",
    "waiting_on",
    "assignee",
    "tags",
    "language",
    "opened_at",
    "first_response_at",
    "resolved_at",
    "closed_at",
    "reopened_count",
    "stars",
    "messages",
)
PERSONAL_COLUMNS = ("client", "subject", "resolution", "talk")
LINE_ENDS = {ord(char): f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"}

Record = Mapping[str, Any]


async def export_tickets(
    context: StoreContext, which: TicketFilter, *, form: str, personal: bool
) -> AsyncGenerator[str, None]:
    """The tickets as pieces of text, oldest first; all as they are at one moment.

    `form` is `csv` (with a heading, RFC 4180) or `jsonl` (one JSON object a line).

    Raises:
        Unavailable: the store cannot be read.
    """
    columns = (*COLUMNS, *PERSONAL_COLUMNS) if personal else COLUMNS
    write = _csv if form == "csv" else _jsonl
    if form == "csv":
        yield csv_lines([columns], are_quoted=False)
    async with context.session(writes=False) as (session, keys):
        pages = _Pages(session, Vault(keys, session), personal=personal)
        async for page in pages.of(which):
            yield write(page, columns)


def _csv(records: Iterable[Record], columns: tuple[str, ...]) -> str:
    return csv_lines([_cell(record[name]) for name in columns] for record in records)


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return _moment(value)
        case list():
            return _listed(cast("list[Any]", value))
        case _:
            return guarded(str(value))


def _listed(values: list[Any]) -> str:
    """Several values in one cell: tags apart by `; `, words of a talk one a line."""
    if values and isinstance(values[0], dict):
        return guarded("\n".join(_line_of(word) for word in values))
    return _cell("; ".join(values))


def _line_of(word: Record) -> str:
    """One word of a talk; every further line of it is indented, so that none passes for another."""
    marks = "; ".join(filter(None, (word["forwarded"], *word["changes"])))
    head = f"{word['at']} {word['direction']}{f' ({marks})' if marks else ''}:"
    first, *rest = reveal(word["text"]).splitlines() or [""]
    return "\n".join([f"{head} {first}".rstrip(), *(f"{INDENT}{line}" for line in rest)])


def _jsonl(records: Iterable[Record], columns: tuple[str, ...]) -> str:
    lines = ({name: record[name] for name in columns} for record in records)
    return "".join(
        _one_line(json.dumps(line, ensure_ascii=False, default=_moment)) for line in lines
    )


def _one_line(text: str) -> str:
    """Within strings of JSON: what some readers take for the end of a line."""
    return text.translate(LINE_ENDS) + "\n"


def _moment(value: datetime) -> str:
    return value.isoformat(timespec="seconds")


class _Pages:
    """Reads pages of tickets with what belongs to them."""

    def __init__(self, session: AsyncSession, vault: Vault, *, personal: bool) -> None:
        self._session = session
        self._vault = vault
        self._personal = personal

    async def of(self, which: TicketFilter) -> AsyncIterator[Sequence[Record]]:
        staff = await self._pairs(select(StaffRow.id, StaffRow.slack_user))
        last = -1
        while rows := await self._rows(which, after=last):
            last = rows[-1].serial
            records = [_record(ticket_of(row, self._vault), staff) for row in rows]
            await self._count_messages(records)
            if self._personal:
                await self._add_personal(records)
            yield records

    async def _rows(self, which: TicketFilter, *, after: int) -> list[TicketRow]:
        query = filtered(select(TicketRow), which).where(TicketRow.serial > after)
        rows = list(await self._session.scalars(query.order_by(TicketRow.serial).limit(PAGE)))
        self._session.expunge_all()
        if self._personal:
            await self._vault.load(row.holder for row in rows)
        return rows

    async def _count_messages(self, records: list[dict[str, Any]]) -> None:
        query = select(MessageRow.ticket, func.count()).group_by(MessageRow.ticket)
        counts = await self._pairs(query.where(MessageRow.ticket.in_(_ids(records))))
        for record in records:
            record["messages"] = counts.get(record["id"], 0)

    async def _add_personal(self, records: list[dict[str, Any]]) -> None:
        names = select(AccountRow.id, AccountRow.display_name)
        accounts = {record["account"] for record in records}
        sealed = await self._pairs(names.where(AccountRow.id.in_(accounts)))
        talk = await self._talk(_ids(records))
        for record in records:
            account = record["account"]
            label = f"account.display_name:{account}"
            record["client"] = self._vault.readable(account, label, sealed.get(account))
            record["talk"] = talk.get(record["id"], [])

    async def _talk(self, tickets: list[str]) -> dict[str, list[dict[str, Any]]]:
        query = select(MessageRow).where(MessageRow.ticket.in_(tickets))
        talk: dict[str, list[dict[str, Any]]] = {}
        for row in await self._session.scalars(query.order_by(*OLDEST)):
            talk.setdefault(row.ticket or "", []).append(_word(message_of(row, self._vault)))
        self._session.expunge_all()
        return talk

    async def _pairs(self, query: Any) -> dict[str, Any]:  # noqa: ANN401  # a query of two columns
        rows: list[Any] = list(await self._session.execute(query))
        return {first: second for first, second in rows}  # noqa: C416  # rows are not pairs to the types


def _word(said: Message) -> dict[str, Any]:
    """One message of a talk: how it reads, and what became of it."""
    return {
        "at": _moment(said.at),
        "direction": str(said.direction),
        "text": words_of(said, READER),
        "files": [] if said.deleted_at else [_file(one) for one in said.attachments],
        "forwarded": origin_line(said.origin, READER),
        "edited_at": said.edited_at,
        "deleted_at": said.deleted_at,
        "version": said.version,
        "delivery": str(said.delivery),
        "changes": change_marks(said, READER),
    }


def _file(one: Attachment) -> dict[str, Any]:
    names = ("kind", "name", "mime", "size", "text", "caption", "live_until", "ended_at")
    return {name: getattr(one, name) for name in names}


def _ids(records: list[dict[str, Any]]) -> list[str]:
    return [record["id"] for record in records]


def _record(ticket: Ticket, staff: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: getattr(ticket, name)
        for name in (*COLUMNS, "id", "account", "subject", "resolution")
        if name not in ("messages", "assignee", "tags")
    } | {
        "tags": list(ticket.tags),
        "assignee": None if ticket.assignee is None else staff.get(ticket.assignee, ""),
    }
