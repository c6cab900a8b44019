"""What codes and shared contacts show, whether a request or a chat is to be proved by them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.application.people import people_on_record
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import PersonId
from bot.domain.clients.people import Account, Person
from bot.domain.identity.codes import ChallengePurpose
from bot.domain.identity.events import ContactMatched, ContactRefused
from bot.domain.identity.levels import (
    OnRecord,
    Shown,
)
from bot.domain.identity.phones import ContactVerdict, SharedContact, judge_contact
from bot.domain.requests.record import Proofs

TOLD = {ContactVerdict.MATCHES: "phone_match", ContactVerdict.NO_MATCH: "no_phone_match"}
"""What a contact changes; a forwarded card, or one of somebody else, changes nothing."""


@dataclass(frozen=True, slots=True)
class JudgedContact:
    """What a shared contact proves, and of whom."""

    verdict: ContactVerdict
    people: tuple[PersonId, ...] = ()


def on_record(people: Sequence[Person], proofs: Proofs) -> OnRecord:
    """Before a code is accepted nobody is known, and everybody is treated as if they were."""
    return OnRecord(
        email=bool(people) or proofs.code_at is None,
        phone=any(one.phones for one in people),
        mailbox_shared=len(people) > 1,
    )


def shown_by(proofs: Proofs) -> Shown:
    return Shown(
        email_code=proofs.code_at is not None,
        phone_match=proofs.phone_matched_at is not None,
        phone_tries=proofs.phone_tries,
        phone_declined=proofs.phone_declined,
    )


async def judge(
    work: UnitOfWork, proofs: Proofs, contact: SharedContact, now: datetime
) -> JudgedContact:
    """What the contact proves of the people whose mailbox was proved."""
    verdicts = {
        one.id: judge_contact(
            contact, on_record=one.phones, asked_at=proofs.phone_asked_at, now=now
        )
        for one in await people_on_record(work, proofs.people)
    }
    matched = tuple(one for one, found in verdicts.items() if found is ContactVerdict.MATCHES)
    if matched:
        return JudgedContact(ContactVerdict.MATCHES, matched)
    return JudgedContact(next(iter(verdicts.values()), ContactVerdict.NOT_ASKED))


def after(proofs: Proofs, judged: JudgedContact, now: datetime) -> Proofs:
    """A number that stands on several of a mailbox's persons tells none of them apart."""
    if judged.verdict is ContactVerdict.NO_MATCH:
        return replace(proofs, phone_tries=proofs.phone_tries + 1)
    if judged.verdict is not ContactVerdict.MATCHES:
        return proofs
    is_one = len(judged.people) == 1
    return replace(
        proofs,
        people=judged.people,
        phone_matched_at=now if is_one else None,
        phone_declined=not is_one,
    )


def note_contact(
    work: UnitOfWork,
    account: Account,
    stream: str,
    purpose: ChallengePurpose,
    judged: JudgedContact,
) -> None:
    """Keep what a shared contact came to; never the number itself."""
    holder, request = account.holder, purpose.id
    if judged.verdict is ContactVerdict.MATCHES:
        event = ContactMatched(stream=stream, holder=holder, request=request)
    else:
        event = ContactRefused(stream=stream, holder=holder, request=request, why=judged.verdict)
    work.record(event)
