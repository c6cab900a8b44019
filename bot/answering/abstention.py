"""When to answer: a few monotone signals, calibrated out of sample, and two thresholds."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from functools import cache
from importlib import resources

import numpy as np

from bot.answering.concepts import concepts
from bot.answering.ranking.ranker import Ranking

_SUPPORTERS = 3
_LONG = 40


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
    support: float  # several sentences fit the question's concepts
    stated: float  # the question is close to what policies state; 0 without the meaning model
    brevity: float  # long questions ask for particulars, which policies lack


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model, coefficients >= 0; thresholds are read off the risk-coverage curve."""

    coefficients: Mapping[str, float]
    bias: float
    answer_from: float
    closest_from: float

    def row_of(self, signals: Signals) -> tuple[float, ...]:
        """The signals that this model weighs, in the order of its coefficients."""
        values: dict[str, float] = asdict(signals)
        return tuple(values[name] for name in self.coefficients)

    def probability(self, signals: Signals) -> float:
        pairs = zip(self.coefficients.values(), self.row_of(signals), strict=True)
        score = self.bias + sum(weight * value for weight, value in pairs)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


SIGNALS = tuple(field.name for field in fields(Signals))


@cache
def calibration(kind: Material, *, semantic: bool) -> Calibration:
    """The shipped calibration for the material, with the meaning model or with words only."""
    file = resources.files("bot.answering") / "data" / "calibration.json"
    table = json.loads(file.read_text(encoding="utf-8"))[kind]["semantic" if semantic else "words"]
    return Calibration(
        {str(name): float(value) for name, value in table["coefficients"].items()},
        float(table["bias"]),
        float(table["answer_from"]),
        float(table["closest_from"]),
    )


def signals_of(ranking: Ranking) -> Signals:
    """The signals of the best-ranked sentence."""
    if not len(ranking.order):
        return Signals(*(0.0 for _ in SIGNALS))
    best = int(ranking.order[0])
    outside = np.array([concept.is_outside for concept in concepts()])
    fit = np.sqrt(np.maximum(0.0, ranking.match))
    return Signals(
        match=float(fit[best]),
        cover=ranking.cover,
        inside=1.0 - float(ranking.concept[outside].sum()),
        grams=ranking.grams,
        support=float(np.sort(fit)[-_SUPPORTERS:].mean()),
        stated=ranking.stated or 0.0,
        brevity=1 - min(ranking.length, _LONG) / _LONG,
    )
