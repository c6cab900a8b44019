"""What a question is written in, and its words: cleaning, script and Banglish detection, tokens."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from typing import Protocol, cast

import Stemmer  # no stubs: narrowed in _stemmer

MAX_CHARS = 2_000
"""A question is read this far: a longer message is bounded in time, not refused."""

_STEM_MINIMUM = 3


class Tongue(StrEnum):
    """The language a question is written in, as BCP 47 tags."""

    ENGLISH = "en"
    BANGLA = "bn"
    BANGLISH = "bn-Latn"  # Bangla in Latin letters, spelled freely


_BANGLA = re.compile(r"[ঀ-৿]")
_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)*|[0-9]+[a-z]*|[ঀ-৿]+")
_MEANINGLESS = ("Cc", "Cf", "Cs", "Co", "Cn")
_KEPT = "\n\t\u200c\u200d"


def clean(text: str) -> str:
    """NFKC, without control, bidi, zero-width and surrogate characters, cut to `MAX_CHARS`.

    The joiners that Bangla spelling uses are dropped only after NFKC, so that words still match.
    """
    cut = text[: MAX_CHARS * 4]
    kept = "".join(
        char
        if char in _KEPT or unicodedata.category(char) not in _MEANINGLESS
        else " "
        if unicodedata.category(char) == "Cc"
        else ""
        for char in cut
    )
    folded = unicodedata.normalize("NFKC", kept).replace("\u200c", "").replace("\u200d", "")
    return re.sub(r"\s+", " ", folded).strip()[:MAX_CHARS]


def words(text: str) -> list[str]:
    """Lower-case words of both scripts; "client's" is "client", "don't" is "dont"."""
    return [_plain(word) for word in _WORD.findall(text.lower())]


def _plain(word: str) -> str:
    for apostrophe in ("'", "’"):
        head, found, tail = word.partition(apostrophe)
        if found:
            return head if tail in {"s", ""} else head + tail
    return word


class _Stems(Protocol):
    def stemWord(self, word: str, /) -> str: ...  # noqa: N802 - PyStemmer's own name


@dataclass(frozen=True, slots=True)
class _English:
    stop_words: frozenset[str]
    chat: dict[str, str]


@cache
def _english() -> _English:
    file = resources.files("bot.answering") / "data" / "english.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return _English(frozenset(str(table["stop_words"]).split()), dict(table["chat"]))


@cache
def stop_words() -> frozenset[str]:
    return _english().stop_words


@cache
def chat_words() -> dict[str, str]:
    """Chat spelling written out: "u" is "you"."""
    return _english().chat


@cache
def _stemmer() -> _Stems:
    made: object = Stemmer.Stemmer("english")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - no stubs
    return cast("_Stems", made)


@lru_cache(maxsize=20_000)
def _stem_word(word: str) -> str:
    return _stemmer().stemWord(word)


def stems(tokens: list[str]) -> list[str]:
    """Stems of the words that say something."""
    stopped = stop_words()
    return [_stem_word(word) for word in tokens if word not in stopped]


def is_bangla(text: str) -> bool:
    return _BANGLA.search(text) is not None
