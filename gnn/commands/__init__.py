"""The commands ``fullcycle gaps`` and ``fullcycle gnn``."""

from gnn.commands.app import app
from gnn.commands.explaining import explain
from gnn.commands.gaps import gaps
from gnn.commands.measuring import bench, card, evaluate

__all__ = ["app", "bench", "card", "evaluate", "explain", "gaps"]
