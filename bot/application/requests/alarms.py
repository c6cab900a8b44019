"""The alarms of "this was not me": who is called, whom it is about, whom to ring, what to do.

They go out before anything else and under a name of their own, so that one that waits is seen at
once (bot/application/silence.py): an alarm is never silent.
"""

from bot.application.masked import masked_contact, masked_name, masked_words
from bot.application.outbound.to_staff import Alarm
from bot.application.ports.tickets import TicketFilter
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import ActorKind, StaffId
from bot.domain.clients.people import PHONE, Account, Person
from bot.domain.errors import NotFound
from bot.domain.requests.request import DataRequest
from bot.wording import say


async def sound_frozen(work: UnitOfWork, request: DataRequest, meant: list[Person]) -> None:
    """Somebody may be robbed of their data: approvers are called by name.

    `meant`: whose data it is, or may be.
    """
    by, language = request.facts.freezes[-1].by, work.rules.staff_language
    why = say("alarms.by_somebody", language)
    if by.kind is ActorKind.STAFF:
        who = (await work.staff.get(StaffId(by.id))).mention
        why = say("alarms.by_staff", language, who=who)
    await _sound(work, request, meant, "alarms.frozen", why=why)


async def sound_too_late(work: UnitOfWork, request: DataRequest, meant: list[Person]) -> None:
    """Once a request, however often the link is pressed."""
    state = say(f"request_card.state_{request.state}", work.rules.staff_language)
    key = f"{request.stream}:not_me"
    await _sound(work, request, meant, "alarms.too_late", key=key, state=state)


async def sound_disowned(work: UnitOfWork, account: Account, meant: list[Person]) -> None:
    """A chat account was cut loose; the way back names a ticket of that very chat."""
    language = work.rules.staff_language
    asked = await work.requests.of_account(account.id)
    frozen = [one.number for one in asked if one.is_live and one.facts.is_frozen]
    newest = await work.tickets.find(TicketFilter(account=account.id), limit=1)
    back = say("alarms.way_back_unknown", language)
    if newest:
        back = say("alarms.way_back", language, number=newest[0].number)
    text = say(
        "alarms.disowned",
        language,
        approvers=await approvers_called(work),
        client=_names(work, meant) or say("alarms.unknown_client", language),
        chat=masked_name(account, language),
        frozen=", ".join(frozen) or say("alarms.nothing_frozen", language),
        ring=_whom_to_ring(work, meant),
        back=back,
    )
    await work.outbox.put(Alarm("privacy", text), holder=account.holder)


async def approvers_called(work: UnitOfWork) -> str:
    """Everybody who may approve, as a text for staff mentions them."""
    called = [one.mention for one in await work.staff.everyone() if one.may_approve()]
    return ", ".join(called) or say("alarms.nobody", work.rules.staff_language)


async def _sound(  # what an alarm holds, by name
    work: UnitOfWork,
    request: DataRequest,
    meant: list[Person],
    text: str,
    *,
    key: str = "",
    **more: str,
) -> None:
    language = work.rules.staff_language
    told = say(
        text,
        language,
        approvers=await approvers_called(work),
        number=request.number,
        type=say(f"requests.type_{request.kind}", language),
        client=_names(work, meant) or await _asker(work, request),
        ring=_whom_to_ring(work, meant),
        **more,
    )
    await work.outbox.put(Alarm("privacy", told), holder=request.holder, key=key)


async def _asker(work: UnitOfWork, request: DataRequest) -> str:
    """Nobody of the list is known to be meant: the chat that asked, by its masked name."""
    language = work.rules.staff_language
    if request.account is None:
        return say("alarms.unknown_client", language)
    try:
        chat = masked_name(await work.accounts.get(request.account), language)
    except NotFound:
        return say("alarms.unknown_client", language)
    return say("alarms.only_a_chat", language, chat=chat)


def _names(work: UnitOfWork, people: list[Person]) -> str:
    unnamed = say("desk.client_unnamed", work.rules.staff_language)
    return ", ".join(masked_words(one.name) or unnamed for one in people)


def _whom_to_ring(work: UnitOfWork, people: list[Person]) -> str:
    """Masked; the whole number stands in the company's own list, where a person looks it up."""
    language = work.rules.staff_language
    contacts = [contact for one in people for contact in one.contacts]
    phones = [masked_contact(one.kind, one.value) for one in contacts if one.kind == PHONE]
    if phones:
        return say("alarms.ring_phone", language, phone=", ".join(phones))
    mails = [masked_contact(one.kind, one.value) for one in contacts if one.kind != PHONE]
    if mails:
        return say("alarms.ring_nobody", language, mail=", ".join(mails))
    return say("alarms.ring_unknown", language)
