"""Typing mistakes mended towards words that matter here, never towards a mistake of the policy."""

from collections.abc import Iterable
from functools import cache
from importlib import resources

from rapidfuzz import process
from rapidfuzz.distance import OSA

_REPAIR_MINIMUM = 4
_CUT = 0.68
_SKELETON_CUT = 0.8
_VOWELS = frozenset("aeiou")
_CACHE_LIMIT = 20_000


@cache
def english_words() -> frozenset[str]:
    """Common English words (SCOWL, see data/README.md): a known word is never "repaired"."""
    file = resources.files("bot.policy") / "data" / "english-words.txt"
    return frozenset(file.read_text(encoding="utf-8").split())


class Speller:
    """Repairs words towards a vocabulary with weights: how often each word is meant here."""

    def __init__(self, vocabulary: dict[str, float]) -> None:
        known = english_words()
        self._weights = {
            word: weight
            for word, weight in vocabulary.items()
            if word.isascii() and len(word) >= _REPAIR_MINIMUM and word in known
        }
        self._words = list(self._weights)
        self._skeletons = [_skeleton(word) for word in self._words]
        self._done: dict[str, str] = {}

    def knows(self, word: str) -> bool:
        return word in english_words() or word.isdigit()

    def repair(self, word: str) -> str:
        """The word itself, or the closest word of the vocabulary when it is no English word."""
        if len(word) < _REPAIR_MINIMUM or not word.isalpha() or self.knows(word):
            return word
        if word not in self._done:
            if len(self._done) >= _CACHE_LIMIT:
                self._done.clear()
            self._done[word] = self._closest(word[:40])
        return self._done[word]

    def _closest(self, word: str) -> str:
        best, best_score = word, _CUT
        close = process.extract(
            word, self._words, scorer=OSA.normalized_similarity, limit=5, score_cutoff=_CUT
        )
        for candidate, score, _ in close:
            total = score + self._bonus(word, candidate)
            if total > best_score:
                best, best_score = candidate, total
        return best if best != word else self._by_consonants(word)

    def _bonus(self, word: str, candidate: str) -> float:
        """People seldom miss the first letter, and mean the common words most of the time."""
        same_start = 0.05 if word[0] == candidate[0] else -0.05
        return same_start + 0.02 * min(1.0, self._weights[candidate])

    def _by_consonants(self, word: str) -> str:
        """The vowels were left out: "infrmtn"."""
        if sum(char in _VOWELS for char in word) > 1:
            return word
        close = process.extractOne(
            _skeleton(word),
            self._skeletons,
            scorer=OSA.normalized_similarity,
            score_cutoff=_SKELETON_CUT,
        )
        return self._words[close[2]] if close else word


def _skeleton(word: str) -> str:
    return word[0] + "".join(char for char in word[1:] if char not in _VOWELS)


def vocabulary_of(texts: Iterable[list[str]]) -> dict[str, float]:
    """Weights of words, from 0 to 1: how many of the texts hold them."""
    counts: dict[str, int] = {}
    total = 0
    for tokens in texts:
        total += 1
        for word in set(tokens):
            counts[word] = counts.get(word, 0) + 1
    return {word: min(1.0, 10 * count / max(1, total)) for word, count in counts.items()}
