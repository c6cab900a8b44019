"""Text for people: all languages say the same things and leave the same gaps to fill."""

import re
from pathlib import Path

import pytest

from bot.domain.addresses import Language
from bot.domain.errors import Refused, Stale
from bot.domain.tickets.message import DeliveryStatus
from bot.domain.tickets.states import TicketAction, TicketKind, TicketState, next_state
from bot.wording import say, texts
from bot.wording.refusals import refusal_text
from tests.support.wordings import areas, placeholders

SOURCES = Path(__file__).parents[2] / "bot"
AREAS = areas(Language.EN)
OTHERS = [language for language in Language if language is not Language.EN]
ASCII_DIGIT = re.compile(r"[0-9]")
SAYS = re.compile(
    r"""(?:say|text|choice|Refused|NotFound|NotAllowed|Stale|Unavailable)\(\s*["']([a-z_]+\.[a-z_]+)["']"""
)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("area", AREAS)
def test_every_language_has_the_same_keys(area: str, language: Language):
    assert set(texts(language, area)) == set(texts(Language.EN, area))


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("area", AREAS)
def test_every_language_leaves_the_same_gaps(area: str, language: Language):
    english, other = texts(Language.EN, area), texts(language, area)

    different = {
        key for key in english if placeholders(english[key]) != placeholders(other.get(key, ""))
    }

    assert different == set()


@pytest.mark.parametrize("language", OTHERS)
def test_no_area_is_lacking_or_of_one_language_only(language: Language):
    assert areas(language) == areas(Language.EN)


@pytest.mark.parametrize("language", Language)
def test_every_language_has_ten_different_digits(language: Language):
    digits = texts(language, "times")["digits"]

    assert len(digits) == len(set(digits)) == 10


def test_every_text_that_the_core_names_exists():
    named = {key for path in SOURCES.rglob("*.py") for key in SAYS.findall(path.read_text("utf-8"))}

    missing = {
        key
        for key in named
        if key.partition(".")[2] not in texts(Language.EN, key.partition(".")[0])
    }

    assert missing == set()
    assert len(named) > 60


@pytest.mark.parametrize("language", Language)
def test_every_code_that_staff_read_has_words(language: Language):
    keys = [
        *(f"desk.state_{state}" for state in TicketState),
        *(f"desk.kind_{kind}" for kind in TicketKind),
        *(f"desk.delivery_{step}" for step in DeliveryStatus if step is not DeliveryStatus.NONE),
    ]

    assert all(say(key, language) for key in keys)


@pytest.mark.parametrize("language", Language)
def test_a_refusal_speaks_of_states_in_words(language: Language):
    with pytest.raises(Refused) as refused:
        next_state(TicketState.WAITING_CLIENT, TicketAction.WAKE)

    text = refusal_text(refused.value, language)

    assert say("desk.state_waiting_client", language) in text
    assert "waiting_client" not in text


def test_a_refusal_without_codes_is_filled_as_it_is():
    assert "T-000007" in refusal_text(Stale("tickets.changed_meanwhile", number="T-000007"))


def test_counts_are_in_the_digits_of_the_language_and_numbers_of_things_are_not():
    counts = {"count": 14, "needed": 20}

    english = say("doctor.dead_letters", Language.EN, count=14)
    bangla = say("doctor.dead_letters", Language.BN, count=14)
    named = say("tickets.changed_meanwhile", Language.BN, number="T-000007")

    assert english.startswith("14 ")
    assert bangla.startswith("১৪টি")
    assert "T-000007" in named
    assert not ASCII_DIGIT.search(say("request_card.enough_approvers", Language.BN, **counts))


@pytest.mark.parametrize(
    ("locale", "spoken"),
    [
        ("bn", Language.BN),
        ("bn-BD", Language.BN),
        ("BN_in", Language.BN),
        ("en-GB", Language.EN),
        ("xx-YY", Language.EN),
        ("bnx", Language.EN),
        ("", Language.EN),
    ],
)
def test_a_locale_names_a_language_that_the_desk_speaks_or_english(locale: str, spoken: Language):
    assert Language.of_locale(locale) is spoken
