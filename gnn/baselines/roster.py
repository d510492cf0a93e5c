"""The forecasters that stand beside ours, each set up in the same way."""

import numpy as np

from gnn.baselines.forecaster import Forecaster
from gnn.baselines.lags import Lags
from gnn.baselines.naive import LastChange, LastMonth, Majority, MeanOfThree, Seasonal
from gnn.baselines.regression import Regression
from gnn.baselines.trees import Trees
from gnn.panel import Floats
from schema.demand import HORIZON


def naive(*, horizon: int = HORIZON, year: int = 12) -> list[Forecaster]:
    """Return the rules that need no learning."""
    return [
        Majority(horizon=horizon),
        LastChange(horizon=horizon),
        LastMonth(horizon=horizon),
        MeanOfThree(horizon=horizon),
        Seasonal(horizon=horizon, year=year),
    ]


def roster(
    *,
    text: Floats | None = None,
    training: Floats | None = None,
    horizon: int = HORIZON,
    year: int = 12,
    threads: int = 1,
    device: str = "cpu",
) -> list[Forecaster]:
    """Return every baseline, weakest first.

    Logistic regression, trees and BiLSTM get text and training both, the Transformer gets the text, Transformer + GRU
    both; naive rules read the series alone.

    Arguments:
        text, training: [clusters, months, features], known at the end of each month; None where there are none.
        horizon: months of a window.
        year: steps of a year, 12 where a step is a month.
        threads: processor threads of the trees.
        device: "cpu" or "cuda", for trees and networks.
    """
    # Networks bring torch, which naive rows and the table do without.
    from gnn.baselines.networks import BiLstm, Transformer, TransformerGru  # noqa: PLC0415
    from gnn.baselines.sequences import SequenceReader  # noqa: PLC0415

    given = [part for part in (text, training) if part is not None]
    extra = np.concatenate(given, axis=2) if given else None

    def lags() -> Lags:
        return Lags(horizon=horizon, year=year)

    def reader() -> SequenceReader:
        return SequenceReader(horizon=horizon, year=year)

    return [
        *naive(horizon=horizon, year=year),
        Regression(extra=extra, lags=lags()),
        Trees(extra=extra, lags=lags(), threads=threads, device=device),
        BiLstm(extra=text, training=training, reader=reader(), device=device),
        Transformer(extra=text, reader=reader(), device=device),
        TransformerGru(extra=text, training=training, reader=reader(), device=device),
    ]
