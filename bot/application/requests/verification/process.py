"""From what was shown to an identity: codes, contacts, and the way through staff.

What a code and a shared number say is the same whether a request or a chat is to be proved by them
(`account_link_proof.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.application.people import people_on_record
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.account_links import attach
from bot.application.requests.request_context import attempt, by_desk, clock_for, clock_of
from bot.application.requests.verification.claimed_address import Claim
from bot.application.requests.verification.codes import (
    PROVING,
    PURPOSES,
    ChallengePurpose,
    latest_claim,
    purpose_of,
)
from bot.domain.addresses import PersonId
from bot.domain.clients.people import Account, Person
from bot.domain.errors import Refused
from bot.domain.identity.events import ContactMatched, ContactRefused
from bot.domain.identity.levels import (
    PHONE_TRIES,
    Level,
    Need,
    OnRecord,
    Purpose,
    Shown,
    Standing,
    standing,
)
from bot.domain.identity.phones import ContactVerdict, SharedContact, judge_contact
from bot.domain.requests.record import Identity, Proofs, Subject
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState

_TOLD = {ContactVerdict.MATCHES: "phone_match", ContactVerdict.NO_MATCH: "no_phone_match"}
"""What a contact changes; a forwarded card, or one of somebody else, changes nothing."""


class ProofStep(StrEnum):
    """What comes next; before an e-mail code is accepted it is the same for everybody."""

    PROVED = "proved"
    EMAIL = "email"
    PHONE = "phone"
    STAFF = "staff"
    FROZEN = "frozen"
    PHONE_MISSING = "phone_missing"  # a package is not made ready again without the phone


@dataclass(frozen=True, slots=True)
class JudgedContact:
    """What a shared contact proves, and of whom."""

    verdict: ContactVerdict
    people: tuple[PersonId, ...] = ()


async def accept_code(
    work: UnitOfWork, *, account: Account, request: DataRequest, claim: Claim
) -> ProofStep:
    """The right code for an address on record was typed."""
    people = tuple(one.id for one in await people_on_record(work, claim.people))
    proofs = replace(request.facts.proofs, code_at=work.clock.now(), people=people)
    request.show_proof(proofs, "email_code", await attempt(work))
    return await go_on(work, account=account, request=request)


async def go_on(work: UnitOfWork, *, account: Account, request: DataRequest) -> ProofStep:
    """As far as what was shown leads: to an identity, or to what is still needed."""
    people = await people_on_record(work, request.facts.proofs.people)
    reached = _standing(work, request, people)
    if reached.level is Level.M:
        await _to_staff(work, account, request)
        return ProofStep.STAFF
    if Need.PHONE in reached.needs:
        await _ask_phone(work, request)
        return ProofStep.PHONE
    if reached.needs:
        return ProofStep.EMAIL
    if request.facts.is_frozen:
        return ProofStep.FROZEN
    return await _verify(work, account, request, people[0], reached)


async def prove_by_account(work: UnitOfWork, *, account: Account, request: DataRequest) -> None:
    """An account asks for what it sent itself: it is the proof, and of nothing else.

    Raises:
        Refused: the account proved to be a person, whose proof is then needed.
    """
    if request.subject != Subject(account=account.id):
        raise Refused("requests.reason_not_verified")
    identity = Identity(level=Level.ACCOUNT, at=work.clock.now(), subject=request.subject)
    request.verify(identity, await attempt(work), clock_of(request))


async def take_contact(
    work: UnitOfWork, *, account: Account, request: DataRequest, contact: SharedContact
) -> ContactVerdict:
    """What a shared contact proves of the person whose code was accepted."""
    judged = await judge(work, request.facts.proofs, contact, work.clock.now())
    proofs = after(request.facts.proofs, judged, work.clock.now())
    note_contact(work, account, request.stream, purpose_of(request), judged)
    if judged.verdict in _TOLD:
        request.show_proof(proofs, _TOLD[judged.verdict], await attempt(work))
    return judged.verdict


async def decline_phone(work: UnitOfWork, *, account: Account, request: DataRequest) -> ProofStep:
    """The number cannot be shared: the request goes on, and somebody will have to ring."""
    if request.state not in PROVING or request.facts.proofs.code_at is None:
        return ProofStep.EMAIL
    proofs = replace(request.facts.proofs, phone_declined=True)
    request.show_proof(proofs, "no_phone", await attempt(work))
    return await go_on(work, account=account, request=request)


async def open_staff_path(work: UnitOfWork, *, account: Account, request: DataRequest) -> None:
    """That e-mail cannot be read: two members of staff make sure in another way."""
    await _to_staff(work, account, request)


def expects_contact(request: DataRequest) -> bool:
    """Whether the subject can still prove something in the chat: an address, or a contact."""
    if request.state not in PROVING:
        return False
    proofs = request.facts.proofs
    phone_is_open = proofs.phone_tries < PHONE_TRIES and not proofs.phone_declined
    return request.facts.path_m_at is None or (proofs.code_at is not None and phone_is_open)


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


def _standing(work: UnitOfWork, request: DataRequest, people: list[Person]) -> Standing:
    facts, proofs = request.facts, request.facts.proofs
    shown = replace(
        shown_by(proofs),
        staff_path=facts.path_m_at is not None and (proofs.code_at is None or bool(facts.vouches)),
        vouches=facts.vouches,
    )
    known, mail_works = on_record(people, proofs), work.rules.mail_works
    return standing(PURPOSES[request.kind], known, shown, mail_works=mail_works)


async def _ask_phone(work: UnitOfWork, request: DataRequest) -> None:
    proofs: Proofs = replace(request.facts.proofs, phone_asked_at=work.clock.now())
    request.show_proof(proofs, "phone_asked", await attempt(work))


async def _to_staff(work: UnitOfWork, account: Account, request: DataRequest) -> None:
    """Whose record staff look at: the one that was claimed, if it is one. Nobody is told."""
    if request.state is not RequestState.AWAITING_IDENTITY:
        return
    request.open_staff_path(await attempt(work))
    proved = request.facts.proofs.people
    claim = None if proved else await latest_claim(work, account, purpose_of(request))
    people = await people_on_record(work, proved or (claim.people if claim else ()))
    is_open = request.facts.named_at is None and not request.facts.vouches
    if len(people) == 1 and is_open:
        request.settle_subject(Subject(person=people[0].id), await by_desk(work))


async def _verify(
    work: UnitOfWork, account: Account, request: DataRequest, person: Person, reached: Standing
) -> ProofStep:
    subject = Subject(person=person.id)
    if request.state is RequestState.UNDELIVERED and reached.phone_not_confirmed:
        return ProofStep.PHONE_MISSING
    request.settle_subject(subject, await by_desk(work))
    identity = Identity(
        level=reached.level,
        at=work.clock.now(),
        subject=subject,
        phone_not_confirmed=reached.phone_not_confirmed,
    )
    request.verify(identity, await attempt(work), await clock_for(work, subject))
    if _ties(request, person):
        await attach(work, account, person)
    return ProofStep.PROVED


def _ties(request: DataRequest, person: Person) -> bool:
    """Whether what was shown is enough for the person's other talks too, whatever was asked."""
    proofs = request.facts.proofs
    reached = standing(Purpose.LINK_ACCOUNT, on_record([person], proofs), shown_by(proofs))
    return reached.is_enough and not reached.phone_not_confirmed
