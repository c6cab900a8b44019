"""What follows from a change of a data request: its timer, its twins, what its subject hears."""

from bot.data_requests import events as facts
from bot.data_requests.events import RequestEvent
from bot.ports import UnitOfWork
from bot.reactions.table import Table
from bot.use_cases.requests import scheduling

REQUESTS = Table()
CHANGES: tuple[type[RequestEvent], ...] = tuple(
    kind
    for kind in vars(facts).values()
    if isinstance(kind, type) and issubclass(kind, RequestEvent) and kind is not RequestEvent
)


@REQUESTS.on(*CHANGES)
async def set_the_timer(event: RequestEvent, work: UnitOfWork) -> None:
    await scheduling.reschedule(work, await work.requests.get(event.request))
