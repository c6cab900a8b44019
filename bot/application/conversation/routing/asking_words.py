"""The words that ask, in three ways of writing, and what slips of the finger stand for."""

import tomllib
import unicodedata
from functools import cache
from importlib import resources
from typing import Any

from rapidfuzz.distance import OSA

from bot.answering.language.spelling import english_words
from bot.answering.language.words import chat_words, words

SHORTEST_MENDED = 4
_SHORTEST_BARE = 3
_THANKING = ("thank", "thanks")
"""Behind these a "you" is theirs; before anything else it is whom a statement is about."""


class Clause:
    """Some words between two breaks, with how they were broken off."""

    def __init__(self, text: str, *, is_aside: bool) -> None:
        read = [part for word in words(text) for part in mended(word).split()]
        while read and read[0] in listed("before") - first_words():
            read = read[2:] if read[0] in _THANKING and read[1:2] == ["you"] else read[1:]
        self.words, self.is_aside = read, is_aside
        self.text = " ".join(read)


def mended(word: str) -> str:
    """The word, or what a chat's short form or a slip of the finger stands for."""
    short = _meant().get(word) or chat_words().get(word)
    if short is not None:
        return short
    is_strange = len(word) >= SHORTEST_MENDED - 1 and word.isascii() and word not in _known()
    if not is_strange:
        return word
    near = [one for one in first_words() if one[0] == word[0] and _is_slip(word, one)]
    return min(near, key=lambda one: (OSA.distance(word, one), one), default=word)


def _is_slip(word: str, whole: str) -> bool:
    if len(whole) < SHORTEST_MENDED:
        return len(word) == len(whole) and sorted(word) == sorted(whole)
    bare = whole[0] + "".join(char for char in whole[1:] if char not in "aeiou")
    return OSA.distance(word, whole) <= 1 or (len(bare) >= _SHORTEST_BARE and word == bare)


@cache
def first_words() -> frozenset[str]:
    """What an English question may begin with."""
    return listed("always") | listed("wh") | listed("auxiliaries")


@cache
def _meant() -> dict[str, str]:
    return {str(written): str(meant) for written, meant in dict(_forms()["meant"]).items()}


@cache
def _known() -> frozenset[str]:
    names = [name for name, said in _forms().items() if isinstance(said, str)]
    return english_words().union(*(listed(name) for name in names))


@cache
def _forms() -> dict[str, Any]:
    file = resources.files("bot.application.conversation.routing") / "asking_words.toml"
    return tomllib.loads(file.read_text("utf-8"))


@cache
def listed(name: str) -> frozenset[str]:
    """A list of the file, by its name."""
    return frozenset(unicodedata.normalize("NFC", str(_forms()[name])).split())
