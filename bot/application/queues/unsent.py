"""Words that a restored store had not sent yet: staff see them and may send them; nothing goes.

They were sent in the life of the store that the backup does not know, or were overtaken there.
Cards and other views go on: they show what is, and are drawn anew.
"""

from bot.application.outbound.delivery import Delivery, DeliveryUncertainty
from bot.application.outbound.to_client import DeleteReply, EditReply, SendReply
from bot.application.outbound.to_staff import Alert
from bot.application.ports.queues import ClaimedDelivery, GivenUp
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.mail import void_code
from bot.application.staff_desk.delivery_outcomes import record_delivery, record_lost_edit
from bot.domain.errors import NotFound
from bot.domain.store_keys import UnsentSetAside
from bot.domain.tickets.message import DeliveryStatus as Ending
from bot.wording import say

RESTORED = "restored"


async def set_unsent_aside(work: UnitOfWork) -> int:
    """How many there were; staff are told."""
    found = [one for one in await work.outbox.waiting() if not _is_view(one.delivery)]
    for one in found:
        await _set_aside(work, one)
    if found:
        work.record(UnsentSetAside(stream="desk", count=len(found)))
        text = say("ledger.alert_unsent", work.rules.staff_language, count=len(found))
        await work.outbox.put(Alert("support", text))
    return len(found)


def _is_view(delivery: Delivery) -> bool:
    return bool(delivery.coalesce)


async def _set_aside(work: UnitOfWork, claimed: ClaimedDelivery) -> None:
    """A reply is its writer's to send again, a code counts no more, the rest are dead letters."""
    delivery, now = claimed.delivery, work.clock.now()
    is_void = delivery.in_doubt is DeliveryUncertainty.VOID
    end = GivenUp.VOID if is_void else GivenUp.DEAD
    if isinstance(delivery, SendReply):
        end = GivenUp.RETURNED
    await work.outbox.give_up(claimed.id, now, error=RESTORED, end=end)
    try:
        if isinstance(delivery, SendReply):
            await record_delivery(
                work, message=delivery.message, outcome=Ending.UNCERTAIN, error=RESTORED
            )
        elif isinstance(delivery, (EditReply, DeleteReply)):
            await record_lost_edit(work, message=delivery.message)
        elif is_void:
            await void_code(work, delivery)
    except NotFound:
        return
