"""A policy becomes sections and sentences, and every sentence is a verbatim slice."""

from pathlib import Path

import pytest

from bot.answering.document.policy_document import (
    MAX_BYTES,
    Document,
    parse_bytes,
    parse_policy,
    read_policy,
    shipped_policy,
)
from bot.domain.errors import Refused


def headings(document: Document) -> list[str]:
    return [section.heading for section in document.sections]


def texts(document: Document) -> list[str]:
    return [sentence.text for sentence in document.sentences]


def is_verbatim(document: Document) -> bool:
    return all(document.text[one.start : one.end] == one.text for one in document.sentences)


def test_every_sentence_of_the_shipped_policy_is_a_verbatim_slice_on_the_line_it_names():
    document = shipped_policy()

    lines = document.text.splitlines()

    assert is_verbatim(document)
    assert all(one.text.split()[0] in lines[one.line - 1] for one in document.sentences)


def test_headings_end_in_semicolons_and_question_marks_and_list_items_do_too():
    document = shipped_policy()

    assert headings(document) == [
        "Privacy Policy",
        "Welcome to SmartISP ERP CRM Privacy Policy;",
        "How we use your information;",
        "Do we disclose your personal information?",
        "How long we keep your information;",
        "How you can contact;",
    ]
    assert "Improving our products and services;" in texts(document)


def test_a_sentence_ends_where_no_space_was_typed_after_the_full_stop():
    document = shipped_policy()

    assert any(one.endswith("own and run the Sites.") for one in texts(document))
    assert any(one.startswith("If we say policy") for one in texts(document))


def test_a_semicolon_before_a_small_letter_ends_nothing():
    document = shipped_policy()

    assert any(one.endswith("personal information; business data.") for one in texts(document))


def test_a_heading_that_repeats_the_open_one_is_the_same_section():
    document = shipped_policy()

    assert document.repeated_headings == (("Welcome to SmartISP ERP CRM Privacy Policy;", 7),)


def test_a_run_of_clauses_is_one_list_with_the_sentence_that_leads_it():
    document = shipped_policy()
    item = next(one for one in document.sentences if one.text.startswith("Improving our"))

    group = document.group_of(item)

    assert group[0].text.startswith("We will use your information")
    assert len(group) == 11


def test_a_sentence_outside_of_lists_is_its_own_group():
    document = shipped_policy()
    last = document.sentences[-1]

    assert document.group_of(last) == (last,)
    assert document.section_of(last).heading == "How you can contact;"


def test_markdown_headings_and_items_lose_their_marks_and_keep_their_words():
    document = parse_policy(
        "# Policy\n\n## What we keep ##\n\nWe keep:\n\n- your name\n- your e-mail\n\n"
        "Rights\n------\n\n**Erasure**\n\nYou may ask us. We answer.\n"
    )

    assert headings(document) == ["Policy", "What we keep", "Rights", "Erasure"]
    assert texts(document) == [
        "We keep:",
        "your name",
        "your e-mail",
        "You may ask us.",
        "We answer.",
    ]
    assert [one.list_group for one in document.sentences] == [0, 0, 0, None, None]
    assert is_verbatim(document)


def test_numbered_parts_are_headings_and_numbered_sentences_are_items():
    document = parse_policy("1. Data we hold\n\nWe hold little.\n\n2. We delete it after a year.\n")

    assert headings(document) == ["1. Data we hold"]
    assert texts(document) == ["We hold little.", "We delete it after a year."]
    assert document.sentences[1].is_list_item


def test_hard_wrapped_lines_are_one_sentence():
    document = parse_policy(
        "We keep your information for as long as you are a client of ours, and\n"
        "for one year after that. Then we delete it.\n"
    )

    assert texts(document)[0].endswith("of ours, and\nfor one year after that.")
    assert texts(document)[1:] == ["Then we delete it."]


def test_a_bangla_policy_is_split_at_the_danda():
    document = parse_policy(
        "গোপনীয়তা নীতি\n\nআমরা আপনার নাম রাখি। আমরা তা বিক্রি করি না।\n\nযোগাযোগ\n\nপ্রশ্ন থাকলে জানান।\n"
    )

    assert headings(document) == ["গোপনীয়তা নীতি", "যোগাযোগ"]
    assert texts(document) == [
        "আমরা আপনার নাম রাখি।",
        "আমরা তা বিক্রি করি না।",
        "প্রশ্ন থাকলে জানান।",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "We use vendors, e.g. Hosting firms, for this.",
        "Write to Example.Com Ltd. Support for help.",
        "Node.Js runs it.",
        "We keep it until No. 5 of the list applies.",
    ],
)
def test_abbreviations_and_names_with_dots_stay_whole(sentence: str):
    document = parse_policy(sentence)

    assert texts(document) == [sentence]


def test_carriage_returns_and_a_byte_order_mark_do_not_move_offsets():
    document = parse_bytes("\ufeffData\r\n\r\nWe keep it.\r\nWe erase it.\r\n".encode(), name="p")

    assert headings(document) == ["Data"]
    assert texts(document) == ["We keep it.", "We erase it."]
    assert is_verbatim(document)


def test_a_digit_begins_a_sentence_after_a_word():
    assert texts(parse_policy("We answer fast. 3 days is the limit.")) == [
        "We answer fast.",
        "3 days is the limit.",
    ]


def test_a_text_without_sentences_gives_an_empty_document():
    assert parse_policy("***\n\n---\n").sentences == ()


def refusal(path: Path) -> Refused:
    with pytest.raises(Refused) as caught:
        read_policy(path)
    return caught.value


def test_a_missing_policy_is_refused_by_name(tmp_path: Path):
    refused = refusal(tmp_path / "none.txt")

    assert refused.key == "policy.missing"
    assert refused.params["file"] == str(tmp_path / "none.txt")


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "policy.empty"),
        (b"  \n\n", "policy.empty"),
        (b"We keep \xff\xfe it.", "policy.not_utf8"),
        (b"We\0keep it.", "policy.binary"),
        (b"\x01\x02\x03\x04abc\x05\x06", "policy.binary"),
        (b"a" * (MAX_BYTES + 1), "policy.too_large"),
    ],
)
def test_an_unusable_policy_is_refused_with_its_reason(tmp_path: Path, content: bytes, key: str):
    file = tmp_path / "policy.txt"
    file.write_bytes(content)

    assert refusal(file).key == key


def test_a_folder_is_no_policy(tmp_path: Path):
    assert refusal(tmp_path).key == "policy.unreadable"


def test_a_policy_is_known_by_the_digest_of_its_bytes(tmp_path: Path):
    file = tmp_path / "policy.txt"
    file.write_bytes("\ufeffWe keep it.".encode())

    with_mark = read_policy(file)

    assert with_mark.sha256 != parse_policy("We keep it.").sha256
    assert with_mark.text == "We keep it."


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("What is this? We say it.", ["What is this?", "We say it."]),
        ("It is so!Then we act.", ["It is so!", "Then we act."]),
        ("See clause A. Nothing more.", ["See clause A. Nothing more."]),
        ("We use it.NASA does too.", ["We use it.NASA does too."]),
        ("We stop.-- We go on.", ["We stop.-- We go on."]),
        ("He said so.” “We agree.", ["He said so.”", "“We agree."]),
        ("It ends here. . . Well.", ["It ends here. . .", "Well."]),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, parts: list[str]):
    assert texts(parse_policy(text)) == parts
