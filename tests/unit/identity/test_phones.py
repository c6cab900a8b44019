"""Phone numbers, and whose contact card proves what (docs/design/security.md, "Phone contacts")."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.identity.phones import (
    ContactVerdict,
    SharedContact,
    e164,
    judge_contact,
    shared_number,
)
from tests.volume import seed

NOW = datetime(2026, 6, 10, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OWN = SharedContact(
    phone="8801712345678", user_id=77, sender_id=77, is_private=True, is_forwarded=False
)
ON_RECORD = ["01712-345678"]


def judge(contact=OWN, *, on_record=ON_RECORD, asked_at=NOW, now=NOW):
    return judge_contact(contact, on_record=on_record, asked_at=asked_at, now=now)


def card(**other):
    fields = {
        "phone": OWN.phone,
        "user_id": OWN.user_id,
        "sender_id": OWN.sender_id,
        "is_private": True,
        "is_forwarded": False,
    }
    return SharedContact(**(fields | other))


@pytest.mark.parametrize(
    "written",
    [
        "+8801712345678",
        "008801712345678",
        "8801712345678",
        "01712345678",
        "01712-345678",
        " +880 1712 345 678 ",
        "(+880) 1712-345678",
        "০১৭১২৩৪৫৬৭৮",
    ],
)
def test_a_number_reads_the_same_however_it_is_written(written):
    assert e164(written) == "+8801712345678"


@pytest.mark.parametrize(
    "written", ["", "no number", "12", "+", "9" * 41, "+8801712345678 ext. 5", "0" * 30]
)
def test_what_is_no_number_is_none(written):
    assert e164(written) is None


def test_a_shared_number_carries_its_country_code_often_without_the_plus():
    assert shared_number("8801712345678") == "+8801712345678"
    assert shared_number("442079460018") == "+442079460018"
    assert shared_number("1712345678") == "+8801712345678"
    assert shared_number("+442079460018") == "+442079460018"


def test_the_own_number_on_record_matches():
    assert judge() is ContactVerdict.MATCHES


@pytest.mark.parametrize(
    ("contact", "verdict"),
    [
        (card(is_private=False), ContactVerdict.NOT_PRIVATE),
        (card(is_forwarded=True), ContactVerdict.FORWARDED),
        (card(user_id=78), ContactVerdict.NOT_OWN),
        (card(user_id=None), ContactVerdict.NOT_OWN),
        (card(user_id=0, sender_id=0), ContactVerdict.NOT_OWN),
        (card(user_id="77"), ContactVerdict.NOT_OWN),
        (card(user_id=77.0), ContactVerdict.NOT_OWN),
        (card(user_id=True, sender_id=1), ContactVerdict.NOT_OWN),
        (card(user_id=-77, sender_id=-77), ContactVerdict.NOT_OWN),
        (card(phone="8801812345678"), ContactVerdict.NO_MATCH),
        (card(phone=""), ContactVerdict.NO_MATCH),
        (card(phone="441712345678"), ContactVerdict.NO_MATCH),
    ],
)
def test_a_card_that_is_not_surely_the_senders_own_number_on_record_proves_nothing(
    contact, verdict
):
    assert judge(contact) is verdict


@pytest.mark.parametrize(
    ("asked_at", "verdict"),
    [
        (None, ContactVerdict.NOT_ASKED),
        (NOW - 11 * MINUTE, ContactVerdict.NOT_ASKED),
        (NOW + MINUTE, ContactVerdict.NOT_ASKED),
        (NOW - 10 * MINUTE, ContactVerdict.MATCHES),
    ],
)
def test_a_card_counts_only_as_the_fresh_answer_to_our_button(asked_at, verdict):
    assert judge(asked_at=asked_at) is verdict


def test_numbers_on_record_that_cannot_be_read_match_nothing():
    assert judge(card(phone="x"), on_record=["x", "", "12"]) is ContactVerdict.NO_MATCH
    assert judge(on_record=[]) is ContactVerdict.NO_MATCH


def test_a_thousand_true_numbers_match_and_no_neighbour_does():
    rng = random.Random(seed())
    for _ in range(1000):
        local = f"01{rng.choice('3456789')}{rng.randrange(10**8):08d}"
        neighbour = f"{local[:-1]}{(int(local[-1]) + 1) % 10}"
        shared = card(phone=f"88{local}")

        assert judge(shared, on_record=[local]) is ContactVerdict.MATCHES
        assert judge(shared, on_record=[neighbour]) is ContactVerdict.NO_MATCH
