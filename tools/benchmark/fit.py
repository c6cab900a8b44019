"""Fits the calibration: logistic models with coefficients >= 0, and honest measures of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_STEPS = 1_500
_RATE = 0.5
_DECAY = 0.1
"""Strong: four policies teach little, and a new policy is best met near the mean."""
_LIGHT_DECAY = 3e-3


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


def joined(parts: Sequence[Judged]) -> Judged:
    """Several sets as one, to measure them together; their signals differ and are left behind."""
    return Judged(
        np.zeros((sum(len(part.right) for part in parts), 0)),
        np.concatenate([part.answerable for part in parts]),
        np.concatenate([part.right for part in parts]),
        [group for part in parts for group in part.groups],
    )


Fit = Callable[[Judged], tuple[Array, float]]


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


def fit_right(judged: Judged) -> tuple[Array, float]:
    """The probability that the first sentence answers, where there are questions enough for it."""
    return fit_monotone(judged.rows, judged.right, decay=_LIGHT_DECAY)


def out_of_sample(judged: Judged, fit: Fit = fit_confidence) -> Array:
    """Each row's probability by a model that has not seen its group."""
    found = np.zeros(len(judged.right))
    labels = np.array([str(group) for group in judged.groups])
    for label in np.unique(labels):
        held = labels == label
        slopes, bias = fit(judged.where(~held))
        found[held] = 1 / (1 + np.exp(-(judged.rows[held] @ slopes + bias)))
    return found
