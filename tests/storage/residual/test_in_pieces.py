"""What is large comes in pieces, what is packed is unpacked, and a bomb is said to be one."""

import bz2
import gzip
import io
import random
import zipfile
import zlib

import pytest

from storage.residual.looks import PIECE, UNREADABLE
from storage.residual.patterns import SubjectPatterns
from tests.support.builders.planted import EMAIL, OTHERS, subject as a_subject
from tests.volume import seed, volume

WORDS = b"invoice paid, router moved, thank you. "


@pytest.fixture(scope="module")
def patterns() -> SubjectPatterns:
    return SubjectPatterns(a_subject(persons=("p",)))


def _kinds(patterns: SubjectPatterns, data: bytes, cuts: list[int]) -> list[str]:
    look = patterns.look()
    found = []
    for first, last in zip([0, *cuts], [*cuts, len(data)], strict=True):
        found += look.feed(data[first:last])
    return sorted(one.kind for one in (*found, *look.end()))


def test_it_does_not_matter_where_the_pieces_are_cut(patterns: SubjectPatterns) -> None:
    drawn = random.Random(seed())
    data = WORDS * 40 + EMAIL.encode() + b", " + WORDS * 300 + b"01712-345678 " + WORDS * 20
    data += gzip.compress(WORDS + b" @rafiq_88 " + WORDS)

    for _ in range(volume(15, 600)):
        cuts = sorted(drawn.sample(range(1, len(data)), drawn.randint(1, 4)))

        assert _kinds(patterns, data, cuts) == ["email", "phone", "username"], cuts


@pytest.mark.parametrize("other", OTHERS)
def test_no_cut_makes_anothers_word_the_subjects(patterns: SubjectPatterns, other: str) -> None:
    data = WORDS * 130 + other.encode() + b"; " + WORDS * 130
    first = data.index(other.encode())

    for at in range(first, first + len(other.encode()) + 2):
        assert _kinds(patterns, data, [at]) == []


def test_a_place_is_told_as_it_is_in_the_whole(patterns: SubjectPatterns) -> None:
    data = WORDS * (3 * PIECE // len(WORDS)) + EMAIL.encode() + b" " + WORDS

    found = list(patterns.find(data))

    assert [data[one.start : one.end] for one in found] == [EMAIL.encode()]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress], ids=["gzip", "bz2"])
def test_what_is_packed_and_cut_off_could_not_be_read(patterns: SubjectPatterns, pack) -> None:
    packed = pack(random.Random(1).randbytes(200_000))

    assert [one.kind for one in patterns.find(packed[: len(packed) // 2])] == [UNREADABLE]
    assert list(patterns.find(packed)) == []


def test_an_encrypted_member_could_not_be_read(patterns: SubjectPatterns) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.txt", WORDS)
    data = bytearray(file.getvalue())
    data[6] |= 1

    assert [one.kind for one in patterns.find(bytes(data))] == [UNREADABLE]


def test_a_bomb_is_stopped_and_said_to_be_unreadable(patterns: SubjectPatterns) -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * (64 << 20)) * 4)

    assert UNREADABLE in {one.kind for one in patterns.find(bomb)}


def test_what_is_packed_too_deep_is_unreadable(patterns: SubjectPatterns) -> None:
    data = EMAIL.encode()
    for _ in range(6):
        data = gzip.compress(data + random.Random(2).randbytes(40))

    assert UNREADABLE in {one.kind for one in patterns.find(data)}


def test_a_thousand_members_are_enough(patterns: SubjectPatterns) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(1_100):
            made.writestr(f"{number}.txt", "x" * 40)

    assert UNREADABLE in {one.kind for one in patterns.find(file.getvalue())}


def test_random_bytes_hold_nothing(patterns: SubjectPatterns) -> None:
    drawn = random.Random(seed())

    for _ in range(volume(10, 400)):
        data = drawn.randbytes(drawn.randint(0, 20_000))
        said = [one.kind for one in patterns.find(data) if one.kind != UNREADABLE]

        assert said == []


def test_signs_that_mean_something_do_no_harm(patterns: SubjectPatterns) -> None:
    drawn = random.Random(seed())
    pieces = [
        b"\\",
        b"%",
        b"=",
        b"&#",
        b";",
        b"\\u",
        b"A" * 17,
        b"\n",
        b"PK\x03\x04",
        b"\x1f\x8b\x08",
    ]
    pieces += [
        b"x\x9c",
        b"1712345678",
        b"@",
        EMAIL.encode(),
        b"\x00",
        b"\xe0\xa7",
        b"r45",
        b"+",
        b" ",
    ]

    for _ in range(volume(100, 20_000)):
        data = b"".join(drawn.choices(pieces, k=drawn.randint(1, 40)))

        list(patterns.find(data))
        patterns.masked(data)


def test_zlib_without_an_end_is_read_as_far_as_it_goes(patterns: SubjectPatterns) -> None:
    packed = zlib.compress(EMAIL.encode() + b" " + WORDS * 400)

    assert "email" in {one.kind for one in patterns.find(packed[:-20])}
