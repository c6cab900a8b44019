"""The one door to erasing from the desk's own store: requests, restores and retention go through.

In one transaction: the rows, what is left of them, the keys that all of it lay under, and the event
that says whose rows went. So it is done whole or not at all, and never twice.
"""

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import RequestId
from bot.domain.clients.events import SubjectErased
from bot.domain.errors import Refused
from bot.domain.fulfilment.identifiers import Identifiers

KEYS = "keys.destroy"


async def erase_own(
    work: UnitOfWork, who: Identifiers, request: RequestId | None
) -> dict[str, int]:
    """How many rows went, by place and action. `request`: under whose approvals.

    Raises:
        Refused: something of theirs is left; nothing was changed.
    """
    now = work.clock.now()
    await work.records.fence(who, now)
    rows = await work.records.erase(who, now)
    if left := await work.records.left(who):
        raise Refused("fulfilment.own_rows_left", count=sum(left.values()), place=min(left))
    keys = await work.records.destroy_keys(who, now)
    counted = {f"{place}.delete": count for place, count in rows.items() if count}
    if counted or keys:
        event = SubjectErased(
            stream="desk",
            request=request,
            holders=who.holders,
            tickets=rows.get("ticket", 0),
            rows=sum(rows.values()),
        )
        work.record(event)
    return counted | ({KEYS: keys} if keys else {})
