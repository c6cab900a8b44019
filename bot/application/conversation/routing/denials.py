"""Whether a text says "this was not me", and nothing else: English, Bangla and Banglish.

It is heard as an alarm, so that every word has to belong to it: "this was not me who broke the
router" is about something else. The words stand in denials.toml. Slips of the finger are mended
towards these words only, and never where what was typed is a word of its own.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from rapidfuzz.distance import OSA

from bot.answering.language.spelling import english_words
from bot.domain.text import clean

MOST_WORDS = 24
"""A longer text tells a story, and a person should read it."""
_LONGEST = 400
_SHORTEST_MENDED = 4
_PART = re.compile(r"[.!?;:,\n।…–—]+|\s-+\s")
_WORD = re.compile(r"[a-z]+|[ঀ-৿\u200c\u200d]+")
_APOSTROPHES = re.compile(r"['’`´]")


def is_not_me(text: str) -> bool:
    """Each part of it denies, or asks to stop what was denied or who did it; one denies."""
    if len(text) > _LONGEST:
        return False
    parts = [words for words in _parts(text) if words]
    if not parts or sum(map(len, parts)) > MOST_WORDS:
        return False
    kinds = [_kind(" ".join(words)) for words in parts]
    return "denials" in kinds and "" not in kinds


def _parts(text: str) -> Iterator[list[str]]:
    """The words of each part without those that say nothing; a whole text where that denies."""
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFC", clean(text)).casefold())
    whole = _meant(plain)
    if _kind(" ".join(whole)) == "denials":
        yield whole
        return
    for part in _PART.split(plain):
        yield _meant(part)


def _meant(part: str) -> list[str]:
    said = [each for word in _WORD.findall(part) for each in _spelt_out(_mended(word))]
    return [word for word in said if word not in _words("fillers")]


def _kind(part: str) -> str:
    """Of which list of forms it is one; empty: of none."""
    return next((kind for kind in ("denials", "beside") if _forms(kind).fullmatch(part)), "")


def _spelt_out(word: str) -> list[str]:
    return _table()["spelt_out"].get(word, word).split()


@cache
def _mended(word: str) -> str:
    """The word of the lists that is one slip away."""
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
    plain = set(_WORD.findall(re.sub(r"\{\w+\}", " ", forms)))
    return frozenset({*named, *plain, *_table()["spelt_out"], *_words("fillers")})


@cache
def _words(name: str) -> frozenset[str]:
    table = _table()
    return frozenset(str(table["sets"].get(name) or table[name]).split())


@cache
def _forms(kind: str) -> re.Pattern[str]:
    """`{name}` is one word of that set; all else is a pattern over words."""
    sets = {name: f"(?:{'|'.join(sorted(_words(name)))})" for name in _table()["sets"]}
    forms = [re.sub(r"\{(\w+)\}", lambda found: sets[found[1]], each) for each in _table()[kind]]
    return re.compile("|".join(f"(?:{form})" for form in forms))


@cache
def _table() -> dict[str, Any]:
    file = resources.files("bot.application.conversation.routing") / "denials.toml"
    return tomllib.loads(unicodedata.normalize("NFC", file.read_text(encoding="utf-8")))
