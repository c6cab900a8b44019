"""Measures of ranking, abstention and calibration, each as a plain function of arrays."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_BOOTSTRAPS = 1_000
_SEED = 7


def auroc(scores: Array, is_positive: npt.NDArray[np.bool_]) -> float:
    """The chance that a positive scores above a negative; ties count half. NaN without both."""
    positive, negative = scores[is_positive], scores[~is_positive]
    if not len(positive) or not len(negative):
        return float("nan")
    above = (positive[:, None] > negative[None, :]).mean()
    tied = (positive[:, None] == negative[None, :]).mean()
    return float(above + 0.5 * tied)


def brier(probabilities: Array, right: Array) -> float:
    return float(((probabilities - right) ** 2).mean())


def calibration_error(probabilities: Array, right: Array, *, bins: int = 10) -> float:
    """Expected calibration error over bins of equal mass."""
    order = np.argsort(probabilities, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    gaps = [len(p) * abs(probabilities[p].mean() - right[p].mean()) for p in parts]
    return float(sum(gaps) / max(1, len(probabilities)))


def chance_error(probabilities: Array) -> float:
    """The calibration error that a perfectly calibrated forecaster shows by chance alone.

    With 200 questions near one half it is about .08: a figure below it is luck.
    """
    dice = np.random.default_rng(_SEED)
    drawn = dice.random((_BOOTSTRAPS, len(probabilities))) < probabilities
    return float(np.mean([calibration_error(probabilities, one.astype(float)) for one in drawn]))


def risk_coverage(probabilities: Array, right: Array) -> tuple[Array, Array]:
    """Coverage and risk (share of wrong answers) as the threshold falls."""
    order = np.argsort(-probabilities, kind="stable")
    answered = np.arange(1, len(order) + 1)
    return answered / len(order), np.cumsum(1 - right[order]) / answered


def interval(count: int, measure: Callable[[npt.NDArray[np.intp]], float]) -> tuple[float, float]:
    """The bootstrap 95 % interval of a measure of resampled rows; the same every time."""
    dice = np.random.default_rng(_SEED)
    found = [measure(dice.integers(0, count, count)) for _ in range(_BOOTSTRAPS)]
    found = [value for value in found if not np.isnan(value)]
    if not found:
        return float("nan"), float("nan")
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)
