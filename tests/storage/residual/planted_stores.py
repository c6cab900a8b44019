"""A desk with other clients in it, and places in it where somebody may be hidden."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from bot.application.ports.sources import Looked, Order
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import Actor, MessageId, RequestId, new_id
from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.fulfilment.plan import SourceKind, SourcePlan
from bot.domain.tickets.message import Direction, Message, Span, Version
from bot.domain.tickets.ticket import Ticket
from storage.residual.own_look import SqlOwnLook
from storage.residual.patterns import SubjectPatterns
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.support.builders.planted import subject
from tests.support.stores.stages import Stage, a_message, a_ticket, an_account

WHO = subject(persons=("p" * 32,))
PATTERNS = SubjectPatterns(WHO)


def an_order(stage: Stage, who: Identifiers = WHO, **more: Any) -> Order:
    plan = SourcePlan(source="desk", kind=SourceKind.DESK)
    request = RequestId("f" * 32)
    return Order(request=request, round=1, who=who, plan=plan, now=stage.clock.now(), **more)


async def looked(stage: Stage, *, masks: bool = False, **more: Any) -> Looked:
    return await SqlOwnLook(stage.context)(an_order(stage, **more), PATTERNS, masks)


@dataclass(frozen=True, slots=True)
class Others:
    """What another client's ticket consists of."""

    ticket: Ticket
    message: Message


async def another(stage: Stage, body: str = "My router blinks.", subject: str = "Router") -> Others:
    async with stage.writing() as work:
        account = await an_account(work, str(random.randint(10**11, 10**12)), name="Shila")
        ticket = await a_ticket(work, account, subject=subject)
        return Others(ticket, await a_message(work, ticket, body))


async def another_with_details(stage: Stage, words: str) -> Others:
    """An answer with markup, and an earlier version."""
    found = await another(stage)
    async with stage.writing() as work:
        message = await work.messages.get(found.message.id)
        message.spans = (Span("bold", 0, 4),)
        message.versions = (Version(1, words, stage.clock.now()),)
        message.author = Actor.account(found.ticket.account)
        await work.messages.save(message)
    return found


async def a_note(stage: Stage, others: Others, body: str) -> Message:
    async with stage.writing() as work:
        note = Message(
            id=MessageId(new_id()),
            account=others.ticket.account,
            ticket=others.ticket.id,
            direction=Direction.NOTE,
            author=Actor.account(others.ticket.account),
            body=body,
            at=stage.clock.now() + timedelta(minutes=1),
        )
        await work.messages.add(note)
        return note


def vault_of(work: UnitOfWork) -> Vault:
    """What only the store's own unit of work has."""
    assert isinstance(work, SqlUnitOfWork)
    return work.vault


async def execute(stage: Stage, *statements: str, **values: object) -> None:
    """What somebody does to the store by hand."""
    async with stage.context.database.session(writes=True) as session:
        for one in statements:
            await session.execute(text(one), values)
        await session.commit()


def blob_kind(stage: Stage) -> str:
    return "BYTEA" if stage.name == "postgresql" else "BLOB"


async def make_tables(stage: Stage) -> None:
    """Tables and columns that no model knows."""
    blob = blob_kind(stage)
    number = "SERIAL" if stage.name == "postgresql" else "INTEGER"
    await execute(
        stage,
        f'CREATE TABLE "old import" (n {number} PRIMARY KEY, note TEXT, raw {blob}, '
        '"any thing" TEXT, number BIGINT)',
        "CREATE TABLE keyed (code VARCHAR(200) PRIMARY KEY, data TEXT)",
        "ALTER TABLE ticket ADD COLUMN remark TEXT",
        f"ALTER TABLE staff ADD COLUMN photo {blob}",
    )


Places = Sequence[str]
COLUMNS: Places = ("note", "raw", "any thing")


async def plant(stage: Stage, column: str, data: bytes, others: Others) -> None:
    """Put bytes into one place."""
    as_text = data.decode("utf-8", "replace").replace("\x00", "")
    match column:
        case "raw":
            await execute(stage, 'INSERT INTO "old import" (raw) VALUES (:it)', it=data)
        case "remark":
            await execute(
                stage,
                "UPDATE ticket SET remark = :it WHERE id = :id",
                it=as_text,
                id=others.ticket.id,
            )
        case "keyed":
            await execute(
                stage, "INSERT INTO keyed (code, data) VALUES (:k, :it)", k=new_id(), it=as_text
            )
        case "deep":
            deep: Any = as_text
            for _ in range(40):
                deep = {"a": [0, deep]}
            await execute(
                stage, 'INSERT INTO "old import" (note) VALUES (:it)', it=json.dumps(deep)
            )
        case _:
            await execute(stage, f'INSERT INTO "old import" ("{column}") VALUES (:it)', it=as_text)


HAND_MADE: Places = (*COLUMNS, "remark", "keyed", "deep")
