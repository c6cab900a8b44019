"""Are two questions the same, spelled differently? A reviewed link answers only the same question.

"Do you sell my data?" and "Do you send my data?" share most of their letters, so letters are not
asked: every word that tells something needs a counterpart of its own on the other side.
"""

from collections import Counter
from collections.abc import Sequence

from rapidfuzz.distance import DamerauLevenshtein

from bot.policy.language import chat_words, stems, stop_words
from bot.policy.repair import english_words

_SAME_WORD = 0.6
"""From this likeness on (Damerau-Levenshtein), two words may be one word, misspelt."""
_SHORTEST = 3
"""Letters: shorter words are spelled too freely ("u", "ki", "কী") to tell two questions apart."""
_TURNING_WORDS = """
no not never none dont doesnt wont cant na nai nei না নাই নেই নয় নি
who whom why how when where ke ken keno kemne kobe kothay কে কেন কীভাবে কিভাবে কবে কোথায়
before after his her their
"""
_TURNING = frozenset(_TURNING_WORDS.split())
"""Words that turn a question into another one: both must have the same."""


def likeness(asked: Sequence[str], known: Sequence[str]) -> float:
    """How alike the words of two questions are (0 to 1); 0: they do not ask the same."""
    left, right = _written_out(asked), _written_out(known)
    if left == right:
        return 1.0
    if _TURNING.intersection(left) != _TURNING.intersection(right):
        return 0.0
    shared = left & right
    mine, theirs = [*(left - shared).elements()], [*(right - shared).elements()]
    pairs = _paired(mine, theirs)
    is_paired = not _unpaired(mine, [one for one, _, _ in pairs])
    if not is_paired or _unpaired(theirs, [other for _, other, _ in pairs]):
        return 0.0
    likes = [*(1.0 for word in shared.elements() if _tells(word)), *(like for *_, like in pairs)]
    return sum(likes) / len(likes) if likes else 0.0


def _written_out(said: Sequence[str]) -> Counter[str]:
    """Chat spelling stands for the word: "u" is "you"."""
    chat = chat_words()
    return Counter(part for word in said for part in chat.get(word, word).split())


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
    """A number is itself only; of two English words, neither is a misspelling of the other."""
    if word[0].isdigit() or other[0].isdigit():
        return float(word == other)
    if word in english_words() and other in english_words():
        return float(stems([word]) == stems([other]))
    return float(DamerauLevenshtein.normalized_similarity(word, other))
