"""Fits the calibration: logistic models with coefficients >= 0, and honest measures of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_STEPS = 1_500
_RATE = 0.5
_DECAY = 0.03


@dataclass(frozen=True, slots=True)
class Judged:
    """Questions whose answer is known, and what each belongs to (a policy, or a fold)."""

    rows: Array  # signals
    answerable: Array  # some sentence answers
    right: Array  # the first one does
    groups: Sequence[object]

    def where(self, chosen: npt.NDArray[np.bool_]) -> "Judged":
        kept = [group for group, stays in zip(self.groups, chosen, strict=True) if stays]
        return Judged(self.rows[chosen], self.answerable[chosen], self.right[chosen], kept)


def fit_monotone(rows: Array, right: Array, *, decay: float = _DECAY) -> tuple[Array, float]:
    """Coefficients (none negative) and bias; repeatable, no randomness.

    More of a signal may never make an answer less likely: a free fit on few questions gave a
    negative weight to coverage, which is overfitting (docs/answers.md).
    """
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    table = (rows - middle) / spread
    slopes, bias = np.zeros(rows.shape[1]), 0.0
    for _ in range(_STEPS):
        error = 1 / (1 + np.exp(-(table @ slopes + bias))) - right
        slopes = np.maximum(0.0, slopes - _RATE * (table.T @ error / len(right) + decay * slopes))
        bias -= _RATE * float(error.mean())
    return slopes / spread, bias - float(slopes / spread @ middle)


def fit_confidence(judged: Judged) -> tuple[Array, float]:
    """The probability that the first sentence answers, ordered by whether any does.

    Whether a policy speaks of something is easier to learn from few questions than which of its
    sentences comes first: so the first fit gives the direction, the second only its scale.
    """
    slopes, bias = fit_monotone(judged.rows, judged.answerable)
    scores = (judged.rows @ slopes + bias)[:, None]
    scale, shift = fit_monotone(scores, judged.right)
    return slopes * scale[0], bias * float(scale[0]) + shift


def out_of_sample(judged: Judged) -> Array:
    """Each row's probability by a model that has not seen its group."""
    found = np.zeros(len(judged.right))
    labels = np.array([str(group) for group in judged.groups])
    for label in np.unique(labels):
        held = labels == label
        slopes, bias = fit_confidence(judged.where(~held))
        found[held] = 1 / (1 + np.exp(-(judged.rows[held] @ slopes + bias)))
    return found
