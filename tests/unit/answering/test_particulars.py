"""Numbers, codes and addresses say nothing about what is asked."""

import pytest

from bot.answering.engine import speller_for
from bot.answering.question_reading import read, without_particulars


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("call me at +8801711000101", "call me at"),
        ("my mail is rahim@client.example, is it sold?", "my mail is is it sold?"),
        ("invoice INV-2026-0042 was paid", "invoice was paid"),
        ("see https://help.example/a?b=1 please", "see please"),
        ("গ্রাহক ৭৭৪১২ অনলাইনে নেই", "গ্রাহক অনলাইনে নেই"),
    ],
)
def test_what_points_at_one_case_is_not_read(written: str, read: str):
    assert without_particulars(written) == read


@pytest.mark.parametrize(
    "text", ["erased within 30 days?", "24/7 help", "a 10-year copy", "e-mail"]
)
def test_small_numbers_belong_to_the_question(text: str):
    assert without_particulars(text) == text


@pytest.mark.parametrize("text", ["99887766", "c0-m2-862121895", "a@b.example", ""])
def test_a_message_of_nothing_else_is_read_as_it_is(text: str):
    assert without_particulars(text) == text


@pytest.mark.parametrize(
    "text", ["within 3650 days?", "a 3650-day copy", "৩৬৫০ দিন পরে?", "1000 % of it", "5000 bochor"]
)
def test_a_period_or_a_share_belongs_to_the_question_however_large(text: str):
    assert without_particulars(text) == text


def test_a_telephone_before_a_period_is_not_read_as_one():
    assert without_particulars("call 01711000101 days and nights") == "call days and nights"


def test_a_reading_holds_all_that_was_written_and_its_words_leave_particulars_out():
    reading = read("Is invoice 99887766 kept  for 3650 days?", speller_for([]))

    assert reading.text == "Is invoice 99887766 kept for 3650 days?"
    assert "99887766" not in reading.tokens
    assert "99887766" not in " ".join(reading.to_embed)
    assert "3650" in reading.tokens
