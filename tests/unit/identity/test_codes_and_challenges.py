"""Codes and challenges (docs/design/security.md, "Codes")."""

import ast
import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

import bot
from bot.domain.addresses import RequestId
from bot.domain.errors import Stale
from bot.domain.identity.challenges import LIFETIME, NO_MAC, TRIES, Challenge, ChallengeId, Outcome
from bot.domain.identity.codes import Binding, code_mac, new_code, read_code, same
from bot.domain.identity.levels import Purpose

NOW = datetime(2026, 6, 10, 6, 0, tzinfo=UTC)
PEPPER = b"a pepper for the tests"
BOUND = Binding(
    request=RequestId("request"), purpose=Purpose.ERASURE, chat="1", user="1", subject="person:p"
)
CODE, WRONG = "12345678", "87654321"
SECOND = timedelta(seconds=1)
DIGITS = [chr(n) for n in range(0x110000) if unicodedata.category(chr(n)) == "Nd"]


def challenge(*, decoy=False, code=CODE):
    made = Challenge(id=ChallengeId("c1"), binding=BOUND, made_at=NOW, is_decoy=decoy)
    if not decoy and code:
        made.set_code(code, NOW, PEPPER)
    made.start()
    return made


def test_codes_are_eight_digits_spread_evenly():
    """20,000 codes: chi-square per place below 33.7 (p = 0.0001 at 9 degrees), hardly a repeat."""
    codes = [new_code() for _ in range(20_000)]

    for place in range(8):
        counts = Counter(code[place] for code in codes)
        expected = len(codes) / 10
        assert sum((counts[str(n)] - expected) ** 2 / expected for n in range(10)) < 33.7
    assert all(read_code(code) == code for code in codes)
    assert len(codes) - len(set(codes)) < 20


def test_the_core_draws_no_number_from_a_guessable_generator():
    """CVE-2023-48224: codes came from `random`."""
    imports = {
        name.name
        for file in Path(bot.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import)
        for name in node.names
    }

    assert "random" not in imports


@pytest.mark.parametrize(
    "typed",
    [
        "12345678",
        " 1234 5678 ",
        "1234-5678",
        "1234–5678",
        "১২৩৪৫৬৭৮",
        "١٢٣٤٥٦٧٨",
        "１２３４５６７８",
        "1\u200b2\u200c3\u200d4\ufeff5678",
        "\u202a12345678\u202c",
        "1234\u00a05678\n",
        "𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖",
    ],
)
def test_a_code_is_read_in_any_digits_and_dress(typed):
    assert read_code(typed) == CODE


@pytest.mark.parametrize(
    "typed",
    [
        "1234567",
        "123456789",
        "my code is 12345678",
        "1234567a",
        "",
        "1234.5678",
        "+12345678",
    ],
)
def test_anything_else_is_talk_and_no_attempt(typed):
    assert read_code(typed) is None


@given(st.lists(st.sampled_from(DIGITS), min_size=8, max_size=8))
def test_every_decimal_digit_of_every_script_is_a_digit(digits):
    assert read_code("".join(digits)) == "".join(str(unicodedata.decimal(d)) for d in digits)


@given(st.text(max_size=30))
def test_what_is_read_is_eight_ascii_digits_or_nothing(text):
    code = read_code(text)

    assert code is None or (len(code) == 8 and code.isascii() and code.isdigit())


def test_a_right_code_is_accepted_once():
    made = challenge()

    first = made.answer(CODE, BOUND, NOW, PEPPER)
    second = made.answer(CODE, BOUND, NOW, PEPPER)

    assert (first, second) == (Outcome.ACCEPTED, Outcome.ENDED)
    assert [type(event).__name__ for event in made.events] == [
        "CodeSent",
        "ChallengeStarted",
        "CodeAccepted",
    ]


def test_two_who_hold_the_same_row_cannot_both_redeem_it():
    """CVE-2026-107276: both read, both compared, both won."""
    made = challenge()
    assert made.count_try(NOW)
    assert made.count_try(NOW)

    won = [made.redeem(CODE, BOUND, NOW, PEPPER) for _ in range(2)]

    assert won == [True, False]


def test_nothing_is_compared_before_a_try_is_counted():
    assert not challenge().redeem(CODE, BOUND, NOW, PEPPER)


def test_five_wrong_tries_end_a_code_and_the_right_one_comes_too_late():
    made = challenge()

    outcomes = [made.answer(WRONG, BOUND, NOW, PEPPER) for _ in range(TRIES)]

    assert outcomes == [Outcome.WRONG] * 5
    assert made.answer(CODE, BOUND, NOW, PEPPER) is Outcome.ENDED
    assert made.attempts == TRIES


def test_a_code_lives_ten_minutes():
    young, old = challenge(), challenge()

    assert young.answer(CODE, BOUND, NOW + LIFETIME - SECOND, PEPPER) is Outcome.ACCEPTED
    assert old.answer(CODE, BOUND, NOW + LIFETIME, PEPPER) is Outcome.ENDED


def test_a_clock_set_back_does_not_lengthen_a_code():
    made = challenge()
    made.answer(WRONG, BOUND, NOW + LIFETIME - SECOND, PEPPER)
    made.latest_at = NOW + LIFETIME

    assert made.answer(CODE, BOUND, NOW, PEPPER) is Outcome.ENDED
    assert challenge().answer(CODE, BOUND, NOW - SECOND, PEPPER) is Outcome.ENDED


def test_a_void_code_is_worth_nothing():
    made = challenge()
    made.void(NOW, why="newer")
    made.void(NOW + SECOND, why="newer")

    assert made.answer(CODE, BOUND, NOW, PEPPER) is Outcome.ENDED
    assert made.voided_at == NOW


def test_a_used_code_is_not_voided():
    made = challenge()
    made.answer(CODE, BOUND, NOW, PEPPER)

    made.void(NOW, why="newer")

    assert made.voided_at is None


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"request": RequestId("another request")},
        {"purpose": Purpose.ACCESS},
        {"chat": "2"},
        {"user": "2"},
        {"subject": "person:q"},
    ],
)
def test_a_code_is_worth_nothing_anywhere_else(elsewhere):
    made = challenge()

    outcome = made.answer(CODE, replace(BOUND, **elsewhere), NOW, PEPPER)

    assert outcome is Outcome.WRONG
    assert made.attempts == 1


def test_a_decoy_takes_tries_and_never_matches():
    decoy = challenge(decoy=True)

    outcomes = [decoy.answer(CODE, BOUND, NOW, PEPPER) for _ in range(6)]

    assert outcomes == [Outcome.WRONG] * 5 + [Outcome.ENDED]
    with pytest.raises(Stale):
        decoy.set_code(CODE, NOW, PEPPER)


def test_a_decoy_answers_and_records_like_a_real_one():
    real, decoy = challenge(), challenge(decoy=True)
    real.events.clear()
    decoy.events.clear()

    same_outcome = real.answer(WRONG, BOUND, NOW, PEPPER) is decoy.answer(WRONG, BOUND, NOW, PEPPER)

    assert same_outcome
    assert real.events == decoy.events


def test_a_code_is_set_once_and_only_while_the_challenge_is_open():
    late = challenge(code="")

    with pytest.raises(Stale):
        challenge().set_code(WRONG, NOW, PEPPER)
    with pytest.raises(Stale):
        late.set_code(CODE, NOW + LIFETIME, PEPPER)
    assert late.mac == NO_MAC


def test_before_the_code_is_sent_nothing_matches():
    assert challenge(code="").answer(CODE, BOUND, NOW, PEPPER) is Outcome.WRONG


def test_the_code_itself_is_nowhere_in_what_is_kept():
    made = challenge()
    made.answer(WRONG, BOUND, NOW, PEPPER)

    kept = repr(vars(made))

    assert CODE not in kept
    assert WRONG not in kept


def test_another_pepper_makes_another_mac():
    one, other = (code_mac(pepper, "c", BOUND, CODE) for pepper in (PEPPER, b"another"))

    assert not same(one, other)
    assert len(one) == 32


def test_no_two_bindings_read_alike():
    """Lengths are part of the message: moving a character between fields is another message."""
    one = code_mac(PEPPER, "c", replace(BOUND, chat="12", user="3"), CODE)
    other = code_mac(PEPPER, "c", replace(BOUND, chat="1", user="23"), CODE)

    assert one != other
    assert code_mac(PEPPER, "c", replace(BOUND, chat="\ud800"), CODE)
