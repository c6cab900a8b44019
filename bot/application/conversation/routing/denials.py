"""Whether a text says "this was not me", and nothing else: English, Bangla and Banglish.

It is heard as an alarm, so that every word has to belong to it: "this was not me who broke the
router" is about something else. The words stand in denials.toml. Slips of the finger are mended
towards these words only, and never where what was typed is a word of its own.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from itertools import islice
from typing import Any

from rapidfuzz.distance import OSA

from bot.answering.language.spelling import english_words
from bot.domain.text import clean

MOST_WORDS = 24
"""A longer text tells a story, and a person should read it."""
_LONGEST = 400
_SHORTEST_MENDED = 4
_REMEMBERED = 4_096
_PART = re.compile(r"[.!?;:,\n।…–—]+|\s-+\s")
_WORD = re.compile(r"[a-z]+|[ঀ-৿\u200c\u200d]+")
_APOSTROPHES = re.compile(r"['’`´]")
_SET = re.compile(r"\{([\w|]+)\}")


def is_not_me(text: str) -> bool:
    """Each part of it denies, or asks to stop what was denied or who did it; one denies."""
    if len(text) > _LONGEST:
        return False
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFC", clean(text)).casefold())
    whole = list(islice(_meant(plain), MOST_WORDS + 1))
    if len(whole) > MOST_WORDS:
        return False
    if _kind(whole) == "denials":
        return True
    parts = [list(_meant(part)) for part in _PART.split(plain)]
    kinds = [_kind(words) for words in parts if words]
    return "denials" in kinds and "" not in kinds


def _meant(part: str) -> Iterator[str]:
    """Its words, without those that say nothing."""
    for found in _WORD.finditer(part):
        for word in _spelt_out(_mended(found[0])):
            if word not in _words("fillers"):
                yield word


def _kind(words: list[str]) -> str:
    """Of which list of forms it is one; empty: of none."""
    part = " ".join(words)
    return next((kind for kind in ("denials", "beside") if _forms(kind).fullmatch(part)), "")


def _spelt_out(word: str) -> list[str]:
    return _table()["spelt_out"].get(word, word).split()


@lru_cache(maxsize=_REMEMBERED)
def _mended(word: str) -> str:
    """The word of the lists that is one slip away. Strangers choose what is asked here."""
    if word in _vocabulary() or word in english_words() or not word.isascii():
        return word
    near = [one for one in sorted(_vocabulary()) if OSA.distance(word, one, score_cutoff=1) <= 1]
    if len(word) < _SHORTEST_MENDED:
        near = [one for one in near if sorted(one) == sorted(word)]
    return near[0] if near else word


@cache
def _vocabulary() -> frozenset[str]:
    """Every word that can stand in a form."""
    forms = " ".join(form for kind in ("denials", "beside") for form in _table()[kind])
    named = {word for name in _table()["sets"] for word in _words(name)}
    plain = set(_WORD.findall(_SET.sub(" ", forms)))
    return frozenset({*named, *plain, *_table()["spelt_out"], *_words("fillers")})


@cache
def _words(name: str) -> frozenset[str]:
    table = _table()
    return frozenset(str(table["sets"].get(name) or table[name]).split())


@cache
def _forms(kind: str) -> re.Pattern[str]:
    """`{name}` is one word of that set, `{a|b}` one word of either; all else is a pattern."""
    forms = [_SET.sub(lambda found: _one_of(found[1]), each) for each in _table()[kind]]
    return re.compile("|".join(f"(?:{form})" for form in forms))


def _one_of(names: str) -> str:
    """Each word once: a word that could be read in two ways, in a row, would be read in 2^n."""
    words = frozenset[str]().union(*(_words(name) for name in names.split("|")))
    return f"(?:{'|'.join(sorted(words))})"


@cache
def _table() -> dict[str, Any]:
    file = resources.files("bot.application.conversation.routing") / "denials.toml"
    return tomllib.loads(unicodedata.normalize("NFC", file.read_text(encoding="utf-8")))
