"""What people taught holds for the same question however spelled, and for no other."""

import pytest

from bot.answering.document.policy_document import parse_policy
from bot.answering.pii_masking import mask
from bot.answering.reviewed_links import (
    LearnedLink,
    LinkMemory,
    fitted,
    group_questions,
    links_to_review,
    sentence_hash,
    wording_of,
)

SELL = "Do you sell my data?"
INVOICES = "How long do you keep my invoices?"
MUG = "Will my picture be printed on coffee mugs?"
BANGLA = "আপনারা কি আমার তথ্য বিক্রি করেন?"
BANGLISH = "amar tottho ki bikri koren?"
PHOTO = "আমার ছবি কি কাপে ছাপানো হবে?"
CHOBI = "amar chobi ki mug e chapano hobe?"
KNOWN = (SELL, INVOICES, MUG, BANGLA, BANGLISH, PHOTO, CHOBI)
LINKS = [LearnedLink(question, None) for question in KNOWN]


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("do u sell my DATA", SELL),
        ("how long do you keep my invoces", INVOICES),
        ("আপনারা কি আমার তথ্য বিক্রী করেন", BANGLA),
        ("amar totho ki bikri koren", BANGLISH),
        ("plz will my pictures be printd on coffe mugs", MUG),
        ("আমার ছবি কী কাপে ছাপান হবে", PHOTO),
        ("amr chobi ki mug e chapanu hobe", CHOBI),
    ],
)
def test_the_same_question_is_known_however_it_is_spelled(asked: str, meant: str):
    recalled = LinkMemory(LINKS).recall(asked)

    assert recalled is not None
    assert recalled.link.question == meant
    assert recalled.similarity > 0.7


@pytest.mark.parametrize(
    "asked",
    [
        "Do you send my data?",
        "Do you not sell my data?",
        "Who do you sell my data to?",
        "How long do you keep my images?",
        "Why do you keep my invoices?",
        "Do you sell their data?",
        "Will my invoice be printed on coffee mugs?",
        "Will my picture be painted on coffee mugs?",
        "আপনারা কি আমার তথ্য সংগ্রহ করেন?",
        "আমার নাম কি কাপে ছাপানো হবে?",
        "amar nam ki mug e chapano hobe?",
        "amar tottho ki bikri koren na?",
        "do you my?",
        "",
    ],
)
def test_another_question_is_not_taken_for_it(asked: str):
    assert LinkMemory(LINKS).recall(asked) is None


def test_a_number_must_be_the_same_number():
    memory = LinkMemory([LearnedLink("Do you erase everything after 30 days?", None)])

    assert memory.recall("do you erase everything after 30 days") is not None
    assert memory.recall("do you erase everything after 90 days") is None


@pytest.mark.parametrize(
    ("linked", "asked"),
    [
        ("Can I opt in to news?", "Can I opt out of news?"),
        ("How can I turn on tracking?", "How can I turn off tracking?"),
        ("Do you get data from Bangladesh?", "Do you get data to Bangladesh?"),
        ("Do you send data from Nepal to India?", "Do you send data from India to Nepal?"),
        ("Is it kept over 30 days?", "Is it kept under 30 days?"),
        ("Do you only share my data?", "Do you share my data?"),
        ("Can I see your messages?", "Can you see my messages?"),
        ("apnara ki amar tothyo den?", "apnara ki amar tothyo nen?"),
        ("আপনারা কি আমার তথ্য দেন?", "আপনারা কি আমার তথ্য নেন?"),
        ("apnara ki amader tothyo den?", "apnara ki tader tothyo den?"),
        ("Do you keep it for 1000 days?", "Do you keep it for 3650 days?"),
        ("Do you keep it for 1000 days?", "Do you keep it for 400 days?"),
    ],
)
def test_an_opposite_question_is_not_the_same_however_alike(linked: str, asked: str):
    for one, other in ((linked, asked), (asked, linked)):
        memory = LinkMemory([LearnedLink(one, None)])

        assert memory.recall(other) is None
        assert memory.recall(one) is not None
        assert LinkMemory([LearnedLink(mask(one), None)]).recall(other) is None


@pytest.mark.parametrize(
    ("linked", "asked"),
    [
        ("apnara ki amar tothyo bikri koren?", "apnara ki amar tottho bikri koren?"),
        ("আপনারা কি আমার ছবি দেখেন?", "আপনারা কি আমার ছবী দেখেন?"),
        ("apnara ki amar nam bikri koren?", "apnara ki amar naam bikri koren?"),
        ("Will you sell my invoices?", "will u sll my invoices"),
    ],
)
def test_two_spellings_of_a_short_or_a_known_word_are_one_word(linked: str, asked: str):
    assert LinkMemory([LearnedLink(linked, None)]).recall(asked) is not None


@pytest.mark.parametrize(
    "asked",
    [
        "My mail is rahim@client.example, is it sold?",
        "Is my number 01711000101 given to advertisers?",
        "my name is Rahim do you sell my invoices?",
        "Do you keep what I wrote on https://help.example/a?b=1 please?",
        "Do you read what @rahim_uddin writes to you?",
        "গ্রাহক ৭৭৪১২ এর তথ্য কি বিক্রি করেন?",
        "Is invoice INV-2026-0042 shown to others?",
    ],
)
def test_a_question_that_was_kept_masked_is_known_when_asked_again(asked: str):
    kept = mask(asked)
    memory = LinkMemory([LearnedLink(kept, None)])

    assert kept != asked
    for again in (asked, kept):
        recalled = memory.recall(again)
        assert recalled is not None
        assert recalled.similarity == 1.0


def test_a_link_whose_period_was_masked_speaks_for_no_period():
    kept = mask("Do you keep it for 400 days?")
    memory = LinkMemory([LearnedLink(kept, None)])

    assert memory.recall("Do you keep it for 365 days?") is None
    assert memory.recall(kept) is not None


def test_its_very_words_are_known_among_hundreds_of_alike_questions():
    things = [f"{verb} my {noun}" for verb in ("sell", "give", "show") for noun in NOUNS]
    links = [LearnedLink(f"Do you {thing} to others?", thing) for thing in things]
    memory = LinkMemory(links)

    recalled = [memory.recall(link.question) for link in links]

    assert [one.link if one else None for one in recalled] == links


NOUNS = (
    "invoices", "messages", "number", "photos", "address", "name", "contract", "location",
    "password", "e-mail", "router", "payments", "complaints", "children", "calls", "bank card",
)  # fmt: skip


def test_no_links_recall_nothing():
    assert LinkMemory([]).recall(SELL) is None


def test_a_link_holds_for_the_sentence_wherever_its_lines_break():
    document = parse_policy("# A\n\nWe keep it\nfor a year. Ask us.\n")
    links = [LearnedLink("how long", "We keep it for a year."), LearnedLink("mugs", "No mugs.")]

    (fits,) = fitted(links, document)

    assert fits.sentence == "We keep it\nfor a year."
    assert sentence_hash(fits.sentence) == sentence_hash("We keep it for a year.")


OLD = parse_policy("We keep it for a year. Ask us.")
HOW_LONG = LearnedLink("how long", "We keep it for a year.")
WHO = LearnedLink("who", "Ask us.")
MUGS = LearnedLink("mugs", None)


def test_links_whose_sentence_changed_are_put_in_doubt():
    new = parse_policy("We keep it. Ask us.")

    assert links_to_review([HOW_LONG, WHO], OLD, new) == (HOW_LONG,)


def test_not_in_the_policy_is_put_in_doubt_by_whatever_the_new_version_adds():
    says_more = parse_policy("We keep it for a year. Ask us. We print mugs.")
    says_less = parse_policy("We keep it for a year.")

    assert links_to_review([MUGS], OLD, says_more) == (MUGS,)
    assert links_to_review([MUGS, WHO], OLD, says_less) == (WHO,)
    assert links_to_review([MUGS, WHO, HOW_LONG], OLD, OLD) == ()


def test_alike_questions_make_one_heap_largest_first():
    questions = [
        "Do you use cookies?",
        "What is the price?",
        "do you use cookies",
        "Any cookies here?",
    ]

    heaps = group_questions(questions)

    assert heaps[0][:2] == (0, 2)
    assert sorted(at for heap in heaps for at in heap) == [0, 1, 2, 3]


def test_case_marks_and_spaces_make_no_other_wording():
    assert wording_of("  Do you  SELL my data?? ") == wording_of("do you sell my data")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Erase a.b@example.com or +880 1711-223344, @alice", "Erase [e-mail] or [number], [name]"),
        ("০১৭১১২২৩৩৪৪ নম্বরটা মুছুন", "[number] নম্বরটা মুছুন"),
        ("see https://example.com/x?y=1 please", "see [link] please"),
        ("My name is Rahim Uddin, do you sell it?", "My name is [name], do you sell it?"),
        ("amar nam Karim", "amar nam [name]"),
        ("আমার নাম করিম।", "আমার নাম [name]।"),
        ("Do you keep it for 30 days?", "Do you keep it for 30 days?"),
    ],
)
def test_what_points_at_a_person_is_masked(said: str, kept: str):
    assert mask(said) == kept


def test_the_name_a_client_is_known_by_is_masked_and_other_words_are_not():
    masked = mask("I am alice; does Al know? Malice?", names=("Alice Al",))

    assert masked == "I am [name]; does Al know? Malice?"
