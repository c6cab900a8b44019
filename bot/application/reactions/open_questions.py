"""What follows from a link: who looks at open questions sees the change."""

from bot.answering.questions import LinkEvent, LinkFlagged, LinkKept, LinkTakenBack, QuestionLinked
from bot.application.outbound.messages import RefreshHome
from bot.application.ports import UnitOfWork
from bot.application.reactions.reaction_table import Table
from bot.application.reactions.surfaces import HOME_WAITS
from bot.application.staff_desk.home import viewers

LEARNING = Table()


@LEARNING.on(QuestionLinked, LinkTakenBack, LinkFlagged, LinkKept)
async def refresh_homes(_: LinkEvent, work: UnitOfWork) -> None:
    """As for tickets: who looked within the last hour sees the change a little later."""
    due = work.clock.now() + HOME_WAITS
    for staff in await viewers(work):
        await work.outbox.put(RefreshHome(staff), not_before=due)
