"""Are two questions the same, spelled differently? A reviewed link answers only the same question.

"Do you sell my data?" and "Do you send my data?" share most of their letters, so letters are not
asked: every word that tells something needs a counterpart of its own on the other side.
"""

import re
from collections import Counter
from collections.abc import Sequence

from rapidfuzz.distance import DamerauLevenshtein

from bot.answering.language.bangla import fold, glossary
from bot.answering.language.spelling import english_words
from bot.answering.language.words import chat_words, is_bangla, stems, stop_words
from bot.answering.question_reading import is_bangla_word

_SAME_WORD = 0.6
"""From this likeness on (Damerau-Levenshtein), two words may be one word, misspelt."""
_SHORTEST = 3
"""Letters: shorter words are spelled too freely ("u", "ki", "কী") to tell two questions apart."""
_LONG_ENOUGH = 6
"""Letters: in a shorter Bangla word one letter makes another word ("দেন" give, "নেন" take)."""
_TURNING_WORDS = """
no not never none dont doesnt wont cant na nai nei না নাই নেই নয় নি
who whom why how when where ke ken keno kemne kobe kothay কে কেন কীভাবে কিভাবে কবে কোথায়
before after his her their
in out on off over under to from only all any more most without with up down against
"""
_TURNING = frozenset(_TURNING_WORDS.split())
"""Words that turn a question into another one: both must have the same."""
_PRONOUN_WORDS = """
i you my your me us our we they their them he she him his her
"""
_PRONOUNS = frozenset(_PRONOUN_WORDS.split())
"""Who does it to whom: both must have the same, in the same order."""
_CHAT_BANGLA = {"amr": "amar"}
_DOUBLED = re.compile(r"(.)\1+")
_SOUNDS = str.maketrans({"ী": "ি", "ূ": "ু", "ণ": "ন", "ষ": "শ", "স": "শ", "ৎ": "ত", "ঁ": None})
"""Letters of Bangla that sound the same and are mistaken for each other."""


def likeness(asked: Sequence[str], known: Sequence[str]) -> float:
    """How alike the words of two questions are (0 to 1); 0: they do not ask the same."""
    said, taught = _written_out(asked), _written_out(known)
    if said == taught:
        return 1.0
    left, right = Counter(said), Counter(taught)
    shared = left & right
    if _is_turned(said, taught) or _in_order(said, shared) != _in_order(taught, shared):
        return 0.0
    mine, theirs = [*(left - shared).elements()], [*(right - shared).elements()]
    pairs = _paired(mine, theirs)
    is_paired = not _unpaired(mine, [one for one, _, _ in pairs])
    if not is_paired or _unpaired(theirs, [other for _, other, _ in pairs]):
        return 0.0
    likes = [*(1.0 for word in shared.elements() if _tells(word)), *(like for *_, like in pairs)]
    return sum(likes) / len(likes) if likes else 0.0


def _written_out(said: Sequence[str]) -> list[str]:
    """Chat spelling stands for the word: "u" is "you"."""
    chat = {**chat_words(), **_CHAT_BANGLA}
    return [part for word in said for part in chat.get(word, word).split()]


def _is_turned(said: Sequence[str], taught: Sequence[str]) -> bool:
    """Another turning word, or others who do it: "I see your messages", "you see my messages"."""
    if _TURNING.intersection(said) != _TURNING.intersection(taught):
        return True
    return [one for one in said if one in _PRONOUNS] != [one for one in taught if one in _PRONOUNS]


def _in_order(said: Sequence[str], shared: Counter[str]) -> list[str]:
    """The English words of both, in turn: "from here to there" is not "from there to here"."""
    return list(dict.fromkeys(one for one in said if one in shared and one in english_words()))


def _paired(mine: Sequence[str], theirs: Sequence[str]) -> list[tuple[str, str, float]]:
    """Words that are one word, misspelt; each has one counterpart, the likest pairs first."""
    found = [(_like(one, other), one, other) for one in mine for other in theirs]
    pairs: list[tuple[str, str, float]] = []
    left, right = Counter(mine), Counter(theirs)
    for like, one, other in sorted(found, reverse=True):
        if like >= _SAME_WORD and left[one] and right[other]:
            left[one] -= 1
            right[other] -= 1
            pairs.append((one, other, like))
    return pairs


def _unpaired(said: Sequence[str], paired: Sequence[str]) -> bool:
    """Whether a telling word has no counterpart."""
    return any(_tells(word) for word in (Counter(said) - Counter(paired)).elements())


def _tells(word: str) -> bool:
    return word[0].isdigit() or (len(word) >= _SHORTEST and word not in stop_words())


def _like(word: str, other: str) -> float:
    """A number is itself only; of two words that are known, neither is a misspelt other."""
    if word[0].isdigit() or other[0].isdigit():
        return float(word == other)
    if word in english_words() and other in english_words():
        return float(stems([word]) == stems([other]))
    like = float(DamerauLevenshtein.normalized_similarity(word, other))
    if is_bangla_word(word) and is_bangla_word(other):
        return like if _means_the_same(word, other) else 0.0
    is_short = min(len(word), len(other)) < _LONG_ENOUGH
    if is_short and _is_bangla_pair(word, other) and _sound(word) != _sound(other):
        return 0.0
    return like


def _means_the_same(word: str, other: str) -> bool:
    """Two spellings of one word that the lists know: "tothyo" and "tottho", "nam" and "naam"."""
    if _DOUBLED.sub(r"\1", word) == _DOUBLED.sub(r"\1", other):
        return True
    meaning = _meaning(word)
    return bool(meaning) and meaning == _meaning(other) and word[0] == other[0]


def _meaning(word: str) -> tuple[str, ...] | None:
    return glossary().exact.get(word) or glossary().bangla.get(word)


def _is_bangla_pair(word: str, other: str) -> bool:
    """Neither is English, or one is known as Bangla only; else one is a misspelt English word."""
    foreign = [one for one in (word, other) if one not in english_words()]
    return len(foreign) > 1 or any(is_bangla(one) or is_bangla_word(one) for one in foreign)


def _sound(word: str) -> str:
    return word.translate(_SOUNDS).removesuffix("ো") if is_bangla(word) else fold(word)
