"""Whom a reply says it is from, and for which ticket; the names of staff behind it."""

from collections.abc import Mapping

from bot.application.config import ReplySignature
from bot.application.permission import may_change_staff
from bot.application.ports.tickets import TicketFilter
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import Language
from bot.domain.staff import Staff
from bot.domain.tickets.message import Signature
from bot.domain.tickets.states import LIVE
from bot.domain.tickets.ticket import Ticket
from bot.wording import say


async def signature_of(
    work: UnitOfWork, ticket: Ticket, by: Staff | None, *, opens_ticket: bool = False
) -> Signature:
    """What stands above a reply. `by`: who wrote; None: the operator of the machine.

    The number stands there while the client has not written in the ticket, since nobody told them
    of it, and where they have another one: two people may be answering them at once.
    """
    style = work.rules.reply_signature
    is_needed = ticket.last_client_at is None or await _has_another(work, ticket)
    return Signature(
        name=by.name if by is not None and style is ReplySignature.NAME else "",
        team=work.rules.company if style is ReplySignature.TEAM else "",
        number=ticket.number if is_needed else "",
        opens_ticket=opens_ticket,
    )


async def _has_another(work: UnitOfWork, ticket: Ticket) -> bool:
    live = await work.tickets.count(TicketFilter(account=ticket.account, states=LIVE))
    return live > int(ticket.state in LIVE)


def heading(signature: Signature, language: Language) -> str:
    """One line for above the words; empty: they stand alone."""
    team = signature.team and say("tickets.reply_team", language, company=signature.team)
    new = "_new" if signature.opens_ticket else ""
    number = signature.number and say(
        f"tickets.reply_number{new}", language, number=signature.number
    )
    return " · ".join(filter(None, (signature.name or team, number)))


async def name_staff(work: UnitOfWork, *, names: Mapping[str, str]) -> None:
    """Keep how people of staff are called, by their Slack ids; who is not named keeps theirs."""
    may_change_staff(work)
    for slack_user, name in names.items():
        staff = await work.staff.on_slack(slack_user)
        if staff is not None and name and staff.name != name:
            staff.name = name
            await work.staff.put(staff)


async def misnamed(work: UnitOfWork, *, names: Mapping[str, str]) -> bool:
    """Whether somebody is called otherwise by now: most minutes nobody is."""
    known = {staff.slack_user: staff.name for staff in await work.staff.everyone()}
    return any(name and known.get(user, name) != name for user, name in names.items())
