"""A new account of a known person proves itself afresh before it sees the person's older talks.

The proof is that of a copy of the data (V3): a code to an address on record and, where a phone is
on record, that phone. Nobody rings back here, so that without the phone there is no tie; staff can
still give out a copy by manual verification.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.application.people import people_on_record
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.account_links import attach, tell_attached
from bot.application.requests.verification.claimed_address import Claim
from bot.application.requests.verification.codes import linking_purpose
from bot.application.requests.verification.shown_proofs import (
    accepted,
    after,
    judge,
    note_contact,
    on_record,
    shown_by,
)
from bot.domain.clients.people import Account
from bot.domain.identity.levels import Level, Need, Purpose, standing
from bot.domain.identity.phones import ContactVerdict, SharedContact
from bot.domain.requests.record import Proofs


class LinkStep(StrEnum):
    """What comes next; before a code is accepted it is the same for everybody."""

    LINKED = "linked"
    PHONE = "phone"
    OLDER = "older"  # the address is too young on record: an older one beside it
    IMPOSSIBLE = "impossible"  # no phone, or a mailbox of several: only staff can make sure
    FROZEN = "frozen"  # somebody with a notice's link said that it was not them


@dataclass(frozen=True, slots=True)
class LinkProgress:
    """What a step came to."""

    proofs: Proofs
    step: LinkStep
    verdict: ContactVerdict | None = None


async def take_code(
    work: UnitOfWork, *, account: Account, claim: Claim, earlier: Proofs
) -> LinkProgress:
    """The right code for an address on record was typed; `earlier`: what was shown before it."""
    people = await people_on_record(work, claim.people)
    proofs = accepted(earlier, people, claim.mailbox, work.clock.now())
    return await _go_on(work, account, proofs)


async def take_number(
    work: UnitOfWork, *, account: Account, proofs: Proofs, contact: SharedContact
) -> LinkProgress:
    """A contact was shared in answer to our button."""
    judged = await judge(work, proofs, contact, work.clock.now())
    note_contact(work, account, account.stream, linking_purpose(account.id), judged)
    shown = await _go_on(work, account, after(proofs, judged, work.clock.now()))
    return replace(shown, verdict=judged.verdict)


async def _go_on(work: UnitOfWork, account: Account, proofs: Proofs) -> LinkProgress:
    people = await people_on_record(work, proofs.people)
    reached = standing(
        Purpose.LINK_ACCOUNT,
        on_record(people, proofs),
        shown_by(work, proofs, people),
        mail_works=work.rules.mail_works,
    )
    if reached.level is Level.M or reached.phone_not_confirmed:
        return LinkProgress(proofs, LinkStep.IMPOSSIBLE)
    if Need.PHONE in reached.needs:
        return LinkProgress(replace(proofs, phone_asked_at=work.clock.now()), LinkStep.PHONE)
    if Need.OLDER_CONTACT in reached.needs:
        return LinkProgress(proofs, LinkStep.OLDER)
    if account.person is not None:
        return LinkProgress(proofs, LinkStep.LINKED)
    if not await attach(work, account, people[0]):
        return LinkProgress(proofs, LinkStep.FROZEN)
    await tell_attached(work, account, people[0])
    return LinkProgress(proofs, LinkStep.LINKED)
