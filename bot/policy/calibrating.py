"""Fits the calibration: a logistic model with coefficients >= 0, and honest measures of it."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_STEPS = 4_000
_RATE = 0.5


def fit_monotone(rows: Array, right: Array, *, decay: float = 1e-3) -> tuple[Array, float]:
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


def out_of_sample(
    rows: Array, right: Array, groups: Sequence[object], *, decay: float = 1e-3
) -> Array:
    """Each row's probability by a model that has not seen its group (a policy, or a fold)."""
    found = np.zeros(len(right))
    labels = np.array([str(group) for group in groups])
    for label in np.unique(labels):
        held = labels == label
        slopes, bias = fit_monotone(rows[~held], right[~held], decay=decay)
        found[held] = 1 / (1 + np.exp(-(rows[held] @ slopes + bias)))
    return found
