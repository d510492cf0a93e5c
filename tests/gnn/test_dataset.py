"""How material becomes tensors."""

import numpy as np

from gnn.dataset import Scaling


def test_a_value_that_is_hardly_ever_known_is_left_out() -> None:
    """Catches a weight that is learned from a handful of rows and laid on all later ones."""
    told = np.random.default_rng(0).normal(3.0, 2.0, (100, 3))
    told[:81, 1] = np.nan
    told[:79, 2] = np.nan
    scaling = Scaling()
    scaling.take("series", told)
    found = scaling.apply("series", np.full((5, 3), 5.0)).numpy()
    assert (found[:, 1] == 0).all()
    assert (np.abs(found[:, [0, 2]] - 1.0) < 0.6).all()
    assert (scaling.apply("series", np.full((5, 3), np.nan)).numpy() == 0).all()
