"""Temperature scaling (equation 11): probabilities that are right as often as they say."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

Floats = NDArray[np.float64]

BOUNDS = (0.2, 5.0)


def temperature(logits: Floats, label: NDArray[np.int64]) -> float:
    """Return the temperature with the least negative log-likelihood.

    p = softmax(z / tau). Source: equation 11; Guo et al., On Calibration of Modern Neural Networks, 2017.

    Arguments:
        logits: z, [samples, classes].
        label: places of the true classes, [samples].

    Returns:
        tau, between the bounds of BOUNDS; 1 without samples.
    """
    if not len(label):
        return 1.0

    def loss(log_tau: float) -> float:
        found = scaled(logits, float(np.exp(log_tau)))
        return float(-np.log(found[np.arange(len(label)), label] + 1e-12).mean())

    low, high = np.log(BOUNDS)
    return float(np.exp(minimize_scalar(loss, bounds=(low, high), method="bounded").x))


def scaled(logits: Floats, tau: float) -> Floats:
    """Return softmax(z / tau), [samples, classes].

    >>> scaled(np.array([[0.0, 0.0]]), 2.0).tolist()
    [[0.5, 0.5]]
    """
    table = logits / tau
    table = np.exp(table - table.max(axis=1, keepdims=True))
    return np.asarray(table / table.sum(axis=1, keepdims=True))
