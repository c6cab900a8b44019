"""Levels V0 to V4 and manual verification: what is needed to count as the data subject.

docs/design/security.md, "Levels of identity" and "Manual verification", names the sources.

An e-mail code confirms an address on record for a one-off request (the logic of NIST 800-63A-4
3.8), always with notices, a hold and human approval. It is no second factor, and is never called
one. What a client hears before the code is accepted is the same for every address, known or not:
the needs named here guide the desk, not the reply.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.addresses import StaffId

PHONE_TRIES = 3
"""After so many contacts that do not match, the request goes on as "phone not confirmed"."""
VOUCHERS = 2
PROOF_KINDS = 2


class Level(StrEnum):
    """How surely somebody is the data subject."""

    V0 = "V0"  # nothing shown; limits only
    V1 = "V1"  # the same account that opened the ticket
    V2 = "V2"  # an e-mail code or a phone match
    V3 = "V3"  # an e-mail code, and a phone match when a phone is on record
    V4 = "V4"  # as V3; the hold and the two approvers come on top
    M = "M"  # two members of staff vouched, on two kinds of proof
    ACCOUNT = "account"  # the account asks for what it sent itself: it is the proof


class Purpose(StrEnum):
    """What identity is needed for. A code for one purpose is worth nothing for another."""

    QUESTION = "question"
    OWN_TICKET = "own_ticket"
    OBJECTION = "objection"
    CONTACT_CORRECTION = "contact_correction"  # not of e-mail or phone
    ACCESS = "access"
    ERASURE = "erasure"
    CHANGE_OF_CONTACT = "change_of_contact"  # of e-mail or phone
    LINK_ACCOUNT = "link_account"  # a new account of a known person


LEVEL_NEEDED = {
    Purpose.QUESTION: Level.V0,
    Purpose.OWN_TICKET: Level.V1,
    Purpose.OBJECTION: Level.V2,
    Purpose.CONTACT_CORRECTION: Level.V2,
    Purpose.ACCESS: Level.V3,
    Purpose.ERASURE: Level.V4,
    Purpose.CHANGE_OF_CONTACT: Level.V4,
    Purpose.LINK_ACCOUNT: Level.V3,
}


class ProofKind(StrEnum):
    """On what a voucher vouches. The kind is recorded, never the proof itself."""

    PHONE_MATCH = "phone_match"
    CALL_BACK = "call_back"  # to the phone on record
    LETTER_CODE = "letter_code"  # to the postal address on record
    LIVE_SESSION = "live_session"  # signed in to the client's own account
    DOCUMENT_SEEN = "document_seen"  # with a written reason; looked at, not stored (EDPB 77-78)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouch:
    """A member of staff says: this is the data subject."""

    by: StaffId
    kind: ProofKind
    at: datetime
    reason_written: bool = False
    """Needed where a document was looked at."""

    @property
    def counts(self) -> bool:
        return self.kind is not ProofKind.DOCUMENT_SEEN or self.reason_written


class Need(StrEnum):
    """What is still missing."""

    SAME_ACCOUNT = "same_account"
    EMAIL_CODE = "email_code"
    PHONE = "phone"  # a shared contact that matches
    CODE_OR_PHONE = "code_or_phone"
    TWO_VOUCHERS = "two_vouchers"
    ONE_MORE_VOUCHER = "one_more_voucher"
    ANOTHER_PROOF = "another_proof"  # two vouchers rest on one kind of proof
    OLDER_CONTACT = "older_contact"  # what was shown is too young on record, or has left it


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRecord:
    """What the client list knows of the subject."""

    email: bool = False
    phone: bool = False
    mailbox_shared: bool = False
    """The address stands on several persons: a code proves the mailbox, not the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the requester has shown so far, each thing for this request and subject."""

    same_account: bool = False
    account_is_subject: bool = False
    email_code: bool = False
    phone_match: bool = False
    phone_tries: int = 0
    phone_declined: bool = False
    """They pressed "I can't share this number"."""
    staff_path: bool = False
    """They pressed "I can't read that e-mail", or somebody acts for them."""
    vouches: tuple[Vouch, ...] = ()
    contacts_are_enough: bool = True
    """What was shown is on the list and on record for long enough (`are_enough`)."""
    young_code: bool = False
    """A code to an address on the list was typed that is only not there for long enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far the requester has come."""

    needs: tuple[Need, ...]
    level: Level
    """What is reached once nothing is needed."""
    phone_not_confirmed: bool = False

    @property
    def is_enough(self) -> bool:
        return not self.needs


def standing(
    purpose: Purpose, on_record: OnRecord, shown: Shown, *, mail_works: bool = True
) -> Standing:
    """What is still needed for `purpose`; an empty list: nothing."""
    wanted = LEVEL_NEEDED[purpose]
    if shown.account_is_subject and purpose is not Purpose.LINK_ACCOUNT:
        return Standing(needs=(), level=Level.ACCOUNT)
    if wanted is Level.V0:
        return Standing(needs=(), level=wanted)
    if wanted is Level.V1:
        needs = () if shown.same_account else (Need.SAME_ACCOUNT,)
        return Standing(needs=needs, level=wanted)
    if _goes_to_staff(wanted, on_record, shown, mail_works=mail_works):
        needs = manual_verification_needs(shown.vouches, young_code=shown.young_code)
        return Standing(needs=needs, level=Level.M)
    if wanted is Level.V2:
        return _v2(on_record, shown)
    return _v3(wanted, on_record, shown)


def manual_verification_needs(
    vouches: tuple[Vouch, ...], *, young_code: bool = False
) -> tuple[Need, ...]:
    """What manual verification still needs: two people, and two kinds of proof between them.

    Beside a code to an address that is only too young on record, one of them is enough.
    """
    counted = [vouch for vouch in vouches if vouch.counts]
    people = len({vouch.by for vouch in counted})
    if young_code and people:
        return ()
    if people < VOUCHERS:
        return (Need.ONE_MORE_VOUCHER,) if people else (Need.TWO_VOUCHERS,)
    kinds = {vouch.kind for vouch in counted}
    return () if len(kinds) >= PROOF_KINDS else (Need.ANOTHER_PROOF,)


def _goes_to_staff(wanted: Level, known: OnRecord, shown: Shown, *, mail_works: bool) -> bool:
    """The code cannot be read or sent, or a shared mailbox finds no matching phone."""
    if shown.staff_path:
        return True
    code_works = known.email and (mail_works or shown.email_code)
    if wanted is Level.V2:
        phone_works = known.phone and not _phone_is_closed(shown)
        return not phone_works and not (code_works and not known.mailbox_shared)
    unmatched = not shown.phone_match and (not known.phone or _phone_is_closed(shown))
    return not code_works or (known.mailbox_shared and unmatched and shown.email_code)


def _phone_is_closed(shown: Shown) -> bool:
    return not shown.phone_match and (shown.phone_declined or shown.phone_tries >= PHONE_TRIES)


def _v2(known: OnRecord, shown: Shown) -> Standing:
    by_code = shown.email_code and not known.mailbox_shared
    is_shown = by_code or (known.phone and shown.phone_match)
    if is_shown and shown.contacts_are_enough:
        return Standing(needs=(), level=Level.V2)
    can_share = known.phone and not _phone_is_closed(shown)
    if is_shown:
        asks_phone = can_share and not shown.phone_match
        needs = (Need.PHONE,) if asks_phone else (Need.OLDER_CONTACT,)
        return Standing(needs=needs, level=Level.V2)
    if known.mailbox_shared or not known.email:
        return Standing(needs=(Need.PHONE,), level=Level.V2)
    return Standing(needs=(Need.CODE_OR_PHONE if can_share else Need.EMAIL_CODE,), level=Level.V2)


def _v3(wanted: Level, known: OnRecord, shown: Shown) -> Standing:
    if not shown.email_code:
        return Standing(needs=(Need.EMAIL_CODE,), level=wanted)
    is_open = known.phone and not shown.phone_match
    if is_open and not _phone_is_closed(shown):
        return Standing(needs=(Need.PHONE,), level=wanted)
    if not shown.contacts_are_enough:
        return Standing(needs=(Need.OLDER_CONTACT,), level=wanted)
    return Standing(needs=(), level=wanted, phone_not_confirmed=is_open)
