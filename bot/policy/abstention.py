"""When to answer: a few monotone signals, calibrated out of sample, and two thresholds."""

import json
import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

import numpy as np

from bot.policy.concepts import concepts
from bot.policy.ranking import Ranking


class Material(StrEnum):
    """What is asked: the two differ in how often the first sentence of a touched topic answers."""

    POLICY = "policy"  # the desk's own document
    SENTENCES = "sentences"  # sentences that somebody else cut from any policy


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for the first sentence; more of each never makes an answer less likely."""

    match: float  # the sentence's concepts fit the question's
    cover: float  # share of the question's telling words found in the best sentences
    inside: float  # the question is one that policies speak of
    grams: float  # the best character n-gram similarity
    meaning: float  # similarity of meaning of the closest sentences; 0 without the model

    def as_row(self) -> tuple[float, ...]:
        return self.match, self.cover, self.inside, self.grams, self.meaning


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model, coefficients >= 0; thresholds are read off the risk-coverage curve."""

    coefficients: tuple[float, ...]
    bias: float
    answer_from: float
    closest_from: float

    def probability(self, signals: Signals) -> float:
        rows = zip(self.coefficients, signals.as_row(), strict=True)
        score = self.bias + sum(weight * value for weight, value in rows)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


@cache
def calibration(kind: Material, *, semantic: bool) -> Calibration:
    """The shipped calibration for the material, with the meaning model or with words only."""
    file = resources.files("bot.policy") / "data" / "calibration.json"
    table = json.loads(file.read_text(encoding="utf-8"))[kind]["semantic" if semantic else "words"]
    return Calibration(
        tuple(float(value) for value in table["coefficients"]),
        float(table["bias"]),
        float(table["answer_from"]),
        float(table["closest_from"]),
    )


def signals_of(ranking: Ranking) -> Signals:
    """The signals of the best-ranked sentence."""
    if not len(ranking.order):
        return Signals(0.0, 0.0, 0.0, 0.0, 0.0)
    best = int(ranking.order[0])
    outside = np.array([concept.is_outside for concept in concepts()])
    return Signals(
        match=math.sqrt(max(0.0, float(ranking.match[best]))),
        cover=ranking.cover,
        inside=1.0 - float(ranking.concept[outside].sum()),
        grams=ranking.grams,
        meaning=0.0 if ranking.meaning is None else ranking.meaning,
    )
