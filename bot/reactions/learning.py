"""What follows from a link: who looks at open questions sees the change."""

from bot.messages import RefreshHome
from bot.ports import UnitOfWork
from bot.questions import LinkEvent, LinkFlagged, LinkKept, LinkTakenBack, QuestionLinked
from bot.reactions.surfaces import HOME_WAITS
from bot.reactions.table import Table
from bot.use_cases.home_viewers import viewers

LEARNING = Table()


@LEARNING.on(QuestionLinked, LinkTakenBack, LinkFlagged, LinkKept)
async def refresh_homes(_: LinkEvent, work: UnitOfWork) -> None:
    """As for tickets: who looked within the last hour sees the change a little later."""
    due = work.clock.now() + HOME_WAITS
    for staff in await viewers(work):
        await work.outbox.put(RefreshHome(staff), not_before=due)
