"""Derived facts into the graph, generation by generation. Nothing else in the package writes."""

from gnn.writeback.embeddings import EmbeddingReport, forget_embeddings, put_embeddings, searchable, write_embeddings
from gnn.writeback.forecasts import ForecastReport, Window, active_forecasts, renew_proposals, write_forecasts
from gnn.writeback.gaps import Active, Writer, active, generation_code, prune, take_over

__all__ = [
    "Active",
    "EmbeddingReport",
    "ForecastReport",
    "Window",
    "Writer",
    "active",
    "active_forecasts",
    "forget_embeddings",
    "generation_code",
    "prune",
    "put_embeddings",
    "renew_proposals",
    "searchable",
    "take_over",
    "write_embeddings",
    "write_forecasts",
]
