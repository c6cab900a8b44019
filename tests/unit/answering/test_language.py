"""Scripts, free spelling and typing mistakes are understood without being repaired wrongly."""

import pytest

from bot.answering.document.policy_document import shipped_policy
from bot.answering.engine import Engine
from bot.answering.language.bangla import fold, gloss_bangla, gloss_romanised, stem, to_bangla
from bot.answering.language.spelling import Speller, vocabulary_of
from bot.answering.language.words import MAX_CHARS, Tongue, clean, stems, words
from bot.answering.policy_spelling import concept_speller, mended
from bot.answering.question_reading import read, tongue_of

SPELLER = Speller(
    vocabulary_of([["information", "erifying", "verifying", "delete", "account", "share"]])
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a\u202eb\u200bc", "abc"),
        ("\ud800hi", "hi"),
        ("a\0b\x07c", "a b c"),
        ("ｆｕｌｌ  width\n", "full width"),
        ("র\u200d্যাব", "র্যাব"),
    ],
)
def test_cleaning_drops_what_cannot_be_seen(text: str, plain: str):
    assert clean(text) == plain


def test_a_long_message_is_read_in_part():
    assert len(clean("a" * 70_000)) == MAX_CHARS


def test_possessives_and_short_forms_lose_their_apostrophe():
    assert words("The client’s data don't") == ["the", "client", "data", "dont"]


def test_stop_words_have_no_stem():
    assert stems(["the", "collected", "data"]) == ["collect", "data"]


@pytest.mark.parametrize(
    ("text", "tongue"),
    [
        ("Do you share my data?", Tongue.ENGLISH),
        ("আমার data কোথায়?", Tongue.BANGLA),
        ("amar data kothay rakhen?", Tongue.BANGLISH),
        ("bodhhit shurokkhar jonyo bektikrom", Tongue.BANGLISH),
        ("ok", Tongue.ENGLISH),
        ("!!!", Tongue.ENGLISH),
        ("wat infrmation u delet", Tongue.ENGLISH),
    ],
)
def test_the_tongue_is_told_from_script_and_words(text: str, tongue: Tongue):
    assert tongue_of(text, SPELLER) is tongue


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("infromation", "information"),
        ("infrmtn", "information"),
        ("delet", "delete"),
        ("shraing", "sharing"),
        ("data", "data"),
        ("dlt", "delete"),
        ("qqqqqqqq", "qqqqqqqq"),
    ],
)
def test_a_typo_is_mended_towards_words_that_matter(typed: str, meant: str):
    assert SPELLER.repair(typed) == meant
    assert SPELLER.repair(typed) == meant


def test_a_word_is_never_mended_towards_a_mistake_of_the_policy():
    assert SPELLER.repair("verfying") == "verifying"
    assert SPELLER.repair("eriffying") != "erifying"


def test_chat_spelling_is_written_out():
    assert read("wat info do u have", SPELLER).english == (
        "what",
        "information",
        "do",
        "you",
        "have",
    )


@pytest.mark.parametrize("spelling", ["tothyo", "tottho", "tothho", "totho"])
def test_free_spellings_of_a_banglish_word_mean_the_same(spelling: str):
    assert gloss_romanised(spelling) == ("information", "data")


def test_banglish_is_written_back_to_bangla():
    assert to_bangla("amar tothyo") == "আমার তথ্য"
    assert to_bangla("shorto") == "শর্ত"
    assert to_bangla("korte") == "করতে"
    assert "SSL" not in to_bangla("chhobi")


def test_folding_brings_spellings_together():
    assert fold("vabe") == fold("bhabe")
    assert fold("surokkha") == fold("shurokkha")


def test_bangla_words_lose_their_endings():
    assert stem("গ্রাহকদের") == stem("গ্রাহক")
    assert stem("না") == "না"


def test_inflected_bangla_words_are_glossed():
    assert gloss_bangla("গ্রাহকদের") == ("client", "customer")
    assert gloss_bangla("আমার") == ()
    assert gloss_bangla("ঝঞ্ঝাবিক্ষুব্ধ") is None


def test_unknown_short_words_stay_unknown():
    assert gloss_romanised("zzq") is None
    assert gloss_romanised("xqzwvk") is None


def test_english_inside_banglish_keeps_its_meaning():
    reading = read("amar payment history ki dekhen", SPELLER)

    assert reading.tongue is Tongue.BANGLISH
    assert "history" in reading.english


def test_a_question_of_nothing_but_function_words_is_not_understood():
    reading = read("আমার কি", SPELLER)

    assert (reading.english, reading.glossed) == ((), 0.0)
    assert reading.to_embed == ("আমার কি",)


@pytest.mark.parametrize(
    ("typed", "meant"), [("govment", "government"), ("informtn", "information")]
)
def test_letters_left_out_of_a_long_word_are_put_back(typed: str, meant: str):
    assert concept_speller().repair(typed) == meant


def test_a_slip_of_the_policy_is_mended_for_the_index_and_quoted_as_it_stands():
    answer = Engine(shipped_policy()).ask("do you verify my identity when I sign in?")

    assert mended("for erifying your SmartISP identity") == "for verifying your SmartISP identity"
    assert "erifying your identity" in answer.quotes[0].text
    assert "verifying your identity" not in answer.quotes[0].text


@pytest.mark.parametrize("word", ["browser", "providers", "uploaded", "firewall", "regulator"])
def test_words_of_the_field_are_never_mended(word: str):
    assert concept_speller().repair(word) == word
