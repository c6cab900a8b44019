"""An identifier is found in whatever spelling and wrapping; another's never."""

import json
import random

import pytest

from bot.domain.addresses import PersonId
from bot.domain.fulfilment.identifiers import Identifier, IdentifierKind, Identifiers
from bot.domain.requests.record import Subject
from storage.residual.patterns import SubjectPatterns
from tests.support.builders.planted import OTHERS, SPELLINGS, buried, every_planting, subject
from tests.volume import seed, volume

CASES = list(every_planting())
SOMEBODY = Subject(person=PersonId("p"))


@pytest.fixture(scope="module")
def patterns() -> SubjectPatterns:
    return SubjectPatterns(subject(persons=("p",)))


def test_each_spelling_is_found_in_each_wrapping(patterns: SubjectPatterns) -> None:
    drawn = random.Random(seed())
    some = drawn.sample(CASES, volume(250, len(CASES), len(CASES)))

    missed = [
        str(one)
        for one in some
        if not any(found.kind == one.kind for found in patterns.find(buried(one, drawn)))
    ]

    assert missed == []


def test_each_is_found_inside_texts_within_texts(patterns: SubjectPatterns) -> None:
    drawn = random.Random(seed())
    texts = [one for one in CASES if _is_text(one.data)]
    some = drawn.sample(texts, volume(120, len(texts), len(texts)))

    missed = [
        f"{depth} deep: {one}"
        for one in some
        for depth in (1, 2, 3)
        if not any(found.kind == one.kind for found in patterns.find(_within(one.data, depth)))
    ]

    assert missed == []


def _is_text(data: bytes) -> bool:
    return all(byte in b"\r\n\t" or 32 <= byte < 127 or byte > 127 for byte in data)


def _within(data: bytes, depth: int) -> bytes:
    """Each text within another doubles the backslashes of what is escaped already."""
    text = data.decode("utf-8", "replace")
    for _ in range(depth):
        text = json.dumps({"a": [0, text]})
    return text.encode()


@pytest.mark.parametrize("words", OTHERS)
def test_what_is_like_it_is_anothers(patterns: SubjectPatterns, words: str) -> None:
    assert list(patterns.find(f"before {words} behind".encode())) == []


def test_only_a_name_is_never_strong(patterns: SubjectPatterns) -> None:
    said = {
        kind: {found.is_strong for one in SPELLINGS[kind] for found in patterns.find(one.encode())}
        for kind in SPELLINGS
    }

    assert said.pop(IdentifierKind.NAME) == {False}
    assert all(True in one for one in said.values())


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (IdentifierKind.NAME, "Islam", "the ISLAM in her name"),
        (IdentifierKind.NAME, "Md. Islam", "signed: md islam"),
        (IdentifierKind.USERNAME, "karim", "karim said so"),
        (IdentifierKind.EXTERNAL_ID, "2042", "in 2042"),
        (IdentifierKind.CHAT_ID, "4711", "no 4711"),
        (IdentifierKind.DOCUMENT, "R-000045", "an r45 plug"),
    ],
)
def test_what_may_be_another_word_is_a_finding_to_judge(
    kind: IdentifierKind, value: str, words: str
) -> None:
    own = Identifiers(subject=SOMEBODY, values=(Identifier(kind, value),))

    found = list(SubjectPatterns(own).find(words.encode()))

    assert [one.is_strong for one in found] == [False]


@pytest.mark.parametrize("value", ["Md", "Md.", "al", "12", "", " "])
def test_what_is_too_short_to_tell_is_not_searched(value: str) -> None:
    own = Identifiers(
        subject=SOMEBODY,
        values=tuple(Identifier(kind, value) for kind in IdentifierKind if kind != "file_digest"),
    )

    assert SubjectPatterns(own).is_empty


def test_a_username_is_sure_where_it_is_called() -> None:
    own = Identifiers(subject=SOMEBODY, values=(Identifier(IdentifierKind.USERNAME, "karim"),))
    patterns = SubjectPatterns(own)

    sure = [
        found.is_strong
        for words in (
            "write @karim",
            "t.me/karim",
            "karim",
            "karim@else.example",
            "x@karim.example",
        )
        for found in patterns.find(words.encode())
    ]

    assert sure == [True, True, False, False, False]


def test_the_time_of_a_post_is_hardly_a_phone() -> None:
    found = list(SubjectPatterns(subject(persons=("p",))).find(b"ts 1712345678.000100 there"))

    assert [one.is_strong for one in found] == [False]


def test_a_short_number_that_stands_by_chance_in_noise_is_none(patterns: SubjectPatterns) -> None:
    drawn = random.Random(seed())
    noise = [drawn.randbytes(64) for _ in range(3_000)]

    found = [one for each in noise for one in patterns.find(b"\n" + each + b"\n")]
    found += [one for each in noise for one in patterns.find(each.hex().encode())]

    assert len(found) <= 1


@pytest.mark.parametrize(
    "words", ["see r45", "\u0986\u09b0\u09cb R-45 \u09a6\u09c7\u0996\u09c1\u09a8", "\tR45\r\n"]
)
def test_a_short_number_in_a_text_is_found(words: str) -> None:
    number = Identifier(IdentifierKind.DOCUMENT, "R-000045")
    who = Identifiers(subject=SOMEBODY, values=(number,))

    assert list(SubjectPatterns(who).find(words.encode()))
