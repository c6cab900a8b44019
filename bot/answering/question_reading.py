"""A question as the engine reads it: its language, its words in English, and what to embed."""

import re
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from bot.answering.language.bangla import (
    fold,
    gloss_bangla,
    gloss_romanised,
    glossary,
    stem,
    to_bangla,
)
from bot.answering.language.presuppositions import UNIT
from bot.answering.language.spelling import Speller
from bot.answering.language.words import Tongue, chat_words, clean, is_bangla, stems, words

_TWO = 2
_MIN_QUESTION_WORDS = 3

_BANGLISH_SHARE = 0.25
_UNKNOWN_SHARE = 0.6
_LONG_ENOUGH = 3
_MEASURED = rf"(?!\d{{4,6}}\s*-?\s*{UNIT})"
_PARTICULAR = re.compile(
    rf"(?:https?://|www\.)\S+|\S+@\S+\.\S+|(?<!\d)(?:[#+]|{_MEASURED})\d{{4,}}"
    rf"|(?<!\w){_MEASURED}(?=(?:[\w/#_-]*\d){{4}})\w+(?:[-_/#]\w+)+(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A cleaned question; `english` are its words in English (repaired or glossed).

    `text` is all that was written; the words and what to embed leave particulars out.
    `glossed` is the share of its meaningful words that the glossary knows (1 for English): word
    scores count by its square, since a half-understood question matches words by chance.
    """

    tongue: Tongue
    text: str
    tokens: tuple[str, ...]
    english: tuple[str, ...]
    native: tuple[str, ...]
    glossed: float
    to_embed: tuple[str, ...]

    @property
    def stems(self) -> list[str]:
        return stems(list(self.english))


@cache
def _function_words() -> frozenset[str]:
    file = resources.files("bot.answering") / "data" / "banglish-function-words.txt"
    lines = file.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def is_bangla_word(word: str) -> bool:
    """The glossary or the function words of romanised Bangla have this very word."""
    known = glossary()
    return word in _function_words() or word in known.exact or word in known.bangla


def tongue_of(text: str, speller: Speller) -> Tongue:
    """Any Bangla letter means Bangla; enough Bangla function words mean Banglish; else English."""
    if is_bangla(text):
        return Tongue.BANGLA
    tokens = words(text)
    if not tokens:
        return Tongue.ENGLISH
    certain = sum(1 for word in tokens if word in _function_words())
    ambiguous = {"o", "e", "to", "ar", "er", "na", "ra", "te", "ache", "den", "pare", "age", "sob"}
    sure = sum(1 for word in tokens if word in _function_words() and word not in ambiguous)
    if sure and certain >= _BANGLISH_SHARE * len(tokens):
        return Tongue.BANGLISH
    if len(tokens) < _LONG_ENOUGH:
        return Tongue.ENGLISH
    return Tongue.BANGLISH if _is_foreign(tokens, speller) else Tongue.ENGLISH


def _is_foreign(tokens: list[str], speller: Speller) -> bool:
    """Most words are no English, and mending them as English would not bring them close either."""
    foreign = [word for word in tokens if not speller.knows(word) and word not in chat_words()]
    odd = [word for word in foreign if speller.repair(word) == word]
    return len(odd) >= _UNKNOWN_SHARE * len(tokens)


def without_particulars(text: str) -> str:
    """The text without addresses, links, codes and long numbers: no policy speaks of those.

    Kept when nothing else is there. Numbers below 1,000 stay, and periods and shares ("3650 days").
    """
    return " ".join(_PARTICULAR.sub(" ", text).split()) or text


def read(question: str, speller: Speller) -> Reading:
    """Clean and understand a question; any text at all gives a reading."""
    whole = clean(question)
    text = without_particulars(whole)
    tongue = tongue_of(text, speller)
    if tongue is Tongue.ENGLISH:
        return replace(_read_english(text, speller), text=whole)
    return replace(_read_bangla(text, tongue, speller), text=whole)


def _read_english(text: str, speller: Speller) -> Reading:
    written = [part for word in words(text) for part in chat_words().get(word, word).split()]
    repaired = [speller.repair(word) for word in written]
    plain = " ".join(repaired)
    shown = text if repaired == words(text) else plain
    return Reading(Tongue.ENGLISH, text, tuple(repaired), tuple(repaired), (), 1.0, (shown,))


def _read_bangla(text: str, tongue: Tongue, speller: Speller) -> Reading:
    tokens = words(text)
    english: list[str] = []
    known = meaningful = 0
    for word in tokens:
        meaning = _meaning(word, tongue, speller)
        if meaning == ():
            continue
        meaningful += 1
        known += meaning is not None
        english.extend(meaning or ())
    native = [stem(word) if is_bangla(word) else fold(word) for word in tokens]
    glossed = known / meaningful if meaningful else 0.0
    bangla = text if tongue is Tongue.BANGLA else to_bangla(text)
    to_embed = (bangla, " ".join(dict.fromkeys(english))) if english else (bangla,)
    return Reading(tongue, text, tuple(tokens), tuple(english), tuple(native), glossed, to_embed)


def _meaning(word: str, tongue: Tongue, speller: Speller) -> tuple[str, ...] | None:
    if is_bangla(word):
        return gloss_bangla(word)
    if tongue is Tongue.BANGLISH and word in _function_words():
        return gloss_romanised(word) or ()
    if speller.knows(word):
        return (word,)
    return gloss_romanised(word)


def split_questions(message: str) -> list[str]:
    """The questions of a message: at each question mark with enough words on both sides."""
    parts = [part.strip() for part in re.split(r"(?<=[?？])\s+", message) if part.strip()]
    if len(parts) < _TWO or not parts[0].endswith(("?", "？")):
        return [message]
    long = [part for part in parts if len(words(part)) >= _MIN_QUESTION_WORDS]
    asked = [part for part in long if part.endswith(("?", "？"))]
    return asked[:_TWO] if len(asked) >= _TWO else [message]
