"""A chain with a few events, and what a look along it finds."""

from bot.domain.tickets.states import Priority
from storage import audit_chain
from storage.audit_chain import ChainReport
from tests.support.stores.stages import Stage, a_ticket


async def written(stage: Stage, rows: int = 6) -> None:
    for _ in range(rows // 2):
        async with stage.writing() as work:
            ticket = await a_ticket(work)
            ticket.set_priority(Priority.P1)
        stage.clock.go_on(seconds=1)


async def verified(stage: Stage, *, expected: str = "") -> ChainReport:
    async with stage.context.database.session(writes=False) as session:
        return await audit_chain.verify(session, stage.context.keys, expected_head=expected)
