"""What codes and shared contacts show, whether a request or a chat is to be proved by them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.application.people import people_on_record
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import PersonId
from bot.domain.clients.contact_changes import are_enough, are_young
from bot.domain.clients.people import EMAIL, PHONE, Account, Contact, Person
from bot.domain.identity.codes import ChallengePurpose
from bot.domain.identity.events import ContactMatched, ContactRefused
from bot.domain.identity.levels import (
    OnRecord,
    Shown,
)
from bot.domain.identity.phones import (
    ContactVerdict,
    SharedContact,
    e164,
    judge_contact,
    shared_number,
)
from bot.domain.requests.record import Proofs
from bot.domain.requests.states import ProofCode

TOLD = {
    ContactVerdict.MATCHES: ProofCode.PHONE_MATCH,
    ContactVerdict.NO_MATCH: ProofCode.NO_PHONE_MATCH,
}
"""What a contact changes; a forwarded card, or one of somebody else, changes nothing."""


@dataclass(frozen=True, slots=True)
class JudgedContact:
    """What a shared contact proves, and of whom."""

    verdict: ContactVerdict
    people: tuple[PersonId, ...] = ()
    phone: str = ""
    """Keyed digest of the number, where it is on record."""


def accepted(earlier: Proofs, people: Sequence[Person], mailbox: str, now: datetime) -> Proofs:
    """A code to `mailbox` was right. A second address of the same one person is shown beside it.

    What was shown of anybody else counts no more; only how often they tried is remembered.
    """
    found = tuple(one.id for one in people)
    if len(found) == 1 and found == earlier.people:
        boxes = dict.fromkeys((*earlier.mailboxes, mailbox))
        return replace(earlier, code_at=now, mailboxes=tuple(boxes))
    tries = earlier.phone_tries
    return Proofs(code_at=now, people=found, mailboxes=(mailbox,), phone_tries=tries)


def on_record(people: Sequence[Person], proofs: Proofs) -> OnRecord:
    """Before a code is accepted nobody is known, and everybody is treated as if they were."""
    return OnRecord(
        email=bool(people) or proofs.code_at is None,
        phone=any(one.phones for one in people),
        mailbox_shared=len(people) > 1,
    )


def shown_by(work: UnitOfWork, proofs: Proofs, people: Sequence[Person]) -> Shown:
    """What was shown, and whether it is on record for long enough; `people`: of whom.

    Of a mailbox of several nobody is known yet, so that nothing can be too young. A code that was
    typed before the desk kept the address went to one that has not changed since.
    """
    is_one = len(people) == 1
    is_known = is_one and (bool(proofs.mailboxes) or proofs.code_at is None)
    found = _shown_of(work, proofs, people[0]) if is_known else []
    return Shown(
        contacts_are_enough=are_enough(found, work.clock.now()) or not is_known,
        young_code=is_one and proofs.young_person == people[0].id,
        email_code=proofs.code_at is not None,
        phone_match=proofs.phone_matched_at is not None,
        phone_tries=proofs.phone_tries,
        phone_declined=proofs.phone_declined,
    )


def is_code_young(work: UnitOfWork, proofs: Proofs, person: Person) -> bool:
    """Whether a code went to an address that stands on that person's list, only not for long."""
    codes = [one for one in _shown_of(work, proofs, person) if one.kind == EMAIL]
    return are_young(codes, work.clock.now())


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
        number = shared_number(contact.phone) or ""
        return JudgedContact(ContactVerdict.MATCHES, matched, work.digests.digest(PHONE, number))
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
        phone=judged.phone if is_one else "",
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


def _shown_of(work: UnitOfWork, proofs: Proofs, person: Person) -> list[Contact]:
    """The contacts of a person's record that were shown to be the requester's."""
    is_of = work.digests.is_of
    return [
        one
        for one in person.contacts
        if (one.kind == EMAIL and any(is_of(EMAIL, one.value, box) for box in proofs.mailboxes))
        or (one.kind == PHONE and is_of(PHONE, e164(one.value) or one.value, proofs.phone))
    ]
