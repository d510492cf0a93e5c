"""The job channel: the past of a cluster's own demand and the text of its postings (J of equation 1)."""

from torch import Tensor, arange, cat, nn

from gnn.channels.ways import TwoWays


class JobChannel(nn.Module):
    """Makes one vector of what a cluster's postings say at the end of a month.

    Text of many values enters through a few directions that are learned with the rest: there are only some thousand
    rows to learn from.

    Arguments:
        series: features of the series.
        text: values of a month's mean text vector, 0 where there is no text.
        market: columns of outcomes, interest and foundations, 0 where there are none.
        width: of the result.
        directions: of text that are kept, where it has more values.
        lags: months of text that are looked at.
        dropout: 0 to 1.
    """

    def __init__(
        self, series: int, *, text: int, market: int, width: int, directions: int, lags: int, dropout: float
    ) -> None:
        super().__init__()
        self.lags, self.series = lags, series
        self.project = nn.Linear(text, directions, bias=False) if text > directions else None
        self.kept = min(text, directions)
        self.size = series + market + self.kept * lags
        self.ways = TwoWays(self.size, width, dropout=dropout)

    def texts(self, text: Tensor | None) -> Tensor | None:
        """Return the kept directions of text, [clusters, months, directions]."""
        return self.project(text) if self.project is not None and text is not None else text

    def forward(self, series: Tensor, *, text: Tensor | None, market: Tensor | None) -> Tensor:
        """Return a vector for each cluster and month.

        Arguments:
            series: [clusters, months, features], standardised.
            text: what `texts` gave.
            market: [clusters, months, columns] or None.

        Returns:
            [clusters, months, width].
        """
        found: Tensor = self.ways(self.seen(series, text=text, market=market))
        return found

    def seen(self, series: Tensor, *, text: Tensor | None, market: Tensor | None) -> Tensor:
        """Return what a vector is made of, [clusters, months, values]; arguments as in `forward`."""
        parts = [series]
        if text is not None:
            parts += [delayed(text, lag) for lag in range(self.lags)]
        if market is not None:
            parts.append(market)
        return cat(parts, dim=-1)

    def plain(self) -> Tensor:
        """Return the places of the values seen that are known before anything is learned."""
        learned = 0 if self.project is None else self.kept * self.lags
        return cat([arange(self.series), arange(self.series + learned, self.size)])


def delayed(table: Tensor, months: int) -> Tensor:
    """Return what was known so many months before; the first month stands in for those before it.

    Arguments:
        table: [clusters, months, values].
        months: >= 0.
    """
    if not months:
        return table
    return cat([table[:, :1].expand(-1, min(months, table.shape[1]), -1), table[:, :-months]], dim=1)
