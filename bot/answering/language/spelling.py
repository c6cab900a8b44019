"""Typing mistakes mended towards words that matter here, never towards a mistake of the policy."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST = 3
_LONG = 7
_SLIPS = 2
"""From that length on so many slips are forgiven, else one."""
_LEFT_SHARE = 0.6
_DICTIONARY_FROM = 6
"""Shorter strange words are too near to too many dictionary words to be mended by it."""
_NAME_USES = 3
_VOWELS = frozenset("aeiou")
_CACHE_LIMIT = 20_000
_MAX_LENGTH = 40


@cache
def english_words() -> frozenset[str]:
    """Words that are never "repaired": common English, SCOWL (bot/answering/data/README.md)."""
    file = resources.files("bot.answering") / "data" / "english-words.txt"
    return frozenset(file.read_text(encoding="utf-8").split())


@cache
def _by_first_letter() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in sorted(english_words()):
        found.setdefault(word[0], []).append(word)
    return found


class Speller:
    """Repairs words towards a vocabulary with weights: how often each word is meant here."""

    def __init__(self, vocabulary: Mapping[str, float], names: Iterable[str] = ()) -> None:
        """`names` are words of the policy that no dictionary has, and that are no slips."""
        known = english_words()
        self._names = frozenset(names)
        self._weights = {
            word: weight
            for word, weight in vocabulary.items()
            if word.isascii() and len(word) >= _SHORTEST and (word in known or word in self._names)
        }
        self._words = list(self._weights)
        self._skeletons: dict[str, str] = {}
        for word in sorted(self._words, key=lambda one: self._weights[one]):
            self._skeletons[_skeleton(word)] = word
        self._done: dict[str, str] = {}

    def knows(self, word: str) -> bool:
        return word in english_words() or word in self._names or word.isdigit()

    def repair(self, word: str) -> str:
        """The word itself, or the closest word of the vocabulary when it is no English word."""
        if len(word) < _SHORTEST or not word.isalpha() or not word.isascii() or self.knows(word):
            return word
        if word not in self._done:
            if len(self._done) >= _CACHE_LIMIT:
                self._done.clear()
            self._done[word] = self._closest(word[:_MAX_LENGTH])
        return self._done[word]

    def _closest(self, word: str) -> str:
        # From the surest reading to the boldest. The whole dictionary comes last: a word that
        # matters here is meant more often than one that merely lies as near.
        if _has_lost_its_vowels(word) and _skeleton(word) in self._skeletons:
            return self._skeletons[_skeleton(word)]
        found = self._plain_slip(word) or self._shortened(word) or self._best(word, self._words)
        if found is None and len(word) >= _DICTIONARY_FROM:
            found = self._best(word, _by_first_letter().get(word[0], []))
        return found or word

    def _plain_slip(self, word: str) -> str | None:
        """A letter typed twice, or two letters that changed places: no other slip is so sure."""
        known = english_words()
        found = [one for one in (*_undoubled(word), *_swapped(word)) if one in known]
        return max(found, key=lambda one: self._weights.get(one, 0.0), default=None)

    def _shortened(self, word: str) -> str | None:
        """A long word written with letters left out: "govment", "informtn"; first and last stay."""
        if len(word) < _DICTIONARY_FROM or self._best(word, self._words, slips=1):
            return None
        whole = (
            one
            for one in self._words
            if one[0] == word[0]
            and one[-1] == word[-1]
            and len(one) - len(word) >= _SLIPS
            and len(word) >= _LEFT_SHARE * len(one)
            and _is_within(word, one)
        )
        return max(whole, key=lambda one: self._weights[one], default=None)

    def _best(self, word: str, candidates: list[str], slips: int = _SLIPS) -> str | None:
        slips = slips if len(word) >= _LONG else 1
        # OSA counts two letters that changed places as one slip, as a hand makes it.
        close = process.extract(word, candidates, scorer=OSA.distance, limit=12, score_cutoff=slips)
        ranked = [
            (self._cost(word, one, distance), one)
            for one, distance, _ in close
            if distance <= 1 or one[0] == word[0]
        ]
        return min(ranked)[1] if ranked else None

    def _cost(self, word: str, candidate: str, distance: float) -> float:
        """People seldom miss the first or last letter, and mean common words most of the time."""
        cost = distance - self._weights.get(candidate, 0.0)
        cost += 0.4 * (word[0] != candidate[0]) + 0.15 * (word[-1] != candidate[-1])
        return cost + 0.2 * (len(word) == len(candidate) - 1 and word[-1] != candidate[-1])


def _undoubled(word: str) -> list[str]:
    places = (at for at in range(1, len(word)) if word[at] == word[at - 1])
    return [word[:at] + word[at + 1 :] for at in places]


def _swapped(word: str) -> list[str]:
    places = range(1, len(word) - 1)
    return [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in places]


def _is_within(word: str, whole: str) -> bool:
    """Every letter of the word stands in the whole one, in order."""
    rest = iter(whole)
    return all(char in rest for char in word)


def _has_lost_its_vowels(word: str) -> bool:
    """Whether at most the first letter is a vowel: "infrmtn"."""
    return not any(char in _VOWELS for char in word[1:])


def _skeleton(word: str) -> str:
    return word[0] + "".join(char for char in word[1:] if char not in _VOWELS)


def vocabulary_of(texts: Iterable[list[str]]) -> dict[str, float]:
    """Weights of words, from 0 to 1, by the logarithm of how many of the texts hold them."""
    counts: Counter[str] = Counter()
    for tokens in texts:
        counts.update(set(tokens))
    top = math.log1p(max(counts.values(), default=1))
    return {word: math.log1p(count) / top for word, count in counts.items()}


def names_of(texts: Iterable[list[str]]) -> frozenset[str]:
    """Words that no dictionary has and that the policy uses again and again: names, not slips."""
    counts = Counter(word for tokens in texts for word in tokens)
    known = english_words()
    return frozenset(
        word for word, count in counts.items() if count >= _NAME_USES and word not in known
    )
