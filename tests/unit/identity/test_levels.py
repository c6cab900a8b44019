"""What is still needed before somebody counts as the data subject."""

from datetime import UTC, datetime
from itertools import product

import pytest

from bot.domain.addresses import Language, StaffId
from bot.domain.identity.levels import (
    Level,
    Need,
    OnRecord,
    ProofKind,
    Purpose,
    Shown,
    Vouch,
    manual_verification_needs,
    standing,
)
from bot.wording import say

NOW = datetime(2026, 6, 10, 6, 0, tzinfo=UTC)
BOTH = OnRecord(email=True, phone=True)
MAIL = OnRecord(email=True)
PHONE = OnRecord(phone=True)
SHARED = OnRecord(email=True, phone=True, mailbox_shared=True)
SHARED_ONLY = OnRecord(email=True, mailbox_shared=True)
CODE = Shown(email_code=True)
CODE_AND_PHONE = Shown(email_code=True, phone_match=True)
ERASE, OBJECT = Purpose.ERASURE, Purpose.OBJECTION


def vouched(*kinds):
    return tuple(Vouch(by=StaffId(str(n)), kind=kind, at=NOW) for n, kind in enumerate(kinds))


@pytest.mark.parametrize(
    ("known", "shown", "needs"),
    [
        (BOTH, Shown(), [Need.EMAIL_CODE]),
        (BOTH, Shown(phone_match=True), [Need.EMAIL_CODE]),
        (BOTH, CODE, [Need.PHONE]),
        (BOTH, Shown(email_code=True, phone_tries=2), [Need.PHONE]),
        (BOTH, CODE_AND_PHONE, []),
        (MAIL, CODE, []),
        (PHONE, Shown(phone_match=True), [Need.TWO_VOUCHERS]),
        (OnRecord(), Shown(), [Need.TWO_VOUCHERS]),
        (BOTH, Shown(staff_path=True, email_code=True), [Need.TWO_VOUCHERS]),
        (SHARED, Shown(), [Need.EMAIL_CODE]),
        (SHARED, CODE, [Need.PHONE]),
        (SHARED, CODE_AND_PHONE, []),
        (SHARED, Shown(email_code=True, phone_tries=3), [Need.TWO_VOUCHERS]),
        (SHARED, Shown(email_code=True, phone_declined=True), [Need.TWO_VOUCHERS]),
        (SHARED_ONLY, CODE, [Need.TWO_VOUCHERS]),
    ],
)
def test_what_an_erasure_needs(known, shown, needs):
    assert list(standing(ERASE, known, shown).needs) == needs


@pytest.mark.parametrize("shown", [{"phone_tries": 3}, {"phone_declined": True}])
def test_without_a_phone_match_it_goes_on_marked_as_not_confirmed(shown):
    found = standing(ERASE, BOTH, Shown(email_code=True, **shown))

    assert found.is_enough
    assert found.phone_not_confirmed


def test_a_late_match_confirms_the_phone_after_all():
    found = standing(ERASE, BOTH, Shown(email_code=True, phone_match=True, phone_tries=3))

    assert found.is_enough
    assert not found.phone_not_confirmed


@pytest.mark.parametrize(
    ("known", "shown", "needs"),
    [
        (BOTH, Shown(), [Need.CODE_OR_PHONE]),
        (BOTH, CODE, []),
        (BOTH, Shown(phone_match=True), []),
        (BOTH, Shown(phone_declined=True), [Need.EMAIL_CODE]),
        (MAIL, Shown(), [Need.EMAIL_CODE]),
        (MAIL, Shown(phone_match=True), [Need.EMAIL_CODE]),
        (PHONE, Shown(), [Need.PHONE]),
        (PHONE, Shown(phone_tries=3), [Need.TWO_VOUCHERS]),
        (SHARED, CODE, [Need.PHONE]),
        (SHARED, Shown(phone_match=True), []),
        (SHARED_ONLY, CODE, [Need.TWO_VOUCHERS]),
    ],
)
def test_what_an_objection_needs(known, shown, needs):
    assert list(standing(OBJECT, known, shown).needs) == needs


def test_without_mail_the_staff_path_is_the_way():
    assert standing(ERASE, BOTH, Shown(), mail_works=False).needs == (Need.TWO_VOUCHERS,)
    assert standing(OBJECT, BOTH, Shown(), mail_works=False).needs == (Need.CODE_OR_PHONE,)
    assert standing(ERASE, BOTH, CODE_AND_PHONE, mail_works=False).is_enough


@pytest.mark.parametrize(
    ("kinds", "needs"),
    [
        ([], (Need.TWO_VOUCHERS,)),
        ([ProofKind.CALL_BACK], (Need.ONE_MORE_VOUCHER,)),
        ([ProofKind.CALL_BACK, ProofKind.CALL_BACK], (Need.ANOTHER_PROOF,)),
        ([ProofKind.CALL_BACK, ProofKind.LETTER_CODE], ()),
        ([ProofKind.CALL_BACK, ProofKind.DOCUMENT_SEEN], (Need.ONE_MORE_VOUCHER,)),
    ],
)
def test_manual_verification_needs_two_people_and_two_kinds_of_proof(kinds, needs):
    shown = Shown(staff_path=True, vouches=vouched(*kinds))

    found = standing(ERASE, BOTH, shown)

    assert found.needs == manual_verification_needs(shown.vouches) == needs
    assert found.level is Level.M


def test_one_person_with_two_proofs_is_one_person():
    twice = tuple(
        Vouch(by=StaffId("amina"), kind=kind, at=NOW)
        for kind in (ProofKind.CALL_BACK, ProofKind.LETTER_CODE)
    )

    assert manual_verification_needs(twice) == (Need.ONE_MORE_VOUCHER,)


def test_a_document_counts_with_a_written_reason():
    seen = Vouch(by=StaffId("bina"), kind=ProofKind.DOCUMENT_SEEN, at=NOW, reason_written=True)

    assert manual_verification_needs((*vouched(ProofKind.CALL_BACK), seen)) == ()


def test_an_account_is_the_proof_for_its_own_words_and_not_for_a_person():
    shown = Shown(account_is_subject=True)

    assert standing(ERASE, OnRecord(), shown).level is Level.ACCOUNT
    assert not standing(Purpose.LINK_ACCOUNT, BOTH, shown).is_enough


def test_a_question_needs_nothing_and_a_ticket_its_own_account():
    assert standing(Purpose.QUESTION, OnRecord(), Shown()).is_enough
    assert standing(Purpose.OWN_TICKET, OnRecord(), Shown()).needs == (Need.SAME_ACCOUNT,)
    assert standing(Purpose.OWN_TICKET, OnRecord(), Shown(same_account=True)).is_enough


def test_nobody_is_the_subject_of_a_person_without_code_or_vouchers():
    """Over every combination: access, erasure and change of contact are never proved by less."""
    flags = [False, True]
    for purpose in (Purpose.ACCESS, ERASE, Purpose.CHANGE_OF_CONTACT, Purpose.LINK_ACCOUNT):
        for email, phone, shared, code, match, declined, staff in product(flags, repeat=7):
            known = OnRecord(email=email, phone=phone, mailbox_shared=shared)
            shown = Shown(
                email_code=code, phone_match=match, phone_declined=declined, staff_path=staff
            )
            found = standing(purpose, known, shown)
            if found.is_enough:
                assert code
                assert match or not shared
                assert match or not phone or found.phone_not_confirmed


def test_every_proof_has_its_words():
    for language in Language:
        for kind in ProofKind:
            assert say(f"identity.proof_{kind}", language)
