"""What a code and a shared number say, whether a request or a chat is to be proved by them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.application.ports import UnitOfWork
from bot.application.requests.verification.claimed_address import phones_of
from bot.application.requests.verification.codes import ChallengePurpose
from bot.domain.addresses import PersonId
from bot.domain.clients.people import Account, Person
from bot.domain.errors import NotFound
from bot.domain.identity.events import ContactMatched, ContactRefused
from bot.domain.identity.levels import OnRecord, Shown
from bot.domain.identity.phones import Contact, SharedContact, judge_contact
from bot.domain.requests.record import Proofs


@dataclass(frozen=True, slots=True)
class Judged:
    """What a shared contact proves, and of whom."""

    verdict: Contact
    people: tuple[PersonId, ...] = ()


async def living(work: UnitOfWork, people: Sequence[PersonId]) -> list[Person]:
    """Those of them who are still on record."""
    found: list[Person] = []
    for each in people:
        try:
            person = await work.people.get(each)
        except NotFound:
            continue
        if not person.erased_at and not person.merged_into:
            found.append(person)
    return found


def on_record(people: Sequence[Person], proofs: Proofs) -> OnRecord:
    """Before a code is accepted nobody is known, and everybody is treated as if they were."""
    return OnRecord(
        email=bool(people) or proofs.code_at is None,
        phone=any(phones_of(one) for one in people),
        mailbox_shared=len(people) > 1,
    )


def shown_by(proofs: Proofs) -> Shown:
    return Shown(
        email_code=proofs.code_at is not None,
        phone_match=proofs.phone_matched_at is not None,
        phone_tries=proofs.phone_tries,
        phone_declined=proofs.phone_declined,
    )


async def judge(work: UnitOfWork, proofs: Proofs, contact: SharedContact, now: datetime) -> Judged:
    """What the contact proves of the people whose mailbox was proved."""
    verdicts = {
        one.id: judge_contact(
            contact, on_record=phones_of(one), asked_at=proofs.phone_asked_at, now=now
        )
        for one in await living(work, proofs.people)
    }
    matched = tuple(one for one, found in verdicts.items() if found is Contact.MATCHES)
    if matched:
        return Judged(Contact.MATCHES, matched)
    return Judged(next(iter(verdicts.values()), Contact.NOT_ASKED))


def after(proofs: Proofs, judged: Judged, now: datetime) -> Proofs:
    """A number that stands on several of a mailbox's persons tells none of them apart."""
    if judged.verdict is Contact.NO_MATCH:
        return replace(proofs, phone_tries=proofs.phone_tries + 1)
    if judged.verdict is not Contact.MATCHES:
        return proofs
    is_one = len(judged.people) == 1
    return replace(
        proofs,
        people=judged.people,
        phone_matched_at=now if is_one else None,
        phone_declined=not is_one,
    )


def note_contact(
    work: UnitOfWork, account: Account, stream: str, purpose: ChallengePurpose, judged: Judged
) -> None:
    """Keep what a shared contact came to; never the number itself."""
    holder, request = account.holder, purpose.id
    if judged.verdict is Contact.MATCHES:
        event = ContactMatched(stream=stream, holder=holder, request=request)
    else:
        event = ContactRefused(stream=stream, holder=holder, request=request, why=judged.verdict)
    work.record(event)
