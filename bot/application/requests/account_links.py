"""Whose a chat account is: tied to a person by a proof, and cut loose by "this was not me".

A tie lets the account see what the person's other accounts wrote, so that it takes the proof of a
copy of the data, whatever was asked for when it was given (docs/design/security.md, "Ties between
accounts").

Whoever held a notice's link could be mistaken, and nobody who holds it can take it back: two
approvers together lift the bar, and nothing but the bar. The chat is nobody's until it proves
itself afresh.
"""

from datetime import datetime, timedelta

from bot.application.outbound.to_client import Reply, Say
from bot.application.outbound.to_mailbox import MailNotice
from bot.application.outbound.to_staff import Alert
from bot.application.people import accounts_of
from bot.application.permission import the_staff
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.objection_links import account_of_token, cutting_link
from bot.application.requests.request_context import attempt, live_roles
from bot.application.staff_desk.queries import the_ticket
from bot.domain.addresses import AccountId, PersonId, Role, StaffId
from bot.domain.clients.events import (
    AccountAttached,
    AccountCutLoose,
    AccountRelinkAgreed,
    AccountRelinkAllowed,
)
from bot.domain.clients.people import EMAIL, Account, Person
from bot.domain.errors import NotAllowed, NotFound, Refused
from bot.domain.identity.signed_links import LASTS
from bot.domain.requests.request import DataRequest
from bot.wording import say


async def attach(work: UnitOfWork, account: Account, person: Person) -> bool:
    """From now on the account is the person's; one that is somebody's, or barred, is not."""
    link = await work.accounts.renew_link(account)
    if not link.link(person.id):
        return False
    await work.accounts.save_link(account)
    work.record(
        AccountAttached(
            stream=account.stream, holder=account.holder, account=account.id, person=person.id
        )
    )
    return True


async def tell_attached(work: UnitOfWork, account: Account, person: Person) -> None:
    """Every contact on record hears of the tie, with the link that cuts it."""
    link = await cutting_link(work, account.id)
    for address in person.emails if work.rules.mail_works else ():
        notice = MailNotice(
            person.id,
            work.digests.digest(EMAIL, address),
            say("identity.mail_subject_linked", person.language),
            say("identity.linked_notice", person.language, link=link),
        )
        await work.outbox.put(notice, holder=person.holder)
    for other in await accounts_of(work, person.id):
        if other.id != account.id:
            text = say("identity.linked_notice", other.language, link=link)
            await work.outbox.put(
                Say(other.id, Reply(text=text, topic=other.topic)), holder=other.holder
            )


async def cut_by_token(work: UnitOfWork, *, token: str) -> None:
    """Cut the account of the notice loose for good, and freeze what it asked of that person.

    Whoever holds the link may; only two approvers together lift the bar (`/desk relink`).

    Raises:
        NotFound: the token is not one of ours.
    """
    await _cut(work, await work.accounts.get(await account_of_token(work, token)))


async def tied_after(work: UnitOfWork, account: Account, *, within: timedelta) -> list[Account]:
    """The person's other chat accounts that were tied after this one, so that it was told of them.

    Whoever was tied later must not cut those loose who were there before.
    """
    mine = await _tied_at(work, account)
    if account.person is None or mine is None:
        return []
    found: list[tuple[datetime, Account]] = []
    for other in await accounts_of(work, account.person):
        at = await _tied_at(work, other) if other.id != account.id else None
        if at is not None and at > mine and work.clock.now() - at <= within:
            found.append((at, other))
    return [one for _, one in sorted(found, key=lambda each: each[0], reverse=True)]


async def cut_later_account(work: UnitOfWork, account: Account, other: AccountId) -> None:
    """As the link of the notice does, by a button in a chat that was told of the tie.

    Raises:
        NotFound: it is not tied to the same person, or was there before.
    """
    later = await tied_after(work, account, within=LASTS)
    found = next((one for one in later if one.id == other), None)
    if found is None:
        raise NotFound("identity.not_tied_now")
    await _cut(work, found)


async def disown(work: UnitOfWork, request: DataRequest, presser: AccountId) -> bool:
    """The link of a mail about a request costs the chat that asked its person; whether it did.

    An ended request still cuts, or whoever proved to be the person could withdraw and stay. A chat
    that freezes what it asked itself has not said that it is a stranger's.
    """
    if request.account is None or request.account == presser:
        return False
    account = await work.accounts.get(request.account)
    if account.person is None or account.person != request.subject.person:
        return False
    await _cut(work, account)
    return True


async def disown_later(work: UnitOfWork, request: DataRequest, presser: Account) -> bool:
    """Likewise by a button in a chat of the person: only what was tied after that chat is cut."""
    if request.account is None or not await _was_tied_before(work, presser, request.account):
        return False
    return await disown(work, request, presser.id)


async def agree_to_relink(work: UnitOfWork, *, ticket: str) -> bool:
    """One of two approvers, for the chat of any of its tickets; whether it may prove itself now.

    Raises:
        NotFound: there is no such ticket.
        NotAllowed: no approver, or the same one again.
        Refused: that chat was not cut loose.
    """
    staff = await the_staff(work)
    if not staff.may_decide(work.clock.now()):
        raise NotAllowed(f"requests.reason_{'newcomer' if staff.may_approve() else 'not_approver'}")
    found = await the_ticket(work, ticket)
    account = await work.accounts.get(found.account)
    link = await work.accounts.renew_link(account)
    if not link.is_barred:
        raise Refused("identity.not_cut_loose", number=found.number)
    is_lifted = link.lift_bar(staff.id, await _approvers(work))
    await work.accounts.save_link(account)
    event = AccountRelinkAllowed if is_lifted else AccountRelinkAgreed
    work.record(
        event(stream=account.stream, holder=account.holder, account=account.id, approver=staff.id)
    )
    key = "identity.relink_allowed" if is_lifted else "identity.relink_agreed"
    text = say(key, work.rules.staff_language, who=staff.mention, number=found.number)
    await work.outbox.put(Alert("privacy", text))
    if is_lifted:
        told = Reply(text=say("identity.relink_told", account.language), topic=account.topic)
        await work.outbox.put(Say(account.id, told), holder=account.holder)
    return is_lifted


async def _approvers(work: UnitOfWork) -> set[StaffId]:
    roles = await live_roles(work)
    return {staff for staff, role in roles.items() if role is Role.APPROVER}


async def _tied_at(work: UnitOfWork, account: Account) -> datetime | None:
    """When it was tied to the person whose it is now."""
    events = [(one.at, one.event) for one in reversed(await work.log.of(account.stream))]
    return next((at for at, event in events if isinstance(event, AccountAttached)), None)


async def _was_tied_before(work: UnitOfWork, account: Account, other: AccountId) -> bool:
    mine = await _tied_at(work, account)
    theirs = await _tied_at(work, await work.accounts.get(other))
    return mine is not None and theirs is not None and mine < theirs


async def _cut(work: UnitOfWork, account: Account) -> None:
    """Bar the account, and freeze what it asked of the person whose it was said to be."""
    link = await work.accounts.renew_link(account)
    person = link.person
    is_first = link.bar(work.clock.now())
    await work.accounts.save_link(account)
    if not is_first:
        return
    work.record(
        AccountCutLoose(
            stream=account.stream, holder=account.holder, account=account.id, person=person
        )
    )
    await _freeze_requests(work, account.id, person)


async def _freeze_requests(work: UnitOfWork, account: AccountId, person: PersonId | None) -> None:
    for request in await work.requests.of_account(account):
        if request.is_live and request.is_verified and request.subject.person == person:
            request.freeze(await attempt(work))
