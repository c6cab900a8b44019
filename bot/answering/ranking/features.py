"""Words as hashed features, the same for questions and policy sentences in every language."""

import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from bot.answering.language.words import stems

BUCKETS = 16_384
Vector = npt.NDArray[np.float32]

_GRAM = 4
_MAX_TOKENS = 120
_FAMILY_WEIGHTS = {"w": 3.0, "b": 1.8, "n": 3.0, "g": 1.5}


def hashed(
    english: Sequence[str], native: Sequence[str] = ()
) -> tuple[npt.NDArray[np.intp], Vector]:
    """Buckets and weights of a text; each family of features has length one before its weight.

    `english` are English words in order (stop words too: "how long" is a feature), `native` are
    Bangla stems or folded romanised words.
    """
    families = {
        "w": list(dict.fromkeys(stems(list(english[:_MAX_TOKENS])))),
        "b": _pairs(english[:_MAX_TOKENS]),
        "n": list(dict.fromkeys(native[:_MAX_TOKENS])),
        "g": _grams(native[:_MAX_TOKENS] or english[:_MAX_TOKENS]),
    }
    weights: dict[int, float] = {}
    for family, found in families.items():
        for feature in found:
            bucket = zlib.crc32(f"{family}{feature}".encode()) % BUCKETS
            share = _FAMILY_WEIGHTS[family] / len(found) ** 0.5
            weights[bucket] = weights.get(bucket, 0.0) + share
    buckets = np.fromiter(weights.keys(), dtype=np.intp, count=len(weights))
    return buckets, np.fromiter(weights.values(), dtype=np.float32, count=len(weights))


def _pairs(tokens: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(f"{a} {b}" for a, b in pairwise(tokens)))


def _grams(tokens: Sequence[str]) -> list[str]:
    padded = (f" {token} " for token in tokens)
    spans = (t[at : at + _GRAM] for t in padded for at in range(max(1, len(t) - _GRAM + 1)))
    return list(dict.fromkeys(spans))
