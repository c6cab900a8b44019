"""From what was shown to an identity: codes, contacts, and the way through staff."""

from dataclasses import replace
from enum import StrEnum

from bot.application.people import people_on_record
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.account_links import attach
from bot.application.requests.request_context import attempt, by_desk, clock_for, clock_of
from bot.application.requests.verification.claimed_address import Claim
from bot.application.requests.verification.codes import PURPOSES, latest_claim, purpose_of
from bot.application.requests.verification.shown_proofs import (
    TOLD,
    accepted,
    after,
    is_code_young,
    judge,
    note_contact,
    on_record,
    shown_by,
)
from bot.domain.clients.people import Account, Person
from bot.domain.errors import Refused
from bot.domain.identity.levels import (
    PHONE_TRIES,
    Level,
    Need,
    Purpose,
    Standing,
    standing,
)
from bot.domain.identity.phones import ContactVerdict, SharedContact
from bot.domain.requests.record import Identity, Proofs, Subject
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import ProofCode, RequestState
from bot.domain.requests.verification import PROVING


class ProofStep(StrEnum):
    """What comes next; before an e-mail code is accepted it is the same for everybody."""

    PROVED = "proved"
    EMAIL = "email"
    PHONE = "phone"
    STAFF = "staff"
    OLDER = "older"  # the address is too young on record: an older one beside it, or staff
    FROZEN = "frozen"
    PHONE_MISSING = "phone_missing"  # a package is not made ready again without the phone


async def accept_code(
    work: UnitOfWork, *, account: Account, request: DataRequest, claim: Claim
) -> ProofStep:
    """The right code for an address on record was typed."""
    people = await people_on_record(work, claim.people)
    proofs = accepted(request.facts.proofs, people, claim.mailbox, work.clock.now())
    request.show_proof(proofs, ProofCode.EMAIL_CODE, await attempt(work))
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
    if Need.OLDER_CONTACT in reached.needs:
        await _ask_older(work, account, request, people[0])
        return ProofStep.OLDER
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
    if judged.verdict in TOLD:
        request.show_proof(proofs, TOLD[judged.verdict], await attempt(work))
    return judged.verdict


async def decline_phone(work: UnitOfWork, *, account: Account, request: DataRequest) -> ProofStep:
    """The number cannot be shared: the request goes on, and somebody will have to ring."""
    if request.state not in PROVING or request.facts.proofs.code_at is None:
        return ProofStep.EMAIL
    proofs = replace(request.facts.proofs, phone_declined=True)
    request.show_proof(proofs, ProofCode.NO_PHONE, await attempt(work))
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
    waits = proofs.code_at is not None and (phone_is_open or proofs.asks_older)
    return request.facts.path_m_at is None or waits


def _standing(work: UnitOfWork, request: DataRequest, people: list[Person]) -> Standing:
    facts, proofs = request.facts, request.facts.proofs
    shown = replace(
        shown_by(work, proofs, people),
        staff_path=facts.path_m_at is not None and (proofs.code_at is None or bool(facts.vouches)),
        vouches=facts.vouches,
    )
    known, mail_works = on_record(people, proofs), work.rules.mail_works
    return standing(PURPOSES[request.kind], known, shown, mail_works=mail_works)


async def _ask_phone(work: UnitOfWork, request: DataRequest) -> None:
    proofs: Proofs = replace(request.facts.proofs, phone_asked_at=work.clock.now())
    request.show_proof(proofs, ProofCode.PHONE_ASKED, await attempt(work))


async def _ask_older(
    work: UnitOfWork, account: Account, request: DataRequest, person: Person
) -> None:
    """An older address may be shown beside it; meanwhile staff can make sure in another way."""
    shown = request.facts.proofs
    young = person.id if is_code_young(work, shown, person) else shown.young_person
    proofs = replace(shown, asks_older=True, young_person=young)
    if proofs != shown:
        request.show_proof(proofs, ProofCode.YOUNG_CONTACT, await attempt(work))
    await _to_staff(work, account, request)


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
    if _ties(work, request, person):
        await attach(work, account, person)
    return ProofStep.PROVED


def _ties(work: UnitOfWork, request: DataRequest, person: Person) -> bool:
    """Whether what was shown is enough for the person's other talks too, whatever was asked."""
    proofs = request.facts.proofs
    shown = shown_by(work, proofs, [person])
    reached = standing(Purpose.LINK_ACCOUNT, on_record([person], proofs), shown)
    return reached.is_enough and not reached.phone_not_confirmed
