"""Only the span of a strong identifier is overwritten; all else stays byte for byte."""

import json

import pytest
from hypothesis import given, settings, strategies as st

from storage.residual.patterns import SubjectPatterns
from tests.support.builders.planted import EMAIL, SPELLINGS, subject

PATTERNS = SubjectPatterns(subject(persons=("p",)))
STRONG = tuple(one for kind, several in SPELLINGS.items() if kind != "name" for one in several)
OTHER_WORDS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=30)
PARTS = st.lists(st.one_of(OTHER_WORDS, st.sampled_from(STRONG)), min_size=1, max_size=6)


def _left(data: bytes) -> list[str]:
    return [one.kind for one in PATTERNS.find(data) if one.is_strong and one.is_plain]


@settings(max_examples=60, deadline=None)
@given(PARTS)
def test_nothing_strong_is_left_and_as_many_signs_stand_there(parts: list[str]) -> None:
    said = " ".join(parts)

    masked, count = PATTERNS.masked(said.encode())

    assert _left(masked) == []
    text = masked.decode()
    if said.lstrip()[:1] not in "[{":
        assert len(text) == len(said)
        assert all(one in (other, "*") for one, other in zip(text, said, strict=True))
    assert (text == said) is (count == 0)


@settings(max_examples=60, deadline=None)
@given(OTHER_WORDS, OTHER_WORDS, st.sampled_from(STRONG))
def test_the_words_around_it_stay(before: str, after: str, strong: str) -> None:
    said = f"{before} \n{strong}\n {after}"
    around = len(before) + 2, len(said) - len(after) - 2

    masked, _ = PATTERNS.masked(said.encode())

    text = masked.decode()
    if not _left(before.encode()) and not _left(after.encode()):
        assert (text[: around[0]], text[around[1] :]) == (said[: around[0]], said[around[1] :])


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), OTHER_WORDS, st.sampled_from(STRONG)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(OTHER_WORDS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(JSON, min_size=1, max_size=4), st.booleans())
def test_json_stays_json_of_the_same_shape(value: list[object], is_ascii: bool) -> None:  # noqa: FBT001  # drawn
    said = json.dumps(value, ensure_ascii=is_ascii)

    masked, count = PATTERNS.masked(said.encode())

    assert _left(masked) == []
    assert _shape(json.loads(masked)) == _shape(value)
    if not count:
        assert masked == said.encode()


def _shape(value: object) -> object:
    if isinstance(value, dict):
        return [_shape(one) for one in value.values()] if len(value) else {}
    if isinstance(value, list):
        return [_shape(one) for one in value]
    if isinstance(value, str):
        return len(value)
    return type(value) if isinstance(value, int) else value


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"mail {EMAIL} or @rafiq_88, Rafiqul Islam", "mail {} or @********, Rafiqul Islam"),
        ("call +880 1712-345678 now", "call **************** now"),
        ("(0)1712.345.678!", "***************!"),
        ("id 548812345 and 1548812345", "id ********* and 1548812345"),
        ("a name alone: Rafiqul Islam", "a name alone: Rafiqul Islam"),
    ],
)
def test_a_span_is_masked_whole(said: str, kept: str) -> None:
    wanted = kept.replace("{}", "*" * len(EMAIL))

    assert PATTERNS.masked(said.encode())[0].decode() == wanted


def test_what_is_wrapped_is_found_and_not_masked() -> None:
    said = EMAIL.encode().hex().encode()

    assert PATTERNS.masked(said) == (said, 0)
    assert [one.is_plain for one in PATTERNS.find(said)] == [False]
