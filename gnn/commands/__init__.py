"""The commands ``fullcycle gaps`` and ``fullcycle gnn``."""

from gnn.commands.app import app
from gnn.commands.comparing import compare
from gnn.commands.explaining import explain
from gnn.commands.gaps import gaps
from gnn.commands.measuring import bench, card, evaluate
from gnn.commands.recommending import simulate_feedback

__all__ = ["app", "bench", "card", "compare", "evaluate", "explain", "gaps", "simulate_feedback"]
