"""A chat that was cut loose by "this was not me" may prove again whose it is: two approvers agree.

Whoever held the notice's link could be mistaken, and nobody who holds it can take it back. What is
lifted is only the bar; the chat is nobody's until it proves itself afresh.
"""

from bot.application.outbound.messages import Alert
from bot.application.permission import the_staff
from bot.application.ports import UnitOfWork
from bot.application.requests.account_links import AGREED, is_frozen, let_prove_again
from bot.application.requests.request_context import live_roles
from bot.application.staff_desk.queries import the_ticket
from bot.domain.addresses import Role, StaffId
from bot.domain.clients.events import AccountRelinkAgreed, AccountRelinkAllowed
from bot.domain.errors import NotAllowed, Refused
from bot.wording import say


async def agree_to_relink(work: UnitOfWork, *, ticket: str) -> bool:
    """One of two approvers, for the chat of any of its tickets; whether it may prove itself now.

    The yes of somebody who is no approver any more counts no more.

    Raises:
        NotFound: there is no such ticket.
        NotAllowed: no approver, or the same one again.
        Refused: that chat was not cut loose.
    """
    staff = await the_staff(work)
    if not staff.may_approve():
        raise NotAllowed("requests.reason_not_approver")
    found = await the_ticket(work, ticket)
    account = await work.accounts.get(found.account)
    if not await is_frozen(work, account.id):
        raise Refused("identity.not_cut_loose", number=found.number)
    name = AGREED.format(account=account.id)
    first = StaffId(await work.facts.get(name) or "")
    if first == staff.id:
        raise NotAllowed("requests.reason_same_approver")
    is_second = (await live_roles(work)).get(first) is Role.APPROVER
    await work.facts.put(name, "" if is_second else staff.id)
    if is_second:
        await let_prove_again(work, account.id)
    event = AccountRelinkAllowed if is_second else AccountRelinkAgreed
    work.record(
        event(stream=account.stream, holder=account.holder, account=account.id, approver=staff.id)
    )
    key = "identity.relink_allowed" if is_second else "identity.relink_agreed"
    text = say(key, work.rules.staff_language, who=staff.mention, number=found.number)
    await work.outbox.put(Alert("privacy", text))
    return is_second
