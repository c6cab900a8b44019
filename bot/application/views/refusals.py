"""What could not be delivered for good, as it stands on the card of its ticket or request.

A dead letter is on the home view of whoever looks there; on the card it is seen by those whom it
concerns, at once, with what to do. It goes from the card when it is sent on its way again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.application.masked import masked_contact
from bot.application.outbound.delivery import Delivery
from bot.application.outbound.to_client import Say, ToClient
from bot.application.outbound.to_mailbox import MailCode, MailNotice
from bot.application.people import people_on_record
from bot.application.ports.queues import DeadLetter
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.verification.claimed_address import Claim, address_in
from bot.domain.addresses import Language, PersonId, TicketId
from bot.domain.clients.people import EMAIL
from bot.domain.errors import NotFound
from bot.domain.identity.challenges import ChallengeId
from bot.domain.requests.request import DataRequest
from bot.domain.tickets.ticket import Ticket
from bot.wording import say

SHOWN = 3
CARDS = 20
"""Cards of one client that say so at once."""
TOO_LARGE = ("http_413", "slack.file_too_large")
NO_ADDRESS_OF_OURS = ("no_smtputf8", "address_unusable")
CHATS_GONE = {"chat_not_found": "chat", "not_on_telegram": "chat"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """One delivery that nobody will try again by itself."""

    key: str
    """Of the wording: what it was, that it was refused, and what to do."""
    error: str
    """The platform's own code."""
    to: str
    """Whom it was for, masked; empty: the client, in the chat."""
    since: datetime

    def text(self, language: Language) -> str:
        return say(f"desk.refused_{self.key}", language, error=self.error, to=self.to)


async def ticket_refusals(work: UnitOfWork, ticket: Ticket) -> tuple[Refusal, ...]:
    """What was for this client or this thread and was refused, newest first."""
    names = (f"client:{ticket.account}", f"desk:{ticket.id}")
    letters = await work.outbox.dead_letters(SHOWN, among=names)
    own = [each for each in letters if _is_about(each.delivery, ticket.id)]
    return tuple([await _refusal(work, each) for each in own])


async def request_refusals(work: UnitOfWork, request: DataRequest) -> tuple[Refusal, ...]:
    """Codes, notices and words for the client of this request that were refused.

    Nothing is carried to whoever is being erased any more.
    """
    if request.is_fenced:
        return ()
    names: list[str] = []
    if request.subject.person is not None:
        names.append(f"mail:{request.subject.person}")
    if request.account is not None:
        names.append(f"client:{request.account}")
        codes = await work.challenges.open_of(request.account, request.id)
        names += [f"code:{code.id}" for code in codes]
    letters = await work.outbox.dead_letters(SHOWN, among=names) if names else []
    own = [each for each in letters if _is_about(each.delivery, request.ticket)]
    return tuple([await _refusal(work, each) for each in own])


def _is_about(delivery: Delivery | None, ticket: TicketId) -> bool:
    """A word that is about another ticket stands on that one's card."""
    return not isinstance(delivery, Say) or delivery.reply.about in (None, ticket)


async def _refusal(work: UnitOfWork, letter: DeadLetter) -> Refusal:
    error, to = letter.error.removeprefix("smtp_"), ""
    match letter.delivery:
        case MailCode(challenge=challenge):
            key, to = "code", await _code_address(work, challenge)
        case MailNotice(person=person, mailbox=mailbox):
            key, to = "mail", await _address(work, (person,), mailbox)
        case ToClient():
            key = CHATS_GONE.get(letter.error, "word")
        case _:
            key = "post"
    if letter.error in NO_ADDRESS_OF_OURS and to:
        key = "address"
    return Refusal("file" if letter.error in TOO_LARGE else key, error, to or "…", letter.since)


async def _code_address(work: UnitOfWork, challenge: str) -> str:
    try:
        found = await work.challenges.get(ChallengeId(challenge))
    except NotFound:
        return ""
    claim = Claim.parse(found.binding.subject)
    return await _address(work, claim.people, claim.mailbox)


async def _address(work: UnitOfWork, people: Sequence[PersonId], mailbox: str) -> str:
    """Masked; empty: it is no longer on record."""
    found = address_in(work, await people_on_record(work, people), mailbox)
    return masked_contact(EMAIL, found) if found else ""
