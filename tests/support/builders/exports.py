"""A ticket that was worked on, and exports as scripts read them."""

import csv
import io
import json
from typing import Any

from bot.application.ports.tickets import TicketFilter
from bot.domain.addresses import Role, StaffId
from bot.domain.staff import Staff
from storage.export import export_tickets
from tests.support.stores.stages import Stage, a_message, a_ticket, an_account

ANN = StaffId("staff-ann")


async def exported(
    stage: Stage, which: TicketFilter | None = None, *, form: str, personal: bool = False
) -> str:
    pieces = export_tickets(stage.context, which or TicketFilter(), form=form, personal=personal)
    return "".join([piece async for piece in pieces])


async def as_records(stage: Stage, which: TicketFilter | None = None, **how: Any) -> list[Any]:
    text = await exported(stage, which, form="jsonl", **how)
    return [json.loads(line) for line in text.splitlines()]


async def as_rows(stage: Stage, **how: Any) -> list[dict[str, str]]:
    text = await exported(stage, form="csv", **how)
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def one_worked_ticket(stage: Stage) -> None:
    async with stage.writing() as work:
        await work.staff.put(Staff(id=ANN, slack_user="U0ANN", role=Role.AGENT, source="manual"))
        account = await an_account(work, name="Zoë Ahmed")
        ticket = await a_ticket(work, account, subject='লাইন নেই, since "today"\nreally')
        await a_message(work, ticket, "First, words")
        stage.clock.go_on(minutes=5)
        await a_message(work, ticket, "=cmd()|x")
        ticket.claim(ANN, stage.clock.now())
        ticket.resolve("Restarted; done", ["line", "cable; cut"], stage.clock.now())
        ticket.rate(5)
