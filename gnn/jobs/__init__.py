"""Jobs: each reads the graph, computes, and writes a generation. Only the gap job does without torch."""

from gnn.jobs.gaps import GapReport, compute_gaps
from gnn.jobs.updating import UpdateReport, update_gaps

__all__ = ["GapReport", "UpdateReport", "compute_gaps", "update_gaps"]
